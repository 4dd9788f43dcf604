//! Opens a wires file, making it when there is none. Deliberately done under a lock on the file: when both programs
//! start at once, the second must not put the first one's clock back.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use memmap2::{MmapOptions, MmapRaw};

use crate::memory::INITIAL;
use crate::{SIZE, WiresError};

/// Maps the file at `path`. A file of 4096 bytes or more is taken as it is; a missing or shorter one is made.
pub(crate) fn map(path: &Path) -> Result<MmapRaw, WiresError> {
    let failed = |doing| {
        move |source| WiresError::Io {
            path: path.to_owned(),
            doing,
            source,
        }
    };
    let open = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    let mut file = open.map_err(failed("open"))?;
    file.lock().map_err(failed("lock"))?;
    let len = file.metadata().map_err(failed("look at"))?.len();
    if len < SIZE as u64 {
        if !is_levels(&mut file).map_err(failed("read"))? {
            return Err(WiresError::NotWires {
                path: path.to_owned(),
                len,
            });
        }
        fill(&mut file).map_err(failed("write"))?;
    }
    let mapped = MmapOptions::new()
        .len(SIZE)
        .map_raw(&file)
        .map_err(failed("map"))?;
    // A mapping keeps the open file alive, and its lock with it: the other program would wait for ever.
    file.unlock().map_err(failed("unlock"))?;
    Ok(mapped)
}

/// Whether a short file holds nothing but levels, so that making it anew destroys nobody's work.
fn is_levels(file: &mut File) -> io::Result<bool> {
    let mut bytes = Vec::new();
    file.take(SIZE as u64).read_to_end(&mut bytes)?;
    Ok(bytes.iter().all(|&byte| byte <= 1))
}

fn fill(file: &mut File) -> io::Result<()> {
    file.rewind()?;
    file.write_all(&INITIAL)
}
