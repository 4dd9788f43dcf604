//! The rules' own words are true: each explanation's wrong part breaks that rule and nothing else, its right part
//! breaks none.

use fivewire_codegen::check::{RULES, Rule, check, explain};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const HEADER: &str = "protocol: {name: example, revision: 1, min: 1, doc: An example.}\n";

/// A part of a spec, made whole.
fn whole(part: &str) -> String {
    let has_header = part.lines().any(|line| line.starts_with("protocol:"));
    if has_header {
        part.to_owned()
    } else {
        format!("{HEADER}{part}")
    }
}

fn names(part: &str) -> BTreeSet<&'static str> {
    let report = check("part.yaml", whole(part).as_bytes()).report;
    report
        .findings()
        .iter()
        .map(|finding| finding.rule().name)
        .collect()
}

fn shown(part: &str) -> String {
    check("part.yaml", whole(part).as_bytes()).report.to_string()
}

/// The rules that text can show.
fn shown_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.into_iter().filter(|rule| rule.name != "not_utf8")
}

#[test]
fn wrong_parts_break_their_rule_and_no_other() {
    let mut failures = String::new();
    for rule in shown_rules() {
        if names(rule.explain.wrong) != BTreeSet::from([rule.name]) {
            failures += &format!(
                "{} says something else:\n{}\n",
                rule.name,
                shown(rule.explain.wrong)
            );
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn right_parts_break_no_rule() {
    let mut failures = String::new();
    for rule in shown_rules() {
        if !names(rule.explain.right).is_empty() {
            failures += &format!("{}:\n{}\n", rule.name, shown(rule.explain.right));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn codes_and_names_are_given_once_and_codes_count_up() {
    let codes: Vec<u16> = RULES.iter().map(|rule| rule.code.0).collect();
    assert!(
        codes.is_sorted() && codes.windows(2).all(|pair| pair[0] != pair[1]),
        "{codes:?}"
    );
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn every_rule_has_a_file_of_its_name_and_every_file_that_holds_a_rule_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    let mut with_rule = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the rules' folder") {
        let path = entry.expect("entry").path();
        let text = fs::read_to_string(&path).expect("rule");
        if text.contains("static RULE: Rule") {
            with_rule.insert(path.file_stem().expect("name").to_string_lossy().into_owned());
        }
    }
    let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(with_rule, listed);
}

#[test]
fn every_rule_explains_itself() {
    for rule in RULES {
        let text = explain(rule.code).expect("a text");
        assert!(
            text.starts_with(&format!("{}: {}", rule.code, rule.name)),
            "{text}"
        );
        assert!(rule.explain.why.len() > 60, "{} says too little", rule.name);
        let words = text.split("Wrong:").next().unwrap_or_default();
        assert!(words.lines().all(|line| line.chars().count() <= 100), "{words}");
    }
    assert_eq!(explain(fivewire_codegen::diagnostic::Code(0)), None);
}
