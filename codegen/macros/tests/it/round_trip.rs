//! Generated code against the model, for protocols that are unlike the bridge's: random values of every message, encoded by
//! the model alone, are decoded and encoded again.

use crate::protocols::{answers, events, odd, rich, small};
use fivewire_codegen::emit::sample;
use fivewire_codegen::model::Model;
use fivewire_codegen::{Source, check_source};
use fivewire_wire::Writer;
use proptest::prelude::*;
use std::sync::LazyLock;

/// SplitMix64, so that a failure comes back with its seed.
fn random(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |bound| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

static MODELS: LazyLock<[Model; 5]> =
    LazyLock::new(|| ["rich", "events", "answers", "small", "odd"].map(model));

fn model(name: &str) -> Model {
    let path = format!("{}/tests/specs/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the spec is there");
    check_source(&Source::new(path, text))
        .map_err(|report| report.to_string())
        .expect("a spec without faults")
        .0
}

/// A body once more, by way of the generated code of one protocol.
struct Again {
    command: fn(&[u8]) -> Vec<u8>,
    reply: fn(&[u8]) -> Vec<u8>,
    event: fn(&[u8]) -> Vec<u8>,
}

macro_rules! again {
    ($protocol:ident) => {{
        // A protocol without messages of a kind has nothing to decode there.
        #[allow(unused_variables, unreachable_code)]
        let again = Again {
            command: |body| {
                let message = $protocol::Command::decode(body).expect("a command");
                let mut buffer = [0; $protocol::MAX_BODY];
                let mut out = Writer::new(&mut buffer);
                message.encode(&mut out).expect("it fits");
                out.written().to_vec()
            },
            reply: |body| {
                let (number, message) = $protocol::Reply::decode(body).expect("a reply");
                let mut buffer = [0; $protocol::MAX_BODY];
                let mut out = Writer::new(&mut buffer);
                message.encode(number, &mut out).expect("it fits");
                out.written().to_vec()
            },
            event: |body| {
                let message = $protocol::Event::decode(body).expect("an event");
                let mut buffer = [0; $protocol::MAX_BODY];
                let mut out = Writer::new(&mut buffer);
                message.encode(&mut out).expect("it fits");
                out.written().to_vec()
            },
        };
        again
    }};
}

fn check(model: &Model, again: &Again, seed: u64) {
    let mut random = random(seed);
    for command in &model.commands {
        let (values, body) = sample::message(model, command, &mut random).expect("values fit");
        assert_eq!((again.command)(&body), body, "{} {values:?}", command.name);
        if !command.one_way {
            let (values, body) = sample::reply(model, command, 9, &mut random).expect("values fit");
            assert_eq!((again.reply)(&body), body, "{} {values:?}", command.name);
        }
    }
    for event in &model.events {
        let (values, body) = sample::message(model, event, &mut random).expect("values fit");
        assert_eq!((again.event)(&body), body, "{} {values:?}", event.name);
    }
}

proptest! {
    #[test]
    fn every_message_of_every_protocol_makes_the_round_trip(seed: u64) {
        let [rich, events, answers, small, odd] = &*MODELS;
        check(rich, &again!(rich), seed);
        check(events, &again!(events), seed);
        check(answers, &again!(answers), seed);
        check(small, &again!(small), seed);
        check(odd, &again!(odd), seed);
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(body in prop::collection::vec(any::<u8>(), 0..60), op in 0x20..=0x2F_u8) {
        let mut drawing = vec![op];
        drawing.extend_from_slice(&body);
        let mut measuring = vec![0x10];
        measuring.extend_from_slice(&body);
        for body in [&body, &drawing, &measuring] {
            let mut buffer = [0; rich::MAX_BODY];
            if let Ok(command) = rich::Command::decode(body) {
                command.encode(&mut Writer::new(&mut buffer)).expect("what was decoded can be encoded");
            }
        }
    }
}
