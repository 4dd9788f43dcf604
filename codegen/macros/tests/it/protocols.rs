//! The protocols of these tests. That they compile, without a warning, is the first test.

use fivewire_codegen_macros::protocol;

/// One command and nothing else.
pub(crate) mod small {
    super::protocol!("tests/specs/small.yaml");
}

/// Every kind of field.
pub(crate) mod rich {
    super::protocol!("tests/specs/rich.yaml");
}

/// Names that generated code might use itself, types within types, numbers at the ends of their types.
pub(crate) mod odd {
    super::protocol!("tests/specs/odd.yaml");
}

/// Events only.
pub(crate) mod events {
    super::protocol!("tests/specs/events.yaml");
}

/// Commands with all ways of answering.
pub(crate) mod answers {
    super::protocol!("tests/specs/answers.yaml");
}

/// Every kind of field in a text form.
pub(crate) mod text {
    super::protocol!("tests/specs/text.yaml");
}

/// The bridge's own, from outside of this package.
pub(crate) mod bridge {
    super::protocol!("../../spec/bridge.yaml");
}

#[test]
fn the_macro_gives_what_the_wire_crate_holds() {
    assert_eq!(bridge::WIRE_HASH, fivewire_wire::WIRE_HASH);
    assert_eq!(bridge::MAX_BODY, fivewire_wire::MAX_BODY);
    let names = |all: &[bridge::Command<'_>]| all.iter().map(|one| one.name()).collect::<Vec<_>>();
    let committed: Vec<_> = fivewire_wire::command::EXAMPLES
        .iter()
        .map(|one| one.name())
        .collect();
    assert_eq!(names(bridge::command::EXAMPLES), committed);
}

#[test]
fn a_secret_in_a_struct_is_not_printed() {
    let at = rich::Point {
        x: 1,
        y: 2,
        colour: rich::Colour::Red,
    };
    let label = rich::Label {
        at,
        text: "word",
        pin: "1234",
    };
    let print = format!("{label:?}");
    assert!(
        print.contains("word") && print.contains("pin: <redacted>") && !print.contains("1234"),
        "{print}"
    );
    let settings = rich::Config {
        key: 4321,
        ..rich::Config::default()
    };
    assert!(!format!("{settings:?}").contains("4321"));
}

#[test]
fn a_config_without_texts_borrows_nothing() {
    let mut settings = events::Config::default();
    assert_eq!(settings.set("period", "50"), Ok(()));
    assert_eq!(settings, events::Config { period: 50 });
    assert!(settings.set("period", "0").is_err());
    let mut settings = rich::Config::default();
    assert_eq!(settings.set("mode", "fast"), Ok(()));
    assert_eq!(settings.set("depth", "-1000"), Ok(()));
    assert_eq!((settings.mode, settings.depth), (rich::Mode::Fast, -1000));
}

#[test]
fn every_message_fits_what_it_promises() {
    assert_eq!((small::MAX_COMMAND_BODY, small::MAX_EVENT_BODY), (1, 0));
    assert_eq!(small::command::Blink::MAX_BODY, 1);
}
