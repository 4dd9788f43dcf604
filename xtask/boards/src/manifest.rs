//! What stands beside an image, in `target/images/NAME.json`: which board, which protocol, how large. Tools that were not
//! there when it was built compare two of them. No setting of the user is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::board::End;
use crate::elf::{Identity, Sizes};
use crate::image;

/// A manifest.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Manifest {
    /// Name of the board.
    pub board: String,
    /// Which end it is.
    pub end: End,
    /// Of the spec, as `0x1234abcd`.
    #[serde(with = "hexadecimal")]
    pub wire_hash: u32,
    /// Of the protocol.
    pub revision: u8,
    /// The oldest that it talks to.
    pub min_revision: u8,
    /// What the wire hash is made of, by name: `command publish`.
    pub parts: BTreeMap<String, u32>,
    /// What compiled it.
    pub toolchain: String,
    /// Whether its slot holds a configuration; None where it has no slot.
    pub configured: Option<bool>,
    /// Names of its files, the ELF file first.
    pub files: Vec<String>,
    /// Memory that it takes and leaves.
    pub sizes: Sizes,
}

impl Manifest {
    /// What the image says of its protocol.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        Identity {
            wire_hash: self.wire_hash,
            revision: self.revision,
            min_revision: self.min_revision,
        }
    }

    /// That of a board's image; None where there is no image.
    ///
    /// # Errors
    /// It is there but cannot be read.
    pub fn read(root: &Path, board: &str) -> anyhow::Result<Option<Self>> {
        let path = image::path(root, &format!("{board}.json"));
        if !path.is_file() {
            return Ok(None);
        }
        let what = || format!("{} is damaged", path.display());
        let text = fs::read(&path).with_context(what)?;
        serde_json::from_slice(&text).map(Some).with_context(what)
    }

    /// Writes it beside the image.
    ///
    /// # Errors
    /// As the file system has them.
    pub fn write(&self, root: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        image::write(&image::path(root, &format!("{}.json", self.board)), &text)
    }
}

mod hexadecimal {
    use serde::de::Error;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
    pub(super) fn serialize<S: Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{number:#010x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").unwrap_or(&text);
        u32::from_str_radix(digits, 16).map_err(D::Error::custom)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn manifest(board: &str, end: End) -> Manifest {
        Manifest {
            board: board.to_owned(),
            end,
            wire_hash: 0x0badcafe,
            revision: 2,
            min_revision: 1,
            parts: [("command publish".to_owned(), 1), ("event message".to_owned(), 2)].into(),
            toolchain: "the installed targets".to_owned(),
            configured: Some(false),
            files: vec![format!("{board}.elf")],
            sizes: Sizes {
                flash: 1000,
                ram: 100,
                stack_left: 900,
            },
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let root = std::env::temp_dir().join(format!("fivewire-manifest-{}", std::process::id()));
        let pico = manifest("pico", End::Host);
        pico.write(&root).unwrap();
        assert_eq!(Manifest::read(&root, "pico").unwrap(), Some(pico));
        assert_eq!(Manifest::read(&root, "pyboard").unwrap(), None);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn the_hash_is_written_as_everything_else_shows_it() {
        let text = serde_json::to_string(&manifest("pico", End::Host)).unwrap();
        assert!(text.contains(r#""wire_hash":"0x0badcafe""#), "{text}");
    }
}
