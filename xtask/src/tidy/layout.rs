//! Folders, package names, and what each crate's manifest must say.
//!
//! Not about what is inside the source files; `sources` and `words` read those.

use super::{Finding, Tree};
use crate::workspace::Crate;

/// Everything that may stand at the top level, beside files whose name starts with a dot.
const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "LICENSE-APACHE",
    "LICENSE-MIT", // files
    "spec",
    "codegen",
    "runtime",
    "host-fw",
    "bridge-fw",
    "xtask", // folders
];
/// Dot-files and dot-folders that may stand there.
const TOP_LEVEL_DOTS: &[&str] = &[
    ".ci",
    ".cargo",
    ".clippy.toml",
    ".rustfmt.toml",
    ".deny.toml",
    ".gitignore",
    ".gitattributes",
];
/// Runtime crates that need an operating system.
const STD_RUNTIME: &[&str] = &["runtime/sim", "runtime/transport", "runtime/wires"];
/// Crates that need `unsafe` and so have lints of their own: a memory map is one, a logger another, and each board of [`BOARDS`].
const OWN_LINTS: &[&str] = &["runtime/wires", "host-fw/firmware", "xtask/bench/ends"];
/// Where a folder is a board, unless it is one of [`NO_BOARDS`].
const BOARDS: &[&str] = &["host-fw/", "bridge-fw/"];
const NO_BOARDS: &[&str] = &[
    "host-fw/app",
    "host-fw/desktop",
    "host-fw/firmware",
    "bridge-fw/linux",
    "bridge-fw/net",
];

/// The top level of the repository.
pub(super) fn top_level(tree: &Tree) -> Vec<Finding> {
    let mut names: Vec<_> = tree
        .files
        .iter()
        .filter_map(|file| file.path.split('/').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !TOP_LEVEL.contains(name) && !TOP_LEVEL_DOTS.contains(name));
    let help = "move it into one of the folders, or list it in .gitignore when a program left it there";
    names
        .iter()
        .map(|name| Finding::new(*name, "does not belong at the top level", help))
        .collect()
}

/// Every runtime crate but [`STD_RUNTIME`] runs without an operating system.
pub(super) fn no_std(tree: &Tree) -> Vec<Finding> {
    let bare = |c: &&Crate| c.path.starts_with("runtime/") && !STD_RUNTIME.contains(&c.path.as_str());
    let wrong = tree.crates.iter().filter(bare).filter(|c| !c.no_std);
    wrong
        .map(|c| {
            Finding::new(
                format!("{}/src/lib.rs", c.path),
                "is not no_std",
                "open it with #![no_std]",
            )
        })
        .collect()
}

/// `runtime/` is left out of a package's name; all other folders are in it.
pub(super) fn names(tree: &Tree) -> Vec<Finding> {
    let wanted = |c: &Crate| {
        format!(
            "fivewire-{}",
            c.path.trim_start_matches("runtime/").replace('/', "-")
        )
    };
    let wrong = tree.crates.iter().filter(|c| c.name != wanted(c));
    wrong
        .map(|c| {
            let help = format!("call the package {}", wanted(c));
            Finding::new(
                format!("{}/Cargo.toml", c.path),
                format!("is called {}", c.name),
                help,
            )
        })
        .collect()
}

/// More than one integration test binary costs a link each and hides shared helpers from each other.
pub(super) fn test_binaries(tree: &Tree) -> Vec<Finding> {
    let many = tree.crates.iter().filter(|c| c.test_binaries.len() > 1);
    many.map(|c| {
        let message = format!(
            "{} integration test binaries: {}",
            c.test_binaries.len(),
            c.test_binaries.join(", ")
        );
        Finding::new(
            format!("{}/tests", c.path),
            message,
            "make them modules of tests/it/main.rs",
        )
    })
    .collect()
}

/// The workspace's lints forbid unsafe code; a crate that does not take them could have it.
pub(super) fn lints(tree: &Tree) -> Vec<Finding> {
    let board = |path: &str| BOARDS.iter().any(|b| path.starts_with(b)) && !NO_BOARDS.contains(&path);
    let own = |c: &&Crate| !OWN_LINTS.contains(&c.path.as_str()) && !board(&c.path);
    let wrong = tree
        .crates
        .iter()
        .filter(own)
        .filter(|c| !c.manifest.contains("[lints]\nworkspace = true"));
    let help = "add [lints] workspace = true, or list the crate in OWN_LINTS in xtask/src/tidy/layout.rs";
    wrong
        .map(|c| {
            Finding::new(
                format!("{}/Cargo.toml", c.path),
                "does not take the workspace's lints",
                help,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::test_tree::{files, krate, messages, tree_of};

    #[test]
    fn a_stray_folder_at_the_top_is_found_once() {
        let tree = files(&[
            ("README.md", ""),
            ("runtime/wire/src/lib.rs", ""),
            ("docs/a.md", ""),
            ("docs/b.md", ""),
        ]);
        assert_eq!(
            top_level(&tree)
                .iter()
                .map(|f| f.path.as_str())
                .collect::<Vec<_>>(),
            ["docs"]
        );
    }

    #[test]
    fn a_stray_dot_file_is_found() {
        assert_eq!(
            top_level(&files(&[(".cargo/config.toml", ""), (".envrc", "")])).len(),
            1
        );
    }

    #[test]
    fn a_runtime_crate_with_std_is_found() {
        let bare = krate("fivewire-link", "runtime/link").with(|c| c.no_std = true);
        let wires = krate("fivewire-wires", "runtime/wires");
        let wrong = krate("fivewire-mqtt", "runtime/mqtt");
        let found = no_std(&tree_of([bare.into(), wires.into(), wrong.into()]));
        assert_eq!(
            found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(),
            ["runtime/mqtt/src/lib.rs"]
        );
    }

    #[test]
    fn a_package_not_named_after_its_path_is_found() {
        let right = krate("fivewire-host-fw-app", "host-fw/app");
        let wrong = krate("fivewire-runtime-link", "runtime/link");
        let found = names(&tree_of([right.into(), wrong.into()]));
        assert_eq!(found[0].help, "call the package fivewire-link");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_second_test_binary_is_found() {
        let two = krate("fivewire-link", "runtime/link")
            .with(|c| c.test_binaries = vec!["it".into(), "slow".into()]);
        let one = krate("fivewire-mqtt", "runtime/mqtt").with(|c| c.test_binaries = vec!["it".into()]);
        let found = test_binaries(&tree_of([two.into(), one.into()]));
        assert_eq!(messages(&found), ["2 integration test binaries: it, slow"]);
    }

    #[test]
    fn a_crate_with_lints_of_its_own_is_found() {
        let right = krate("fivewire-link", "runtime/link")
            .with(|c| c.manifest = "[lints]\nworkspace = true\n".into());
        let wrong = krate("fivewire-mqtt", "runtime/mqtt").with(|c| c.manifest = "[lints.rust]\n".into());
        let found = lints(&tree_of([
            right.into(),
            wrong.into(),
            krate("fivewire-wires", "runtime/wires").into(),
        ]));
        assert_eq!(
            found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(),
            ["runtime/mqtt/Cargo.toml"]
        );
    }
}
