//! Whatever the bytes are, the compiler answers with a report or with code, and never panics.
//!
//! More than the default number of cases: `PROPTEST_CASES=100000 cargo test --release -p fivewire-codegen fuzz`.

use fivewire_codegen::check::check;
use fivewire_codegen::diagnostic::Style;
use fivewire_codegen::emit::rust::{Options, inline};
use proptest::prelude::*;

const SPEC: &str = include_str!("../../../spec/bridge.yaml");

/// Pieces that mean something to YAML or to a spec.
const PIECES: [&str; 40] = [
    "protocol", "statuses", "types", "commands", "events", "config", "fields", "reply", "doc", "type", "of",
    "op", "op_bits", "example", "default", "name", "x", "u8", "str", "list", "struct", "kind", ": ", "\n",
    "\n  ", "\n    ", "{", "}", "[", "]", ", ", "- ", "&a ", "*a", "!t ", "<<: ", "0x10", "\"", "|\n", "ü",
];

/// Runs the whole compiler and holds it to its word.
fn survives(bytes: &[u8]) {
    let checked = check("fuzz.yaml", bytes);
    let report = &checked.report;
    assert_eq!(checked.model.is_some(), !report.has_errors());
    assert_eq!(report.render(Style::Plain).is_empty(), report.is_empty());
    assert_eq!(report.records().len(), report.findings().len());
    for finding in report.findings() {
        let labels = finding.secondary().iter().chain([finding.primary()]);
        labels.for_each(|label| {
            assert!(
                label.span.end <= report.source().text().len(),
                "{}",
                finding.message()
            )
        });
        assert!(!finding.help_text().is_empty());
    }
    if let Some(model) = &checked.model {
        let rust = inline(model, Options::default());
        assert!(
            syn::parse2::<syn::File>(rust).is_ok(),
            "a spec without errors gives no Rust"
        );
    }
}

/// A change to the real spec, as a careless editor makes it.
#[derive(Clone, Debug)]
enum Change {
    Byte { at: usize, byte: u8 },
    Delete { at: usize, length: usize },
    Insert { at: usize, piece: &'static str },
    Line { from: usize, to: usize },
    Word { at: usize, from: usize },
}

fn change() -> impl Strategy<Value = Change> {
    let at = || 0..SPEC.len();
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte { at, byte }),
        (at(), 1_usize..40).prop_map(|(at, length)| Change::Delete { at, length }),
        (at(), prop::sample::select(&PIECES[..])).prop_map(|(at, piece)| Change::Insert { at, piece }),
        (0_usize..400, 0_usize..400).prop_map(|(from, to)| Change::Line { from, to }),
        (at(), at()).prop_map(|(at, from)| Change::Word { at, from }),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Byte { at, byte } => {
            if let Some(place) = bytes.get_mut(*at) {
                *place = *byte;
            }
        }
        Change::Delete { at, length } => {
            let start = (*at).min(bytes.len());
            let end = (start + length).min(bytes.len());
            bytes.drain(start..end);
        }
        Change::Insert { at, piece } => {
            let at = (*at).min(bytes.len());
            bytes.splice(at..at, piece.bytes());
        }
        Change::Line { from, to } => move_line(bytes, *from, *to),
        Change::Word { at, from } => {
            let source = word(SPEC.as_bytes(), *from);
            let replacement = SPEC.as_bytes()[source].to_vec();
            let target = word(bytes, *at);
            bytes.splice(target, replacement);
        }
    }
}

/// Copies a line to another place.
fn move_line(bytes: &mut Vec<u8>, from: usize, to: usize) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    if let Some(line) = lines.get(from).cloned() {
        lines.insert(to.min(lines.len()), line);
    }
    *bytes = lines.concat();
}

/// The word at or behind a place.
fn word(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let at = at.min(bytes.len());
    let start = at + bytes[at..].iter().position(is_word).unwrap_or(bytes.len() - at);
    let length = bytes[start..].iter().take_while(|byte| is_word(byte)).count();
    start..start + length
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&bytes);
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        survives(pieces.concat().as_bytes());
    }

    #[test]
    fn careless_edits(changes in prop::collection::vec(change(), 1..4)) {
        let mut bytes = SPEC.as_bytes().to_vec();
        changes.iter().for_each(|change| apply(&mut bytes, change));
        survives(&bytes);
    }
}

#[test]
fn endless_nesting_is_refused() {
    for open in ["[", "{a: ", "- ", "? ", "a:\n "] {
        survives(open.repeat(20_000).as_bytes());
    }
}

#[test]
fn aliases_of_aliases_are_bounded() {
    let mut spec = String::from("a0: &a0 [x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let inside = format!("*a{}, ", level - 1).repeat(8);
        spec += &format!("a{level}: &a{level} [{inside}]\n");
    }
    survives(spec.as_bytes());
}
