//! How names are written.

use super::context::{Context, Item, ItemKind};
use super::{Explain, Rule, Run};
use crate::diagnostic::{Code, Finding, Findings, Severity};

/// Every output derives its own style from these two, without loss.
pub(crate) static RULE: Rule = Rule {
    code: Code(15),
    name: "name_style",
    severity: Severity::Error,
    run: Run::OnModel(run),
    explain: Explain {
        why: "Types are written in CamelCase, everything else in snake_case with lower-case letters and digits. From \
              these each language's own style is derived; any other spelling would come out differently in each.",
        wrong: "statuses:
  wifiUp: {code: 0x01, severity: info, doc: Wi-Fi is up.}
",
        right: "statuses:
  wifi_up: {code: 0x01, severity: info, doc: Wi-Fi is up.}
",
    },
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for item in cx.items() {
        match item.kind {
            // A missing name is reported as a missing word.
            ItemKind::Protocol if item.name.is_empty() => {}
            ItemKind::Type if !is_camel(item.name) => {
                push(cx, findings, &item, "CamelCase", &camel(item.name));
            }
            ItemKind::Type => {}
            _ if !is_snake(item.name) => push(cx, findings, &item, "snake_case", &snake(item.name)),
            _ => {}
        }
    }
}

fn push(cx: &Context<'_>, findings: &mut Findings, item: &Item<'_>, style: &str, better: &str) {
    let span = if item.kind == ItemKind::Protocol {
        cx.value(&item.at("name"))
    } else {
        cx.key(item.path)
    };
    let message = format!("the name of {} is written in {style}", item.kind.words());
    let help = match better {
        "" => format!("choose a name in {style} that starts with a letter"),
        better => format!("write it `{better}`"),
    };
    findings.push(Finding::new(&RULE, span, message, format!("not {style}")).help(help));
}

/// Lower-case words and numbers joined by single underscores.
fn is_snake(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('_').all(word)
}

/// Letters and digits, the first a capital.
fn is_camel(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The words of a name, whatever its style; none when it has letters that no style has.
fn words(name: &str) -> Vec<String> {
    if !name.is_ascii() {
        return Vec::new();
    }
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for letter in name.chars() {
        let starts = letter.is_ascii_uppercase() && lower_before;
        if starts || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        lower_before = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        if letter.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn snake(name: &str) -> String {
    let name = words(name).join("_").to_ascii_lowercase();
    if is_snake(&name) { name } else { String::new() }
}

fn camel(name: &str) -> String {
    let capital = |word: String| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => word,
    };
    let name: String = words(name).into_iter().map(capital).collect();
    if is_camel(&name) { name } else { String::new() }
}
