//! The bridge's strings: which of them can be what they say, and what follows.

use fivewire_wire::{Event, Outcome, QoS, Reason, Reply, Status, TextError, event, reply};

use super::asked::Memory;
use super::proof::ClaimedTime;
use super::{StockBridge, answer_time};
use crate::give;
use crate::translate::{Desk, Fault, MAX_GARBAGE};

impl StockBridge {
    pub(super) fn hear(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        if self.asked.proof.is_some_and(|proof| proof.is_answered(string)) {
            return self.proved(desk);
        }
        match Event::decode_text(string) {
            Ok(Event::Message(message)) => self.message(message, desk),
            Ok(Event::Status(status)) => self.status(status.status, desk),
            Ok(_) | Err(TextError::UnknownWord) => self.hear_reply(string, desk),
            Err(_) => self.garbage(desk),
        }
    }

    fn hear_reply(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        match Reply::decode_text(string) {
            Ok(Reply::GetTime(reply)) => self.time(reply.unix_time, desk),
            Ok(Reply::Memory(reply)) => self.memory_told(reply, desk),
            Ok(_) | Err(_) => self.garbage(desk),
        }
    }

    /// The characters are shifted or damaged, or somebody's payload cut a string in two.
    fn garbage(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.stats.unreadable = self.stats.unreadable.wrapping_add(1);
        self.damaged(desk);
        if self.phase.has_broker() {
            return Ok(());
        }
        self.garbage = self.garbage.saturating_add(1);
        if self.garbage < MAX_GARBAGE {
            Ok(())
        } else {
            Err(Fault::Garbled)
        }
    }

    /// From here on anything can be forged, and an answer may be lost.
    pub(super) fn damaged(&mut self, desk: &mut Desk<'_>) {
        self.doubt = true;
        if self.phase.is_open() {
            self.remarks.damaged.is_due();
            self.not_down();
            self.ask_for_proof(desk);
        }
    }

    fn message(&mut self, message: event::Message<'_>, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.doubt = true;
        if !self.phase.has_broker() {
            self.is_impossible();
            return Ok(());
        }
        self.not_down();
        self.is_up_after_all(desk)?;
        let bytes = message.topic.len() + message.payload.len();
        if !self.window.has_room(bytes) {
            self.stats.overrun = self.stats.overrun.wrapping_add(1);
            self.remarks.overrun.is_due();
            return Ok(());
        }
        let message = Event::from(message);
        let number = give::body(desk, |out| message.encode(out))?;
        self.window.given(number, bytes);
        Ok(())
    }

    fn status(&mut self, status: Status, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let believed = match status {
            Status::PublishOk if self.asked.publish.is_some() => self.published(desk)?,
            Status::WifiUp if self.phase.is_open() => self.wifi_up(desk)?,
            Status::WifiDown if self.phase.is_open() => self.wifi_down(desk)?,
            Status::UnknownCommand if self.phase.is_open() => self.unknown_command(desk)?,
            _ => self.opening_status(status, desk)?,
        };
        if !believed {
            self.is_impossible();
            // It may be a damaged answer.
            if self.asked.publish.is_some() || self.asked.time.is_some() {
                self.ask_for_proof(desk);
            }
        }
        Ok(())
    }

    fn published(&mut self, desk: &mut Desk<'_>) -> Result<bool, Fault> {
        self.watch.came();
        if self.doubt {
            self.claims.publish = true;
            self.ask_for_proof(desk);
        } else {
            self.publish_ended(Outcome::Delivered, Reason::None, desk)?;
        }
        Ok(true)
    }

    /// A string of ours was damaged on its way, perhaps a subscription: only a new start makes that good. Unless
    /// somebody just says so to have the bridge reset.
    fn unknown_command(&mut self, desk: &mut Desk<'_>) -> Result<bool, Fault> {
        if self.doubt {
            self.claims.unknown = true;
            self.ask_for_proof(desk);
            return Ok(true);
        }
        let status = Status::UnknownCommand;
        give::event(desk, event::Status { status, detail: 0 })?;
        Ok(true)
    }

    fn time(&mut self, unix_time: u32, desk: &mut Desk<'_>) -> Result<(), Fault> {
        if self.asked.time.is_none() {
            self.is_impossible();
            return Ok(());
        }
        self.watch.came();
        if self.doubt {
            self.claims.time.add(unix_time);
            self.ask_for_proof(desk);
            return Ok(());
        }
        self.time_told(unix_time, desk)
    }

    /// Answers who asked; when they gave up, tells the host all the same.
    fn time_told(&mut self, unix_time: u32, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.claims.time = ClaimedTime::None;
        match self.asked.time.take() {
            Some(time) if !time.askers.is_empty() => answer_time(desk, time.askers.numbers(), unix_time),
            Some(_) if unix_time > 0 => give::event(desk, event::Time { unix_time }),
            Some(_) | None => Ok(()),
        }
    }

    fn memory_told(&mut self, reply: reply::Memory, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let Some(Memory { askers, ping }) = self.asked.memory.take() else {
            self.is_impossible();
            return Ok(());
        };
        self.watch.came();
        self.asked.subscribes &= self.doubt;
        if let Some((number, nonce)) = ping {
            give::reply::<reply::Ping>(desk, number, &reply::Ping { nonce })?;
        }
        let mut numbers = askers.numbers();
        numbers.try_for_each(|number| give::reply::<reply::Memory>(desk, number, &reply))
    }

    /// The bridge answered what only it can answer: what could be forged is over, and what it was asked before is
    /// done.
    fn proved(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let Some(proof) = self.asked.proof.take() else {
            return Ok(());
        };
        self.watch.came();
        self.doubt = false;
        let subscribed = core::mem::take(&mut self.asked.subscribes);
        if core::mem::take(&mut self.claims.unknown) && subscribed {
            self.stats.unknown = self.stats.unknown.wrapping_add(1);
            self.remarks.unknown.is_due();
        }
        if proof.covers_publish {
            self.publish_settled(desk)?;
        } else if core::mem::take(&mut self.claims.publish) {
            self.is_refuted();
        }
        if proof.covers_time {
            self.time_told(self.claims.time.settled(), desk)?;
        } else if core::mem::take(&mut self.claims.time) != ClaimedTime::None {
            self.is_refuted();
        }
        Ok(())
    }

    /// A publication that the bridge is done with and did not say so: it was lost on the wires, or its `PUBOK` was.
    /// With QoS 1 it is given back, to be said again; with QoS 0 once is enough.
    fn publish_settled(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let may_repeat = self
            .asked
            .publish
            .is_some_and(|publish| publish.qos != QoS::AtMostOnce);
        if may_repeat && !self.claims.publish {
            self.publish_ended(Outcome::Rejected, Reason::NotConnected, desk)
        } else {
            self.publish_ended(Outcome::Delivered, Reason::None, desk)
        }
    }
}
