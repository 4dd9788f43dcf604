//! A word without which an entry means nothing.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Direction, Message, Model, Shape, Type, TypeKind};

/// Docs have a rule of their own.
pub(crate) static RULE: Rule = Rule {
    code: Code(13),
    name: "missing_word",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Some words cannot be left out, because no default could be right: ids (`op`, `code`, `id`, `value`) are \
              written down and never follow from the order, and a field has a type.",
        wrong: "statuses:
  ready: {code: 0x01, doc: Ready.}
",
        right: "statuses:
  ready: {code: 0x01, severity: info, doc: Ready.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut need = |missing: bool, path: &str, word: &str, help: &str| {
        if missing {
            push(cx, findings, path, word, help);
        }
    };
    if cx.is_blank("protocol") {
        need(
            true,
            "",
            "protocol",
            "begin with protocol: {name: my_protocol, revision: 1, min: 1, doc: What it is for.}",
        );
    } else {
        protocol(cx.model, &mut need);
    }
    statuses(cx.model, &mut need);
    types(cx.model, &mut need);
    cx.model
        .messages()
        .for_each(|message| self::message(message, &mut need));
    cx.shapes().for_each(|(_, shape)| self::shape(shape, &mut need));
    for key in &cx.model.config {
        need(
            key.id.is_none(),
            &key.path,
            "id",
            "give it a number from 1 to 255 that no other key has or had",
        );
        let help = "say when a change takes effect: apply: live, reconnect or reboot";
        need(key.apply.is_none(), &key.path, "apply", help);
    }
}

/// What a list of needs is told to: whether it is missing, where, which word, and what to do.
type Need<'n> = dyn FnMut(bool, &str, &str, &str) + 'n;

fn push(cx: &Context<'_>, findings: &mut Findings, path: &str, word: &str, help: &str) {
    // Unreadable or misspelt: reported where that was found.
    if !cx.is_blank(&join(path, word)) || cx.misspelt(path, word) {
        return;
    }
    let message = match path.rsplit('.').next() {
        None | Some("") => format!("the spec has no `{word}`"),
        Some(name) => format!("`{name}` has no `{word}`"),
    };
    findings.push(Finding::new(&RULE, cx.key(path), message, "it is needed here").help(help));
}

fn join(path: &str, word: &str) -> String {
    if path.is_empty() {
        word.to_owned()
    } else {
        format!("{path}.{word}")
    }
}

fn protocol(model: &Model, need: &mut Need<'_>) {
    let protocol = &model.protocol;
    need(
        protocol.name.is_empty(),
        &protocol.path,
        "name",
        "give the protocol a name in snake_case",
    );
    need(
        protocol.revision.is_none(),
        &protocol.path,
        "revision",
        "start with revision: 1",
    );
    let help = "name the oldest revision that this one still talks to: min: 1";
    need(protocol.min.is_none(), &protocol.path, "min", help);
}

fn statuses(model: &Model, need: &mut Need<'_>) {
    for status in &model.statuses {
        let help = "say how bad it is: severity: info, warning, error or fatal";
        need(status.severity.is_none(), &status.path, "severity", help);
    }
}

fn types(model: &Model, need: &mut Need<'_>) {
    for def in &model.types {
        match &def.kind {
            TypeKind::Unknown => need(
                true,
                &def.path,
                "kind",
                "say what it is: kind: enum or kind: struct",
            ),
            TypeKind::Struct(_) => {}
            TypeKind::Enum(body) => body.values.iter().for_each(|value| {
                need(
                    value.value.is_none(),
                    &value.path,
                    "value",
                    "give it a number that no other value has",
                );
            }),
        }
    }
}

fn message(message: &Message, need: &mut Need<'_>) {
    let help = match message.direction {
        Direction::Command => "give it an op from 0x10 to 0x3F that no other command has or had",
        Direction::Event => "give it an op from 0x40 to 0x6F that no other event has or had",
    };
    need(message.op.is_none(), &message.path, "op", help);
    let help = "say with what its string begins: word: p";
    let forms = [&message.text, &message.reply_text].into_iter().flatten();
    forms.for_each(|form| need(form.word.is_empty(), &form.path, "word", help));
}

fn shape(shape: &Shape, need: &mut Need<'_>) {
    match &shape.kind {
        Type::Unknown(name) if name.is_empty() => {
            need(
                true,
                &shape.path,
                "type",
                "say what it holds, for example type: u8 or type: str",
            );
        }
        Type::List | Type::Optional => {
            need(
                shape.of.is_none(),
                &shape.path,
                "of",
                "say of what, for example of: u8",
            );
        }
        _ => {}
    }
}
