//! Text forms of another protocol than the bridge's: every type that has a spelling, and a dict with entries of each kind.

use crate::protocols::text::{self, Command, Event, Reply, Status, command, config::Config, event, reply};
use fivewire_wire::{TextError, TextWriter};

fn written(write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>) -> Result<String, TextError> {
    let mut buffer = [0; 128];
    let mut out = TextWriter::new(&mut buffer);
    write(&mut out)?;
    Ok(String::from_utf8_lossy(out.written()).replace('\u{7F}', "|"))
}

fn read(text: &str) -> Result<String, TextError> {
    let text = text.replace('|', "\u{7F}");
    let command = Command::decode_text(text.as_bytes())?;
    written(|out| command.encode_text(out))
}

const SETUP: command::Setup<'static> = command::Setup {
    room: 4,
    settings: Config {
        speed: 9,
        title: "hall",
        shown: false,
        depth: -5,
        ..Config::DEFAULT
    },
};

#[test]
fn every_type_has_its_spelling() {
    let light = command::Light {
        level: 100,
        delta: -128,
        from: u32::MAX,
        raw: b"~\x01",
        ..command::Light::EXAMPLE
    };
    let text = written(|out| light.encode_text(out));
    assert_eq!(text.as_deref(), Ok("l|a|0|True|100|-128|4294966295|~\u{1}|1"));
    assert_eq!(
        read("l|a|1|false|7|-1|0||1"),
        Ok("l|a|1|False|7|-1|0||1".to_owned())
    );
}

#[test]
fn numbers_keep_their_bounds_and_enums_their_values() {
    assert_eq!(
        read("l|a|0|1|101|0|0||1"),
        Err(TextError::OutOfRange { field: "level" })
    );
    assert_eq!(
        read("l|a|0|1|9|-129|0||1"),
        Err(TextError::OutOfRange { field: "delta" })
    );
    assert_eq!(
        read("l|a|2|1|9|0|0||1"),
        Err(TextError::NoSuchValue { field: "colour" })
    );
    assert_eq!(
        read("l|a|0|1|9|0|0||2"),
        Err(TextError::NoSuchValue { field: "mood" })
    );
    assert_eq!(
        read("l|a|0|1|9|0|0|12345|1"),
        Err(TextError::TooLong { field: "raw", max: 4 })
    );
}

#[test]
fn bounds_are_those_of_the_number_and_not_of_what_counts_from_the_epoch() {
    assert_eq!(read("g|5").as_deref(), Ok("g|5"));
    let beyond = Err(TextError::OutOfRange { field: "after" });
    for text in ["g|0", "g|4", "g|1001"] {
        assert_eq!(read(text), beyond, "{text}");
    }
    for after in [0, 1004, 2001] {
        let tell = command::Tell { after };
        assert_eq!(written(|out| tell.encode_text(out)), beyond, "{after}");
    }
}

#[test]
fn an_answer_without_fields_has_its_string_too() {
    let told = "told_what_there_was";
    assert_eq!(text::MAX_EVENT_TEXT, told.len());
    assert_eq!(written(|out| reply::Tell.encode_text(out)).as_deref(), Ok(told));
    assert_eq!(Reply::decode_text(told.as_bytes()), Ok(Reply::Tell(reply::Tell)));
}

#[test]
fn only_what_may_be_lost_is_dropped() {
    let light = command::Light {
        trace: 1,
        fade: true,
        ..command::Light::EXAMPLE
    };
    let refused = |light: command::Light<'_>| written(|out| light.encode_text(out));
    assert_eq!(refused(light), Err(TextError::NotCarried { field: "trace" }));
    assert_eq!(
        refused(light.for_text()),
        Err(TextError::NotCarried { field: "fade" })
    );
    assert_eq!(light.for_text(), command::Light { trace: 0, ..light });
}

#[test]
fn a_dict_has_entries_of_each_kind() {
    let text = "set|4|9|{'n': 'hall', 'on': False, 'k': -5}";
    assert_eq!(written(|out| SETUP.encode_text(out)).as_deref(), Ok(text));
    assert_eq!(read(text).as_deref(), Ok(text));
    assert_eq!(
        read("set|4|9|{'k': -6}"),
        Err(TextError::OutOfRange { field: "depth" })
    );
    assert_eq!(
        read("set|4|9|{'on': 2}"),
        Err(TextError::NotABool { field: "shown" })
    );
    assert_eq!(
        read("set|4|9|{'k': '1'}"),
        Err(TextError::NotANumber { field: "depth" })
    );
    let other = Config {
        other: 1,
        ..SETUP.settings
    };
    let setup = command::Setup {
        settings: other,
        ..SETUP
    };
    assert_eq!(
        written(|out| setup.encode_text(out)),
        Err(TextError::NotCarried { field: "other" })
    );
}

#[test]
fn words_alone_and_statuses_with_more_behind_them() {
    assert_eq!(read("x").as_deref(), Ok("x"));
    let rest = Command::Rest(command::Rest);
    assert_eq!(
        written(|out| rest.encode_text(out)),
        Err(TextError::NoTextForm { message: "rest" })
    );
    assert_eq!(Reply::decode_text(b"d"), Ok(Reply::Light(reply::Light)));
    let lost = event::Told { status: Status::Lost };
    assert_eq!(written(|out| lost.encode_text(out)).as_deref(), Ok("t|7|Lost:|"));
    assert_eq!(
        Event::decode_text(b"t\x7F7\x7Fin\x7Fthe\x7Fwoods"),
        Ok(Event::Told(lost))
    );
    let dim = event::Told { status: Status::Dim };
    assert_eq!(
        written(|out| dim.encode_text(out)),
        Err(TextError::NotCarried { field: "status" })
    );
}
