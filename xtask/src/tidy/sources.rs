//! What each Rust file must be: short, introduced, finished.
//!
//! Text only. Whether the introduction is any good is for a reader to say.

use super::{File, Finding, Tree};

/// Lines after which a file is about more than one thing.
const LONGEST: usize = 600;

/// Written so that this file does not find itself.
const UNFINISHED: &[(&str, &str)] = &[
    (concat!("todo", "!("), "write it"),
    (concat!("unimplemented", "!("), "write it"),
    (
        concat!("FIX", "ME"),
        "mend it, or say in plain words what does not work",
    ),
    (
        concat!("XX", "X"),
        "mend it, or say in plain words what does not work",
    ),
    (
        concat!("#[ig", "nore"),
        "a test that never runs tests nothing: mend it or take it out",
    ),
];

/// The tripwire for file length.
pub(super) fn length(tree: &Tree) -> Vec<Finding> {
    let long = written(tree)
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST);
    long.map(|(file, lines)| {
        let message = format!("{lines} lines, over the tripwire of {LONGEST}");
        Finding::new(&file.path, message, "split it by what it is about")
    })
    .collect()
}

/// Each module says what it is and what it deliberately is not.
pub(super) fn module_docs(tree: &Tree) -> Vec<Finding> {
    let bare = written(tree).filter(|file| !file.text.trim_start().starts_with("//!"));
    let help = "open it with //! lines: what it is, and what it deliberately is not";
    bare.map(|file| Finding::new(&file.path, "does not open with //!", help).at(1))
        .collect()
}

/// Stubs, notes to self and switched-off tests.
pub(super) fn unfinished(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in written(tree) {
        for (number, line) in file.text.lines().enumerate() {
            let hit = UNFINISHED.iter().find(|(word, _)| line.contains(word));
            found.extend(hit.map(|(word, help)| {
                Finding::new(&file.path, format!("left unfinished: {word}"), *help).at(number + 1)
            }));
        }
    }
    found
}

/// Rust files that people wrote: not generated, not a golden case's input or output.
fn written(tree: &Tree) -> impl Iterator<Item = &File> {
    let made = ["/generated/", "/tests/cases/", "/tests/ui/"];
    tree.files.iter().filter(move |file| {
        file.path.ends_with(".rs") && !made.iter().any(|folder| file.path.contains(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::test_tree::{files, messages, places};

    #[test]
    fn a_file_over_the_tripwire_is_found_unless_generated() {
        let long = "//! Long.\n".repeat(601);
        let list = [
            ("a/src/long.rs", &*long),
            ("a/src/generated/event.rs", &*long),
            ("a/src/short.rs", "//! Short.\n"),
        ];
        assert_eq!(
            messages(&length(&files(&list))),
            ["601 lines, over the tripwire of 600"]
        );
    }

    #[test]
    fn a_module_without_an_introduction_is_found() {
        let list = [
            ("a/src/lib.rs", "#![no_std]\n//! Late."),
            ("a/src/b.rs", "\n//! Fine."),
            ("a/README.md", "# A"),
        ];
        assert_eq!(places(&module_docs(&files(&list))), ["a/src/lib.rs:1"]);
    }

    #[test]
    fn stubs_and_ignored_tests_are_found_by_line() {
        for (word, _) in UNFINISHED {
            let text = format!("//! A.\nfn f() {{\n    {word}\n}}\n");
            assert_eq!(
                places(&unfinished(&files(&[("a/src/a.rs", &text)]))),
                ["a/src/a.rs:3"],
                "{word}"
            );
        }
        assert!(unfinished(&files(&[("codegen/tests/cases/x/output.rs", UNFINISHED[0].0)])).is_empty());
    }
}
