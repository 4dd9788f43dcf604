//! A struct that contains itself.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Model, Shape, Type, TypeKind};

/// Depth first over the structs; an edge to one that is still open closes a circle.
pub(crate) static RULE: Rule = Rule {
    code: Code(38),
    name: "type_cycle",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A struct travels inline, so one that contains itself, even through other structs, lists or optionals, would \
              have no longest length, and its decoder would recurse as deep as a peer likes.",
        wrong: "types:
  Tree:
    kind: struct
    doc: A tree.
    fields:
      branches: {type: list, of: Tree, max_len: 2, doc: Where it goes on.}
events:
  grown:
    op: 0x40
    doc: It grew.
    fields:
      tree: {type: Tree, doc: All of it.}
    example: {tree: {branches: []}}
",
        right: "types:
  Branch:
    kind: struct
    doc: A branch.
    fields:
      parent: {type: u8, doc: Index of the branch that it grows from.}
events:
  grown:
    op: 0x40
    doc: It grew.
    fields:
      tree: {type: list, of: Branch, max_len: 50, doc: All of it.}
    example: {tree: [{parent: 0}]}
",
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut marks = vec![Mark::New; cx.model.types.len()];
    for index in 0..marks.len() {
        visit(cx, index, &mut marks, findings);
    }
}

/// Recursion without recursion: a chain of a thousand structs must not cost the stack.
fn visit(cx: &Context<'_>, start: usize, marks: &mut [Mark], findings: &mut Findings) {
    let mut open: Vec<(usize, Vec<&Field>)> = Vec::new();
    enter(cx.model, start, marks, &mut open);
    while let Some((index, fields)) = open.last_mut() {
        let Some(field) = fields.pop() else {
            marks[*index] = Mark::Done;
            open.pop();
            continue;
        };
        let Some(inner) = struct_of(&field.shape) else {
            continue;
        };
        match marks.get(inner) {
            Some(Mark::New) => enter(cx.model, inner, marks, &mut open),
            Some(Mark::Open) => findings.push(finding(cx, inner, field)),
            Some(Mark::Done) | None => {}
        }
    }
}

fn enter<'a>(model: &'a Model, index: usize, marks: &mut [Mark], open: &mut Vec<(usize, Vec<&'a Field>)>) {
    let Some(TypeKind::Struct(fields)) = model.types.get(index).map(|def| &def.kind) else {
        return;
    };
    if marks[index] == Mark::New {
        marks[index] = Mark::Open;
        open.push((index, fields.iter().rev().collect()));
    }
}

/// The named type in a shape, be it in lists or optionals.
fn struct_of(shape: &Shape) -> Option<usize> {
    let innermost = std::iter::successors(Some(shape), |shape| shape.of.as_deref()).last();
    match innermost.map(|shape| &shape.kind) {
        Some(Type::Named(index)) => Some(*index),
        _ => None,
    }
}

fn finding(cx: &Context<'_>, inner: usize, field: &Field) -> Finding {
    let (name, path) = cx
        .model
        .types
        .get(inner)
        .map_or(("", ""), |def| (&def.name, &def.path));
    let headline = format!("the struct `{name}` contains itself");
    Finding::new(
        &RULE,
        cx.key(&field.path),
        headline,
        "this field closes the circle",
    )
    .also(cx.key(path), "the struct")
    .help("hold an index or an id instead of the struct")
}
