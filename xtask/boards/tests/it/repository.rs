//! A repository for one test, and what the program said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fivewire_codegen::check;
use fivewire_codegen::emit::wire_hash;
use fivewire_wire::{IDENTITY_MAGIC, MIN_REVISION, REVISION};

use crate::sample;

const SPEC: &str = include_str!("../../../../spec/bridge.yaml");

const PICO: &str = r#"
[package.metadata.fivewire.boards.pico]
about = "Raspberry Pi Pico"
end = "host"
target = "thumbv6m-none-eabi"
bin = "pico"
default = true
image = "uf2"
uf2_family = 0xe48bff56
uf2_drive = "RPI-RP2"
flash = [0x10000000, 0x200000]
ram = [0x20000000, 0x42000]
budget = { flash = 2000, ram = 1000 }
tools = ["uf2-drive"]
"#;

const LAMP: &str = r#"
[package.metadata.fivewire.boards.lamp]
about = "A lamp with Wi-Fi"
end = "bridge"
target = "thumbv6m-none-eabi"
bin = "lamp"
default = true
image = "bin"
flash = [0x10000000, 0x200000]
ram = [0x20000000, 0x42000]
budget = { flash = 2000, ram = 1000 }
tools = ["dfu-util"]
usb = ["0483:ffff"]
"#;

/// A folder that goes away with the test.
pub(crate) struct Repository {
    root: PathBuf,
}

/// How the program ended, and what it said.
pub(crate) struct Ended {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Repository {
    pub(crate) fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("fivewire-boards-{name}-{}", std::process::id()));
        let repository = Self { root };
        repository.write("spec/bridge.yaml", SPEC);
        repository.write("host-fw/pico/Cargo.toml", PICO);
        repository.write("bridge-fw/lamp/Cargo.toml", LAMP);
        repository
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fivewire-xtask-boards"));
        let output = command
            .arg("--root")
            .arg(&self.root)
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            ok: output.status.success(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Makes the image of a board, as if the compiler had just made its ELF file from the spec that is there.
    pub(crate) fn pack(&self, board: &str, more: &[&str]) -> Ended {
        let spec = self.read("spec/bridge.yaml");
        let hash = wire_hash(&check::check("bridge.yaml", &spec).model.unwrap());
        let mut identity = [&IDENTITY_MAGIC[..], &hash.to_le_bytes()].concat();
        identity.extend([REVISION, MIN_REVISION, 0, 0]);
        self.write(&format!("{board}.elf"), sample::host(&identity));
        let elf = format!("{board}={}", self.path(&format!("{board}.elf")).display());
        self.run(&[&["pack", "--elf", &elf, "--toolchain", "rustc"], more].concat())
    }

    /// Replaces words in the spec that are there.
    pub(crate) fn edit_spec(&self, old: &str, new: &str) {
        assert!(SPEC.contains(old), "{old}");
        self.write("spec/bridge.yaml", SPEC.replacen(old, new, 1));
    }
}

impl AsRef<Path> for Repository {
    fn as_ref(&self) -> &Path {
        &self.root
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        // Nothing depends on it; the next run has another name.
        let _ = fs::remove_dir_all(&self.root);
    }
}
