//! The committed corpus: `xtask/fuzz/corpus/TARGET/`, a few kilobytes of inputs that reach far.
//!
//! Files are named by a check value of what they hold, so that the same input is never there twice.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Target;

/// Where the corpus of a target is.
#[must_use]
pub fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name)
}

/// The target's seeds, and the inputs in its folder in the order of their names.
///
/// # Errors
/// The folder cannot be read. One that is not there is empty.
pub fn load(target: &Target) -> io::Result<Vec<Vec<u8>>> {
    let mut inputs = (target.seeds)();
    for file in files(&folder(target))? {
        inputs.push(fs::read(file)?);
    }
    Ok(inputs)
}

/// The files of a folder, sorted.
///
/// # Errors
/// The folder is there and cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?.collect();
    let mut files: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}

/// Writes an input into a folder and says where.
///
/// # Errors
/// It cannot be written.
pub fn save(folder: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let file = folder.join(name(bytes));
    fs::write(&file, bytes)?;
    Ok(file)
}

/// FNV-1a of the bytes.
fn name(bytes: &[u8]) -> String {
    let mix = |value: u64, &byte: &u8| (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix))
}
