//! What a caller chooses in MQTT 5.0: for a connection, a publish, a subscription.
//!
//! Not here: what both versions have (see `crate::options`).

use super::property::Property;
use super::{Properties, SubscriptionOptions};
use crate::QoS;

/// How to connect. Build it over [`ConnectOptions::new`] with `..`, so that later fields do not break you.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectOptions<'a> {
    /// Identity, keep alive, time limits, will; its `clean_session` is clean start here.
    pub common: crate::ConnectOptions<'a>,
    /// Seconds that the broker is to keep the session after the connection; 0: not at all; `u32::MAX`: for ever.
    pub session_expiry_s: u32,
    /// QoS 1 and 2 messages that the broker may have under way at a time; never more than `IN_FLIGHT`.
    pub receive_maximum: u16,
    /// A broker that has more of them under way than that is only made to wait, instead of being disconnected as 3.3.4
    /// says. Mosquitto 2.0.11 is such a one: when several acknowledgements come in one read it sends that many times too much.
    pub tolerate_excess: bool,
    /// Tell the broker that packets beyond the receive buffer are not wanted: it drops such messages, and this end hears
    /// nothing of them. When not, they go by as [`Discarded`](super::Event::Discarded).
    pub limit_packet_size: bool,
    /// Of CONNECT: request problem or response information, user properties. Those that the fields above stand for, and
    /// enhanced authentication, may not be here.
    pub properties: &'a [Property<'a>],
    /// Of the will.
    pub will_properties: &'a [Property<'a>],
}

impl<'a> ConnectOptions<'a> {
    /// As [`crate::ConnectOptions::new`]; the session ends with the connection; excess is not tolerated; packet size
    /// limited; no properties.
    #[must_use]
    pub const fn new(client_id: &'a str) -> Self {
        Self {
            common: crate::ConnectOptions::new(client_id),
            session_expiry_s: 0,
            receive_maximum: u16::MAX,
            tolerate_excess: false,
            limit_packet_size: true,
            properties: &[],
            will_properties: &[],
        }
    }
}

/// Whether a topic alias goes with a publish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alias {
    /// With QoS 0, as the broker allows and the table has room: the second publish of a topic leaves its name out. QoS 1 and
    /// 2 publishes carry their topic always, as they may have to go out again on a connection that knows no alias.
    #[default]
    Automatic,
    /// Never: topics that are seldom used again.
    Never,
    /// The caller's own, if there is one among the properties, whatever the broker announced. [MQTT-3.3.2-9] is the caller's
    /// to hold, and that the alias holds on a later connection too. For test tools, and tables kept elsewhere.
    Manual,
}

/// A message to be published. Build it over [`Publication::new`] with `..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication<'a> {
    /// Topic name.
    pub topic: &'a str,
    /// Application message.
    pub payload: &'a [u8],
    /// Quality of service.
    pub qos: QoS,
    /// Whether it becomes the topic's retained message.
    pub retain: bool,
    /// What describes it; a topic alias only with [`Alias::Manual`].
    pub properties: &'a [Property<'a>],
    /// Whether a topic alias goes with it.
    pub alias: Alias,
}

impl<'a> Publication<'a> {
    /// Not retained, no properties.
    #[must_use]
    pub const fn new(topic: &'a str, payload: &'a [u8], qos: QoS) -> Self {
        Self {
            topic,
            payload,
            qos,
            retain: false,
            properties: &[],
            alias: Alias::Automatic,
        }
    }
}

/// A subscription to be made. Build it over [`Subscription::new`] with `..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription<'a> {
    /// Topic filter; `$share/name/filter` shares it with others.
    pub filter: &'a str,
    /// How it is to be served.
    pub options: SubscriptionOptions,
    /// Subscription identifier and user properties.
    pub properties: &'a [Property<'a>],
}

impl<'a> Subscription<'a> {
    /// With this quality of service at most, and nothing special.
    #[must_use]
    pub const fn new(filter: &'a str, qos: QoS) -> Self {
        Self {
            filter,
            options: SubscriptionOptions {
                qos,
                no_local: false,
                retain_as_published: false,
                retain_handling: super::RetainHandling::Send,
            },
            properties: &[],
        }
    }

    pub(crate) fn properties(&self) -> Properties<'a> {
        Properties::from(self.properties)
    }
}
