//! The protocol compiler over a spec that somebody damaged.
//!
//! An input is either a whole text, or edits to a small sound spec: most changes to a random place of a long file say
//! little, so that one is short, and the edits are pieces that mean something.

use fivewire_codegen::check::check;
use fivewire_codegen::diagnostic::Style;
use fivewire_codegen::emit::rust::{Options, inline};

use crate::input::Input;

const SPEC: &str = include_str!("../../../../codegen/tests/cases/good_every_type/spec.yaml");

/// The first byte of an input of edits; no YAML starts with it.
const EDITS: u8 = 0xff;

const PIECES: [&str; 40] = [
    "protocol", "statuses", "types", "commands", "events", "config", "fields", "reply", "doc", "type", "of",
    "op", "op_bits", "example", "default", "name", "x", "u8", "str", "list", "struct", "kind", ": ", "\n",
    "\n  ", "\n    ", "{", "}", "[", "]", ", ", "- ", "&a ", "*a", "!t ", "<<: ", "0x10", "\"", "|\n", "ü",
];

pub(super) fn spec(bytes: &[u8]) {
    match bytes.split_first() {
        Some((&EDITS, edits)) => survives(&edited(edits)),
        Some(_) | None => survives(bytes),
    }
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    vec![
        SPEC.as_bytes().to_vec(),
        vec![EDITS, 0, 10, 12, 1, 0, 40, 30],
        b"protocol: {name: x, revision: 1, min: 1, doc: d}\n".to_vec(),
    ]
}

/// Up to eight edits of four bytes each: place, and what goes there.
fn edited(edits: &[u8]) -> Vec<u8> {
    let mut text = SPEC.as_bytes().to_vec();
    for edit in edits.chunks(4).take(8) {
        let mut edit = Input::new(edit);
        let at = usize::from(edit.number()) % (text.len() + 1);
        match edit.byte() {
            piece @ 0..=39 => {
                let piece = PIECES.get(usize::from(piece)).copied().unwrap_or_default();
                text.splice(at..at, piece.bytes());
            }
            cut @ 40..=99 => {
                let end = (at + usize::from(cut) - 39).min(text.len());
                text.drain(at..end);
            }
            byte => text.insert(at, byte),
        }
    }
    text
}

/// Runs the whole compiler and holds it to its word.
fn survives(bytes: &[u8]) {
    let checked = check("fuzz.yaml", bytes);
    let report = &checked.report;
    assert_eq!(checked.model.is_some(), !report.has_errors());
    assert_eq!(report.render(Style::Plain).is_empty(), report.is_empty());
    assert_eq!(report.records().len(), report.findings().len());
    for finding in report.findings() {
        for label in finding.secondary().iter().chain([finding.primary()]) {
            assert!(
                label.span.end <= report.source().text().len(),
                "{}",
                finding.message()
            );
        }
        assert!(!finding.help_text().is_empty());
    }
    if let Some(model) = &checked.model {
        let rust = syn::parse2::<syn::File>(inline(model, Options::default()));
        assert!(rust.is_ok(), "a spec without errors gives no Rust");
    }
}
