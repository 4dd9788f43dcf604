//! The orders in the words of either version's client.
//!
//! Not here: the transport.

use fivewire_mqtt::v5::{self, Alias, Property, Publication};
use fivewire_mqtt::{ConnectOptions, Error, Event, MessageId, QoS};

use super::Command;

/// What all sequences connect with.
pub(super) const CLIENT_ID: &str = "fuzzish";
/// As many as the players' CONNECT says this client takes at a time.
const IN_FLIGHT: usize = 20;
/// Larger than any packet of the sequences.
const BUFFER: usize = 4096;

const KEY: Property<'static> = Property::UserProperty("key", "value");
/// What the players expect with each publication in MQTT 5.0. Their broker allows no alias, and expects one.
const PUBLISH_PROPERTIES: [Property<'static>; 7] = [
    Property::PayloadFormatIndicator(true),
    Property::MessageExpiryInterval(u32::MAX),
    Property::TopicAlias(u16::MAX),
    Property::ResponseTopic("response/topic"),
    Property::CorrelationData(b"7deac5c5-8802-44ff-86ce-11479f337419"),
    Property::ContentType("text/plain"),
    KEY,
];

/// The properties of a command as bytes; none in MQTT 3.1.1.
pub(super) fn properties_of(command: Command, version: u8) -> Vec<u8> {
    let list: &[Property<'_>] = match command {
        _ if version != 5 => &[],
        Command::PublishQos1 | Command::PublishQos2 => &PUBLISH_PROPERTIES,
        Command::Unsubscribe => &[KEY],
    };
    let mut bytes = vec![0; BUFFER];
    let len = v5::Properties::from(list).write(&mut bytes).unwrap_or_default();
    bytes.truncate(len);
    bytes
}

/// What happened, as far as it matters here.
pub(crate) enum News {
    /// The command may be given.
    Connected,
    /// To be acknowledged.
    Message(Option<MessageId>),
    /// The transport is to be closed, after the output.
    Over,
    Other,
}

/// A client of either version.
pub(crate) trait Agent {
    fn connect(&mut self, now_ms: u32, clean: bool) -> Result<(), Error>;
    fn command(&mut self, now_ms: u32, command: Command) -> Result<(), Error>;
    fn acknowledge(&mut self, id: MessageId) -> Result<(), Error>;
    fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize;
    fn handle_timeout(&mut self, now_ms: u32);
    fn output(&self) -> &[u8];
    fn consume_output(&mut self, len: usize);
    fn poll_news(&mut self) -> Option<News>;
}

#[derive(Default)]
pub(crate) struct V311(fivewire_mqtt::Client<BUFFER, BUFFER, IN_FLIGHT>);

#[derive(Default)]
pub(crate) struct V5(v5::Client<BUFFER, BUFFER, IN_FLIGHT>);

/// What the client types do alike.
macro_rules! alike {
    () => {
        fn acknowledge(&mut self, id: MessageId) -> Result<(), Error> {
            self.0.acknowledge(id)
        }

        fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
            self.0.handle_input(now_ms, bytes)
        }

        fn handle_timeout(&mut self, now_ms: u32) {
            self.0.handle_timeout(now_ms);
        }

        fn output(&self) -> &[u8] {
            self.0.output()
        }

        fn consume_output(&mut self, len: usize) {
            self.0.consume_output(len);
        }
    };
}

impl Agent for V311 {
    alike!();

    fn connect(&mut self, now_ms: u32, clean: bool) -> Result<(), Error> {
        let options = ConnectOptions {
            clean_session: clean,
            ..ConnectOptions::new(CLIENT_ID)
        };
        self.0.connect(now_ms, &options)
    }

    fn command(&mut self, now_ms: u32, command: Command) -> Result<(), Error> {
        let mut publish = |qos| self.0.publish(now_ms, "test/publish", b"message", qos, false);
        match command {
            Command::PublishQos1 => publish(QoS::AtLeastOnce).map(drop),
            Command::PublishQos2 => publish(QoS::ExactlyOnce).map(drop),
            Command::Unsubscribe => self.0.unsubscribe(now_ms, "test/subscribe").map(drop),
        }
    }

    fn poll_news(&mut self) -> Option<News> {
        Some(match self.0.poll_event()? {
            Event::Connected { .. } => News::Connected,
            Event::Message { packet_id, .. } => News::Message(packet_id),
            Event::Refused(_) | Event::Lost(_) => News::Over,
            Event::Published { .. } | Event::Subscribed { .. } | Event::Unsubscribed { .. } => News::Other,
            Event::Discarded { .. } | Event::Received { .. } | Event::Released { .. } => News::Other,
        })
    }
}

impl Agent for V5 {
    alike!();

    fn connect(&mut self, now_ms: u32, clean: bool) -> Result<(), Error> {
        let mut options = v5::ConnectOptions {
            limit_packet_size: false,
            ..v5::ConnectOptions::new(CLIENT_ID)
        };
        options.common.clean_session = clean;
        self.0.connect(now_ms, &options)
    }

    fn command(&mut self, now_ms: u32, command: Command) -> Result<(), Error> {
        let mut publish = |qos| {
            let publication = Publication {
                properties: &PUBLISH_PROPERTIES,
                alias: Alias::Manual,
                ..Publication::new("test/publish", b"message", qos)
            };
            self.0.publish(now_ms, &publication)
        };
        match command {
            Command::PublishQos1 => publish(QoS::AtLeastOnce).map(drop),
            Command::PublishQos2 => publish(QoS::ExactlyOnce).map(drop),
            Command::Unsubscribe => self.0.unsubscribe(now_ms, "test/subscribe", &[KEY]).map(drop),
        }
    }

    fn poll_news(&mut self) -> Option<News> {
        use v5::Event;
        Some(match self.0.poll_event()? {
            Event::Connected { .. } => News::Connected,
            Event::Message { packet_id, .. } => News::Message(packet_id),
            Event::Refused { .. } | Event::Disconnected { .. } | Event::Lost(_) => News::Over,
            Event::Published { .. } | Event::Subscribed { .. } | Event::Unsubscribed { .. } => News::Other,
            Event::Discarded { .. } | Event::Received { .. } | Event::Released { .. } => News::Other,
        })
    }
}
