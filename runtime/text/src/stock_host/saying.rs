//! The bridge's replies and events, made strings that the old host knows, in the order in which it needs them.

use fivewire_wire::{
    Event, FOLDED, Outcome, REPLY, Reason, Reply, Status, TEXT_SEPARATOR, TextError, TextWriter, command,
    event, reply,
};

use super::{HostNote, Phase, StockHost};
use crate::give;
use crate::strings::SendError;
use crate::translate::{Desk, Fault, SHORT_STRINGS};

/// Longest string that tells the old host what was unknown, with as much of that as fits: it only prints it. As short
/// strings have room beside a long one.
const MAX_UNKNOWN: usize = SHORT_STRINGS - 1;
const UNKNOWN: &[u8] = b"t\x7F6\x7FUnknown command:\x7F";
const EXPECTED_INIT: &[u8] = b"t\x7F6\x7FExpected init, got: \x7F";

impl StockHost {
    pub(super) fn say(&mut self, number: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        if body.first().is_some_and(|op| op & REPLY != 0) {
            return match Reply::decode(body) {
                Ok((_, reply)) => self.say_reply(reply, desk),
                Err(_) => Ok(()),
            };
        }
        match Event::decode(body) {
            Ok(Event::Message(message)) => self.say_message(number, message, desk),
            Ok(Event::Status(event)) => self.say_status(event.status, desk),
            Ok(Event::Error(error)) => self.say_error(error, desk),
            Ok(Event::Released(released)) => {
                // Nothing here is subscribed to with QoS 2; the broker may forget it.
                let (packet_id, known) = (released.packet_id, false);
                give::command(desk, command::Complete { packet_id, known })
            }
            // The old host has no ear for lines, and asks for the time when it wants it.
            Ok(Event::Log(_) | Event::Time(_)) | Err(_) => Ok(()),
        }
    }

    fn say_reply(&mut self, reply: Reply, desk: &mut Desk<'_>) -> Result<(), Fault> {
        match reply {
            Reply::Will(reply) => {
                self.note_unless_none(reply.reason, HostNote::NoWill);
                will_ok(desk)
            }
            Reply::Configure(reply) if reply.reason == Reason::None => Ok(()),
            Reply::Configure(reply) => {
                self.note = Some(HostNote::Misconfigured(reply.reason));
                expected_init(reply.reason.name().as_bytes(), desk)
            }
            Reply::Publish(reply) => {
                if reply.outcome == Outcome::Rejected {
                    self.stats.not_published = self.stats.not_published.wrapping_add(1);
                    self.note = Some(HostNote::NotPublished(reply.reason));
                }
                say(Status::PublishOk, desk)
            }
            Reply::Subscribe(reply) => {
                self.note_unless_none(reply.reason, HostNote::NotSubscribed);
                Ok(())
            }
            Reply::GetTime(time) => say_time(time, desk),
            Reply::Memory(memory) => string(desk, |out| memory.encode_text(out)),
            // Nothing here asks for the others.
            _ => Ok(()),
        }
    }

    /// A publication is done with that the bridge never saw.
    pub(super) fn publish_done(&mut self, desk: &mut Desk<'_>) {
        self.owed.publish_oks = self.owed.publish_oks.saturating_add(1);
        self.pay(desk);
    }

    /// The fatal status, by which the old host starts anew.
    pub(super) fn unknown_command(&mut self, what: &[u8], desk: &mut Desk<'_>) {
        self.owed.unknown |= unknown(UNKNOWN, what, desk).is_err();
    }

    /// Says what did not have room before.
    pub(super) fn pay(&mut self, desk: &mut Desk<'_>) {
        while self.owed.publish_oks > 0 && say(Status::PublishOk, desk).is_ok() {
            self.owed.publish_oks -= 1;
        }
        self.owed.unknown = self.owed.unknown && unknown(UNKNOWN, b"", desk).is_err();
    }

    fn note_unless_none(&mut self, reason: Reason, note: fn(Reason) -> HostNote) {
        if reason != Reason::None {
            self.note = Some(note(reason));
        }
    }

    /// A message is never changed to fit: a 0 or a separator in it would say something else.
    fn say_message(
        &mut self,
        number: u8,
        message: event::Message<'_>,
        desk: &mut Desk<'_>,
    ) -> Result<(), Fault> {
        match desk.string(|out| message.for_text().encode_text(out)) {
            Ok(()) => {
                self.leaving.add(number);
                Ok(())
            }
            Err(TextError::Full) => Err(Fault::Restart),
            Err(why) => {
                self.stats.unsayable = self.stats.unsayable.wrapping_add(1);
                self.note = Some(HostNote::Unsayable(why));
                give::command(desk, command::Accept { number })
            }
        }
    }

    /// The old host needs 2, 3, 1, 0, 5, 9, as far as they come; it takes 10 for fatal before 5. So Wi-Fi is told behind
    /// `RUNNING`, and from then on nothing but Wi-Fi.
    fn say_status(&mut self, status: Status, desk: &mut Desk<'_>) -> Result<(), Fault> {
        use Status as S;
        match (status, self.phase) {
            (S::WifiUp | S::WifiDown, phase) => {
                let up = status == S::WifiUp;
                let changes = core::mem::replace(&mut self.wifi, up) != up;
                if changes && phase == Phase::Running {
                    say(status, desk)
                } else {
                    Ok(())
                }
            }
            (S::SpecifiedNetwork, Phase::Starting { .. }) => {
                self.phase = Phase::Starting { asked: true };
                say(status, desk)
            }
            (S::StoredNetwork | S::BrokerCheck | S::BrokerOk, Phase::Starting { .. }) => say(status, desk),
            (S::Running, Phase::Starting { .. }) => {
                self.phase = Phase::Running;
                say(status, desk)?;
                if self.wifi { say(S::WifiUp, desk) } else { Ok(()) }
            }
            // What the bridge mends by itself, what replies say already, and what has no number there.
            _ => Ok(()),
        }
    }

    /// A command that the bridge could not carry out at all. Whoever waits for it is told.
    fn say_error(&mut self, error: event::Error, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let reason = error.reason;
        let of = |info: &fivewire_wire::CommandInfo| info.op;
        match error.op {
            op if op == of(&command::Will::INFO) => self.say_reply(reply::Will { reason }.into(), desk),
            op if op == of(&command::GetTime::INFO) => say_time(reply::GetTime { unix_time: 0 }, desk),
            op if op == of(&command::Configure::INFO) => {
                self.note = Some(HostNote::Misconfigured(reason));
                expected_init(reason.name().as_bytes(), desk)
            }
            op if op & !FOLDED == of(&command::Publish::INFO) => {
                let outcome = Outcome::Rejected;
                self.say_reply(reply::Publish { outcome, reason }.into(), desk)
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn will_ok(desk: &mut Desk<'_>) -> Result<(), Fault> {
    say(Status::WillOk, desk)
}

/// A time before the old epoch is none.
fn say_time(time: reply::GetTime, desk: &mut Desk<'_>) -> Result<(), Fault> {
    let said = desk.string(|out| time.encode_text(out));
    match said {
        Err(TextError::OutOfRange { .. }) => {
            string(desk, |out| reply::GetTime { unix_time: 0 }.encode_text(out))
        }
        Ok(()) => Ok(()),
        Err(_) => Err(Fault::Restart),
    }
}

/// A string that is promised room.
fn string(
    desk: &mut Desk<'_>,
    write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>,
) -> Result<(), Fault> {
    desk.string(write).map_err(|_| Fault::Restart)
}

fn say(status: Status, desk: &mut Desk<'_>) -> Result<(), Fault> {
    string(desk, |out| event::Status { status, detail: 0 }.encode_text(out))
}

/// Before `init` the old host says nothing more until it has its answer: an end that leaves no room for it is none.
pub(super) fn expected_init(what: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
    unknown(EXPECTED_INIT, what, desk).map_err(|_| Fault::Garbled)
}

/// The fatal status with a quotation, whose separators are its own.
fn unknown(why: &[u8], what: &[u8], desk: &mut Desk<'_>) -> Result<(), SendError> {
    let mut buffer = [TEXT_SEPARATOR; MAX_UNKNOWN];
    let mut len = 0;
    for (slot, byte) in buffer.iter_mut().zip(why.iter().chain(what)) {
        *slot = *byte;
        len += 1;
    }
    desk.say(buffer.get(..len).unwrap_or_default())
}
