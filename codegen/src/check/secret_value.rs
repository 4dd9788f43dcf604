//! A secret with a value in the spec.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{Field, Shape, Type, Value};
use indexmap::IndexMap;

/// What stands in the spec is in every repository, document and firmware image.
pub(crate) static RULE: Rule = Rule {
    code: Code(52),
    name: "secret_value",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "A default or an example of a secret would be in every repository, document, test vector and firmware image, and \
              sooner or later in use. Only an empty text or 0, which mean none, are allowed.",
        wrong: "config:
  password: {id: 1, type: str, max_len: 63, default: \"12345678\", secret: true, scope: host, apply: live, doc: Network key.}
",
        right: "config:
  password: {id: 1, type: str, max_len: 63, default: \"\", secret: true, scope: host, apply: live, doc: Network key.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for slot in cx.slots().iter().filter(|slot| slot.secret) {
        if slot.default.is_some_and(|default| !is_empty(default)) {
            let path = slot.at("default");
            push(
                cx,
                slot.name,
                &path,
                "default",
                "leave the default empty, or make it required",
                findings,
            );
        }
    }
    for message in cx.model.messages() {
        let reply = message.reply.as_deref().zip(message.reply_example.as_ref());
        let bodies = [
            ("example", Some(&message.fields[..]).zip(message.example.as_ref())),
            ("reply_example", reply),
        ];
        for (word, body) in bodies {
            let Some((fields, Value::Map(values))) = body else {
                continue;
            };
            fields_of(cx, fields, values, &message.at(word), findings);
        }
    }
}

/// Looks for values of secret fields and keys, also within structs, lists and the config.
fn fields_of(
    cx: &Context<'_>,
    fields: &[Field],
    values: &IndexMap<String, Value>,
    path: &str,
    findings: &mut Findings,
) {
    for (field, value) in fields
        .iter()
        .filter_map(|field| Some((field, values.get(&field.name)?)))
    {
        let path = format!("{path}.{}", field.name);
        if field.secret && !is_empty(value) {
            push(
                cx,
                &field.name,
                &path,
                "example",
                "leave it empty, or 0, in the example",
                findings,
            );
        } else {
            within(cx, &field.shape, value, &path, findings);
        }
    }
}

fn within(cx: &Context<'_>, shape: &Shape, value: &Value, path: &str, findings: &mut Findings) {
    match (&shape.kind, value) {
        (Type::Config, Value::Map(keys)) => config(cx, keys, path, findings),
        (Type::List, Value::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                shape
                    .of
                    .iter()
                    .for_each(|of| within(cx, of, item, &format!("{path}.{index}"), findings));
            }
        }
        (Type::Optional, value) => shape
            .of
            .iter()
            .for_each(|of| within(cx, of, value, path, findings)),
        (kind, Value::Map(values)) => {
            let inner = cx.model.as_struct(kind).map(|(_, fields)| fields);
            fields_of(cx, inner.unwrap_or_default(), values, path, findings);
        }
        _ => {}
    }
}

fn config(cx: &Context<'_>, values: &IndexMap<String, Value>, path: &str, findings: &mut Findings) {
    for key in cx.model.config.iter().filter(|key| key.secret) {
        if values.get(&key.name).is_some_and(|value| !is_empty(value)) {
            let path = format!("{path}.{}", key.name);
            push(
                cx,
                &key.name,
                &path,
                "example",
                "leave the key out of the example",
                findings,
            );
        }
    }
}

fn push(cx: &Context<'_>, name: &str, path: &str, what: &str, help: &str, findings: &mut Findings) {
    let headline = format!("the secret `{name}` has a value in the spec");
    let finding = Finding::new(
        &RULE,
        cx.value(path),
        headline,
        format!("this {what} is no secret any more"),
    );
    findings.push(finding.help(help));
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Integer(number) => *number == 0,
        Value::Bool(_) | Value::Float(_) => false,
    }
}
