//! Images of ELF files: with and without a configuration, and held against budgets.

use fivewire_host_fw_app::{DemoName, SlotError, read_slot};

use crate::repository::{Ended, Repository};

const TOML: &str = "ssid = \"net\"\npassword = \"very-secret\"\nbroker = \"10.0.0.1\"\n";

/// The flash from the sample's slot on, out of a UF2 file.
fn slot(uf2: &[u8]) -> Vec<u8> {
    let flash: Vec<u8> = uf2
        .chunks(512)
        .flat_map(|block| block[32..288].to_vec())
        .collect();
    flash[0x300..].to_vec()
}

#[test]
fn without_a_configuration_the_slot_stays_empty_and_it_is_said() {
    let repository = Repository::new("empty");
    let Ended { ok, stdout, stderr } = repository.pack("pico", &[]);
    assert!(ok, "{stderr}");
    assert!(
        stdout.contains("target/images/pico.elf  target/images/pico.uf2"),
        "{stdout}"
    );
    assert!(
        stdout.contains("not configured: there is no fivewire.toml"),
        "{stdout}"
    );
    let slot = slot(&repository.read("target/images/pico.uf2"));
    assert_eq!(read_slot(&slot).unwrap_err(), SlotError::Empty);
}

#[test]
fn the_configuration_is_in_the_image_and_nowhere_else() {
    let repository = Repository::new("configured");
    repository.write("fivewire.toml", TOML);
    let Ended { ok, stdout, stderr } = repository.pack("pico", &["--demo", "range", "--limit", "7"]);
    assert!(
        ok && stdout.contains("configured from fivewire.toml, demo range"),
        "{stdout}{stderr}"
    );
    let slot = slot(&repository.read("target/images/pico.uf2"));
    let (start, config) = read_slot(&slot).unwrap();
    assert_eq!((start.demo, start.limit), (DemoName::Range, Some(7)));
    assert_eq!((config.ssid, config.password), ("net", "very-secret"));
    let manifest = String::from_utf8(repository.read("target/images/pico.json")).unwrap();
    assert!(
        ![&stdout, &stderr, &manifest]
            .iter()
            .any(|text| text.contains("very-secret"))
    );
}

#[test]
fn a_wrong_configuration_is_told_by_its_place_and_no_image_is_made() {
    let repository = Repository::new("wrong");
    repository.write("fivewire.toml", "ssid = \"net\"\nkeep_alive = 4\n");
    let Ended { ok, stderr, .. } = repository.pack("pico", &[]);
    assert!(
        !ok && stderr.contains("fivewire.toml:2: keep_alive = 4: 4 is not within 5 to 3600"),
        "{stderr}"
    );
    assert!(!repository.path("target/images/pico.uf2").exists());
    assert!(!repository.run(&["settings"]).ok);
}

#[test]
fn what_a_bridge_is_compiled_with_is_printed_for_its_compiler() {
    let repository = Repository::new("bridge");
    repository.write("fivewire.toml", format!("{TOML}[bridge]\nlog = \"debug\"\n"));
    let Ended { ok, stdout, .. } = repository.run(&["settings"]);
    let expected = r#"{"config":"fivewire.toml","variables":{"FIVEWIRE_BRIDGE_LOG":"debug"}}"#;
    assert!(ok && stdout.trim() == expected, "{stdout}");
}

#[test]
fn firmware_of_another_spec_is_no_image_of_this_one() {
    let repository = Repository::new("foreign");
    assert!(repository.pack("pico", &[]).ok);
    repository.edit_spec("max_len: 128", "max_len: 127");
    let elf = format!("pico={}", repository.path("pico.elf").display());
    let Ended { ok, stderr, .. } = repository.run(&["pack", "--elf", &elf, "--toolchain", "rustc"]);
    assert!(
        !ok && stderr.contains("compiled from another spec than spec/bridge.yaml"),
        "{stderr}"
    );
}

#[test]
fn the_next_build_shows_what_changed() {
    let repository = Repository::new("again");
    let first: serde_json::Value =
        serde_json::from_str(&repository.pack("pico", &["--json"]).stdout).unwrap();
    assert_eq!(first["images"][0]["before"], serde_json::Value::Null);
    let again: serde_json::Value =
        serde_json::from_str(&repository.pack("pico", &["--json"]).stdout).unwrap();
    assert_eq!(again["images"][0]["before"], first["images"][0]["sizes"]);
}

#[test]
fn an_image_over_its_budget_and_a_missing_one_fail_the_check() {
    let repository = Repository::new("budget");
    assert!(repository.pack("pico", &[]).ok);
    let Ended { ok, stderr, .. } = repository.run(&["size", "--check"]);
    assert!(!ok && stderr.contains("there is no image of lamp"), "{stderr}");
    assert!(repository.pack("lamp", &[]).ok && repository.run(&["size", "--check"]).ok);

    let manifest = String::from_utf8(repository.read("host-fw/pico/Cargo.toml")).unwrap();
    repository.write(
        "host-fw/pico/Cargo.toml",
        manifest.replace("flash = 2000", "flash = 1600"),
    );
    let Ended { ok, stdout, stderr } = repository.run(&["size", "--check"]);
    assert!(
        !ok && stderr.contains("pico: flash is 1604 bytes, 4 more than its budget of 1600"),
        "{stdout}{stderr}"
    );
    assert!(stderr.contains("host-fw/pico/Cargo.toml"), "{stderr}");
    assert!(repository.run(&["size"]).ok, "without --check it only shows them");
}
