//! No bytes make a decoder panic, and whatever it accepts it can write down again with the same meaning.

use crate::encoded;
use fivewire_wire::config::Config;
use fivewire_wire::{Command, Event, Reply};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A valid body that a few edits were made to: most decoders reject plain noise at its first byte.
fn damaged(bodies: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<Index>(), any::<u8>(), 0..4_u8);
    (select(bodies), prop::collection::vec(edit, 0..6)).prop_map(|(mut body, edits)| {
        for (at, byte, kind) in edits {
            let at = at.index(body.len().max(1));
            match kind {
                0 if at < body.len() => body[at] = byte,
                1 => body.insert(at, byte),
                2 => body.truncate(at + 1),
                _ => body.push(byte),
            }
        }
        body
    })
}

fn commands() -> Vec<Vec<u8>> {
    fivewire_wire::command::EXAMPLES
        .iter()
        .map(|command| encoded(|out| command.encode(out)))
        .collect()
}

fn events() -> Vec<Vec<u8>> {
    fivewire_wire::event::EXAMPLES
        .iter()
        .map(|event| encoded(|out| event.encode(out)))
        .collect()
}

fn replies() -> Vec<Vec<u8>> {
    fivewire_wire::reply::EXAMPLES
        .iter()
        .map(|reply| encoded(|out| reply.encode(3, out)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn commands_survive_anything(body in prop_oneof![damaged(commands()), prop::collection::vec(any::<u8>(), 0..80)]) {
        if let Ok(command) = Command::decode(&body) {
            let again = encoded(|out| command.encode(out));
            prop_assert_eq!(Command::decode(&again), Ok(command));
        }
    }

    #[test]
    fn events_survive_anything(body in prop_oneof![damaged(events()), prop::collection::vec(any::<u8>(), 0..80)]) {
        if let Ok(event) = Event::decode(&body) {
            let again = encoded(|out| event.encode(out));
            prop_assert_eq!(Event::decode(&again), Ok(event));
        }
    }

    #[test]
    fn replies_survive_anything(body in prop_oneof![damaged(replies()), prop::collection::vec(any::<u8>(), 0..80)]) {
        if let Ok((number, reply)) = Reply::decode(&body) {
            let again = encoded(|out| reply.encode(number, out));
            prop_assert_eq!(Reply::decode(&again), Ok((number, reply)));
        }
    }

    #[test]
    fn settings_survive_anything(entries in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(settings) = Config::decode(&entries) {
            let again = encoded(|out| settings.encode(out));
            prop_assert_eq!(Config::decode(&again), Ok(settings));
        }
    }
}
