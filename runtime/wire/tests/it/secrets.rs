//! Secrets are in no print.

use fivewire_wire::config::{Config, KEYS};
use fivewire_wire::{Command, Reader, Writer, command};

#[test]
fn no_print_shows_a_secret() {
    let settings = Config {
        ssid: "lab",
        password: "hunter2",
        mqtt_password: "swordfish",
        ..Config::default()
    };
    let configure = command::Configure {
        inbox_messages: 4,
        inbox_bytes: 2048,
        next_packet_id: 1,
        resumed: false,
        settings,
    };
    let mut buffer = [0; 100];
    let mut out = Writer::new(&mut buffer);
    configure.encode(&mut out).expect("it fits");
    let prints = [
        format!("{settings:?}"),
        format!("{settings:#?}"),
        format!("{configure:?}"),
        format!("{:?}", Command::from(configure)),
        format!("{out:?}"),
        format!("{:?}", Reader::new(out.written())),
    ];
    for print in prints {
        assert!(
            !print.contains("hunter2") && !print.contains("swordfish"),
            "{print}"
        );
        assert!(!print.contains("104, 117, 110"), "nor as bytes: {print}");
    }
    assert!(format!("{settings:?}").contains("password: <redacted>"));
}

#[test]
fn no_error_shows_a_secret() {
    for key in KEYS.iter().filter(|key| key.secret) {
        let value = "hunter2".repeat(20);
        let error = Config::default().set(key.name, &value).expect_err("too long");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
