//! The committed text codec against the model: random values of every message are written by both, and what one of them
//! writes the other writes too, or neither. Then they are read back.

use crate::round_trip::{MODEL, random};
use fivewire_codegen::emit::{sample, text};
use fivewire_wire::{Command, Event, Reply, TextError, TextWriter};
use proptest::prelude::*;

/// Random numbers, half of the time such that texts and bytes hold symbols only: what they are made of is chosen with
/// these bounds.
fn symbols(seed: u64) -> impl FnMut(u64) -> u64 {
    let (mut random, only_symbols) = (random(seed), seed.is_multiple_of(2));
    move |bound| match (bound, random(bound)) {
        (8, chosen) if only_symbols => chosen % 4,
        (256, chosen) if only_symbols => chosen % 126 + 1,
        (_, chosen) => chosen,
    }
}

/// Whether what a text form may do without is left out before.
fn drops(seed: u64) -> bool {
    seed % 4 < 2
}

fn written<const MAX: usize>(
    write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>,
) -> Option<String> {
    let mut buffer = [0; MAX];
    let mut out = TextWriter::new(&mut buffer);
    match write(&mut out) {
        Ok(()) => Some(String::from_utf8(out.written().to_vec()).expect("symbols")),
        Err(TextError::Full) => panic!("{MAX} symbols are not enough"),
        Err(_) => None,
    }
}

fn joined(fields: Option<Vec<String>>) -> Option<String> {
    fields.map(|fields| fields.join("\u{7F}"))
}

fn commands(seed: u64) -> Result<u32, TestCaseError> {
    const MAX: usize = fivewire_wire::MAX_COMMAND_TEXT;
    let mut count = 0;
    for message in &MODEL.commands {
        let (mut values, body) = sample::message(&MODEL, message, &mut symbols(seed)).expect("values fit");
        let mut command = Command::decode(&body).expect("a body");
        if let Some(form) = message.text.as_ref().filter(|_| drops(seed)) {
            values = text::carried(form, &message.fields, &values);
            command = command.for_text();
        }
        let text = written::<MAX>(|out| command.encode_text(out));
        prop_assert_eq!(
            &text,
            &joined(text::message(&MODEL, message, &values)),
            "{:?}",
            values
        );
        if let Some(text) = text {
            prop_assert_eq!(Command::decode_text(text.as_bytes()), Ok(command));
            count += 1;
        }
    }
    Ok(count)
}

fn events(seed: u64) -> Result<u32, TestCaseError> {
    const MAX: usize = fivewire_wire::MAX_EVENT_TEXT;
    let mut count = 0;
    for message in &MODEL.events {
        let (mut values, body) = sample::message(&MODEL, message, &mut symbols(seed)).expect("values fit");
        let mut event = Event::decode(&body).expect("a body");
        if let Some(form) = message.text.as_ref().filter(|_| drops(seed)) {
            values = text::carried(form, &message.fields, &values);
            event = event.for_text();
        }
        let text = written::<MAX>(|out| event.encode_text(out));
        prop_assert_eq!(
            &text,
            &joined(text::message(&MODEL, message, &values)),
            "{:?}",
            values
        );
        if let Some(text) = text {
            prop_assert_eq!(Event::decode_text(text.as_bytes()), Ok(event));
            count += 1;
        }
    }
    Ok(count)
}

fn replies(seed: u64) -> Result<u32, TestCaseError> {
    const MAX: usize = fivewire_wire::MAX_EVENT_TEXT;
    let mut count = 0;
    for message in MODEL.commands.iter().filter(|command| !command.one_way) {
        let (values, body) = sample::reply(&MODEL, message, 200, &mut symbols(seed)).expect("values fit");
        let (_, reply) = Reply::decode(&body).expect("a body");
        let text = written::<MAX>(|out| reply.encode_text(out));
        prop_assert_eq!(
            &text,
            &joined(text::reply(&MODEL, message, &values)),
            "{:?}",
            values
        );
        if let Some(text) = text {
            prop_assert_eq!(Reply::decode_text(text.as_bytes()), Ok(reply));
            count += 1;
        }
    }
    Ok(count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_generated_codec_writes_what_the_model_writes(seed: u64) {
        let count = commands(seed)? + events(seed)? + replies(seed)?;
        // get_time, memory and its reply can always be written.
        prop_assert!(count >= 3);
    }
}
