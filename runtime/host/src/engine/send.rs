//! What goes out, as far as the link has room: the start-up's commands first, then what keeps the flow going
//! (accepts), then calls, then publications. Nothing waits here; what did not fit is tried again next time.

use fivewire_link::{Messages, SendError};
use fivewire_wire::command::{self, Command};
use fivewire_wire::{EncodeError, LogLevel, QoS, Reason, Writer};

use super::{Engine, Pinged};
use crate::calls::CallError;
use crate::inbox::{Inbox, Room};
use crate::publish::Will;
use crate::queue::Window;
use crate::received::Complete;
use crate::state::{State, Step, Why};
use crate::subscriptions::Next;
use crate::time::reached;

/// The link has no room now.
struct NoRoom;

/// A command's number, or none when it can never be encoded.
type Posted = Result<Option<u8>, NoRoom>;

fn post(link: &mut impl Messages, command: &Command<'_>) -> Posted {
    post_with(link, |out| command.encode(out))
}

fn post_with(
    link: &mut impl Messages,
    encode: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>,
) -> Posted {
    let sent = link.send(|buffer| {
        let mut writer = Writer::new(buffer);
        encode(&mut writer)?;
        Ok(writer.len())
    });
    match sent {
        Ok(number) => Ok(Some(number)),
        Err(SendError::NotUp | SendError::Full | SendError::Encode(EncodeError::Full)) => Err(NoRoom),
        Err(SendError::NotAMessage | SendError::Encode(_)) => Ok(None),
    }
}

impl<
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<'_, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    pub(super) fn send(&mut self, link: &mut impl Messages) {
        if self.state.is_linked() {
            // Whatever found no room goes first next time.
            let _ = self.send_all(link);
        }
    }

    fn send_all(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        self.bridge.hold_until = self.bridge.hold_until.filter(|until| !reached(self.now, *until));
        self.send_opening(link)?;
        self.send_accepts(link)?;
        self.send_completes(link)?;
        self.send_configure_again(link)?;
        self.send_consent(link)?;
        self.send_subscriptions(link)?;
        self.send_ping(link)?;
        self.send_calls(link)?;
        self.send_time_question(link)?;
        self.send_publications(link)
    }

    fn send_opening(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        if let (
            State::Configuring {
                will: Step::Due,
                until,
                configure,
            },
            Some(will),
        ) = (self.state, self.will)
        {
            let Will {
                topic,
                payload,
                retain,
                qos,
            } = will;
            let number = post(
                link,
                &command::Will {
                    topic,
                    payload,
                    retain,
                    qos,
                }
                .into(),
            )?;
            let will = number.map_or(Step::Done, |number| Step::Sent { number });
            self.state = State::Configuring {
                will,
                until,
                configure,
            };
        }
        if let State::Configuring {
            configure: Step::Due,
            until,
            will,
        } = self.state
        {
            let (room, discarded) = self.inbox.offer();
            self.stats.discarded = self.stats.discarded.wrapping_add(discarded);
            match self.send_configure(link, room)? {
                Some(number) => {
                    let configure = Step::Sent { number };
                    self.state = State::Configuring {
                        configure,
                        until,
                        will,
                    };
                }
                None => self.transition(State::Misconfigured, Why::Refused(Reason::Malformed)),
            }
        }
        Ok(())
    }

    fn send_configure(&mut self, link: &mut impl Messages, room: Room) -> Posted {
        let (inbox_messages, inbox_bytes, settings) = (room.messages, room.bytes, *self.settings());
        self.packet_ids.skip(|id| self.queue.holds(id));
        let (next_packet_id, resumed) = if self.bridge.keeps_packet_ids() {
            (self.packet_ids.next(), self.resumed)
        } else {
            (1, false)
        };
        let configure = command::Configure {
            inbox_messages,
            inbox_bytes,
            next_packet_id,
            resumed,
            settings,
        };
        let posted = post(link, &configure.into())?;
        self.bridge.offered = Some(room);
        self.bridge.miscounted = false;
        Ok(posted)
    }

    /// Tells the bridge what changed of itself, with the settings it has, which changes nothing else: messages of an
    /// earlier link took some of the inbox and are gone now, so that there is all the room; or the next packet
    /// identifier is another than it thinks.
    fn send_configure_again(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        let room = Inbox::<MESSAGES, INBOX>::ROOM;
        let more_room = self.running() && self.bridge.offered != Some(room) && !self.inbox.has_stale();
        let due = more_room || self.must_recount();
        if due && self.state.is_configured() && self.bridge.reconfigured.is_none() {
            let room = if more_room {
                Some(room)
            } else {
                self.bridge.offered
            };
            self.bridge.reconfigured =
                self.send_configure(link, room.unwrap_or(Inbox::<MESSAGES, INBOX>::ROOM))?;
        }
        Ok(())
    }

    /// True when the bridge would give the next command another packet identifier than the host, or one in use.
    fn must_recount(&self) -> bool {
        self.bridge.keeps_packet_ids() && (self.bridge.miscounted || self.queue.holds(self.packet_ids.next()))
    }

    fn send_completes(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        while let Some(Complete { packet_id, known }) = self.inbox.next_complete() {
            post(link, &command::Complete { packet_id, known }.into())?;
            self.inbox.completed();
        }
        Ok(())
    }

    fn send_accepts(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        while let Some(number) = self.inbox.next_accept() {
            post(link, &command::Accept { number }.into())?;
            self.inbox.accepted();
        }
        Ok(())
    }

    fn send_consent(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        if let Some(answer) = self.consent
            && reached(self.now, answer.at)
        {
            post(
                link,
                &command::JoinNetwork {
                    consent: answer.consent,
                }
                .into(),
            )?;
            self.consent = None;
        }
        Ok(())
    }

    fn send_subscriptions(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        let keeps_packet_ids = self.bridge.keeps_packet_ids();
        if self.bridge.text {
            self.subscriptions.leave_silently();
            // What such a bridge hears while it starts it takes for something else.
            if !self.running() {
                return Ok(());
            }
        }
        while self.bridge.hold_until.is_none() && !self.must_recount() {
            let (place, number) = match self.subscriptions.next() {
                None => break,
                Some(Next::Subscribe { place, filter, qos }) => {
                    (place, post(link, &command::Subscribe { filter, qos }.into())?)
                }
                Some(Next::Unsubscribe {
                    place,
                    filter,
                    properties,
                }) => {
                    let properties = if keeps_packet_ids { properties } else { &[] };
                    (
                        place,
                        post(link, &command::Unsubscribe { filter, properties }.into())?,
                    )
                }
            };
            // The table holds valid filters only: each can be encoded.
            let Some(number) = number else { break };
            self.packet_ids.count();
            self.subscriptions.told(place, number);
            self.send_configure_again(link)?;
        }
        Ok(())
    }

    fn send_ping(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        let watches = matches!(self.state, State::Misconfigured | State::Joining | State::Running);
        if watches && self.bridge.pinged.is_none() && reached(self.now, self.next_ping()) {
            let number = post(link, &command::Ping { nonce: 0 }.into())?;
            let until = self.now.wrapping_add(self.watchdog_ms());
            self.bridge.pinged = number.map(|number| Pinged { number, until });
        }
        Ok(())
    }

    fn send_calls(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        while let Some(next) = self.calls.next() {
            let (index, known) = (next.index, next.since <= self.bridge.revision);
            if !known {
                self.calls.fail(index, CallError::Unsupported);
                self.changed = true;
                continue;
            }
            let number = post_with(link, |out| out.encoded(next.body))?;
            match number {
                Some(number) => self.calls.sent(index, number),
                None => self.calls.fail(index, CallError::Refused(Reason::Malformed)),
            }
            self.changed = true;
        }
        Ok(())
    }

    fn send_time_question(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        // A stock bridge runs before it says that it has a network, and without one nobody knows the time.
        if self.running()
            && self.bridge.wifi
            && self.clock.is_due(self.now)
            && let Some(number) = post(link, &command::GetTime {}.into())?
        {
            self.clock.asked(number, self.now);
        }
        Ok(())
    }

    fn send_publications(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        let Some(window) = self
            .bridge
            .window
            .filter(|_| self.bridge.broker && self.bridge.hold_until.is_none())
        else {
            return Ok(());
        };
        self.send_releases(link)?;
        self.reject_impossible(window);
        while !self.must_recount() && self.send_publication(link, window)? {
            self.reject_impossible(window);
            self.send_configure_again(link)?;
        }
        Ok(())
    }

    /// Ends what this bridge can never take.
    fn reject_impossible(&mut self, window: Window) {
        self.reject_beyond_text();
        while let Some((index, reason)) = self.impossible(window) {
            self.queue.reject(index, reason);
            self.changed = true;
        }
    }

    /// What was accepted before anyone knew what kind of bridge it would be.
    fn reject_beyond_text(&mut self) {
        while let Some((index, limit)) = self.queue.beyond_text().filter(|_| self.bridge.text) {
            self.queue.reject(index, Reason::Unsupported);
            self.events.push_log(LogLevel::Warn, limit.advice());
            self.changed = true;
        }
    }

    fn impossible(&self, window: Window) -> Option<(usize, Reason)> {
        let oversized = self.queue.oversized(window);
        let unsupported = self
            .queue
            .beyond_revision_1()
            .filter(|_| !self.bridge.keeps_packet_ids());
        let unsupported = unsupported.map(|index| (index, Reason::Unsupported));
        unsupported.or(oversized.map(|index| (index, Reason::NoRoom)))
    }

    /// Sends the next publication. False when there is none, or no room in the window.
    fn send_publication(&mut self, link: &mut impl Messages, window: Window) -> Result<bool, NoRoom> {
        let Some(next) = self.queue.next(window) else {
            return Ok(false);
        };
        let keeps = self.bridge.keeps_packet_ids();
        let (index, counts) = (
            next.index,
            keeps && next.packet_id == 0 && next.qos != QoS::AtMostOnce,
        );
        let publish = command::Publish {
            topic: next.topic,
            payload: next.payload,
            retain: next.retain,
            qos: next.qos,
            packet_id: if keeps { next.packet_id } else { 0 },
            properties: next.properties,
        };
        match post(link, &publish.into())? {
            Some(number) => {
                let new_id = counts.then(|| self.packet_ids.count());
                self.queue.sent(index, number, new_id);
            }
            None => self.queue.reject(index, Reason::Malformed),
        }
        Ok(true)
    }

    /// Releases what the broker has. A bridge of revision 1 cannot.
    fn send_releases(&mut self, link: &mut impl Messages) -> Result<(), NoRoom> {
        while let Some((index, packet_id)) = self.queue.next_release() {
            let number = if self.bridge.keeps_packet_ids() {
                post(link, &command::Release { packet_id }.into())?
            } else {
                None
            };
            match number {
                Some(number) => self.queue.release_sent(index, number),
                None => {
                    self.queue.reject_release(index, Reason::Unsupported);
                    self.changed = true;
                }
            }
        }
        Ok(())
    }
}
