//! What goes out, as far as the link has room: the start-up's commands first, then what keeps the flow going
//! (accepts), then calls, then publications. Nothing waits here; what did not fit is tried again next time.

use fivewire_link::{Link, SendError};
use fivewire_wire::command::{self, Command};
use fivewire_wire::{EncodeError, Reason, Writer};

use super::{Engine, Pinged};
use crate::calls::CallError;
use crate::inbox::{Inbox, Room};
use crate::publish::Will;
use crate::state::{State, Step, Why};
use crate::subscriptions::Next;
use crate::time::reached;

/// The link has no room now.
struct NoRoom;

/// A command's number, or none when it can never be encoded.
type Posted = Result<Option<u8>, NoRoom>;

fn post<const TX: usize, const RX: usize>(link: &mut Link<TX, RX>, command: &Command<'_>) -> Posted {
    post_with(link, |out| command.encode(out))
}

fn post_with<const TX: usize, const RX: usize>(
    link: &mut Link<TX, RX>,
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
    pub(super) fn send<const TX: usize, const RX: usize>(&mut self, link: &mut Link<TX, RX>) {
        if self.state.is_linked() {
            // Whatever found no room goes first next time.
            let _ = self.send_all(link);
        }
    }

    fn send_all<const TX: usize, const RX: usize>(&mut self, link: &mut Link<TX, RX>) -> Result<(), NoRoom> {
        self.bridge.hold_until = self.bridge.hold_until.filter(|until| !reached(self.now, *until));
        self.send_opening(link)?;
        self.send_accepts(link)?;
        self.send_more_room(link)?;
        self.send_consent(link)?;
        self.send_subscriptions(link)?;
        self.send_ping(link)?;
        self.send_calls(link)?;
        self.send_time_question(link)?;
        self.send_publications(link)
    }

    fn send_opening<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
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

    fn send_configure<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
        room: Room,
    ) -> Posted {
        let (inbox_messages, inbox_bytes, settings) = (room.messages, room.bytes, *self.settings());
        let posted = post(
            link,
            &command::Configure {
                inbox_messages,
                inbox_bytes,
                settings,
            }
            .into(),
        )?;
        self.bridge.offered = Some(room);
        Ok(posted)
    }

    /// Messages of an earlier link took some of the inbox and are gone now: the bridge is told of all the room there
    /// is, with the settings it has, which changes nothing else.
    fn send_more_room<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
        let room = Inbox::<MESSAGES, INBOX>::ROOM;
        if self.running() && self.bridge.offered != Some(room) && !self.inbox.has_stale() {
            self.bridge.reoffered = self.send_configure(link, room)?;
        }
        Ok(())
    }

    fn send_accepts<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
        while let Some(number) = self.inbox.next_accept() {
            post(link, &command::Accept { number }.into())?;
            self.inbox.accepted();
        }
        Ok(())
    }

    fn send_consent<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
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

    fn send_subscriptions<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
        while let Some(next) = self
            .subscriptions
            .next()
            .filter(|_| self.bridge.hold_until.is_none())
        {
            let (place, number) = match next {
                Next::Subscribe { place, filter, qos } => {
                    (place, post(link, &command::Subscribe { filter, qos }.into())?)
                }
                Next::Unsubscribe { place, filter } => {
                    (place, post(link, &command::Unsubscribe { filter }.into())?)
                }
            };
            // The table holds valid filters only: each can be encoded.
            let Some(number) = number else { break };
            self.subscriptions.told(place, number);
        }
        Ok(())
    }

    fn send_ping<const TX: usize, const RX: usize>(&mut self, link: &mut Link<TX, RX>) -> Result<(), NoRoom> {
        let watches = matches!(self.state, State::Misconfigured | State::Joining | State::Running);
        if watches && self.bridge.pinged.is_none() && reached(self.now, self.next_ping()) {
            let number = post(link, &command::Ping { nonce: 0 }.into())?;
            let until = self.now.wrapping_add(self.watchdog_ms());
            self.bridge.pinged = number.map(|number| Pinged { number, until });
        }
        Ok(())
    }

    fn send_calls<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
        while let Some(next) = self.calls.next() {
            let (index, known) = (next.index, next.since <= self.bridge.revision);
            if !known {
                self.calls.fail(index, CallError::Unsupported);
                self.changed = true;
                continue;
            }
            let number = post_with(link, |out| out.raw(next.body))?;
            match number {
                Some(number) => self.calls.sent(index, number),
                None => self.calls.fail(index, CallError::Refused(Reason::Malformed)),
            }
            self.changed = true;
        }
        Ok(())
    }

    fn send_time_question<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
        if self.running()
            && self.clock.is_due(self.now)
            && let Some(number) = post(link, &command::GetTime {}.into())?
        {
            self.clock.asked(number, self.now);
        }
        Ok(())
    }

    fn send_publications<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), NoRoom> {
        let Some(window) = self
            .bridge
            .window
            .filter(|_| self.bridge.broker && self.bridge.hold_until.is_none())
        else {
            return Ok(());
        };
        while let Some(index) = self.queue.oversized(window) {
            self.queue.reject(index, Reason::NoRoom);
            self.changed = true;
        }
        while let Some(next) = self.queue.next(window) {
            let (topic, payload, retain, qos) = (next.topic, next.payload, next.retain, next.qos);
            let index = next.index;
            match post(
                link,
                &command::Publish {
                    topic,
                    payload,
                    retain,
                    qos,
                }
                .into(),
            )? {
                Some(number) => self.queue.sent(index, number),
                None => self.queue.reject(index, Reason::Malformed),
            }
        }
        Ok(())
    }
}
