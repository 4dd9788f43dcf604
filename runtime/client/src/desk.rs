//! What the application sees: publishes and their receipts, subscriptions, messages, events, counts; and what each event
//! of a connection does to them.
//!
//! Not here: bytes and time (see `engine`).

use fivewire_mqtt::v5::Event as Mqtt;
use fivewire_mqtt::{MessageId, QoS};
use heapless::String;

use crate::event::{Cause, Event, Events};
use crate::inbox::{self, Arrival, Inbox};
use crate::message::Message;
use crate::publishes::Publishes;
use crate::stats::{Stats, count};
use crate::subscriptions::Subscriptions;

/// Longest client id of the broker's choice that is used again, in bytes.
const ASSIGNED_ID: usize = 64;

/// What a connection is to do about its event.
pub(crate) enum Heard {
    /// Nothing.
    Done,
    /// Give the message again later.
    Keep,
    /// Acknowledge the message: nobody ever will.
    Acknowledge(MessageId),
    /// End.
    Over(Cause),
}

pub(crate) struct Desk<const IN_FLIGHT: usize, const INBOX: usize, const SUBSCRIPTIONS: usize> {
    pub(crate) publishes: Publishes<IN_FLIGHT>,
    pub(crate) subscriptions: Subscriptions<SUBSCRIPTIONS>,
    pub(crate) inbox: Inbox<INBOX, IN_FLIGHT>,
    pub(crate) events: Events,
    pub(crate) stats: Stats,
    /// The broker accepted a connection: the next one is not the first.
    pub(crate) known: bool,
    /// When the broker accepted the present one.
    pub(crate) up_since_ms: Option<u32>,
    /// The client id that the broker chose.
    pub(crate) assigned_id: String<ASSIGNED_ID>,
}

impl<const IN_FLIGHT: usize, const INBOX: usize, const SUBSCRIPTIONS: usize>
    Desk<IN_FLIGHT, INBOX, SUBSCRIPTIONS>
{
    pub(crate) const NEW: Self = Self {
        publishes: Publishes::NEW,
        subscriptions: Subscriptions::NEW,
        inbox: Inbox::NEW,
        events: Events::NEW,
        stats: Stats::NEW,
        known: false,
        up_since_ms: None,
        assigned_id: String::new(),
    };

    /// The connection tells something.
    pub(crate) fn hear(&mut self, event: Mqtt<'_>, now_ms: u32) -> Heard {
        match event {
            Mqtt::Connected {
                session_present,
                properties,
            } => {
                if let Some(id) = properties.assigned_client_id() {
                    self.assigned_id = String::try_from(id).unwrap_or_default();
                }
                self.connected(session_present, now_ms);
            }
            Mqtt::Refused { reason, .. } => return Heard::Over(Cause::Refused(reason)),
            Mqtt::Disconnected { reason, .. } => return Heard::Over(Cause::Disconnected(reason)),
            Mqtt::Lost(cause) => return Heard::Over(Cause::Lost(cause)),
            Mqtt::Published {
                packet_id, reason, ..
            } => self.publishes.answered(packet_id, reason),
            Mqtt::Subscribed {
                packet_id, reason, ..
            }
            | Mqtt::Unsubscribed {
                packet_id, reason, ..
            } => {
                let lost = self.subscriptions.answered(packet_id, reason);
                if let Some(reason) = lost {
                    self.events.push(Event::SubscriptionLost(reason));
                }
            }
            // Only where QoS 2 is deferred, which it is not here.
            Mqtt::Received { .. } | Mqtt::Released { .. } => {}
            Mqtt::Discarded { size, qos, .. } => self.oversize(size, qos),
            Mqtt::Message {
                topic,
                payload,
                qos,
                retain,
                dup,
                packet_id,
                properties,
            } => {
                let message = Message {
                    topic,
                    payload,
                    qos,
                    retain,
                    dup,
                    properties,
                };
                return self.message(&message, packet_id);
            }
        }
        Heard::Done
    }

    fn connected(&mut self, session_present: bool, now_ms: u32) {
        self.known = true;
        self.up_since_ms = Some(now_ms);
        count(&mut self.stats.connections, 1);
        count(&mut self.stats.republished, self.publishes.attempted());
        self.subscriptions.restart(session_present);
        self.events.push(Event::Up { session_present });
    }

    /// QoS 0 messages are discarded where there is no room, so that the others wait for one another only: what the broker
    /// says behind them, acknowledgements too, cannot be looked at before them.
    fn message(&mut self, message: &Message<'_>, id: Option<MessageId>) -> Heard {
        let mut arrival = self.inbox.push(message, id);
        while arrival == Arrival::Full && id.is_some() && self.inbox.discard() {
            count(&mut self.stats.discarded, 1);
            arrival = self.inbox.push(message, id);
        }
        match (arrival, id) {
            (Arrival::Stored, _) => Heard::Done,
            (Arrival::Full, Some(_)) => Heard::Keep,
            (Arrival::Full, None) => {
                count(&mut self.stats.discarded, 1);
                Heard::Done
            }
            (Arrival::TooLarge, id) => {
                self.oversize(inbox::size(message), message.qos);
                id.map_or(Heard::Done, Heard::Acknowledge)
            }
        }
    }

    fn oversize(&mut self, size: usize, qos: QoS) {
        count(&mut self.stats.oversize, 1);
        self.events.push(Event::Oversize { size, qos });
    }

    /// The connection ended, or an attempt at one. How long it stood, if it did.
    pub(crate) fn ended(&mut self, cause: Cause, now_ms: u32) -> Option<u32> {
        let stood_ms = self
            .up_since_ms
            .take()
            .map(|since_ms| now_ms.wrapping_sub(since_ms));
        match stood_ms {
            Some(_) => self.events.push(Event::Down(cause)),
            // Nothing failed when nothing was wanted.
            None if matches!(cause, Cause::Asked | Cause::NoRunner) => {}
            None => {
                count(&mut self.stats.failures, 1);
                self.events.push(Event::Failed(cause));
            }
        }
        stood_ms
    }
}
