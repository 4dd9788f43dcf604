//! What the host asks of the broker: publish, subscribe, unsubscribe, accept. Each is answered at once when it cannot
//! be done, else when the broker answers; an outage only makes that later.

use fivewire_mqtt::is_topic_filter;
use fivewire_wire::{Answer, Outcome, Reason, Ticket, command, reply};

use super::{Broker, mqtt_qos};
use crate::receipts::{Awaits, MAX_OPEN};
use crate::subscriptions::SENT_AT_ONCE;

/// Bytes of a packet beside topic and payload, at most: fixed header, length of the topic, packet id.
const PUBLISH_OVERHEAD: usize = 9;
/// The longest SUBSCRIBE.
const SUBSCRIBE_BYTES: usize = 5 + 2 + 2 + 128 + 1;
/// PUBACKs for a full inbox, PINGREQ, DISCONNECT.
const CONTROL_BYTES: usize = 4 * crate::inbox::MAX_MESSAGES + 16;
/// The spec's upper bound of `publish_bytes`.
const MAX_BYTES: usize = 32_768;

/// What the host may send before anything is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) messages: u8,
    pub(crate) bytes: u16,
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Broker<RX, TX, IN_FLIGHT> {
    /// The window of publications that always finds room beside everything else.
    pub(crate) const WINDOW: Window = window(TX, IN_FLIGHT);

    /// The host's room for messages, from `configure`.
    pub(crate) fn set_room(&mut self, messages: u8, bytes: u16) {
        self.inbox.set_room(messages, bytes);
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
                self.receipts.add(ticket, awaits);
                Answer::Later
            }
            Err(reason) => Answer::Now(reply::Publish {
                outcome: Outcome::Rejected,
                reason,
            }),
        }
    }

    fn try_publish(&mut self, now: u32, publish: &command::Publish<'_>) -> Result<Awaits, Reason> {
        if !self.receipts.has_room() {
            return Err(Reason::NoRoom);
        }
        let command::Publish {
            topic,
            payload,
            retain,
            qos,
        } = *publish;
        // The MQTT client could, but its half of the promise would end with the bridge's life.
        if qos == fivewire_wire::QoS::ExactlyOnce {
            return Err(Reason::Unsupported);
        }
        let packet_id = self
            .client
            .publish(now, topic, payload, mqtt_qos(qos), retain)
            .map_err(reason)?;
        // All that waits for TCP is one piece, and this publication is its end.
        let end = self.written.wrapping_add(self.client.output().len() as u32);
        Ok(packet_id.map_or(Awaits::Written(end), Awaits::Puback))
    }

    /// Takes a subscription on. QoS 2 is what the host would take at most; this client asks for 1.
    pub(crate) fn subscribe(
        &mut self,
        ticket: Ticket<reply::Subscribe>,
        subscribe: &command::Subscribe<'_>,
    ) -> Result<(), Reason> {
        if !is_topic_filter(subscribe.filter) {
            return Err(Reason::BadTopic);
        }
        let qos = match subscribe.qos {
            fivewire_wire::QoS::AtMostOnce => fivewire_wire::QoS::AtMostOnce,
            fivewire_wire::QoS::AtLeastOnce | fivewire_wire::QoS::ExactlyOnce => {
                fivewire_wire::QoS::AtLeastOnce
            }
        };
        self.subscriptions.subscribe(subscribe.filter, qos, ticket)
    }

    /// Gives a subscription up.
    pub(crate) fn unsubscribe(
        &mut self,
        ticket: Ticket<reply::Unsubscribe>,
        unsubscribe: &command::Unsubscribe<'_>,
    ) -> Result<(), Reason> {
        if !is_topic_filter(unsubscribe.filter) {
            return Err(Reason::BadTopic);
        }
        self.subscriptions.unsubscribe(unsubscribe.filter, ticket)
    }

    /// The host's application took a message.
    pub(crate) fn accept(&mut self, number: u8) {
        let id = self.inbox.accept(number);
        self.acknowledge(id);
    }
}

/// Why the MQTT client did not take a publication, in the host's words.
fn reason(error: fivewire_mqtt::Error) -> Reason {
    use fivewire_mqtt::Error;
    match error {
        Error::NoRoom | Error::TooLarge => Reason::NoRoom,
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
                bytes: 7_208
            }
        );
        assert_eq!(
            window(2_048, 8),
            Window {
                messages: 4,
                bytes: 1_316
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
