//! The committed messages against the model: random values of every message, encoded by the model alone, are decoded
//! and encoded again by the generated code. A new command is in this test without a word being written.

use fivewire_codegen::emit::sample;
use fivewire_codegen::model::Model;
use fivewire_codegen::{Source, check_source};
use fivewire_wire::{Command, EncodeError, Event, Reply, Writer};
use proptest::prelude::*;
use std::fs;
use std::sync::LazyLock;

pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/bridge.yaml");
    let text = fs::read_to_string(path).expect("the spec is there");
    check_source(&Source::new(path, text))
        .map_err(|report| report.to_string())
        .expect("a spec without faults")
        .0
});

/// SplitMix64, so that a failure comes back with its seed.
pub(crate) fn random(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |bound| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn encoded(encode: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) -> Vec<u8> {
    let mut buffer = [0; fivewire_wire::MAX_BODY];
    let mut out = Writer::new(&mut buffer);
    encode(&mut out).expect("what was decoded can be encoded");
    out.written().to_vec()
}

proptest! {
    #[test]
    fn every_message_makes_the_round_trip(seed: u64) {
        let (model, mut random) = (&*MODEL, random(seed));
        for command in &model.commands {
            let (values, body) = sample::message(model, command, &mut random).expect("values fit");
            let decoded = Command::decode(&body);
            prop_assert!(decoded.is_ok(), "{}: {decoded:?}\n{values:?}\n{body:02x?}", command.name);
            let decoded = decoded.expect("checked");
            prop_assert_eq!(decoded.name(), &command.name);
            prop_assert_eq!(encoded(|out| decoded.encode(out)), body);
        }
        for event in &model.events {
            let (values, body) = sample::message(model, event, &mut random).expect("values fit");
            let decoded = Event::decode(&body);
            prop_assert!(decoded.is_ok(), "{}: {decoded:?}\n{values:?}\n{body:02x?}", event.name);
            let decoded = decoded.expect("checked");
            prop_assert_eq!(encoded(|out| decoded.encode(out)), body);
        }
        for command in model.commands.iter().filter(|command| !command.one_way) {
            let (values, body) = sample::reply(model, command, 200, &mut random).expect("values fit");
            let decoded = Reply::decode(&body);
            prop_assert!(decoded.is_ok(), "{}: {decoded:?}\n{values:?}\n{body:02x?}", command.name);
            let (number, decoded) = decoded.expect("checked");
            prop_assert_eq!(encoded(|out| decoded.encode(number, out)), body);
        }
    }
}
