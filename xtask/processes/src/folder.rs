//! A temporary folder. Deliberately not hidden: who looks for the wires of a running command finds them there.

use std::path::Path;

use tempfile::TempDir;

/// A folder that was not there before, and is gone with its owner.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// A folder with this name in its own name.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let mut builder = tempfile::Builder::new();
        Ok(Self(builder.prefix(&format!("fivewire-{name}-")).tempdir()?))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same_and_each_is_empty_and_goes_with_its_owner() {
        let (one, other) = (Folder::new("test").unwrap(), Folder::new("test").unwrap());
        let path = one.path().to_owned();
        std::fs::write(path.join("five.wires"), "stale").unwrap();
        assert_ne!(path, other.path());
        assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 0);
        drop(one);
        assert!(!path.exists() && other.path().exists());
    }
}
