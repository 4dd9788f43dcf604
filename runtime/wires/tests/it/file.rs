//! The format of the file, which programs that know nothing of this crate rely on.

use std::fs;
use std::path::PathBuf;

use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_wires::{SIZE, Wires, WiresError};

/// A path of its own for each test, gone afterwards.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("fivewire-{}-{name}.wires", std::process::id()));
        let _ = fs::remove_file(&path);
        Scratch(path)
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.0).expect("the file is there")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_missing_file_is_made() {
    let scratch = Scratch::new("missing");
    let wires = Wires::open_or_create(&scratch.0).expect("made");
    let mut expected = vec![0; SIZE];
    for high in [4, 8, 9] {
        expected[high] = 1;
    }
    assert_eq!(scratch.bytes(), expected);
    assert!(!wires.is_in_reset() && wires.is_access_point_on_air() && wires.is_stored_network_usable());
}

#[test]
fn a_file_of_full_size_is_used_as_it_is() {
    let scratch = Scratch::new("as-it-is");
    let mut bytes = vec![0xFF; SIZE];
    bytes[8] = 0;
    fs::write(&scratch.0, &bytes).expect("written");
    let wires = Wires::open_or_create(&scratch.0).expect("opened");
    assert_eq!(scratch.bytes(), bytes);
    assert!(
        !wires.is_access_point_on_air() && wires.is_broker_led_lit(),
        "anything but 0 is high"
    );
}

#[test]
fn a_shorter_file_of_levels_is_made_anew_and_any_other_is_left_alone() {
    let scratch = Scratch::new("short");
    for short in [&b""[..], &[0, 1, 1]] {
        fs::write(&scratch.0, short).expect("written");
        Wires::open_or_create(&scratch.0).expect("made");
        assert_eq!((scratch.bytes().len(), scratch.bytes()[4]), (SIZE, 1));
    }
    fs::write(&scratch.0, "ssid = \"home\"").expect("written");
    let error = Wires::open_or_create(&scratch.0).expect_err("that is somebody's work");
    assert!(matches!(error, WiresError::NotWires { len: 13, .. }), "{error}");
    assert_eq!(scratch.bytes(), b"ssid = \"home\"");
    let text = error.to_string();
    assert!(
        text.contains("13 bytes") && text.contains(&*scratch.0.to_string_lossy()),
        "{text}"
    );
}

#[test]
fn a_path_that_cannot_be_says_so() {
    let error = Wires::open_or_create("/nowhere/at/all.wires").expect_err("no such directory");
    let text = error.to_string();
    assert!(
        text.starts_with("cannot open the wires file /nowhere/at/all.wires: "),
        "{text}"
    );
    assert!(
        text.ends_with("make its directory first, or choose another path"),
        "{text}"
    );
}

#[test]
fn each_wire_is_its_byte() {
    let scratch = Scratch::new("bytes");
    let wires = Wires::open_or_create(&scratch.0).expect("made");
    let (mut host, mut bridge) = (wires.host_pins(), wires.bridge_pins());
    let at = |byte: usize| scratch.bytes()[byte];
    let outputs = [
        (0, &mut host.data_out),
        (1, &mut host.clock_out),
        (2, &mut bridge.data_out),
        (3, &mut bridge.clock_out),
        (4, &mut wires.reset_out()),
        (5, &mut wires.broker_led()),
        (6, &mut wires.heartbeat_led()),
        (7, &mut wires.host_led()),
    ];
    for (byte, pin) in outputs {
        let Ok(()) = pin.set_low();
        assert_eq!(at(byte), 0);
        let Ok(()) = pin.set_high();
        assert_eq!(at(byte), 1);
    }
    let inputs = [
        &mut host.data_in,
        &mut host.clock_in,
        &mut bridge.data_in,
        &mut bridge.clock_in,
    ];
    assert!(
        inputs
            .into_iter()
            .all(|pin| pin.is_high() == Ok(true) && pin.is_low() == Ok(false))
    );
    assert!(wires.is_broker_led_lit() && wires.is_heartbeat_led_lit() && wires.is_host_led_lit());
    wires.set_access_point_on_air(false);
    wires.set_stored_network_usable(false);
    assert_eq!(scratch.bytes()[4..10], [1, 1, 1, 1, 0, 0]);
}

#[test]
fn what_one_opens_another_sees() {
    let scratch = Scratch::new("shared");
    let (a, b) = (
        Wires::open_or_create(&scratch.0).expect("made"),
        Wires::open_or_create(&scratch.0).expect("opened"),
    );
    let Ok(()) = a.reset_out().set_low();
    assert!(b.is_in_reset());
    let Ok(()) = a.reset_out().set_high();
    assert!(!b.is_in_reset());
}

/// Both programs may be started at once; the second must not undo what the first has put on the wires.
#[test]
fn making_it_twice_at_once_makes_it_once() {
    for round in 0..50 {
        let scratch = Scratch::new(&format!("race-{round}"));
        std::thread::scope(|scope| {
            for end in 0..2 {
                let path = &scratch.0;
                scope.spawn(move || {
                    let wires = Wires::open_or_create(path).expect("opened or made");
                    let pins = if end == 0 {
                        wires.host_pins()
                    } else {
                        wires.bridge_pins()
                    };
                    let Ok(()) = { pins.clock_out }.set_high();
                });
            }
        });
        assert_eq!(scratch.bytes()[..5], [0, 1, 0, 1, 1], "round {round}");
    }
}
