//! Flashing as far as it goes without a board: what would be done, drives, and what is refused.

use std::{fs, thread, time::Duration};

use crate::repository::{Ended, Repository};

/// A folder in the repository that looks as if a boot loader's drive were mounted there.
fn drive(repository: &Repository, board_id: &str) -> String {
    let info = format!("UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: {board_id}\r\n");
    repository.write("drive/INFO_UF2.TXT", info);
    repository.path("drive").display().to_string()
}

#[test]
fn a_dry_run_prints_the_calls_and_makes_none() {
    let repository = Repository::new("dry-run");
    assert!(repository.pack("pico", &[]).ok && repository.pack("lamp", &[]).ok);
    let folder = drive(&repository, "RPI-RP2");
    let Ended { ok, stdout, stderr } = repository.run(&["flash", "host", "--dry-run", "--to", &folder]);
    assert!(ok, "{stderr}");
    assert!(
        stdout.contains(&format!("would do: cp target/images/pico.uf2 {folder}/")),
        "{stdout}"
    );
    assert!(!repository.path("drive/pico.uf2").exists());

    let Ended { ok, stdout, stderr } = repository.run(&["flash", "bridge", "--dry-run", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let dfu = "dfu-util --alt 0 --device 0483:ffff --dfuse-address 0x10000000";
    let length = repository.read("target/images/lamp.bin").len();
    let calls = serde_json::json!([
        format!("{dfu} --download target/images/lamp.bin"),
        format!("{dfu}:{length}:leave --upload target/images/lamp.bin.read-back"),
    ]);
    assert!(
        ok && answer["calls"] == calls && answer["dry_run"] == true,
        "{stdout}{stderr}"
    );
}

#[test]
fn a_folder_gets_the_file_and_it_is_read_back() {
    let repository = Repository::new("folder");
    assert!(repository.pack("pico", &[]).ok);
    fs::create_dir(repository.path("stick")).unwrap();
    let folder = repository.path("stick").display().to_string();
    let Ended { ok, stdout, stderr } = repository.run(&["flash", "host", "--to", &folder]);
    assert!(ok && stdout.contains("holds the image"), "{stdout}{stderr}");
    assert_eq!(
        repository.read("stick/pico.uf2"),
        repository.read("target/images/pico.uf2")
    );
}

/// A boot loader that takes the file and goes away.
#[test]
fn a_drive_that_disappears_has_taken_the_image() {
    let repository = Repository::new("drive");
    assert!(repository.pack("pico", &[]).ok);
    let folder = drive(&repository, "RPI-RP2");
    let size = repository.read("target/images/pico.uf2").len() as u64;
    let (file, info) = (
        repository.path("drive/pico.uf2"),
        repository.path("drive/INFO_UF2.TXT"),
    );
    let loader = thread::spawn(move || {
        while fs::metadata(&file).map_or(0, |file| file.len()) < size {
            thread::sleep(Duration::from_millis(5));
        }
        fs::remove_file(info).unwrap();
    });
    let Ended { ok, stdout, stderr } = repository.run(&["flash", "host", "--to", &folder]);
    assert!(
        ok && stdout.contains("the board has taken the image and started"),
        "{stdout}{stderr}"
    );
    loader.join().unwrap();
}

#[test]
fn the_drive_of_another_board_is_refused() {
    let repository = Repository::new("other-drive");
    assert!(repository.pack("pico", &[]).ok);
    let folder = drive(&repository, "RP2350");
    let Ended { ok, stderr, .. } = repository.run(&["flash", "host", "--to", &folder]);
    assert!(
        !ok && stderr.contains("is the drive of a RP2350, and pico has the drive of a RPI-RP2"),
        "{stderr}"
    );
    assert!(!repository.path("drive/pico.uf2").exists());
}

#[test]
fn a_pair_that_cannot_talk_is_refused_by_the_name_of_the_command() {
    let repository = Repository::new("pair");
    assert!(repository.pack("lamp", &[]).ok);
    repository.edit_spec("max_len: 128", "max_len: 127");
    assert!(repository.pack("pico", &[]).ok);
    let Ended { ok, stdout, stderr } = repository.run(&["flash", "host", "--dry-run", "--json"]);
    assert!(
        !ok && stderr.contains("nothing was flashed: pico and lamp cannot talk"),
        "{stderr}"
    );
    assert!(stderr.contains("what differs: command "), "{stderr}");
    assert!(
        stderr.contains("to mend it: cargo xtask build --only pico,lamp, then flash both"),
        "{stderr}"
    );
    let answer: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(answer["ok"], false);
}

#[test]
fn without_an_image_it_is_said_how_to_build_it() {
    let repository = Repository::new("no-image");
    let Ended { ok, stderr, .. } = repository.run(&["flash", "host"]);
    assert!(!ok && stderr.contains("there is no image for pico"), "{stderr}");
    assert!(
        stderr.contains("to mend it: cargo xtask build --only pico"),
        "{stderr}"
    );
    let Ended { ok, stderr, .. } = repository.run(&["flash", "bridge", "--board", "pico"]);
    assert!(
        !ok && stderr.contains("pico is the other end's board: cargo xtask flash host"),
        "{stderr}"
    );
}
