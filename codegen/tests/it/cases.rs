//! Golden cases: `tests/cases/<name>/spec.yaml` in, `diagnostics.txt` and `output.rs` out.
//!
//! A case is named after the rule that it breaks, `good_…` when it shows what is generated, and otherwise after what
//! it shows. A spec without findings has no `diagnostics.txt`. With `BLESS=1` the tests write what they would demand.

use fivewire_codegen::check::{Checked, RULES, check};
use fivewire_codegen::emit::rust::{Options, inline};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

struct Case {
    name: String,
    folder: PathBuf,
    spec: Vec<u8>,
}

impl Case {
    fn checked(&self) -> Checked {
        check("spec.yaml", &self.spec)
    }

    /// What the files beside the spec must hold; empty means that there is no such file.
    fn outputs(&self) -> [(&'static str, String); 2] {
        let checked = self.checked();
        let generated = checked.model.filter(|_| self.name.starts_with("good_"));
        let rust = generated.map(|model| inline(&model, Options::default()));
        let rust = rust.map(|tokens| syn::parse2(tokens).expect("generated Rust is Rust"));
        let output = rust.map(|file| prettyplease::unparse(&file)).unwrap_or_default();
        [
            ("diagnostics.txt", checked.report.to_string()),
            ("output.rs", output),
        ]
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = fs::read_dir(&folder).expect("the cases' folder");
    let mut cases: Vec<Case> = entries.map(|entry| case(entry.expect("entry").path())).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn case(folder: PathBuf) -> Case {
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    let spec = fs::read(folder.join("spec.yaml")).unwrap_or_else(|error| panic!("{name}/spec.yaml: {error}"));
    Case { name, folder, spec }
}

/// The text of a file, empty when there is none.
fn golden(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn bless(path: &Path, text: &str) {
    let result = if text.is_empty() {
        fs::remove_file(path)
    } else {
        fs::write(path, text)
    };
    result.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The first line that differs, with its number.
fn difference(golden: &str, now: &str) -> String {
    let lines = golden.lines().map(Some).chain(std::iter::repeat(None));
    let mut pairs = lines
        .zip(now.lines().map(Some).chain(std::iter::repeat(None)))
        .enumerate();
    let (index, (golden, now)) = pairs
        .find(|(_, (golden, now))| golden != now)
        .expect("they differ");
    let shown = |line: Option<&str>| line.unwrap_or("(end)").to_owned();
    format!(
        "line {}:\n  golden: {}\n  now:    {}\n",
        index + 1,
        shown(golden),
        shown(now)
    )
}

#[test]
fn cases_say_what_they_said() {
    let mut failures = String::new();
    for case in cases() {
        for (file, now) in case.outputs() {
            let path = case.folder.join(file);
            let golden = golden(&path);
            if golden == now {
                continue;
            }
            match std::env::var_os("BLESS") {
                Some(_) => bless(&path, &now),
                None => failures += &format!("{}/{file}: {}", case.name, difference(&golden, &now)),
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{failures}\nif that is right, accept it with: cargo xtask bless"
    );
}

#[test]
fn every_rule_has_a_case_of_its_name_that_breaks_it() {
    let cases: BTreeMap<String, Case> = cases()
        .into_iter()
        .map(|case| (case.name.clone(), case))
        .collect();
    for rule in RULES {
        let case = cases
            .get(rule.name)
            .unwrap_or_else(|| panic!("no case {}", rule.name));
        let report = case.checked().report;
        let found = report
            .findings()
            .iter()
            .any(|finding| finding.code() == rule.code);
        assert!(found, "the case {} does not break its rule", rule.name);
    }
}

#[test]
fn every_finding_has_a_place_a_label_and_help() {
    // An empty text has no place to show.
    for case in cases().into_iter().filter(|case| !case.spec.is_empty()) {
        for finding in case.checked().report.findings() {
            let named = format!("{}: {}", case.name, finding.message());
            assert!(!finding.primary().span.range().is_empty(), "{named}: no place");
            assert!(!finding.primary().text.is_empty(), "{named}: no label");
            assert!(!finding.help_text().is_empty(), "{named}: no help");
        }
    }
}

#[test]
fn good_cases_have_no_findings() {
    let good = cases().into_iter().filter(|case| case.name.starts_with("good_"));
    let bad: Vec<String> = good
        .filter(|case| !case.checked().report.is_empty())
        .map(|case| case.name)
        .collect();
    assert!(bad.is_empty(), "{bad:?}");
}

#[test]
fn records_hold_what_the_text_shows() {
    let checked = check(
        "spec.yaml",
        b"protocol: {name: example, revison: 1, min: 1, doc: An example.}\n",
    );
    let records = checked.report.records();
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!(
        (record.code.as_str(), record.rule, record.severity),
        ("E0011", "unknown_word", "error")
    );
    assert_eq!(
        (
            record.primary.line,
            record.primary.column,
            record.primary.end_column
        ),
        (1, 27, 34)
    );
    assert_eq!(
        (record.path.as_str(), record.help.as_str()),
        ("spec.yaml", "did you mean `revision`?")
    );
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    for case in cases()
        .into_iter()
        .filter(|case| !case.name.starts_with("not_utf8"))
    {
        let unix = case.checked().report.to_string();
        let text = String::from_utf8(case.spec).expect("UTF-8");
        let windows = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
        let report = check("spec.yaml", windows.as_bytes()).report;
        assert_eq!(report.to_string(), unix, "{}", case.name);
    }
}
