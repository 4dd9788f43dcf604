//! Names that become one and the same name in the generated code.

use super::context::{Context, Item, ItemKind};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::emit::rust::names::camel;
use crate::source::Span;
use std::collections::HashMap;

/// Equal names in one map are duplicates and found before.
pub(crate) static RULE: Rule = Rule {
    code: Code(17),
    name: "name_clash",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Two names that differ only in underscores become one in CamelCase, and some names belong to the generated \
              code itself: `Unknown` holds what an open enum or an old peer does not know, and types such as `Reader` \
              or `Option` are used everywhere in it.",
        wrong: "statuses:
  wifi_2: {code: 0x01, severity: info, doc: The second network is up.}
  wifi2: {code: 0x02, severity: info, doc: The second network is up too.}
",
        right: "statuses:
  wifi_2: {code: 0x01, severity: info, doc: The second network is up.}
  wifi_3: {code: 0x02, severity: info, doc: The third network is up.}
",
    },
};

/// Names of Rust's prelude that the generated code writes without their paths.
const PRELUDE: &[&str] = &["Err", "From", "None", "Ok", "Option", "Result", "Some"];

/// Names that a user of the generated code finds beside the spec's own types, and traits that it implements.
const TAKEN_TYPES: &[&str] = &[
    "Answer",
    "Clone",
    "Command",
    "CommandHandler",
    "CommandMessage",
    "Config",
    "ConfigKey",
    "Copy",
    "Debug",
    "Default",
    "Element",
    "Eq",
    "Event",
    "EventHandler",
    "Hash",
    "List",
    "PartialEq",
    "Reader",
    "Reply",
    "ReplyHandler",
    "ReplyMessage",
    "Status",
    "Ticket",
    "Unknown",
    "Writer",
];

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut seen: HashMap<(&str, String), Span> = HashMap::new();
    for item in cx.items() {
        if let Some(owner) = taken(cx, &item) {
            let message = format!("the generated code uses the name `{}` itself", camel(item.name));
            let finding = Finding::new(&RULE, cx.key(item.path), message, format!("for {owner}"));
            findings.push(finding.help("choose another name"));
        }
        let space = item.path.rsplit_once('.').map_or("", |(space, _)| space);
        let span = || cx.key(item.path);
        match seen.entry((space, camel(item.name))) {
            std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(Span::default())),
            std::collections::hash_map::Entry::Occupied(_) => findings.push(clash(cx, space, &item, span())),
        }
    }
}

fn clash(cx: &Context<'_>, space: &str, item: &Item<'_>, span: Span) -> Finding {
    let same = camel(item.name);
    let first = cx
        .names(space)
        .find(|name| camel(name) == same)
        .unwrap_or_default();
    Finding::new(
        &RULE,
        span,
        format!("`{}` and `{first}` both become `{same}`", item.name),
        "the same name again",
    )
    .also(cx.key(&format!("{space}.{first}")), "first here")
    .help("choose names that differ in more than underscores")
}

/// Who else has that name.
fn taken(cx: &Context<'_>, item: &Item<'_>) -> Option<&'static str> {
    let rust = PRELUDE.contains(&camel(item.name).as_str());
    match item.kind {
        ItemKind::Type | ItemKind::Command | ItemKind::Event if rust => Some("what Rust calls so"),
        ItemKind::Type if TAKEN_TYPES.contains(&item.name) => Some("a type or trait that every protocol has"),
        ItemKind::Status if item.name == "unknown" => Some("a status of a code that this end does not know"),
        ItemKind::EnumValue if item.name == "unknown" && is_open(cx, item) => {
            Some("a value that this end does not know")
        }
        ItemKind::Command if matches!(item.name, "command" | "reply") => Some("the enum of all of them"),
        ItemKind::Event if item.name == "event" => Some("the enum of all of them"),
        _ => None,
    }
}

fn is_open(cx: &Context<'_>, value: &Item<'_>) -> bool {
    let owner = value.path.split('.').nth(1).unwrap_or_default();
    let mut enums = cx.model.types.iter().filter(|def| def.name == owner);
    enums.any(|def| matches!(&def.kind, crate::model::TypeKind::Enum(body) if body.open))
}
