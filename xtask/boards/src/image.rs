//! What is made of a board's ELF file: the ELF file with its slot filled, and what its boot loader or flash tool takes.
//!
//! A file that may hold a password can be read by its owner alone.

pub mod bin;
pub mod esp;
pub mod uf2;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fivewire_host_fw_app::SLOT_BYTES;

use crate::board::{Board, ImageKind};
use crate::elf::{self, Elf};

/// Where images lie, below the root.
pub const FOLDER: &str = "target/images";

/// A file of an image, by its name in [`FOLDER`].
pub struct File {
    /// `pico.uf2`.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// All files of a board's image, the ELF file first; `slot` fills its slot, if it has one.
///
/// # Errors
/// The ELF file is not one for this board, or the slot is filled already.
pub fn files(board: &Board, elf: &[u8], slot: Option<&[u8; SLOT_BYTES]>) -> anyhow::Result<Vec<File>> {
    let mut elf = elf.to_vec();
    let at = Elf::parse(&elf)?.slot()?;
    if let (Some(at), Some(slot)) = (at, slot) {
        elf::fill(&mut elf, at, slot)?;
    }
    let others = flashed(board, &elf)?;
    let own = ("elf", elf);
    let named = |(ending, bytes)| File {
        name: format!("{}.{ending}", board.name),
        bytes,
    };
    Ok([own].into_iter().chain(others).map(named).collect())
}

/// What is flashed, by the endings of the files' names.
fn flashed(board: &Board, elf: &[u8]) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
    let parsed = Elf::parse(elf)?;
    let is = &board.is;
    Ok(match is.image {
        ImageKind::Elf => vec![],
        ImageKind::Bin => vec![("bin", bin::file(&parsed.loads()?, is.flash)?)],
        ImageKind::Uf2 => {
            let family = is.uf2_family.context("the board names no uf2_family")?;
            vec![("uf2", uf2::file(&parsed.loads()?, is.flash, family)?)]
        }
        ImageKind::EspIdf => {
            let image = esp::Image::of(elf, is)?;
            vec![("bin", image.application()?), ("merged.bin", image.merged()?)]
        }
    })
}

/// Writes a file that only its owner may read, in place of what was there.
///
/// # Errors
/// As the file system has them.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let what = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(what)?;
    }
    // A new file, so that it has this mode from its first byte on, and whoever reads the old one reads all of it.
    let new = path.with_extension("new");
    let _ = fs::remove_file(&new);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&new)
        .and_then(|mut file| file.write_all(bytes))
        .with_context(what)?;
    fs::rename(&new, path).with_context(what)
}

/// `name` among the images below `root`.
#[must_use]
pub fn path(root: &Path, name: &str) -> PathBuf {
    root.join(FOLDER).join(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::pico;
    use crate::sample;
    use fivewire_host_fw_app::{Start, read_slot, write_slot};
    use fivewire_wire::IDENTITY;

    #[test]
    fn the_slot_is_filled_in_every_file() {
        let slot = write_slot(&Start::default(), [("ssid", "home")]).unwrap();
        let files = files(&pico(), &sample::host(&IDENTITY), Some(&slot)).unwrap();
        assert_eq!(
            files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
            ["pico.elf", "pico.uf2"]
        );
        let uf2 = &files[1].bytes;
        let flash: Vec<u8> = uf2
            .chunks(512)
            .flat_map(|block| block[32..288].to_vec())
            .collect();
        let (start, config) = read_slot(&flash[0x300..]).unwrap();
        assert_eq!((start, config.ssid), (Start::default(), "home"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_an_image_however_it_was_before() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("fivewire-image-{}", std::process::id()));
        let path = folder.join("pico.elf");
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, "old").unwrap();
        write(&path, b"secret").unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode, fs::read(&path).unwrap()), (0o600, b"secret".to_vec()));
        fs::remove_dir_all(&folder).unwrap();
    }
}
