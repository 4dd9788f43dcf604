//! Section `codegen`: how long the protocol compiler takes for a spec that is far larger than any today.
//!
//! A body's op is a byte with a range per direction, so 200 messages of five fields are made of 64 commands,
//! their 64 replies, 56 events and 16 structures. The text is made anew here; no file is read.

use std::{fmt::Write as _, hint::black_box, time::Instant};

use anyhow::ensure;
use fivewire_codegen::{Source, check_source, compile};

use crate::report::{Aim, Figure, Section};

const COMMANDS: u32 = 64;
const EVENTS: u32 = 56;
const STRUCTS: u32 = 16;
/// Bodies and structures that the spec describes, replies included.
const MESSAGES: u32 = 2 * COMMANDS + EVENTS + STRUCTS;
const ROUNDS: usize = 21;

/// The median of some rounds, because a busy machine only ever makes it slower.
pub(crate) fn measure() -> anyhow::Result<Section> {
    let source = Source::new("large.yaml", large());
    let compiled = compile(&source).map_err(anyhow::Error::msg)?;
    ensure!(compiled.warnings.is_empty(), "{}", compiled.warnings);
    let written: usize = compiled.outputs.iter().map(|output| output.text.len()).sum();
    let check_ms = median(|| _ = black_box(check_source(&source)));
    let whole_ms = median(|| _ = black_box(compile(&source)));
    let what =
        format!("check and emit of {MESSAGES} messages of five fields, formatted; median of {ROUNDS} rounds");
    let figures = vec![
        Figure::new("check and emit", whole_ms, "ms").aim(Aim::AtMost(30.0)),
        Figure::new("check alone", check_ms, "ms"),
        Figure::new("spec", source.text().len() as f64, "B"),
        Figure::new("outputs", written as f64, "B"),
    ];
    Ok(Section {
        name: "codegen",
        what,
        figures,
    })
}

/// Milliseconds that `f` takes in the median round.
fn median(mut f: impl FnMut()) -> f64 {
    let mut rounds = [0.0; ROUNDS];
    for round in &mut rounds {
        let started = Instant::now();
        f();
        *round = started.elapsed().as_secs_f64() * 1e3;
    }
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

/// A spec that keeps every rule.
fn large() -> String {
    let mut spec = String::from("protocol: {name: large, revision: 1, min: 1, doc: A large protocol.}\n");
    spec += "statuses:\n  ready: {code: 0x01, severity: info, doc: Ready.}\n";
    let sections = [("types", types()), ("commands", commands()), ("events", events())];
    for (name, lines) in sections {
        spec += &format!("{name}:\n{lines}");
    }
    spec
}

fn types() -> String {
    let mode = "  Mode:\n    kind: enum\n    doc: How.\n    values:\n      slow: {value: 0, doc: Slowly.}\n";
    let mut text = format!("{mode}      fast: {{value: 1, doc: Fast.}}\n");
    for n in 0..STRUCTS {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "  Part{n}:\n    kind: struct\n    doc: Part {n}.\n    fields:\n{}",
            fields("u16", 6)
        );
    }
    text
}

fn commands() -> String {
    // 0x10 to 0x3F, then 16 of the private ops.
    let ops = (0x10..0x40).chain(0x70..0x80);
    let mut text = String::new();
    for (n, op) in ops.take(COMMANDS as usize).enumerate() {
        let head =
            format!("  command_{n}:\n    op: {op:#04x}\n    doc: Command {n}.\n    timeout_ms: 1000\n");
        let rest = format!(
            "    idempotent: true\n    fields:\n{}    reply:\n{}",
            fields("u32", 6),
            fields("i16", 6)
        );
        text += &(head + &rest + "    example: {name: a, value: 1}\n");
    }
    text
}

fn events() -> String {
    // 0x08 to 0x0F, then 0x40 to 0x6F.
    let ops = (0x08..0x10).chain(0x40..0x70);
    let mut text = String::new();
    for (n, op) in ops.take(EVENTS as usize).enumerate() {
        let kind = format!("Part{}", n as u32 % STRUCTS);
        let head = format!("  event_{n}:\n    op: {op:#04x}\n    doc: Event {n}.\n    fields:\n");
        text += &(head + &fields(&kind, 6) + "    example: {name: a, value: {name: b, value: 2}}\n");
    }
    text
}

/// Five fields, one of them of type `kind`.
fn fields(kind: &str, indent: usize) -> String {
    let lines = [
        "name: {type: str, max_len: 32, doc: A name.}".to_owned(),
        format!("value: {{type: {kind}, doc: A value.}}"),
        "size: {type: u32, default: 0, unit: B, doc: A size.}".to_owned(),
        "flag: {type: bool, default: false, doc: A flag.}".to_owned(),
        "mode: {type: Mode, default: slow, doc: A mode.}".to_owned(),
    ];
    lines.map(|line| format!("{:indent$}{line}\n", "")).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_spec_is_without_a_finding() {
        let compiled =
            compile(&Source::new("large.yaml", large())).unwrap_or_else(|report| panic!("{report}"));
        assert!(compiled.warnings.is_empty(), "{}", compiled.warnings);
        let bodies = compiled.model.commands.len() * 2 + compiled.model.events.len() + STRUCTS as usize;
        assert_eq!(bodies, MESSAGES as usize);
        assert_eq!(MESSAGES, 200);
    }
}
