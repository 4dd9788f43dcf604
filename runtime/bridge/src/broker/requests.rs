//! What the host asks of the broker: publish, release, subscribe, unsubscribe, accept, complete. Each is answered at once
//! when it cannot be done, else when the broker answers; an outage only makes that later.

use fivewire_mqtt::{Number, PacketId, is_topic_filter};
use fivewire_wire::{Answer, MqttVersion, Outcome, QoS, Reason, Ticket, command, reply};

use super::{Broker, mqtt_qos};
use crate::client::Publication;
use crate::receipts::{Asker, Awaits, MAX_OPEN};
use crate::subscriptions::SENT_AT_ONCE;

/// Bytes of a packet beside topic, properties and payload, at most: fixed header, length of the topic, packet id, length of
/// the properties.
const PUBLISH_OVERHEAD: usize = 5 + 2 + 2 + 2;
/// The longest SUBSCRIBE, or UNSUBSCRIBE with properties.
const SUBSCRIBE_BYTES: usize = 5 + 2 + 2 + 224 + 2 + 128 + 1;
/// PUBACKs for a full inbox, PINGREQ, DISCONNECT.
const CONTROL_BYTES: usize = 4 * crate::inbox::MAX_MESSAGES + 16;
/// The spec's upper bound of `publish_bytes`.
const MAX_BYTES: usize = 32_768;

/// Publications under way over MQTT 3.1.1, in which a broker cannot tell how many with QoS 2 it takes. Mosquitto takes 20
/// (`max_inflight_messages`), and answers those beyond as if it had them, but drops them.
const MAX_UNTOLD: u8 = 20;

/// What the host may send before anything is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) messages: u8,
    pub(crate) bytes: u16,
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Broker<RX, TX, IN_FLIGHT> {
    /// The window of publications that always finds room beside everything else.
    pub(crate) const WINDOW: Window = window(TX, IN_FLIGHT);

    /// The same as far as the broker takes them.
    pub(crate) fn window(version: MqttVersion) -> Window {
        let most = match version {
            MqttVersion::V3_1_1 => MAX_UNTOLD,
            // It tells its receive maximum, and the MQTT client keeps to it.
            MqttVersion::V5_0 => Self::WINDOW.messages,
        };
        Window {
            messages: Self::WINDOW.messages.min(most),
            ..Self::WINDOW
        }
    }

    /// Takes a publication on.
    pub(crate) fn publish(
        &mut self,
        now: u32,
        ticket: Ticket<reply::Publish>,
        publish: &command::Publish<'_>,
    ) -> Answer<reply::Publish> {
        let taken = self.try_publish(now, publish);
        match taken {
            Ok(awaits) => {
                self.receipts.add(Asker::Publish(ticket), awaits);
                Answer::Later
            }
            Err(reason) => Answer::Now(reply::Publish {
                outcome: Outcome::Rejected,
                reason,
            }),
        }
    }

    fn try_publish(&mut self, now: u32, publish: &command::Publish<'_>) -> Result<Awaits, Reason> {
        let command::Publish {
            topic,
            payload,
            retain,
            qos,
            packet_id,
            properties,
        } = *publish;
        let number = match PacketId::new(packet_id) {
            Some(id) => Number::Again(id),
            None if qos == QoS::AtMostOnce => Number::Next,
            None => Number::New(self.numbers.take()),
        };
        if !self.receipts.has_room() {
            return Err(Reason::NoRoom);
        }
        let publication = Publication {
            topic,
            payload,
            qos: mqtt_qos(qos),
            retain,
            properties,
        };
        let packet_id = self.client.publish(now, number, &publication).map_err(reason)?;
        // All that waits for TCP is one piece, and this publication is its end.
        let end = self.written.wrapping_add(self.client.output().len() as u32);
        Ok(packet_id.map_or(Awaits::Written(end), Awaits::Answer))
    }

    /// Lets the broker release a QoS 2 publication that it received, in this life of the bridge or an earlier one.
    pub(crate) fn release(
        &mut self,
        now: u32,
        ticket: Ticket<reply::Release>,
        packet_id: u16,
    ) -> Answer<reply::Release> {
        let rejected = |reason| reply::Release {
            outcome: Outcome::Rejected,
            reason,
        };
        let Some(id) = PacketId::new(packet_id).filter(|_| self.receipts.has_room()) else {
            return Answer::Now(rejected(Reason::NoRoom));
        };
        match self.client.release(now, id) {
            Ok(true) => {
                self.receipts.add(Asker::Release(ticket), Awaits::Answer(id));
                Answer::Later
            }
            Ok(false) => Answer::Now(reply::Release {
                outcome: Outcome::Delivered,
                reason: Reason::None,
            }),
            Err(error) => Answer::Now(rejected(reason(error))),
        }
    }

    /// Takes a subscription on.
    pub(crate) fn subscribe(
        &mut self,
        ticket: Ticket<reply::Subscribe>,
        subscribe: &command::Subscribe<'_>,
    ) -> Result<(), Reason> {
        let id = self.numbers.take();
        let command::Subscribe { filter, qos } = *subscribe;
        if !is_topic_filter(filter) {
            return Err(Reason::BadTopic);
        }
        self.subscriptions.subscribe((filter, qos), id, ticket)
    }

    /// Gives a subscription up. With properties, which nobody keeps here, only when nothing else is to be sent before it.
    pub(crate) fn unsubscribe(
        &mut self,
        now: u32,
        ticket: Ticket<reply::Unsubscribe>,
        unsubscribe: &command::Unsubscribe<'_>,
    ) -> Result<(), Reason> {
        let id = self.numbers.take();
        let command::Unsubscribe { filter, properties } = *unsubscribe;
        if !is_topic_filter(filter) {
            return Err(Reason::BadTopic);
        }
        if properties.is_empty() {
            return self.subscriptions.unsubscribe(filter, id, ticket);
        }
        if !self.is_up() || !self.subscriptions.is_all_sent() {
            return Err(Reason::NoRoom);
        }
        self.subscriptions.unsubscribe(filter, id, ticket)?;
        match self.client.unsubscribe(now, id, filter, properties) {
            Ok(()) => {
                self.subscriptions.sent();
                Ok(())
            }
            Err(error) => {
                self.subscriptions.refuse_next();
                Err(reason(error))
            }
        }
    }

    /// The host's application took a message.
    pub(crate) fn accept(&mut self, number: u8) {
        if let Some(id) = self.inbox.accept(number) {
            self.client.acknowledge(id);
        }
    }

    /// The host noted that the broker released a message.
    pub(crate) fn complete(&mut self, complete: command::Complete) {
        if let Some(id) = PacketId::new(complete.packet_id) {
            self.client.complete(id, complete.known);
        }
    }
}

/// Why the MQTT client did not take a publication, in the host's words.
fn reason(error: fivewire_mqtt::Error) -> Reason {
    use fivewire_mqtt::Error;
    match error {
        Error::NoRoom | Error::TooLarge | Error::PacketIdInUse => Reason::NoRoom,
        Error::NotConnected => Reason::NotConnected,
        Error::BadTopic | Error::BadFilter | Error::BadText => Reason::BadTopic,
        Error::UnsupportedQos | Error::UnsupportedByBroker(_) | Error::BadProperty | Error::OtherVersion => {
            Reason::Unsupported
        }
        Error::BadReason | Error::NoClientId | Error::PasswordWithoutUser | Error::UnknownMessage => {
            Reason::Unsupported
        }
    }
}

/// What buffers of this size can promise.
const fn window(tx: usize, in_flight: usize) -> Window {
    let slots = in_flight.saturating_sub(SENT_AT_ONCE);
    let messages = if slots > MAX_OPEN { MAX_OPEN } else { slots };
    let other = messages * PUBLISH_OVERHEAD + SENT_AT_ONCE * SUBSCRIBE_BYTES + CONTROL_BYTES;
    let bytes = tx.saturating_sub(other);
    let bytes = if bytes > MAX_BYTES { MAX_BYTES } else { bytes };
    Window {
        messages: messages as u8,
        bytes: bytes as u16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_leaves_room_for_everything_else() {
        assert_eq!(
            window(8_192, 36),
            Window {
                messages: 32,
                bytes: 6_240
            }
        );
        assert_eq!(
            window(3_072, 8),
            Window {
                messages: 4,
                bytes: 1_428
            }
        );
        assert_eq!(
            window(100_000, 99),
            Window {
                messages: 32,
                bytes: 32_768
            }
        );
        assert_eq!(
            window(100, 2),
            Window {
                messages: 0,
                bytes: 0
            }
        );
    }
}
