//! Sequences of our own through the player, directly and through the whole chain: they tell right from wrong.
#![allow(clippy::unwrap_used, reason = "in a test that is how to fail")]

use std::path::Path;
use std::process::{Command, Output};

fn play(arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sequences");
    Command::new(env!("CARGO_BIN_EXE_fivewire-xtask-conformance"))
        .arg("--dir")
        .arg(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_client_and_the_whole_chain_do_what_the_broker_may_expect() {
    for way in [&[][..], &["--chain"]] {
        let output = play(way);
        let said = said(&output);
        assert!(output.status.success(), "{way:?}: {said}");
        assert!(said.contains("MQTT 3.1.1: 9 of 9"), "{way:?}: {said}");
        assert!(said.contains("MQTT 5.0: 4 of 4"), "{way:?}: {said}");
    }
}

#[test]
fn a_filter_that_nothing_passes_is_no_success() {
    let output = play(&["--filter", "no such sequence"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}

#[test]
fn the_client_process_is_told_in_full() {
    let output = play(&["--print-client", "--chain"]);
    let line = said(&output);
    assert!(line.trim_end().ends_with("client --chain"), "{line}");
}
