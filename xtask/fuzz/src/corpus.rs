//! The committed corpus: `xtask/fuzz/corpus/TARGET.hex`, a few kilobytes of inputs that reach far, one a line.
//!
//! Text, so that a change of it can be read. Corpora that grow and findings are files of bytes in folders below `target/`,
//! named by a check value of what they hold.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Target;

/// Where the corpus of a target is.
#[must_use]
pub fn committed(target: &Target) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    folder.join(target.name).with_extension("hex")
}

/// The target's seeds, and the inputs of its committed corpus.
///
/// # Errors
/// The file is there and cannot be read, or holds something else.
pub fn load(target: &Target) -> io::Result<Vec<Vec<u8>>> {
    let mut inputs = (target.seeds)();
    let file = committed(target);
    if file.exists() {
        for line in fs::read_to_string(file)?.lines() {
            inputs.push(bytes(line).ok_or(io::ErrorKind::InvalidData)?);
        }
    }
    Ok(inputs)
}

/// Replaces the committed corpus.
///
/// # Errors
/// It cannot be written.
pub fn commit(target: &Target, inputs: &[Vec<u8>]) -> io::Result<()> {
    let mut lines: Vec<_> = inputs.iter().map(|input| hex(input)).collect();
    lines.sort();
    fs::write(committed(target), lines.concat())
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.chain(["\n".to_owned()]).collect()
}

fn bytes(line: &str) -> Option<Vec<u8>> {
    let pair = |at| u8::from_str_radix(line.get(at..at + 2)?, 16).ok();
    (0..line.len()).step_by(2).map(pair).collect()
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
