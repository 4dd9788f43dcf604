//! The host's commands, said as strings as far as there are any; the others are answered here.

use fivewire_wire::command::{self, Command};
use fivewire_wire::{DecodeError, Outcome, QoS, Reason, event, reply};

use super::StockBridge;
use super::answer_time;
use super::asked::{Askers, Memory, Publish, Time};
use super::phase::Phase;
use crate::give;
use crate::translate::{Desk, Fault};

/// How long who asks for the time waits: the spec's limit.
const TIME_MS: u32 = match command::GetTime::INFO.timeout_ms {
    Some(limit) => limit,
    None => 20_000,
};

impl StockBridge {
    pub(super) fn command(&mut self, number: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        let command = match Command::decode(body) {
            Ok(command) => command,
            Err(DecodeError::UnknownOp(_)) => return refuse(desk, number, body, Reason::Unsupported),
            Err(_) => return refuse(desk, number, body, Reason::Malformed),
        };
        match command {
            Command::Publish(publish) => self.publish(number, publish, desk),
            Command::Subscribe(subscribe) => self.subscribe(number, subscribe, desk),
            Command::Unsubscribe(_) => {
                let reason = Reason::Unsupported;
                give::reply::<reply::Unsubscribe>(desk, number, &reply::Unsubscribe { reason })
            }
            Command::Will(will) => self.will(number, &will, desk),
            Command::Configure(configure) => self.configure(number, configure, desk),
            Command::Release(_) => {
                let (outcome, reason) = (Outcome::Rejected, Reason::Unsupported);
                give::reply::<reply::Release>(desk, number, &reply::Release { outcome, reason })
            }
            // The bridge has acknowledged the message long ago, and knows no QoS 2.
            Command::Accept(accept) => {
                self.window.taken(accept.number);
                Ok(())
            }
            Command::Complete(_) => Ok(()),
            Command::GetTime(_) => self.get_time(number, desk),
            Command::Memory(_) => self.memory(number, body, desk),
            Command::Ping(ping) => self.ping(number, ping.nonce, desk),
            Command::JoinNetwork(join) => self.join_network(&join, desk),
            Command::Restart(_) => Err(Fault::Restart),
            #[allow(
                unreachable_patterns,
                reason = "a command that is added to the spec is none of that system's"
            )]
            _ => refuse(desk, number, body, Reason::Unsupported),
        }
    }

    fn publish(
        &mut self,
        number: u8,
        publish: command::Publish<'_>,
        desk: &mut Desk<'_>,
    ) -> Result<(), Fault> {
        let refused = if !self.phase.is_open() {
            Some(Reason::NotConfigured)
        } else if self.asked.publish.is_some() {
            Some(Reason::NoRoom)
        } else if let Err(why) = desk.string(|out| publish.for_text().encode_text(out)) {
            self.remarks.refused = Some((command::Publish::NAME, why));
            Some(Reason::Unsupported)
        } else {
            None
        };
        match refused {
            Some(reason) => {
                let outcome = Outcome::Rejected;
                give::reply::<reply::Publish>(desk, number, &reply::Publish { outcome, reason })
            }
            None => {
                self.before_asking();
                let qos = publish.qos;
                self.asked.publish = Some(Publish { number, qos });
                Ok(())
            }
        }
    }

    /// The bridge does not answer, so it is granted what the bridge is asked for: QoS 1 at most, as a broker may, too.
    fn subscribe(
        &mut self,
        number: u8,
        subscribe: command::Subscribe<'_>,
        desk: &mut Desk<'_>,
    ) -> Result<(), Fault> {
        let granted = match subscribe.qos {
            QoS::AtMostOnce => QoS::AtMostOnce,
            QoS::AtLeastOnce | QoS::ExactlyOnce => QoS::AtLeastOnce,
        };
        let subscribe = command::Subscribe {
            qos: granted,
            ..subscribe
        };
        let reason = if !self.phase.is_open() {
            Reason::NotConfigured
        } else if let Err(why) = desk.string(|out| subscribe.encode_text(out)) {
            self.remarks.refused = Some((command::Subscribe::NAME, why));
            Reason::Unsupported
        } else {
            self.asked.subscribes = true;
            Reason::None
        };
        give::reply::<reply::Subscribe>(desk, number, &reply::Subscribe { granted, reason })
    }

    fn get_time(&mut self, number: u8, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let until = desk.now_ms().wrapping_add(TIME_MS);
        let joined = match self.asked.time.as_mut() {
            Some(time) if time.askers.is_empty() => {
                // The answer to the one who gave up will do.
                *time = Time {
                    askers: Askers::of(number),
                    until,
                };
                true
            }
            Some(time) => time.askers.add(number),
            None => self.phase == Phase::Running && !self.is_down() && self.ask_time(number, until, desk),
        };
        if joined {
            Ok(())
        } else {
            answer_time(desk, core::iter::once(number), 0)
        }
    }

    fn ask_time(&mut self, number: u8, until: u32, desk: &mut Desk<'_>) -> bool {
        let asked = desk.string(|out| command::GetTime {}.encode_text(out)).is_ok();
        if asked {
            self.before_asking();
            let askers = Askers::of(number);
            self.asked.time = Some(Time { askers, until });
        }
        asked
    }

    fn memory(&mut self, number: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        if self.phase != Phase::Running {
            return refuse(desk, number, body, Reason::NotConfigured);
        }
        let joined = self
            .ask_memory(desk)
            .is_some_and(|memory| memory.askers.add(number));
        if joined {
            Ok(())
        } else {
            refuse(desk, number, body, Reason::NoRoom)
        }
    }

    /// The question that is under way, or a new one; none without room for it.
    fn ask_memory(&mut self, desk: &mut Desk<'_>) -> Option<&mut Memory> {
        if self.asked.memory.is_none() {
            desk.string(|out| command::Memory {}.encode_text(out)).ok()?;
            self.before_asking();
            self.asked.memory = Some(Memory::default());
        }
        self.asked.memory.as_mut()
    }

    /// A sign of life of the program, as far as it can be asked for one. Before it runs a string would be taken for
    /// consent, and behind a publication it would wait as long as that does; then the clock has to do, and each of
    /// these phases and answers has its own limit.
    fn ping(&mut self, number: u8, nonce: u8, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let can_ask = self.phase == Phase::Running && !self.is_down() && !self.asked.is_any();
        let waits = can_ask && !self.asked.subscribes;
        if can_ask
            && let Some(memory) = self.ask_memory(desk)
            && waits
        {
            memory.ping = Some((number, nonce));
            return Ok(());
        }
        give::reply::<reply::Ping>(desk, number, &reply::Ping { nonce })
    }
}

/// Says that a command cannot be done, where its reply has no words for that.
fn refuse(desk: &mut Desk<'_>, number: u8, body: &[u8], reason: Reason) -> Result<(), Fault> {
    let op = body.first().copied().unwrap_or(0);
    give::event(desk, event::Error { op, number, reason })
}
