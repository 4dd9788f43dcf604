//! Why a wires file cannot be used, in words that say what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::SIZE;

/// Why a wires file cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum WiresError {
    /// It cannot be opened, made, or mapped.
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// It exists, but it is something else.
    NotWires {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        len: u64,
    },
}

impl fmt::Display for WiresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WiresError::Io { path, doing, source } => {
                write!(f, "cannot {doing} the wires file {}: {source}", path.display())?;
                match source.kind() {
                    io::ErrorKind::NotFound => {
                        f.write_str("; make its directory first, or choose another path")
                    }
                    io::ErrorKind::PermissionDenied => f.write_str("; choose a path that you may write to"),
                    _ => Ok(()),
                }
            }
            WiresError::NotWires { path, len } => write!(
                f,
                "{} holds {len} bytes that are not wire levels (a wires file has {SIZE} bytes); delete it or \
                 choose another path",
                path.display()
            ),
        }
    }
}

impl std::error::Error for WiresError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WiresError::Io { source, .. } => Some(source),
            WiresError::NotWires { .. } => None,
        }
    }
}
