//! Messages and settings: whatever is accepted can be written down again with the same meaning.

use fivewire_wire::config::{Config, ConfigKey};
use fivewire_wire::{
    Command, EncodeError, Event, Reply, TextError, TextWriter, Writer, command, event, reply,
};

/// More than any message is long.
const ROOM: usize = 4096;

fn encoded(encode: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Vec<u8> {
    let mut buffer = [0; ROOM];
    let mut out = Writer::new(&mut buffer);
    encode(&mut out).expect("what was decoded can be encoded");
    out.written().to_vec()
}

pub(super) fn command(body: &[u8]) {
    if let Ok(command) = Command::decode(body) {
        let again = encoded(|out| command.encode(out));
        assert_eq!(Command::decode(&again), Ok(command));
    }
}

pub(super) fn event(body: &[u8]) {
    if let Ok(event) = Event::decode(body) {
        let again = encoded(|out| event.encode(out));
        assert_eq!(Event::decode(&again), Ok(event));
    }
}

pub(super) fn reply(body: &[u8]) {
    if let Ok((number, reply)) = Reply::decode(body) {
        let again = encoded(|out| reply.encode(number, out));
        assert_eq!(Reply::decode(&again), Ok((number, reply)));
    }
}

fn written(write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>) -> Option<Vec<u8>> {
    let mut buffer = [0; ROOM];
    let mut out = TextWriter::new(&mut buffer);
    write(&mut out).ok()?;
    Some(out.written().to_vec())
}

/// A string of the text format, from either end: nothing vouches for it.
pub(super) fn text(string: &[u8]) {
    const READ: &str = "what was read can be written";
    if let Ok(command) = Command::decode_text(string) {
        let again = written(|out| command.encode_text(out)).expect(READ);
        assert_eq!(Command::decode_text(&again), Ok(command));
    }
    if let Ok(event) = Event::decode_text(string) {
        let again = written(|out| event.encode_text(out)).expect(READ);
        assert_eq!(Event::decode_text(&again), Ok(event));
    }
    if let Ok(reply) = Reply::decode_text(string) {
        let again = written(|out| reply.encode_text(out)).expect(READ);
        assert_eq!(Reply::decode_text(&again), Ok(reply));
    }
}

/// Entries of the `configure` command, and lines `key=value` as they stand in `fivewire.toml`.
pub(super) fn config(bytes: &[u8]) {
    if let Ok(config) = Config::decode(bytes) {
        let _ = config.validate();
        let again = encoded(|out| config.encode(out));
        assert_eq!(Config::decode(&again), Ok(config));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut config = Config::default();
    for line in text.lines() {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let before = config;
        let set = config.set(name, value);
        assert!(
            set.is_err() || ConfigKey::from_name(name).is_some(),
            "a key of no name"
        );
        assert!(set.is_ok() || config == before, "a refused value changes nothing");
    }
    if config.validate().is_ok() {
        let entries = encoded(|out| config.encode(out));
        assert_eq!(
            Config::decode(&entries),
            Ok(config),
            "the other end reads the same"
        );
    }
}

pub(super) fn commands() -> Vec<Vec<u8>> {
    command::EXAMPLES
        .iter()
        .map(|it| encoded(|out| it.encode(out)))
        .collect()
}

pub(super) fn events() -> Vec<Vec<u8>> {
    event::EXAMPLES
        .iter()
        .map(|it| encoded(|out| it.encode(out)))
        .collect()
}

/// The examples that have a text form.
pub(super) fn texts() -> Vec<Vec<u8>> {
    let commands = command::EXAMPLES
        .iter()
        .map(|it| written(|out| it.for_text().encode_text(out)));
    let events = event::EXAMPLES
        .iter()
        .map(|it| written(|out| it.for_text().encode_text(out)));
    let replies = reply::EXAMPLES
        .iter()
        .map(|it| written(|out| it.encode_text(out)));
    commands.chain(events).chain(replies).flatten().collect()
}

pub(super) fn replies() -> Vec<Vec<u8>> {
    reply::EXAMPLES
        .iter()
        .map(|it| encoded(|out| it.encode(3, out)))
        .collect()
}

pub(super) fn configs() -> Vec<Vec<u8>> {
    let mut config = Config::default();
    let text = "ssid=workshop\npassword=secret-secret\nbroker=192.168.1.10\nkeep_alive=30\nclean=false";
    for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
        config.set(name, value).expect("a sound setting");
    }
    vec![encoded(|out| config.encode(out)), text.as_bytes().to_vec()]
}
