//! What is owed to the host's application when its bridge is a stock one: each QoS 1 publication ends in one receipt, and
//! `Delivered` means that the broker has it; what the bridge never said is not told. The format has no checksum, so what
//! happened while the wires were disturbed is excused, and counted. Deliberately without a view on messages: a payload
//! can be made to look like any of them.

use std::collections::BTreeMap;

use fivewire_host::{Event, PublishId, Receipt};
use fivewire_wire::Status;

use super::outside::Outside;
use crate::ledger::Verdict;

/// Seconds between 1970 and 2000.
const EPOCH_2000: u64 = 946_684_800;
/// A time is as old as it is when it comes: what the bridge needs, and the host waits.
const TIME_SLACK_S: u64 = 60;

/// How a run went, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StockTally {
    /// Publications that the host accepted.
    pub accepted: u32,
    /// Of those, with the receipt `Delivered`.
    pub delivered: u32,
    /// Of those, damaged on disturbed wires, of which the format knows nothing.
    pub damaged: u32,
    /// Publications that came to the broker, repetitions included.
    pub arrived: u32,
    /// Messages that the application took, forged ones included.
    pub taken: u32,
    /// Statuses that the application was told.
    pub statuses: u32,
}

/// A publication under way.
#[derive(Debug)]
struct Publication {
    number: usize,
    /// Whether the wires were disturbed before; then all of it is excused.
    excused: bool,
}

/// The books.
#[derive(Debug, Default)]
pub(super) struct Judge {
    open: BTreeMap<u32, Publication>,
    payloads: Vec<Vec<u8>>,
    /// Which of them the broker has.
    arrived: Vec<bool>,
    seen: usize,
    /// Statuses that the bridge said and the application was not told.
    said: Vec<u8>,
    pub(super) tally: StockTally,
}

/// The topic of all publications.
pub(super) const TOPIC: &str = "out/count";

impl Judge {
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    pub(super) fn next_number(&self) -> usize {
        self.payloads.len()
    }

    pub(super) fn accepted(&mut self, id: PublishId, payload: Vec<u8>) {
        let number = self.payloads.len();
        self.payloads.push(payload);
        self.arrived.push(false);
        self.tally.accepted += 1;
        let excused = false;
        self.open.insert(id.number(), Publication { number, excused });
    }

    /// The wires were disturbed since this bridge began: nothing under way is what it was.
    pub(super) fn excuse(&mut self) {
        self.open
            .values_mut()
            .for_each(|publication| publication.excused = true);
    }

    /// Looks at what arrived at the broker.
    pub(super) fn look(&mut self, outside: &Outside, is_disturbed: bool) -> Verdict {
        for (topic, payload) in outside.arrived.iter().skip(self.seen) {
            self.tally.arrived += 1;
            let known = self.payloads.iter().position(|known| known == payload);
            match known.filter(|_| topic == TOPIC.as_bytes()) {
                Some(number) => self
                    .arrived
                    .iter_mut()
                    .skip(number)
                    .take(1)
                    .for_each(|it| *it = true),
                None if is_disturbed => {}
                None => return Err("the broker got a publication that nobody made".into()),
            }
        }
        self.seen = outside.arrived.len();
        Ok(())
    }

    pub(super) fn receipt(&mut self, id: PublishId, receipt: Receipt) -> Verdict {
        let Some(Publication { number, excused }) = self.open.remove(&id.number()) else {
            return Err(format!("a second receipt for id {}: {receipt}", id.number()));
        };
        let has_arrived = self.arrived.get(number).copied().unwrap_or_default();
        match receipt {
            Receipt::Delivered if has_arrived => {}
            Receipt::Delivered if excused => self.tally.damaged += 1,
            _ => {
                return Err(format!(
                    "publication {number}: receipt {receipt}, arrived {has_arrived}"
                ));
            }
        }
        self.tally.delivered += 1;
        Ok(())
    }

    /// The bridge said these statuses.
    pub(super) fn said(&mut self, statuses: Vec<u8>) {
        self.said.extend(statuses);
    }

    /// A bridge begins, which has said nothing.
    pub(super) fn bridge_starts(&mut self) {
        self.said.clear();
    }

    /// What the host tells without being asked. `is_connected`: the bridge has its network in truth.
    pub(super) fn event(
        &mut self,
        now_ms: u64,
        event: &Event,
        is_disturbed: bool,
        is_connected: bool,
    ) -> Verdict {
        match event {
            Event::Status { status, .. } => {
                self.tally.statuses += 1;
                let is_true = self.was_said(*status) || made_up(*status, is_connected) || is_disturbed;
                is_true
                    .then_some(())
                    .ok_or(format!("{} was forged", status.name()))
            }
            Event::Time { unix_time, .. } => {
                let truth = EPOCH_2000 + Outside::time(now_ms);
                let is_true = truth.abs_diff((*unix_time).into()) <= TIME_SLACK_S || is_disturbed;
                is_true
                    .then_some(())
                    .ok_or(format!("the time {unix_time} was forged"))
            }
            _ => Ok(()),
        }
    }

    fn was_said(&mut self, status: Status) -> bool {
        let number = status.text_code();
        let at = self.said.iter().position(|said| Some(*said) == number);
        at.map(|at| self.said.remove(at)).is_some()
    }
}

/// What the host's end says of itself: that the bridge is lost, that joining takes long, and that a bridge with a broker
/// has a network.
fn made_up(status: Status, is_connected: bool) -> bool {
    match status {
        Status::NetworkFailed => true,
        Status::WifiUp => is_connected,
        other => other.code().is_none(),
    }
}
