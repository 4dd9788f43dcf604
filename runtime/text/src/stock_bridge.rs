//! Plays a native bridge towards a host that has a stock MicroPython bridge before it: commands become strings, and
//! the old bridge's strings replies and events.
//!
//! Three things that the old bridge does not have are made up for here, and nothing else:
//! * **Numbers.** Its answers carry none, so one question of each kind is under way at a time.
//! * **An end to waiting.** Each step of its start and each answer has a time limit; beyond it the link ends, and the
//!   host resets the bridge. What was under way then is the host's to say again.
//! * **Faith.** It writes payloads into its stream as they are, so whoever can publish to a subscribed topic can put
//!   words into its mouth. A status that is not possible in its state is ignored and counted. What is possible, and
//!   came behind a message or a damaged string, is believed only after the bridge answered a question that nobody
//!   else can answer (`proof`).
//!
//! What still cannot be told apart: a forged *message*, for a payload can be cut into messages of any topic, and a
//! forged answer to `m`, which is believed as it comes. A subscription that was damaged on its way while it was in
//! doubt who says so is not made, which the log is told. During an outage only the clock shows that the bridge lives:
//! a publication holds everything else up, so an outage that does not end is ended by a reset.
//!
//! Deliberately not here: messages are QoS 0 to the host, whatever they were to the bridge, for it has acknowledged
//! them already and keeps no more of them than their text. It has no bound for them either: what comes beyond the room
//! that the host offered is dropped, as the wires must not rest until there is room again, for everything else would.

mod asked;
mod commands;
mod hearing;
mod opening;
mod phase;
mod proof;
mod remarks;
mod wifi;
mod window;

use fivewire_wire::{Outcome, Reason, Status, config::Config, event, reply};

use crate::give;
use crate::settings::Role;
use crate::translate::{Desk, Fault, Translator};
use crate::watch::{Watch, earlier, reached};
use asked::{Asked, Publish, Time};
use phase::Phase;
use proof::{Claims, Proof, Secrets};
use remarks::Remarks;
use wifi::Wifi;
use window::Window;

/// What was heard of a stock bridge and not believed. Counters wrap and are never reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BridgeStats {
    /// Strings that are no message, cut or damaged ones among them.
    pub unreadable: u32,
    /// Strings that the bridge cannot have said in the state that it is in.
    pub impossible: u32,
    /// Claims that proved to be false.
    pub refuted: u32,
    /// Questions asked to find out.
    pub proofs: u32,
    /// Messages for which the host had no room.
    pub overrun: u32,
    /// Commands that the bridge may not have known, and that nothing else shows to be lost.
    pub unknown: u32,
}

/// The host's end of a text link: see the module.
#[derive(Debug)]
pub struct StockBridge {
    phase: Phase,
    /// Time of the phase, or of the answers that are awaited.
    watch: Watch,
    told: Told,
    asked: Asked,
    /// Something came that can hold forged strings, and the proof that it is over did not.
    doubt: bool,
    /// The question that ends the doubt had no room among the strings yet.
    proof_due: bool,
    claims: Claims,
    wifi: Wifi,
    window: Window,
    garbage: u8,
    /// How long a publication may take while the network is up, in milliseconds.
    publish_ms: u32,
    secrets: Secrets,
    remarks: Remarks,
    stats: BridgeStats,
}

/// What the bridge was told for its whole life, as fingerprints: it cannot be told twice.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    will: Option<Fingerprint>,
    init: Option<Fingerprint>,
}

/// Stands for a string. Never printed, for it may be made of passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fingerprint(u32);

impl core::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(fivewire_wire::REDACTED)
    }
}

impl Default for StockBridge {
    fn default() -> Self {
        Self::new()
    }
}

impl StockBridge {
    /// Without a link; [`Translator::start`] begins.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            phase: Phase::Fresh,
            watch: Watch::new(),
            told: Told {
                will: None,
                init: None,
            },
            asked: Asked::NONE,
            doubt: false,
            proof_due: false,
            claims: Claims::NONE,
            wifi: Wifi::Unknown,
            window: Window::CLOSED,
            garbage: 0,
            publish_ms: patience_ms(&Config::DEFAULT),
            secrets: Secrets::new(0),
            remarks: Remarks::NONE,
            stats: BridgeStats {
                unreadable: 0,
                impossible: 0,
                refuted: 0,
                proofs: 0,
                overrun: 0,
                unknown: 0,
            },
        }
    }

    /// What was not believed.
    #[must_use]
    pub fn stats(&self) -> BridgeStats {
        self.stats
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.watch.came();
    }

    /// How long what is awaited may take; none while nothing is, or an outage takes as long as it takes.
    fn limit(&self) -> Option<u32> {
        match self.phase {
            Phase::Running if self.is_down() => None,
            Phase::Running => self.asked.limit(self.publish_ms),
            opening => opening.limit(),
        }
    }

    fn is_down(&self) -> bool {
        self.wifi != Wifi::Up || self.claims.down_at.is_some()
    }

    /// An answer is going to be awaited. The time of those before it goes on.
    fn before_asking(&mut self) {
        if !self.asked.is_any() {
            self.watch.came();
        }
    }

    /// Asks what only the bridge can answer, unless that was asked already or nobody listens.
    fn ask_for_proof(&mut self, desk: &mut Desk<'_>) {
        self.proof_due = self.asked.proof.is_none() && self.phase.is_open();
        if !self.proof_due {
            return;
        }
        let secret = self.secrets.next(desk.now_ms());
        let proof = Proof::new(secret, self.asked.publish.is_some(), self.asked.time.is_some());
        // Without room for it now it is asked when there is.
        if desk.say(proof.question()).is_ok() {
            self.proof_due = false;
            self.before_asking();
            self.asked.proof = Some(proof);
            self.stats.proofs = self.stats.proofs.wrapping_add(1);
        }
    }

    fn is_impossible(&mut self) {
        self.stats.impossible = self.stats.impossible.wrapping_add(1);
    }

    fn is_refuted(&mut self) {
        self.stats.refuted = self.stats.refuted.wrapping_add(1);
    }

    fn publish_ended(&mut self, outcome: Outcome, reason: Reason, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.claims.publish = false;
        match self.asked.publish.take() {
            Some(Publish { number, .. }) => {
                give::reply::<reply::Publish>(desk, number, &reply::Publish { outcome, reason })
            }
            None => Ok(()),
        }
    }

    /// Nobody waits for the time any longer than the spec says; the bridge may still answer.
    fn expire_time(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let now = desk.now_ms();
        match self.asked.time.as_mut() {
            Some(Time { askers, until }) if reached(now, *until) => {
                let late = core::mem::take(askers);
                answer_time(desk, late.numbers(), 0)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_limit(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        if !self.limit().is_some_and(|limit| self.watch.is_over(limit)) {
            return Ok(());
        }
        match self.phase {
            Phase::Joining { told: false } => {
                self.enter(Phase::Joining { told: true });
                let status = Status::NetworkFailed;
                give::event(desk, event::Status { status, detail: 0 })
            }
            Phase::Refused => Err(Fault::Restart),
            _ => Err(Fault::Silent),
        }
    }
}

/// The longest that a publication may take while the network is up: the bridge repeats it each `response_time`, then
/// connects anew, and only that it says.
const fn patience_ms(settings: &Config<'_>) -> u32 {
    (2 + settings.max_repubs as u32) * settings.response_time as u32 * 1_000 + 10_000
}

fn answer_time(
    desk: &mut Desk<'_>,
    mut numbers: impl Iterator<Item = u8>,
    unix_time: u32,
) -> Result<(), Fault> {
    numbers.try_for_each(|number| give::reply::<reply::GetTime>(desk, number, &reply::GetTime { unix_time }))
}

impl Translator for StockBridge {
    const ROLE: Role = Role::Initiator;

    fn start(&mut self, now_ms: u32) {
        let (mut secrets, stats) = (self.secrets, self.stats);
        secrets.stir(now_ms);
        *self = Self {
            secrets,
            stats,
            ..Self::new()
        };
        self.watch.start(now_ms);
    }

    /// While `w` or `init` is under way nothing else is: what comes first would be taken for something else.
    fn is_ready(&self) -> bool {
        !matches!(self.phase, Phase::Will { .. } | Phase::Init { .. })
    }

    fn handle_body(&mut self, number: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.command(number, body, desk)
    }

    fn handle_string(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.said(desk)?;
        self.hear(string, desk)?;
        self.remarks.say(desk);
        Ok(())
    }

    fn handle_dropped(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.damaged(desk);
        Ok(())
    }

    fn handle_timeout(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.watch.tick(desk.now_ms(), self.limit().unwrap_or(0));
        self.said(desk)?;
        if self.proof_due {
            self.ask_for_proof(desk);
        }
        self.expire_time(desk)?;
        self.watch_wifi(desk)?;
        self.check_limit(desk)?;
        self.remarks.say(desk);
        Ok(())
    }

    fn poll_timeout(&self) -> Option<u32> {
        let now = self.watch.now();
        let look = self
            .limit()
            .map(|limit| now.wrapping_add(self.watch.look_again(limit)));
        let time = self
            .asked
            .time
            .filter(|time| !time.askers.is_empty())
            .map(|time| time.until);
        earlier(now, earlier(now, look, time), self.wifi_due())
    }
}
