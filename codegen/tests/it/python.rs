//! `status_values.py`, as a Python interpreter understands it, against the Rust tables.

use fivewire_wire::Status;
use std::collections::BTreeMap;
use std::process::Command;

/// Prints the constants, one a line.
const SCRIPT: &str = "import runpy, sys
for name, value in runpy.run_path(sys.argv[1]).items():
    if not name.startswith('__'):
        print(name, value)
";

/// The names that programs for the MicroPython system use, by their numbers.
const OLD: [&str; 13] = [
    "BROKER_OK",
    "BROKER_CHECK",
    "DEFNET",
    "SPECNET",
    "PUBOK",
    "RUNNING",
    "UNKNOWN",
    "WILLOK",
    "BROKER_FAIL",
    "WIFI_UP",
    "WIFI_DOWN",
    "ESP_FAIL",
    "NO_NET",
];

/// What the module defines.
fn constants() -> BTreeMap<String, u32> {
    let module = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/status_values.py");
    let output = Command::new("python3")
        .args(["-c", SCRIPT, module])
        .output()
        .expect("python3 is installed; cargo xtask test does that");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("text");
    let pair = |line: &str| {
        let (name, number) = line.split_once(' ').expect("a name and a number");
        (name.to_owned(), number.parse().expect("a number"))
    };
    text.lines().map(pair).collect()
}

/// What it should define.
fn expected() -> BTreeMap<String, u32> {
    let old = Status::ALL.iter().filter_map(|status| status.text_code());
    let old = old.map(|code| (OLD[usize::from(code)].to_owned(), u32::from(code)));
    let new = Status::ALL.iter().filter(|status| status.text_code().is_none());
    let new = new.filter_map(|status| Some((status.name().to_uppercase(), 256 + u32::from(status.code()?))));
    old.chain(new).collect()
}

#[test]
fn python_has_the_same_statuses() {
    assert_eq!(constants(), expected());
}

#[test]
fn every_name_of_the_micropython_system_is_there() {
    let expected = expected();
    assert!(
        OLD.iter().all(|name| expected.contains_key(*name)),
        "{expected:?}"
    );
}
