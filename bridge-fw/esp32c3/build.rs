//! What is decided when the image is built: pins, log level, certificates, the linker's arguments. A wrong value is an error of
//! the build. On a computer, where the tests run, it has only the values to check.

#[path = "src/baked.rs"]
mod baked;
#[path = "src/pins.rs"]
mod pins;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::exit;
use std::{env, fs, io};

use pins::{Chip, Lamp, Pins};

const PINS: &str = "FIVEWIRE_BRIDGE_PINS";
const LOG: &str = "FIVEWIRE_BRIDGE_LOG";
const CA: &str = "FIVEWIRE_BRIDGE_CA";
const CERTIFICATE: &str = "FIVEWIRE_BRIDGE_CERTIFICATE";
const KEY: &str = "FIVEWIRE_BRIDGE_KEY";
const LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];

fn main() {
    for name in [PINS, LOG, CA, CERTIFICATE, KEY] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    for file in ["identity.x", "src/baked.rs", "src/pins.rs"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let chip = chip();
    let pins = pins(chip);
    let generated = [wiring(&pins), log_level(&level()), credentials()].concat();
    let to = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("board.rs");
    keep(&to, &generated).unwrap_or_else(|error| fail(&format!("{}: {error}", to.display())));
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("none") {
        link();
    }
}

/// Writes a file that only its owner may read: the private key is in it.
fn keep(to: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(to)?.write_all(text.as_bytes())
}

fn chip() -> &'static Chip {
    match env::var_os("CARGO_FEATURE_ESP32C6") {
        Some(_) => &pins::ESP32C6,
        None => &pins::ESP32C3,
    }
}

fn pins(chip: &Chip) -> Pins {
    let text = env::var(PINS).unwrap_or_default();
    let pins = chip
        .read(&text)
        .unwrap_or_else(|error| fail(&format!("{PINS}={text:?}: {error}")));
    for caution in chip.cautions(&pins) {
        println!("cargo::warning={caution}");
    }
    pins
}

fn level() -> String {
    let level = env::var(LOG).unwrap_or_else(|_| "info".to_owned());
    if !LEVELS.contains(&level.as_str()) {
        fail(&format!("{LOG}={level:?}: it is one of {}", LEVELS.join(", ")));
    }
    level
}

/// A macro that takes the pins from the peripherals, so that the compiler holds that each has one owner.
fn wiring(pins: &Pins) -> String {
    let lamp = |lamp: Lamp| {
        let Lamp { pin, inverted } = lamp;
        format!("crate::firmware::lamp::Lamp::new($p.GPIO{pin}, {inverted})")
    };
    format!(
        "macro_rules! wires {{ ($p:ident) => {{ ({}) }} }}\n\
         macro_rules! lamps {{ ($p:ident) => {{ ({}, {}) }} }}\n",
        [pins.clock_out, pins.data_out, pins.clock_in, pins.data_in]
            .map(|pin| format!("$p.GPIO{pin}"))
            .join(", "),
        lamp(pins.heartbeat_led),
        lamp(pins.broker_led),
    )
}

fn log_level(level: &str) -> String {
    let (first, rest) = level.split_at(1);
    format!(
        "const LOG: fivewire_bridge::LogLevel = fivewire_bridge::LogLevel::{}{rest};\n",
        first.to_uppercase()
    )
}

/// Paths are as seen from the workspace, where cargo is started.
fn credentials() -> String {
    let workspace = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let [ca, certificate, key] = [CA, CERTIFICATE, KEY].map(|name| {
        let file = env::var_os(name).filter(|file| !file.is_empty())?;
        let file = workspace.join(file);
        println!("cargo::rerun-if-changed={}", file.display());
        Some(file)
    });
    let files = baked::Files {
        ca: ca.as_deref(),
        certificate: certificate.as_deref(),
        key: key.as_deref(),
    };
    baked::source(files).unwrap_or_else(|error| fail(&error))
}

fn link() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo::rustc-link-search={here}");
    for script in ["linkall.x", "defmt.x", "identity.x"] {
        println!("cargo::rustc-link-arg-bins=-T{script}");
    }
    // What is told is decided by LOG; defmt's own filter lets it all pass.
    println!("cargo::rustc-env=DEFMT_LOG=trace");
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1);
}
