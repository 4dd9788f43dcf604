//! The strings of the MicroPython system: what was promised, what is refused, and what must never happen.

mod captures;
mod refused;
mod robust;

use crate::encoded;
use crate::vectors::{bytes, files};
use fivewire_wire::{Command, Event, Reply, TextError, TextWriter};

/// What `write` writes, given just as much room as the spec's longest string needs.
fn written(write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>) -> Result<Vec<u8>, TextError> {
    const MAX: usize = if fivewire_wire::MAX_COMMAND_TEXT > fivewire_wire::MAX_EVENT_TEXT {
        fivewire_wire::MAX_COMMAND_TEXT
    } else {
        fivewire_wire::MAX_EVENT_TEXT
    };
    let mut buffer = [0; MAX];
    let mut out = TextWriter::new(&mut buffer);
    write(&mut out)?;
    Ok(out.written().to_vec())
}

/// The string of these fields.
fn string(fields: &[&str]) -> Vec<u8> {
    fields.join("\u{7F}").into_bytes()
}

/// A string, read: the message's name, its body, and the string once more.
fn again(kind: &str, string: &[u8]) -> (&'static str, Vec<u8>, Vec<u8>) {
    match kind {
        "command" => {
            let command = Command::decode_text(string).expect("a command");
            let text = written(|out| command.encode_text(out)).expect("what was read");
            (command.name(), encoded(|out| command.encode(out)), text)
        }
        "event" => {
            let event = Event::decode_text(string).expect("an event");
            let text = written(|out| event.encode_text(out)).expect("what was read");
            (event.name(), encoded(|out| event.encode(out)), text)
        }
        _ => {
            assert_eq!(kind, "reply", "there are three kinds");
            let reply = Reply::decode_text(string).expect("a reply");
            let text = written(|out| reply.encode_text(out)).expect("what was read");
            (reply.name(), encoded(|out| reply.encode(7, out)), text)
        }
    }
}

#[test]
fn every_vector_is_read_and_written_as_it_ever_was() {
    let (mut exact, mut lenient) = (0, 0);
    for file in files() {
        for vector in file["vectors"].as_array().expect("a list") {
            let Some(fields) = vector["text"].as_array() else {
                continue;
            };
            let fields: Vec<_> = fields.iter().map(|field| field.as_str().expect("text")).collect();
            let text = string(&fields);
            let (name, body, rewritten) = again(vector["kind"].as_str().expect("kind"), &text);
            assert_eq!(Some(name), vector["name"].as_str(), "{vector}");
            assert_eq!(body, bytes(vector["body"].as_str().expect("body")), "{vector}");
            if vector["lenient"] == true {
                lenient += 1;
            } else {
                assert_eq!(rewritten, text, "{vector}");
                exact += 1;
            }
        }
    }
    assert!(exact > 30 && lenient > 5, "only {exact} and {lenient} vectors");
}
