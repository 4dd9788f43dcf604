//! What a board says of itself, in `[package.metadata.fivewire.boards.NAME]` of its `Cargo.toml`: the one place where tools
//! find boards, so that a further board is one copied folder. One package may describe several boards (features).
//!
//! | key | |
//! |---|---|
//! | `about` | what it is, for people |
//! | `end` | `"host"` or `"bridge"` |
//! | `target`, `bin` | target triple; name of the program |
//! | `features` | features of the package; where given, its default ones are off |
//! | `default` | whether `cargo xtask build` makes it without being asked |
//! | `image` | `"uf2"`, `"bin"`, `"esp-idf"` or `"elf"`: what is flashed |
//! | `flash`, `ram` | `[start, bytes]` of the memory that the image may use |
//! | `budget` | `{flash = N, ram = N}`: bytes that `cargo xtask size --check` allows |
//! | `uf2_family`, `uf2_drive` | of a UF2 image; what the boot loader's drive calls the board (`Board-ID` in its `INFO_UF2.TXT`) |
//! | `chip` | of an ESP-IDF image, as Espressif's tools call it |
//! | `tools` | how it is flashed: `"uf2-drive"`, `"probe-rs"`, `"dfu-util"`, `"espflash"`; the first is the usual one |
//! | `probe_chip` | what probe-rs calls the chip |
//! | `usb` | USB ids of the board's serial port or boot loader, `"2e8a:0003"` |
//!
//! xtask itself reads the few of them that a compiler must know (`xtask/src/images.rs`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};

/// Folders whose folders may be boards.
const FOLDERS: [&str; 2] = ["host-fw", "bridge-fw"];

/// One of the two ends of the wires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// The microcontroller without a network.
    Host,
    /// The Wi-Fi board.
    Bridge,
}

impl End {
    /// The word on a command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Bridge => "bridge",
        }
    }

    /// The end that it talks to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Host => Self::Bridge,
            Self::Bridge => Self::Host,
        }
    }
}

/// What is made of a board's ELF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageKind {
    /// Blocks for a boot loader that shows itself as a drive.
    Uf2,
    /// The bytes of the flash, from its start.
    Bin,
    /// Espressif's application image, and one with boot loader and partition table.
    EspIdf,
    /// Nothing: an emulator takes the ELF file.
    Elf,
}

/// How an image comes onto a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// A file copied onto the boot loader's drive.
    Uf2Drive,
    /// The program `probe-rs` and a debug probe.
    ProbeRs,
    /// The program `dfu-util` and the boot loader's USB port.
    DfuUtil,
    /// Espressif's serial boot loader, spoken by the library `espflash`.
    Espflash,
}

/// A part of the address space: first address and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "[u32; 2]")]
pub struct Region {
    /// First address.
    pub start: u32,
    /// Bytes.
    pub bytes: u32,
}

impl From<[u32; 2]> for Region {
    fn from([start, bytes]: [u32; 2]) -> Self {
        Self { start, bytes }
    }
}

impl Region {
    /// The first address behind it.
    #[must_use]
    pub fn end(self) -> u64 {
        u64::from(self.start) + u64::from(self.bytes)
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn has(self, address: u64) -> bool {
        (u64::from(self.start)..self.end()).contains(&address)
    }
}

/// Bytes that an image may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Of flash.
    pub flash: u64,
    /// Of RAM, without the stack.
    pub ram: u64,
}

/// A board, with the name that commands give it.
#[derive(Clone, Debug)]
pub struct Board {
    /// As in `--board pico` and `target/images/pico.elf`.
    pub name: String,
    /// Folder of its package below the root.
    pub folder: String,
    /// What it says of itself.
    pub is: Description,
}

/// See the table above.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is explained in the table above")]
pub struct Description {
    pub about: String,
    pub end: End,
    pub target: String,
    pub bin: String,
    #[serde(default)]
    pub features: Vec<String>,
    pub default: bool,
    pub image: ImageKind,
    pub flash: Region,
    pub ram: Region,
    pub budget: Budget,
    pub uf2_family: Option<u32>,
    pub uf2_drive: Option<String>,
    pub chip: Option<String>,
    #[serde(default)]
    pub tools: Vec<Tool>,
    pub probe_chip: Option<String>,
    #[serde(default)]
    pub usb: Vec<String>,
}

impl Description {
    /// What the compiler of TOML cannot see.
    fn check(&self) -> anyhow::Result<()> {
        let needs = |missing: bool, key: &str, why: &str| {
            ensure!(!missing, "`{key}` is missing, which {why} wants");
            Ok(())
        };
        let uses = |tool| self.tools.contains(&tool);
        needs(
            self.image == ImageKind::Uf2 && self.uf2_family.is_none(),
            "uf2_family",
            "image = \"uf2\"",
        )?;
        needs(
            self.image == ImageKind::EspIdf && self.chip.is_none(),
            "chip",
            "image = \"esp-idf\"",
        )?;
        needs(
            uses(Tool::Uf2Drive) && self.uf2_drive.is_none(),
            "uf2_drive",
            "the tool uf2-drive",
        )?;
        needs(
            uses(Tool::ProbeRs) && self.probe_chip.is_none(),
            "probe_chip",
            "the tool probe-rs",
        )?;
        match self.usb.iter().find(|id| usb_id(id).is_none()) {
            Some(id) => bail!("`{id}` in `usb` is not of the form \"2e8a:0003\""),
            None => Ok(()),
        }
    }

    /// The USB ids, as (vendor, product).
    pub fn usb_ids(&self) -> impl Iterator<Item = (u16, u16)> {
        self.usb.iter().filter_map(|id| usb_id(id))
    }
}

fn usb_id(text: &str) -> Option<(u16, u16)> {
    let (vendor, product) = text.split_once(':')?;
    let number = |text| u16::from_str_radix(text, 16).ok();
    Some((number(vendor)?, number(product)?))
}

/// Every board of the repository at `root`, by name within each folder.
///
/// # Errors
/// A `Cargo.toml` cannot be read, or describes a board in a way that is not the table above.
pub fn all(root: &Path) -> anyhow::Result<Vec<Board>> {
    let mut boards = Vec::new();
    for manifest in manifests(root) {
        let text = fs::read_to_string(&manifest)?;
        let folder = manifest
            .parent()
            .and_then(|folder| folder.strip_prefix(root).ok());
        let folder = folder
            .map(|folder| folder.display().to_string())
            .unwrap_or_default();
        boards.extend(described(&folder, &text).with_context(|| format!("{folder}/Cargo.toml"))?);
    }
    Ok(boards)
}

fn manifests(root: &Path) -> Vec<PathBuf> {
    let entries = FOLDERS
        .iter()
        .filter_map(|folder| fs::read_dir(root.join(folder)).ok());
    let manifests = entries
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("Cargo.toml"));
    let mut manifests: Vec<_> = manifests.filter(|path| path.is_file()).collect();
    manifests.sort();
    manifests
}

fn described(folder: &str, manifest: &str) -> anyhow::Result<Vec<Board>> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Manifest {
        package: Package,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Package {
        metadata: Metadata,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Metadata {
        fivewire: Fivewire,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Fivewire {
        boards: BTreeMap<String, Description>,
    }
    let boards = toml::from_str::<Manifest>(manifest)?
        .package
        .metadata
        .fivewire
        .boards;
    let board = |(name, is): (String, Description)| {
        is.check().with_context(|| format!("board {name}"))?;
        Ok(Board {
            name,
            folder: folder.to_owned(),
            is,
        })
    };
    boards.into_iter().map(board).collect()
}

/// The board of that name.
///
/// # Errors
/// There is none; the message lists those that there are.
pub fn named<'b>(boards: &'b [Board], name: &str) -> anyhow::Result<&'b Board> {
    let names = || {
        boards
            .iter()
            .map(|board| board.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let found = boards.iter().find(|board| board.name == name);
    found.with_context(|| format!("there is no board {name}; the boards are {}", names()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const PICO: &str = r#"
[package.metadata.fivewire.boards.pico]
about = "Raspberry Pi Pico (RP2040)"
end = "host"
target = "thumbv6m-none-eabi"
bin = "fivewire-pico"
default = true
image = "uf2"
flash = [0x10000000, 0x200000]
ram = [0x20000000, 0x42000]
budget = {flash = 100000, ram = 50000}
uf2_family = 0xe48bff56
uf2_drive = "RPI-RP2"
tools = ["uf2-drive", "probe-rs"]
probe_chip = "RP2040"
usb = ["2e8a:0003"]
"#;

    pub(crate) fn pico() -> Board {
        described("host-fw/pico", PICO).unwrap().remove(0)
    }

    pub(crate) fn pyboard() -> Board {
        let mut board = pico();
        board.name = "pyboard".to_owned();
        board.is.about = "Pyboard (STM32F405)".to_owned();
        board.is.image = ImageKind::Bin;
        board.is.flash.start = 0x0800_0000;
        board.is.tools = vec![Tool::DfuUtil];
        board.is.usb = vec!["0483:df11".to_owned()];
        board
    }

    pub(crate) fn esp32c3() -> Board {
        let mut board = pico();
        board.name = "esp32c3".to_owned();
        board.is.about = "ESP32-C3".to_owned();
        board.is.end = End::Bridge;
        board.is.image = ImageKind::EspIdf;
        board.is.chip = Some("esp32c3".to_owned());
        board.is.tools = vec![Tool::Espflash];
        board.is.usb = vec!["303a:1001".to_owned()];
        board
    }

    #[test]
    fn a_board_is_read_from_its_manifest() {
        let Board { name, folder, is } = pico();
        assert_eq!((name.as_str(), folder.as_str()), ("pico", "host-fw/pico"));
        assert_eq!(
            (is.end, is.image, is.uf2_family),
            (End::Host, ImageKind::Uf2, Some(0xe48b_ff56))
        );
        assert_eq!(is.usb_ids().collect::<Vec<_>>(), [(0x2e8a, 3)]);
        assert!(is.ram.has(0x2004_1fff) && !is.ram.has(0x2004_2000));
    }

    #[test]
    fn a_package_that_is_no_board_describes_none() {
        assert_eq!(
            described("host-fw/app", "[package]\nname = \"x\"\n")
                .unwrap()
                .len(),
            0
        );
    }

    #[test]
    fn a_wrong_key_is_named() {
        let wrong = |old: &str, new: &str| {
            let error = described("host-fw/pico", &PICO.replace(old, new)).unwrap_err();
            format!("{error:#}")
        };
        assert!(wrong("about =", "abuot =").contains("unknown field `abuot`"));
        let missing = wrong("uf2_family = 0xe48bff56", "");
        assert_eq!(
            missing,
            "board pico: `uf2_family` is missing, which image = \"uf2\" wants"
        );
        assert!(wrong("2e8a:0003", "2e8a").contains("`2e8a` in `usb`"));
        assert!(wrong("uf2-drive", "usb-stick").contains("usb-stick"));
    }

    #[test]
    fn an_unknown_board_is_answered_with_the_known_ones() {
        let error = named(&[pico()], "pica").unwrap_err();
        assert_eq!(error.to_string(), "there is no board pica; the boards are pico");
    }
}
