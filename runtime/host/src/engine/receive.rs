//! What comes in: events and replies of the bridge, each to whoever waits for it.

use fivewire_link::Messages;
use fivewire_wire::event::{self, Event as BridgeEvent};
use fivewire_wire::reply::{self, Reply};
use fivewire_wire::{EventHandler, Outcome, QoS, REPLY, Reason, dispatch_event};

use super::Engine;
use crate::calls::CallError;
use crate::event::Event;
use crate::inbox::{Arrival, MessageView};
use crate::queue::Window;
use crate::state::{State, Step, Why};
use crate::subscriptions::Answered;

/// How long the bridge is left alone when it gave something back, in milliseconds.
const HOLD_MS: u32 = 1_000;

impl<
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<'_, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    pub(super) fn take_frames(&mut self, link: &mut impl Messages) {
        while let Some((number, body)) = link.receive() {
            if !self.state.is_linked() || self.crash.is_some() || !self.has_room_for(body) {
                return;
            }
            self.take_frame(number, body);
            self.bridge.heard = self.now;
            self.bridge.pinged = None;
            link.release();
        }
    }

    /// A bridge that keeps to the window it was given never sends a message without room for it. If one does, its
    /// message stays in the link until there is room: late, but not lost. So does a release that cannot be confirmed
    /// yet, because the link is full.
    fn has_room_for(&self, body: &[u8]) -> bool {
        if self.inbox.has_room(body.len()) && self.inbox.can_complete() {
            return true;
        }
        match BridgeEvent::decode(body) {
            Ok(BridgeEvent::Message(message)) => {
                let event::Message {
                    topic,
                    payload,
                    properties,
                    ..
                } = message;
                self.inbox
                    .has_room(topic.len() + payload.len() + properties.len())
            }
            Ok(BridgeEvent::Released(_)) => self.inbox.can_complete(),
            Ok(_) | Err(_) => true,
        }
    }

    fn take_frame(&mut self, number: u8, body: &[u8]) {
        let is_reply = body.first().is_some_and(|op| op & REPLY != 0);
        let understood = if is_reply {
            Reply::decode(body).is_ok_and(|(number, reply)| self.take_reply(number, reply))
        } else {
            dispatch_event(body, &mut Incoming { number, engine: self }).is_ok()
        };
        if !understood {
            self.stats.stray = self.stats.stray.wrapping_add(1);
        }
        self.changed = true;
    }

    /// False when nothing waits for it.
    fn take_reply(&mut self, number: u8, reply: Reply) -> bool {
        match reply {
            Reply::Publish(reply) => self.publish_answered(number, reply),
            Reply::Subscribe(reply) => self.subscribe_answered(number, reply),
            Reply::Release(reply) => self.release_answered(number, reply),
            Reply::Unsubscribe(reply) => self.unsubscribe_answered(number, reply.reason),
            Reply::Will(reply) => self.will_answered(number, reply.reason),
            Reply::Configure(reply) => self.configure_answered(number, reply),
            Reply::GetTime(reply) if self.time_answered(number, reply.unix_time) => true,
            Reply::Ping(_) if self.bridge.pinged.is_some_and(|ping| ping.number == number) => true,
            reply => self.calls.answer(number, Ok(Some(reply))),
        }
    }

    fn publish_answered(&mut self, number: u8, reply: reply::Publish) -> bool {
        if reply.outcome == Outcome::Rejected && passes(reply.reason) {
            self.hold();
            return self.queue.give_back(number);
        }
        self.queue.answer(number, reply.outcome, reply.reason)
    }

    fn release_answered(&mut self, number: u8, reply: reply::Release) -> bool {
        if reply.outcome == Outcome::Rejected && passes(reply.reason) {
            self.hold();
            return self.queue.give_release_back(number);
        }
        self.queue.release_answered(number, reply.outcome, reply.reason)
    }

    /// The bridge gave something back for a reason that passes: it is not asked again at once.
    fn hold(&mut self) {
        self.bridge.hold_until = Some(self.now.wrapping_add(HOLD_MS));
    }

    fn subscribe_answered(&mut self, number: u8, reply: reply::Subscribe) -> bool {
        if passes(reply.reason) {
            self.hold();
            return self.subscriptions.give_back(number);
        }
        match self.subscriptions.answer(number, reply.granted, reply.reason) {
            Some(Answered::Granted(id, granted)) => self.tell(Event::Subscribed { id, granted }),
            Some(Answered::Refused(id, reason)) => self.tell(Event::SubscribeRefused { id, reason }),
            None => return false,
        }
        true
    }

    fn unsubscribe_answered(&mut self, number: u8, reason: Reason) -> bool {
        if passes(reason) {
            self.hold();
            return self.subscriptions.give_back(number);
        }
        self.subscriptions.left(number)
    }

    fn will_answered(&mut self, number: u8, reason: Reason) -> bool {
        let State::Configuring {
            will: Step::Sent { number: sent },
            until,
            configure,
        } = self.state
        else {
            return false;
        };
        if sent != number {
            return false;
        }
        self.state = State::Configuring {
            will: Step::Done,
            until,
            configure,
        };
        self.step_done(reason);
        true
    }

    fn configure_answered(&mut self, number: u8, reply: reply::Configure) -> bool {
        if self.bridge.reconfigured == Some(number) {
            self.bridge.reconfigured = None;
            return true;
        }
        let State::Configuring {
            configure: Step::Sent { number: sent },
            until,
            will,
        } = self.state
        else {
            return false;
        };
        if sent != number {
            return false;
        }
        self.state = State::Configuring {
            configure: Step::Done,
            until,
            will,
        };
        if core::mem::take(&mut self.other_session) {
            self.inbox.session_lost();
        }
        self.bridge.cause = Some(reply.cause);
        let (messages, bytes) = (reply.publish_messages.into(), reply.publish_bytes.into());
        self.bridge.window = Some(Window { messages, bytes });
        self.step_done(reply.reason);
        true
    }

    /// A step of the start-up was answered; once both were, the bridge is on its own.
    fn step_done(&mut self, reason: Reason) {
        if reason != Reason::None {
            self.bridge.window = None;
            self.transition(State::Misconfigured, Why::Refused(reason));
        } else if let State::Configuring {
            will: Step::Done,
            configure: Step::Done,
            ..
        } = self.state
        {
            // A bridge that runs already does not say so again.
            let next = if self.bridge.ran {
                State::Running
            } else {
                State::Joining
            };
            self.transition(next, Why::Configured);
        }
    }

    fn time_answered(&mut self, number: u8, unix_time: u32) -> bool {
        let resync = self.settings().rtc_resync;
        match self.clock.answer(number, unix_time, self.now, resync) {
            Some(true) => self.tell_time(unix_time),
            Some(false) => {}
            None => return false,
        }
        true
    }

    fn tell_time(&mut self, unix_time: u32) {
        let local_time = self.settings().local_time_offset;
        self.tell(Event::Time {
            unix_time,
            local_time,
        });
    }

    /// A command that the bridge could not carry out at all.
    fn command_failed(&mut self, number: u8, reason: Reason) -> bool {
        let opening = match self.state {
            State::Configuring {
                will: Step::Sent { number: sent },
                ..
            } if sent == number => self.will_answered(number, reason),
            State::Configuring {
                configure: Step::Sent { number: sent },
                ..
            } if sent == number => {
                self.transition(State::Misconfigured, Why::Refused(reason));
                true
            }
            _ => false,
        };
        opening
            || self.counting_command_failed(number, reason)
            || self.queue.release_answered(number, Outcome::Rejected, reason)
            || self.time_answered(number, 0)
            || self.calls.answer(number, Err(CallError::Refused(reason)))
    }

    /// One that may need a packet identifier: the host counted it, the bridge did not.
    fn counting_command_failed(&mut self, number: u8, reason: Reason) -> bool {
        let granted = QoS::AtMostOnce;
        let failed = self.queue.answer(number, Outcome::Rejected, reason)
            || self.subscribe_answered(number, reply::Subscribe { granted, reason })
            || self.subscriptions.left(number);
        self.bridge.miscounted |= failed;
        failed
    }
}

/// True for reasons that pass: the same can be tried again.
fn passes(reason: Reason) -> bool {
    match reason {
        Reason::NotConfigured | Reason::NoRoom | Reason::NotConnected => true,
        Reason::None
        | Reason::Unsupported
        | Reason::Malformed
        | Reason::RefusedByBroker
        | Reason::BadTopic
        | Reason::Unknown(_) => false,
    }
}

/// One event on its way into the engine, with its number.
struct Incoming<
    'e,
    'a,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> {
    number: u8,
    engine: &'e mut Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
}

impl<
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> EventHandler for Incoming<'_, '_, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    fn error(&mut self, event: event::Error) {
        if !self.engine.command_failed(event.number, event.reason) {
            self.engine.stats.stray = self.engine.stats.stray.wrapping_add(1);
        }
    }

    fn log(&mut self, event: event::Log<'_>) {
        self.engine.events.push_log(event.level, event.line);
        self.engine.changed = true;
    }

    fn message(&mut self, event: event::Message<'_>) {
        let event::Message {
            topic,
            payload,
            properties,
            retained,
            dup,
            qos,
            packet_id,
        } = event;
        let message = MessageView {
            topic,
            payload,
            properties,
            retained,
            dup,
            qos,
        };
        let packet_id = if qos == QoS::ExactlyOnce { packet_id } else { 0 };
        let waiting_for = self.engine.subscriptions.matching(topic);
        let arrival = self
            .engine
            .inbox
            .push(self.number, packet_id, message, waiting_for);
        let stats = &mut self.engine.stats;
        stats.messages = stats.messages.wrapping_add(1);
        let (again, unmatched) = match arrival {
            Arrival::Again => (1, 0),
            Arrival::New | Arrival::Refused => (0, u32::from(waiting_for == 0)),
        };
        stats.repeated = stats.repeated.wrapping_add(again);
        stats.unmatched = stats.unmatched.wrapping_add(unmatched);
    }

    fn released(&mut self, event: event::Released) {
        self.engine.inbox.released(event.packet_id);
    }

    fn status(&mut self, event: event::Status) {
        self.engine.handle_status(event.status, event.detail);
    }

    fn time(&mut self, event: event::Time) {
        let resync = self.engine.settings().rtc_resync;
        self.engine
            .clock
            .learned(event.unix_time, self.engine.now, resync);
        self.engine.tell_time(event.unix_time);
    }
}
