//! The walk that README promises: a command is added to the spec, `cargo xtask build` names the handler method
//! that is missing, the method is written, and both ends compile.

use crate::copy::{Copy, Ended};

const SPEC: &str = "\
commands:
  identify:
    op: 0x1a
    doc: Let the bridge show itself to whoever looks for it.
    timeout_ms: 2000
    idempotent: true
    fields:
      duration: {type: u8, default: 5, min: 1, max: 60, unit: s, doc: For how long.}
    reply:
      reason: {type: Reason, default: none, doc: \"Why, when it cannot.\"}
    example: {duration: 3}

";

const HANDLER: &str = "\
    fn identify(
        &mut self,
        _: Ticket<reply::Identify>,
        _: command::Identify,
    ) -> Answer<reply::Identify> {
        Answer::Now(reply::Identify { reason: Reason::None })
    }

    fn ping(";

#[test]
fn a_new_command_is_followed_from_the_spec_to_both_ends() {
    let copy = Copy::new("add-command");
    copy.edit("spec/bridge.yaml", "commands:\n", SPEC);

    let Ended { code, stdout, stderr } = copy.xtask(&["build"]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(
        stdout.contains("changed  runtime/wire/src/generated/command.rs"),
        "{stdout}"
    );
    assert!(stderr.contains("missing: `identify`"), "{stderr}");
    assert!(
        stderr.contains("to mend it: write what the compiler names, then cargo xtask build"),
        "{stderr}"
    );

    copy.edit("runtime/bridge/src/commands.rs", "    fn ping(", HANDLER);
    let Ended { code, stdout, stderr } = copy.xtask(&["build", "--only", "linux"]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert!(
        stdout.contains("fivewire-host") && stdout.contains("fivewire-bridge"),
        "{stdout}"
    );
    assert!(stdout.ends_with("next: cargo xtask sim\n"), "{stdout}");
}

#[test]
fn a_broken_spec_stops_the_build_with_its_place_and_its_code() {
    let copy = Copy::new("broken-spec");
    copy.edit("spec/bridge.yaml", "    op: 0x17\n", "    op: 0x18\n");

    let Ended { code, stdout, stderr } = copy.xtask(&["build", "--json"]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(
        stdout.contains("\"ok\": false") && stdout.contains("\"rule\": \"duplicate_op\""),
        "{stdout}"
    );
    assert!(
        stderr.contains("spec/bridge.yaml:") && stderr.contains("cargo xtask explain E"),
        "{stderr}"
    );
}
