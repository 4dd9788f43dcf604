//! A field of type `config` where it cannot be.

use super::context::{Context, FieldList, Owner};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Type};

/// The settings run to the end of the body.
pub(crate) static RULE: Rule = Rule {
    code: Code(51),
    name: "config_field",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A field of type `config` holds all settings that differ from their defaults and runs to the end of the body. \
              So it is the last field of a command, also behind those that later revisions append; there is one, and it \
              needs no default.",
        wrong: "commands:
  configure:
    op: 0x11
    doc: Configure the bridge.
    timeout_ms: 1000
    fields:
      settings: {type: config, doc: All settings.}
      room: {type: u8, doc: How much fits.}
    reply: {}
    example: {room: 4}
config:
  ssid: {id: 1, type: str, max_len: 32, required: true, apply: reconnect, doc: Name of the network.}
",
        right: "commands:
  configure:
    op: 0x11
    doc: Configure the bridge.
    timeout_ms: 1000
    fields:
      room: {type: u8, doc: How much fits.}
      settings: {type: config, doc: All settings.}
    reply: {}
    example: {room: 4}
config:
  ssid: {id: 1, type: str, max_len: 32, required: true, apply: reconnect, doc: Name of the network.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    cx.field_lists().for_each(|list| one(cx, &list, findings));
}

fn one(cx: &Context<'_>, list: &FieldList<'_>, findings: &mut Findings) {
    for (index, field) in list
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.shape.kind == Type::Config)
    {
        let Some((place, message, help)) = wrong(list, field, index + 1 == list.fields.len()) else {
            continue;
        };
        let place = if place.is_empty() {
            cx.key(&field.path)
        } else {
            cx.key(&field.at(place))
        };
        findings
            .push(Finding::new(&RULE, place, message, "the settings run to the end of a command").help(help));
    }
}

/// The word that is wrong (none: the field itself), the headline and the help.
fn wrong(list: &FieldList<'_>, field: &Field, last: bool) -> Option<(&'static str, String, &'static str)> {
    let name = &field.name;
    match list.owner {
        Owner::Command(_) if !last => Some((
            "",
            format!("`{name}` holds the config and is not the last field"),
            "move it behind all other fields",
        )),
        Owner::Command(_) if field.default.is_some() => Some((
            "default",
            format!("`{name}` holds the config and needs no default"),
            "remove it; each key has its own",
        )),
        Owner::Command(_) => None,
        Owner::Reply | Owner::Event(_) | Owner::Struct | Owner::Config => Some((
            "type",
            format!("`{name}` holds the config outside of a command"),
            "only a command carries the config",
        )),
    }
}
