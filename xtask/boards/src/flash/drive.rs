//! Copying a UF2 file to the drive of a boot loader. The drive cannot be read back, because it is none: the boot loader takes
//! each block as it comes and, after the last, starts the program, with which the drive disappears. That is the proof.

use std::fs::{self, File};
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::machine::INFO;

/// Written at a time, so that progress can be shown.
const PIECE: usize = 32 * 1024;
/// A boot loader needs a moment for the last block.
const PATIENCE: Duration = Duration::from_secs(15);

/// Copies, and waits until the drive is gone. A folder that is no boot loader's is read back.
pub(super) fn copy(file: &Path, drive: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let target = drive.join(file.file_name().context("a file without a name")?);
    let is_drive = drive.join(INFO).is_file();
    let written = write(&bytes, &target);
    if is_drive && gone(drive) {
        return Ok("the board has taken the image and started".to_owned());
    }
    written.with_context(|| format!("cannot write {}", target.display()))?;
    ensure!(
        !is_drive,
        "the drive is still there: the board has not taken the image; unplug it and try again"
    );
    ensure!(
        fs::read(&target)? == bytes,
        "{} does not hold what was written",
        target.display()
    );
    Ok(format!("{} holds the image", target.display()))
}

/// The drive may go away while its last blocks are written; then an error means nothing.
fn write(bytes: &[u8], target: &Path) -> std::io::Result<()> {
    let mut file = File::create(target)?;
    let pieces = bytes.len().div_ceil(PIECE);
    for (number, piece) in bytes.chunks(PIECE).enumerate() {
        file.write_all(piece)?;
        file.sync_data()?;
        progress(number + 1, pieces);
    }
    file.sync_all()
}

fn progress(done: usize, all: usize) {
    if std::io::stderr().is_terminal() {
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
