//! A temporary folder. Deliberately not hidden: who looks for the wires of a running command finds them there.

use std::path::{Path, PathBuf};

/// A folder that is gone with its owner.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder of this process with this name in its own name.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("fivewire-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the temporary folder is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
