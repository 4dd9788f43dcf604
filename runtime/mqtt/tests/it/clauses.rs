//! The table of the standards' clauses is complete, and names tests that are there.
//!
//! Not here: whether a test shows what it is named for; that is for the reader.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Table = BTreeMap<String, BTreeMap<String, String>>;

/// Clauses in each standard, and the numbers that its authors left out.
const STANDARDS: [(&str, usize, &[&str]); 2] = [("3.1.1", 141, &[]), ("5.0", 252, &["2.2.1-1"])];

fn table() -> Table {
    toml::from_str(include_str!("../clauses.toml")).unwrap()
}

/// Section and number of a clause.
fn parts(clause: &str) -> (&str, usize) {
    let (section, number) = clause.split_once('-').unwrap();
    (section, number.parse().unwrap())
}

#[test]
fn every_clause_is_there() {
    let table = table();
    for (standard, count, left_out) in STANDARDS {
        let clauses = &table[standard];
        assert_eq!(clauses.len(), count, "{standard}");
        let mut missing = BTreeSet::new();
        for clause in clauses.keys() {
            let (section, number) = parts(clause);
            missing.extend(
                (1..number)
                    .map(|number| format!("{section}-{number}"))
                    .filter(|earlier| !clauses.contains_key(earlier)),
            );
        }
        let left_out: BTreeSet<String> = left_out.iter().map(|&clause| clause.to_owned()).collect();
        assert_eq!(missing, left_out, "{standard}");
    }
}

#[test]
fn every_clause_that_binds_a_client_has_a_test_or_a_reason() {
    for (standard, clauses) in table() {
        for (clause, answer) in clauses {
            let excused =
                answer == "server" || answer.strip_prefix("n/a: ").is_some_and(|why| why.len() > 10);
            assert!(
                excused || is_test(&answer),
                "[MQTT-{clause}] of {standard}: no test {answer}"
            );
        }
    }
}

/// Whether there is such a test, in a file of the tests or in a module's own.
fn is_test(name: &str) -> bool {
    let Some((module, function)) = name.rsplit_once("::") else {
        return false;
    };
    let (name, module) = match module.split_once('/') {
        Some((name, module)) => (name, module),
        None => ("mqtt", module),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(name);
    let file = format!("{}.rs", module.replace("::", "/"));
    let texts = ["tests/it", "src"].map(|folder| std::fs::read_to_string(root.join(folder).join(&file)));
    texts.into_iter().flatten().any(|text| {
        let signature = format!("fn {function}(");
        // A test of proptest has its attribute before it like any other.
        text.split("#[test]").skip(1).any(|test| {
            let head = test.split('{').next().unwrap_or_default();
            head.contains(&signature)
        })
    })
}
