//! A copy of the repository in a place of its own, with what git knows or would add, and xtask run on it.
//!
//! The place stays the same from run to run, so cargo compiles other people's libraries there only once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The copy.
pub(crate) struct Copy {
    root: PathBuf,
    target: PathBuf,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Copy {
    /// Copies the repository afresh.
    pub(crate) fn new(name: &str) -> Self {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let copy = Self {
            root: place.join("tree"),
            target: place.join("target"),
        };
        if copy.root.exists() {
            fs::remove_dir_all(&copy.root).expect("the old copy goes");
        }
        let original = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("xtask lies in the repository");
        for file in files(original) {
            let (from, to) = (original.join(&file), copy.root.join(&file));
            // A file that is deleted but not yet committed is listed all the same.
            if from.is_file() {
                fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder is made");
                fs::copy(from, to).expect("a file is copied");
            }
        }
        copy
    }

    /// Replaces the first `old` in a file. Panics when there is none: then the walk in the test is out of date.
    pub(crate) fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(old), "{file} no longer holds {old:?}");
        fs::write(path, text.replacen(old, new, 1)).expect("the file is written");
    }

    /// `cargo xtask ARGS` in the copy. What it compiles is not optimised: only whether it compiles matters.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_fivewire-xtask"))
            .args(arguments)
            .env("CARGO_MANIFEST_DIR", self.root.join("xtask"))
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .output()
            .expect("xtask starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

fn files(root: &Path) -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root);
    let output = git.output().expect("git starts");
    assert!(output.status.success(), "git lists the files");
    String::from_utf8_lossy(&output.stdout)
        .split_terminator('\0')
        .map(str::to_owned)
        .collect()
}
