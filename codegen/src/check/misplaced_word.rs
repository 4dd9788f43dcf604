//! A word that means nothing where it stands.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Encoding, Field, Int, Message, Shape, TextBool, Type, TypeDef, TypeKind, Word};

/// Whoever wrote it expects an effect that it does not have.
pub(crate) static RULE: Rule = Rule {
    code: Code(44),
    name: "misplaced_word",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Some words mean something for some types only: `min` and `max` for integers, `max_len` for str, bytes and \
              lists, `encoding` for integers of several bytes, `unit` for integers, `text_bool` for bools, `text_epoch` for u32, `of` for lists and optionals, `bits`, \
              `open` and `values` for enums, `fields` for structs. And `reply_text` needs a `text`. Elsewhere they would silently do nothing.",
        wrong: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, max: 80, max_len: 80, doc: The text.}
    example: {line: ready}
",
        right: "events:
  log:
    op: 0x40
    doc: A line of the log.
    fields:
      line: {type: str, max_len: 80, doc: The text.}
    example: {line: ready}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, shape) in cx.shapes() {
        self::shape(cx, shape, findings);
        element(cx, shape, findings);
    }
    for slot in cx.slots().iter().filter(|slot| slot.unit.is_some()) {
        let number = std::iter::successors(Some(slot.shape), |shape| shape.of.as_deref())
            .any(|shape| is_int(shape, 8));
        if !number && !is_unknown(slot.shape) {
            push(cx, slot.path, "unit", "only integers have a unit", findings);
        }
    }
    cx.model
        .field_lists()
        .flatten()
        .for_each(|field| spelling(cx, field, findings));
    cx.model.types.iter().for_each(|def| type_def(cx, def, findings));
    cx.model
        .commands
        .iter()
        .for_each(|command| answer(cx, command, findings));
}

/// An answer needs a question. A `text` that is wrong is reported already.
fn answer(cx: &Context<'_>, command: &Message, findings: &mut Findings) {
    let asked = cx.has(&format!("{}.text", command.path));
    if command.reply_text.is_some() && !asked && !command.one_way {
        let help = "only a command with a `text` of its own is answered so";
        push(cx, &command.path, "reply_text", help, findings);
    }
}

/// How the MicroPython system writes a value.
fn spelling(cx: &Context<'_>, field: &Field, findings: &mut Findings) {
    let is_u32 = matches!(
        field.shape.kind,
        Type::Int(Int {
            signed: false,
            bits: 32
        })
    );
    let words = [
        (
            "text_bool",
            field.text_bool != TextBool::FIRST && field.shape.kind != Type::Bool,
            "only bools are spelt in one way or the other",
        ),
        (
            "text_epoch",
            field.text_epoch.is_some() && !is_u32,
            "only a u32 can count from another point",
        ),
    ];
    for (word, _, help) in words
        .into_iter()
        .filter(|&(_, misplaced, _)| misplaced && !is_unknown(&field.shape))
    {
        push(cx, &field.path, word, help, findings);
    }
}

fn shape(cx: &Context<'_>, shape: &Shape, findings: &mut Findings) {
    if is_unknown(shape) {
        return;
    }
    let sized = matches!(shape.kind, Type::Str | Type::Bytes | Type::List);
    let nested = matches!(shape.kind, Type::List | Type::Optional);
    let words = [
        (
            "min",
            shape.min.is_some() && !is_int(shape, 8),
            "only integers have a smallest value",
        ),
        (
            "max",
            shape.max.is_some() && !is_int(shape, 8),
            "only integers have a largest value; a length has `max_len`",
        ),
        (
            "max_len",
            shape.max_len.is_some() && !sized,
            "only str, bytes and list have a length; a number has `max`",
        ),
        (
            "encoding",
            is_fixed(shape) && !is_int(shape, 16),
            "only integers of several bytes can choose an encoding",
        ),
        (
            "of",
            shape.of.is_some() && !nested,
            "only list and optional are of something",
        ),
    ];
    for (word, _, help) in words.into_iter().filter(|&(_, misplaced, _)| misplaced) {
        push(cx, &shape.path, word, help, findings);
    }
}

/// Elements of a list are read one by one, by their type alone.
fn element(cx: &Context<'_>, shape: &Shape, findings: &mut Findings) {
    let inside = std::iter::successors(shape.of.as_deref(), |shape| shape.of.as_deref());
    if let (Type::List, Some(element)) = (&shape.kind, inside.last())
        && is_fixed(element)
        && is_int(element, 16)
    {
        let help = "elements of a list travel as varints; a struct around them may choose";
        push(cx, &element.path, "encoding", help, findings);
    }
}

fn type_def(cx: &Context<'_>, def: &TypeDef, findings: &mut Findings) {
    let (words, help): (&[&str], _) = match def.kind {
        TypeKind::Enum(_) => (&["fields"], "an enum has `values`; fields belong to kind: struct"),
        TypeKind::Struct(_) => (
            &["values", "bits", "open"],
            "a struct has `fields`; this belongs to kind: enum",
        ),
        TypeKind::Unknown => return,
    };
    for word in words.iter().filter(|word| cx.has(&def.at(word))) {
        push(cx, &def.path, word, help, findings);
    }
}

fn push(cx: &Context<'_>, path: &str, word: &str, help: &str, findings: &mut Findings) {
    let name = path
        .strip_suffix(".of")
        .unwrap_or(path)
        .rsplit('.')
        .next()
        .unwrap_or_default();
    let place = cx.key(&format!("{path}.{word}"));
    let headline = format!("`{word}` means nothing for `{name}`");
    findings.push(Finding::new(&RULE, place, headline, "it has no effect here").help(help));
}

fn is_int(shape: &Shape, bits: u32) -> bool {
    matches!(shape.kind, Type::Int(int) if int.bits >= bits)
}

fn is_fixed(shape: &Shape) -> bool {
    shape.encoding == Encoding::Fixed
}

fn is_unknown(shape: &Shape) -> bool {
    matches!(shape.kind, Type::Unknown(_))
}
