//! Copying a UF2 file to the drive of a boot loader. The drive cannot be read back, because it is none: the boot loader takes
//! each block as it comes and, after the last, starts the program, with which the drive disappears. That is the proof, but
//! only when all blocks before it are known to have arrived: a board that is unplugged disappears too.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::machine::INFO;

/// Written at a time, so that progress can be shown.
const PIECE: usize = 32 * 1024;
/// Bytes of a UF2 block.
const BLOCK: usize = 512;
/// A boot loader needs a moment for the last block.
const PATIENCE: Duration = Duration::from_secs(15);

/// Copies, and waits until the drive is gone. A folder that is no boot loader's is read back.
pub(super) fn copy(file: &Path, drive: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let target = drive.join(file.file_name().context("a file without a name")?);
    put(&bytes, &target, drive.join(INFO).is_file(), || gone(drive))
}

/// The same, with whether it is a boot loader's drive and how one sees it go.
fn put(bytes: &[u8], target: &Path, is_drive: bool, gone: impl FnOnce() -> bool) -> anyhow::Result<String> {
    let (most, last) = bytes.split_at(bytes.len().saturating_sub(BLOCK));
    let cannot = || {
        format!(
            "cannot write {}: the board has not got the whole image",
            target.display()
        )
    };
    let mut file = write(most, target).with_context(cannot)?;
    let written = file.write_all(last).and_then(|()| file.sync_all());
    // With the last block the drive may go while it is written: then an error means nothing.
    if is_drive && gone() {
        return Ok("the board has taken the image and started".to_owned());
    }
    written.with_context(cannot)?;
    ensure!(
        !is_drive,
        "the drive is still there: the board has not taken the image; unplug it and try again"
    );
    ensure!(
        fs::read(target)? == bytes,
        "{} does not hold what was written",
        target.display()
    );
    Ok(format!("{} holds the image", target.display()))
}

/// Writes so much, as far as the drive; returns the file for the rest.
fn write(bytes: &[u8], target: &Path) -> io::Result<File> {
    let mut file = File::create(target)?;
    let pieces = bytes.len().div_ceil(PIECE);
    for (number, piece) in bytes.chunks(PIECE).enumerate() {
        file.write_all(piece)?;
        file.sync_data()?;
        progress(number + 1, pieces);
    }
    Ok(file)
}

fn progress(done: usize, all: usize) {
    if io::stderr().is_terminal() {
        let end = if done == all { "\n" } else { "" };
        eprint!("\rwriting {:3} %{end}", 100 * done / all);
    }
}

fn gone(drive: &Path) -> bool {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if !drive.join(INFO).is_file() {
            return true;
        }
        thread::sleep(Duration::from_millis(100));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drive_that_went_with_the_last_block_has_taken_the_image() {
        let target = std::env::temp_dir().join(format!("fivewire-put-{}", std::process::id()));
        let image = [7; 3 * BLOCK];
        assert!(put(&image, &target, true, || true).is_ok());
        let stays = put(&image, &target, true, || false).unwrap_err();
        assert!(
            stays.to_string().starts_with("the drive is still there"),
            "{stays}"
        );
        assert!(
            put(&image, &target, false, || unreachable!()).is_ok(),
            "it is read back"
        );
        fs::remove_file(&target).unwrap();
    }

    /// A board that was unplugged is gone as well. The file takes nothing: no block arrives.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_drive_that_went_before_has_not() {
        let error = put(&[7; 3 * BLOCK], Path::new("/dev/full"), true, || true).unwrap_err();
        let expected = "cannot write /dev/full: the board has not got the whole image";
        assert_eq!(error.to_string(), expected);
    }
}
