//! No string makes a decoder panic, and whatever it accepts it can write down again with the same meaning.

use super::{string, written};
use crate::vectors::files;
use fivewire_wire::{Command, Event, Reply};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The strings of the vectors, forwards and backwards: a decoder meets those of the other direction too.
fn strings() -> Vec<Vec<u8>> {
    let mut strings = Vec::new();
    for file in files() {
        for vector in file["vectors"].as_array().expect("a list") {
            let fields = vector["text"].as_array().into_iter().flatten();
            let fields: Vec<_> = fields.filter_map(|field| field.as_str()).collect();
            strings.push(string(&fields));
        }
    }
    strings.retain(|string| !string.is_empty());
    strings
}

/// A valid string that a few edits were made to, mostly with bytes that mean something.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![select(b"\x7F\0\x8001TF'{}:,\\-9".to_vec()), any::<u8>()];
    let edit = (any::<Index>(), byte, 0..4_u8);
    (select(strings()), prop::collection::vec(edit, 0..6)).prop_map(|(mut string, edits)| {
        for (at, byte, kind) in edits {
            let at = at.index(string.len().max(1));
            match kind {
                0 if at < string.len() => string[at] = byte,
                1 => string.insert(at, byte),
                2 => string.truncate(at + 1),
                _ => drop(string.drain(at..string.len().min(at + 3))),
            }
        }
        string
    })
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => damaged(), 1 => prop::collection::vec(any::<u8>(), 0..80)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn commands_survive_anything(text in anything()) {
        if let Ok(command) = Command::decode_text(&text) {
            let again = written(|out| command.encode_text(out)).expect("what was read");
            prop_assert_eq!(Command::decode_text(&again), Ok(command));
        }
    }

    #[test]
    fn events_survive_anything(text in anything()) {
        if let Ok(event) = Event::decode_text(&text) {
            let again = written(|out| event.encode_text(out)).expect("what was read");
            prop_assert_eq!(Event::decode_text(&again), Ok(event));
        }
    }

    #[test]
    fn replies_survive_anything(text in anything()) {
        if let Ok(reply) = Reply::decode_text(&text) {
            let again = written(|out| reply.encode_text(out)).expect("what was read");
            prop_assert_eq!(Reply::decode_text(&again), Ok(reply));
        }
    }
}
