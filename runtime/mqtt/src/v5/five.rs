//! What a 5.0 connection has beyond one of 3.1.1: the limits of both ends, and the topic aliases.
//!
//! The two versions share their code; what only 5.0 does hangs on a constant of [`Version`](crate::Version), so that a
//! 3.1.1 client links none of it. Not here: what is done with it all (see `incoming`, `requests`).

use super::alias::Aliases;
use super::{Properties, ReasonCode};
use crate::outbox::{Request, RequestKind};
use crate::packet::PacketType;
use crate::types::QoS;

/// MQTT 5.0, with tables of `ALIASES` topics of at most `TOPIC` bytes, one for each direction. Aliases from the broker
/// are allowed up to `ALIASES`; one whose topic is longer than `TOPIC` ends the connection when it is used.
#[derive(Debug)]
pub enum V5<const ALIASES: usize = 0, const TOPIC: usize = 0> {}

/// What a connection of either version asks for; 3.1.1 answers nothing to all of it.
pub trait Extra {
    #[doc(hidden)]
    const NEW: Self;
    #[doc(hidden)]
    const ALIASES: u16;
    #[doc(hidden)]
    fn facts(&mut self) -> Option<&mut Facts>;
    #[doc(hidden)]
    fn restart(&mut self);
    /// A message named the topic of an alias; false when there is no such alias.
    #[doc(hidden)]
    fn learn(&mut self, alias: u16, topic: &str) -> bool;
    /// The topic of an alias of the broker's.
    #[doc(hidden)]
    fn topic(&self, alias: u16) -> Option<&str>;
    /// An alias for a topic of this end's, and whether the broker knows it.
    #[doc(hidden)]
    fn alias(&mut self, topic: &str) -> Option<(u16, bool)>;
}

impl Extra for () {
    const NEW: Self = ();
    const ALIASES: u16 = 0;

    fn facts(&mut self) -> Option<&mut Facts> {
        None
    }

    fn restart(&mut self) {}

    fn learn(&mut self, _: u16, _: &str) -> bool {
        false
    }

    fn topic(&self, _: u16) -> Option<&str> {
        None
    }

    fn alias(&mut self, _: &str) -> Option<(u16, bool)> {
        None
    }
}

/// The limits and the tables of a connection.
pub struct Five<const ALIASES: usize, const TOPIC: usize> {
    facts: Facts,
    incoming: Aliases<ALIASES, TOPIC>,
    outgoing: Aliases<ALIASES, TOPIC>,
}

impl<const ALIASES: usize, const TOPIC: usize> Extra for Five<ALIASES, TOPIC> {
    const NEW: Self = Self {
        facts: Facts::NEW,
        incoming: Aliases::NEW,
        outgoing: Aliases::NEW,
    };
    const ALIASES: u16 = {
        assert!(ALIASES <= u16::MAX as usize, "more aliases than MQTT has");
        ALIASES as u16
    };

    fn facts(&mut self) -> Option<&mut Facts> {
        Some(&mut self.facts)
    }

    fn restart(&mut self) {
        self.facts = Facts::NEW;
        self.incoming.clear();
        self.outgoing.clear();
    }

    fn learn(&mut self, alias: u16, topic: &str) -> bool {
        self.incoming.set(alias, topic)
    }

    fn topic(&self, alias: u16) -> Option<&str> {
        self.incoming.topic(alias)
    }

    fn alias(&mut self, topic: &str) -> Option<(u16, bool)> {
        self.outgoing.of(topic, self.facts.alias_maximum)
    }
}

/// What the two ends told each other. All zeros until there is a connection.
#[derive(Clone, Copy)]
pub struct Facts {
    /// QoS 1 and 2 messages that this end takes at a time.
    pub(crate) receive_maximum: u16,
    /// More of them wait, instead of ending the connection.
    pub(crate) tolerates_excess: bool,
    /// Of these, QoS 2 messages of this connection that the broker has to release.
    pub(crate) unreleased: u16,
    /// This end has a name, so that the broker has none to give (3.2.2.3.7).
    pub(crate) has_client_id: bool,
    /// This end asked for a session that ends with the connection.
    pub(crate) session_ends: bool,
    /// Messages that do not fit are to end the connection: their aliases could not be learnt.
    pub(crate) refuses_oversize: bool,
    /// QoS 1 and 2 publishes that the broker takes at a time.
    pub(crate) quota: u16,
    alias_maximum: u16,
    maximum_packet_size: u32,
    maximum_qos: QoS,
    retain: bool,
    wildcards: bool,
    identifiers: bool,
    shared: bool,
}

impl Facts {
    const NEW: Self = Self {
        receive_maximum: 0,
        tolerates_excess: false,
        unreleased: 0,
        has_client_id: false,
        session_ends: false,
        refuses_oversize: false,
        quota: 0,
        alias_maximum: 0,
        maximum_packet_size: 0,
        maximum_qos: QoS::AtMostOnce,
        retain: false,
        wildcards: false,
        identifiers: false,
        shared: false,
    };

    /// What the broker's CONNACK says of it (3.2.2.3).
    pub(crate) fn learn(&mut self, connack: &Properties<'_>) {
        self.quota = connack.receive_maximum().unwrap_or(u16::MAX);
        self.alias_maximum = connack.topic_alias_maximum().unwrap_or(0);
        self.maximum_packet_size = connack.maximum_packet_size().unwrap_or(u32::MAX);
        self.maximum_qos = connack.maximum_qos();
        self.retain = connack.retain_available().unwrap_or(true);
        self.wildcards = connack.wildcard_subscription_available().unwrap_or(true);
        self.identifiers = connack.subscription_identifier_available().unwrap_or(true);
        self.shared = connack.shared_subscription_available().unwrap_or(true);
    }

    /// Why the broker would refuse a packet of this size.
    pub(crate) fn refuses_size(&self, size: usize) -> Option<ReasonCode> {
        (size as u64 > u64::from(self.maximum_packet_size)).then_some(ReasonCode::PACKET_TOO_LARGE)
    }

    /// Why the broker would refuse the publish [MQTT-3.2.2-11], [MQTT-3.2.2-14].
    pub(crate) fn refuses_publish(&self, qos: QoS, retain: bool, size: usize) -> Option<ReasonCode> {
        if qos > self.maximum_qos {
            Some(ReasonCode::QOS_NOT_SUPPORTED)
        } else if retain && !self.retain {
            Some(ReasonCode::RETAIN_NOT_SUPPORTED)
        } else {
            self.refuses_size(size)
        }
    }

    /// Why the broker would refuse the subscription (3.2.2.3.11 to 3.2.2.3.13).
    pub(crate) fn refuses_filter(
        &self,
        filter: &str,
        with_identifier: bool,
        size: usize,
    ) -> Option<ReasonCode> {
        if !self.wildcards && crate::text::has_wildcard(filter) {
            Some(ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED)
        } else if !self.shared && filter.starts_with("$share/") {
            Some(ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED)
        } else if !self.identifiers && with_identifier {
            Some(ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED)
        } else {
            self.refuses_size(size)
        }
    }

    /// Why the broker would refuse a request that was made for another connection.
    pub(crate) fn refuses_request(&self, request: &Request, bytes: &[u8]) -> Option<ReasonCode> {
        let header = crate::packet::FixedHeader::decode_v5(bytes).ok().flatten()?;
        let body = bytes.get(header.size..)?;
        match request.kind {
            RequestKind::AtLeastOnce | RequestKind::ExactlyOnce => {
                let qos = crate::packet::Publish::qos(header.flags).ok()?;
                let (_, retain) = crate::packet::publish::dup_and_retain(header.flags);
                self.refuses_publish(qos, retain, bytes.len())
            }
            RequestKind::Subscribe => {
                let packet = super::packet::Subscribe::decode(body).ok()?;
                let with_identifier = packet.properties.subscription_identifiers().next().is_some();
                self.refuses_filter(packet.filter, with_identifier, bytes.len())
            }
            RequestKind::Unsubscribe => self.refuses_size(bytes.len()),
            RequestKind::Release => None,
        }
    }

    /// Keeps count of the QoS 2 messages that are received and not released.
    pub(crate) fn replied(&mut self, kind: PacketType) {
        match kind {
            PacketType::PubRec => self.unreleased = self.unreleased.saturating_add(1),
            PacketType::PubComp => self.unreleased = self.unreleased.saturating_sub(1),
            _ => {}
        }
    }
}
