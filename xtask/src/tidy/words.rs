//! Words that tell where the tree was written instead of what it is: paths of one machine, hosts of
//! registries. They are of no use to anybody else and go stale.

use super::{Finding, Tree};

/// Folders that only one machine has, and hosts that a package client knows by itself. Written so that this
/// file does not find itself.
const FORBIDDEN: &[&str] = &[
    concat!("/wor", "k/"),
    concat!("/roo", "t/"),
    concat!("/hom", "e/"),
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
    concat!("static.rust", "-lang.org"),
    concat!("deb.deb", "ian.org"),
    concat!("security.deb", "ian.org"),
    concat!("registry.npm", "js.org"),
    concat!("pypi.o", "rg"),
    concat!("files.python", "hosted.org"),
];

/// Every text file but the lock file and the licences, which others wrote.
pub(super) fn forbidden(tree: &Tree) -> Vec<Finding> {
    let others = |path: &str| path == "Cargo.lock" || path.starts_with("LICENSE");
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| !others(&file.path)) {
        for (number, line) in file.text.lines().enumerate() {
            let hit = FORBIDDEN.iter().find(|word| names(line, word));
            found.extend(hit.map(|word| {
                let help = "say it in words that hold on every machine";
                Finding::new(&file.path, format!("names `{word}`"), help).at(number + 1)
            }));
        }
    }
    found
}

/// `word` stands in `line` and is not the middle of a longer path.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-./".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::test_tree::{files, places};

    #[test]
    fn each_forbidden_word_is_found_with_its_line() {
        for word in FORBIDDEN {
            let text = format!("# Title\nsee {word}x\n");
            assert_eq!(
                places(&forbidden(&files(&[("README.md", &text)]))),
                ["README.md:2"],
                "{word}"
            );
        }
    }

    #[test]
    fn the_middle_of_a_path_and_the_lock_file_are_not() {
        let path = concat!("net/wor", "k/status");
        let host = concat!("index.cra", "tes.io");
        assert!(forbidden(&files(&[("a.md", path), ("Cargo.lock", host)])).is_empty());
    }
}
