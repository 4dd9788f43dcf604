//! A log from a file, as it would come from a port.

use crate::repository::{Ended, Repository};
use crate::sample;

#[test]
fn messages_are_decoded_by_the_boards_image_and_text_passes() {
    let repository = Repository::new("log");
    repository.write("target/images/pico.elf", sample::with_messages());
    repository.write(
        "log",
        b"boot\n\xff\x00\x01\x01\x03\x02\x01\x2a\x20\x00panicked at 7\n",
    );
    let log = repository.path("log").display().to_string();
    let Ended { ok, stdout, stderr } = repository.run(&["monitor", "--board", "pico", "--file", &log]);
    assert!(ok, "{stderr}");
    assert_eq!(stdout, "boot\n0.066051 info  level 42\npanicked at 7\n");
    let Ended { stdout, .. } = repository.run(&["monitor", "--board", "pico", "--file", &log, "--json"]);
    let message = r#"{"kind":"message","level":"info","time":"0.066051","text":"level 42"}"#;
    assert_eq!(stdout.lines().nth(1), Some(message));
}

#[test]
fn without_an_image_or_a_port_it_is_said_what_to_do() {
    let repository = Repository::new("no-log");
    repository.write("log", "");
    let log = repository.path("log").display().to_string();
    let Ended { ok, stderr, .. } = repository.run(&["monitor", "--board", "pico", "--file", &log]);
    assert!(
        !ok && stderr.contains("to mend it: cargo xtask build --only pico"),
        "{stderr}"
    );
    let Ended { ok, stderr, .. } = repository.run(&["monitor", "--port", "/dev/no-such-port"]);
    assert!(
        !ok && stderr.contains("cannot open /dev/no-such-port; the"),
        "{stderr}"
    );
}
