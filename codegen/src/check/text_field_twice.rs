//! A text form that names the same thing twice.

use super::context::Context;
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::model::{TextForm, TextSource};
use std::collections::HashMap;

/// The second would overwrite the first.
pub(crate) static RULE: Rule = Rule {
    code: Code(75),
    name: "text_field_twice",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Each field of a message and each config key has one place in a text form at most. From a string \
              with two of them nobody could tell which one counts.",
        wrong: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter, qos, filter]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, default: 1, doc: How surely.}
    example: {filter: green}
",
        right: "commands:
  subscribe:
    op: 0x10
    text: {word: s, fields: [filter, qos]}
    doc: Subscribe to a topic.
    one_way: true
    fields:
      filter: {type: str, max_len: 80, doc: Which topics.}
      qos: {type: u8, max: 1, default: 1, doc: How surely.}
    example: {filter: green}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (form, _) in cx.model.text_forms() {
        let mut seen: HashMap<Place, &str> = HashMap::new();
        for (place, path, name) in places(form) {
            if let Some(first) = seen.insert(place, path) {
                let headline = format!("the text form `{}` has `{name}` twice", form.word);
                let finding = Finding::new(&RULE, cx.value(path), headline, "the same again")
                    .also(cx.value(first), "first here");
                findings.push(finding.help("remove one of them"));
            }
        }
    }
}

/// A field of the message or a config key.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Field(usize),
    Key(usize),
}

/// What a form names, with its path and its name there.
fn places(form: &TextForm) -> Vec<(Place, &str, &str)> {
    let mut places = Vec::new();
    for field in &form.fields {
        match &field.source {
            TextSource::Field(index) => {
                places.push((Place::Field(*index), field.path.as_str(), field.name.as_str()))
            }
            TextSource::Key(index) => places.push((Place::Key(*index), &field.path, &field.name)),
            TextSource::Map(entries) => places.extend(entries.iter().filter_map(|entry| {
                Some((
                    Place::Key(entry.key?),
                    entry.path.as_str(),
                    entry.key_name.as_str(),
                ))
            })),
            TextSource::Unknown => {}
        }
    }
    places
}
