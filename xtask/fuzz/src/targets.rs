//! The table of targets.

mod frame;
mod link;
mod mqtt_books;
mod mqtt_packet;
mod mqtt_session;
mod spec;
mod wire;

/// One fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What the command line and the corpus folder call it.
    pub name: &'static str,
    /// What it holds.
    pub about: &'static str,
    /// Runs one input; panics on a finding.
    pub run: fn(&[u8]),
    /// Inputs that mean something, made from the spec's examples and golden packets.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Longest input that is worth trying, in bytes.
    pub max_len: usize,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "mqtt_packet_v311",
        about: "MQTT 3.1.1 packets: what decodes is encoded to the same meaning",
        run: mqtt_packet::v311,
        seeds: mqtt_packet::seeds_v311,
        max_len: 300,
    },
    Target {
        name: "mqtt_packet_v5",
        about: "MQTT 5.0 packets of either end, with their properties",
        run: mqtt_packet::v5,
        seeds: mqtt_packet::seeds_v5,
        max_len: 300,
    },
    Target {
        name: "mqtt_session_v311",
        about: "MQTT 3.1.1 client against a broker and a transport that do what they like",
        run: mqtt_session::v311,
        seeds: mqtt_session::seeds,
        max_len: 400,
    },
    Target {
        name: "mqtt_session_v5",
        about: "the same in MQTT 5.0",
        run: mqtt_session::v5,
        seeds: mqtt_session::seeds,
        max_len: 400,
    },
    Target {
        name: "mqtt_books",
        about: "MQTT 3.1.1 client that crashes, and a caller that keeps packet ids and QoS 2 steps",
        run: mqtt_books::books,
        seeds: mqtt_books::seeds,
        max_len: 300,
    },
    Target {
        name: "frame",
        about: "frames: what is encoded decodes, what decodes is encoded to the same meaning",
        run: frame::frame,
        seeds: frame::seeds,
        max_len: 600,
    },
    Target {
        name: "wire_command",
        about: "commands: what decodes is encoded to the same meaning",
        run: wire::command,
        seeds: wire::commands,
        max_len: 300,
    },
    Target {
        name: "wire_event",
        about: "events: what decodes is encoded to the same meaning",
        run: wire::event,
        seeds: wire::events,
        max_len: 300,
    },
    Target {
        name: "wire_reply",
        about: "replies: what decodes is encoded to the same meaning",
        run: wire::reply,
        seeds: wire::replies,
        max_len: 100,
    },
    Target {
        name: "wire_text",
        about: "strings of the text format, from either end: what is read can be written with the same meaning",
        run: wire::text,
        seeds: wire::texts,
        max_len: 300,
    },
    Target {
        name: "config",
        about: "config entries from the peer, and texts from fivewire.toml",
        run: wire::config,
        seeds: wire::configs,
        max_len: 300,
    },
    Target {
        name: "link",
        about: "two links and damaged wires: what arrives was sent, in order, once",
        run: link::link,
        seeds: link::seeds,
        max_len: 200,
    },
    Target {
        name: "spec",
        about: "the protocol compiler: any text gives a report or code",
        run: spec::spec,
        seeds: spec::seeds,
        max_len: 2000,
    },
];

/// The target of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
