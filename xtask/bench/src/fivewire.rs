//! The product itself as a codec: the generated messages of `fivewire-wire` in the frames of `fivewire-frame`.
//!
//! A receiver knows the direction, so commands are decoded as commands and what a bridge sends by its reply bit.

use fivewire_frame::{Header, decode, encode, max_encoded_len};
use fivewire_wire::{
    EncodeError, MqttVersion, QoS, Status, Writer,
    command::{self, Command},
    config::Config,
    event::{self, Event},
    reply::{self, Reply},
};

use crate::{
    contestant::Codec,
    corpus::{Sample, Settings},
};

pub(crate) struct Fivewire;

/// Any message, as the application of either end holds it.
#[derive(PartialEq)]
pub(crate) enum Message<'a> {
    ToBridge(Command<'a>),
    ToHost(Event<'a>),
    Answer { number: u8, reply: Reply },
}

/// Room for the longest frame; the body is made behind it.
const FRAME_ROOM: usize = max_encoded_len(fivewire_wire::MAX_BODY);

impl Codec for Fivewire {
    const NAME: &'static str = "fivewire";
    const FRAMING: &'static str = "sequence, acknowledgement, CRC-16, zeros stuffed when there are any";
    type Value<'a> = Message<'a>;

    fn value<'a>(sample: &Sample<'a>, index: usize) -> Message<'a> {
        message(sample, index as u8)
    }

    fn encode(value: &Message<'_>, out: &mut [u8]) -> Option<usize> {
        let mut writer = Writer::new(out);
        write(value, &mut writer).ok()?;
        Some(writer.len())
    }

    fn decode<'a>(payload: &'a [u8], like: &Message<'_>) -> Option<Message<'a>> {
        match like {
            Message::ToBridge(_) => Command::decode(payload).ok().map(Message::ToBridge),
            Message::ToHost(_) | Message::Answer { .. } => to_host(payload),
        }
    }

    fn encode_framed(value: &Message<'_>, index: usize, out: &mut [u8]) -> Option<usize> {
        let (frame, body) = out.split_at_mut_checked(FRAME_ROOM)?;
        let length = Self::encode(value, body)?;
        // Both numbers vary as on a live link.
        let header = Header::new(index as u8, (index / 3) as u8);
        encode(header, body.get(..length)?, frame)
    }

    fn decode_framed<'a>(frame: &'a mut [u8], like: &Message<'_>) -> Option<Message<'a>> {
        let (_delimiter, frame) = frame.split_last_mut()?;
        let (_header, body) = decode(frame).ok()?;
        Self::decode(body, like)
    }
}

fn message<'a>(sample: &Sample<'a>, number: u8) -> Message<'a> {
    match *sample {
        Sample::Publish {
            topic,
            payload,
            retain,
            qos,
        } => Message::ToBridge(Command::Publish(command::Publish {
            topic,
            payload,
            retain,
            qos: quality(qos),
            packet_id: 0,
            properties: &[],
        })),
        Sample::Subscribe { filter, qos } => Message::ToBridge(Command::Subscribe(command::Subscribe {
            filter,
            qos: quality(qos),
        })),
        Sample::Status { index } => Message::ToHost(Event::Status(event::Status {
            status: status(index),
            detail: 0,
        })),
        Sample::Time { unix_time } => Message::ToHost(Event::Time(event::Time { unix_time })),
        Sample::Memory { free, used } => Message::Answer {
            number,
            reply: Reply::Memory(reply::Memory { free, used }),
        },
        Sample::Configure(settings) => Message::ToBridge(Command::Configure(configure(&settings))),
        Sample::Incoming {
            topic,
            payload,
            retained,
        } => {
            let qos = QoS::AtMostOnce;
            Message::ToHost(Event::Message(event::Message {
                topic,
                payload,
                retained,
                dup: false,
                qos,
                packet_id: 0,
                properties: &[],
            }))
        }
    }
}

fn write(value: &Message<'_>, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
    match value {
        Message::ToBridge(command) => command.encode(writer),
        Message::ToHost(event) => event.encode(writer),
        Message::Answer { number, reply } => reply.encode(*number, writer),
    }
}

fn to_host(payload: &[u8]) -> Option<Message<'_>> {
    if payload.first()? & 0x80 == 0 {
        return Event::decode(payload).ok().map(Message::ToHost);
    }
    let (number, reply) = Reply::decode(payload).ok()?;
    Some(Message::Answer { number, reply })
}

fn quality(qos: u8) -> QoS {
    if qos == 0 {
        QoS::AtMostOnce
    } else {
        QoS::AtLeastOnce
    }
}

/// Thirteen statuses that a bridge sends; which of them matters to nobody here, each is one byte.
fn status(index: u8) -> Status {
    const ALL: [Status; 13] = [
        Status::BrokerOk,
        Status::BrokerCheck,
        Status::StoredNetwork,
        Status::SpecifiedNetwork,
        Status::PublishOk,
        Status::Running,
        Status::UnknownCommand,
        Status::WillOk,
        Status::BrokerFail,
        Status::WifiUp,
        Status::WifiDown,
        Status::BrokerDown,
        Status::NetworkFailed,
    ];
    ALL[usize::from(index) % ALL.len()]
}

/// `ssl_params` has no counterpart, and what only the host needs stays there.
fn configure<'a>(s: &Settings<'a>) -> command::Configure<'a> {
    let settings = Config {
        ssid: s.ssid,
        password: s.password,
        broker: s.broker,
        port: s.port,
        mqtt_user: s.mqtt_user,
        mqtt_password: s.mqtt_password,
        client_id: s.client_id,
        keep_alive: s.keep_alive,
        ping_interval: s.ping_interval,
        response_time: s.response_time,
        max_repubs: s.max_repubs,
        clean: s.clean,
        mqtt_version: MqttVersion::V3_1_1,
        tls: s.tls,
        use_default_net: s.use_default_net,
        timeserver: s.timeserver,
        fast: s.fast,
        debug: s.debug,
        ..Config::default()
    };
    command::Configure {
        inbox_messages: 4,
        inbox_bytes: 2048,
        next_packet_id: 1,
        resumed: false,
        settings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contestant::Set, corpus::corpus, postcard::Postcard};

    #[test]
    fn the_whole_corpus_comes_back_and_costs_two_bytes_less_than_postcard() {
        let (_, ours) = Set::<Fivewire>::new(&corpus())
            .expect("all samples come back")
            .mean_bytes();
        let (_, theirs) = Set::<Postcard>::new(&corpus())
            .expect("all samples come back")
            .mean_bytes();
        assert!(ours < theirs - 2.0, "{ours} B against {theirs} B");
    }
}
