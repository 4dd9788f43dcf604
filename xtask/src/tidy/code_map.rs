//! README's code map against the workspace: between the markers, each crate's path stands on a line that
//! says what it is, and no path stands there that is not in the tree. A board may be left out: it is one copied folder.
//!
//! The words are the writer's; `suggest` only offers the manifests' descriptions.

use std::fmt::Write as _;

use super::{Finding, Tree};
use crate::workspace::Crate;

const README: &str = "README.md";
const START: &str = "<!-- code map -->";
const END: &str = "<!-- /code map -->";
const HELP: &str = "cargo xtask tidy --print-map shows a map to copy from";
/// Folders whose paths in the map are checked to exist.
const FOLDERS: &[&str] = &["spec", "codegen", "runtime", "host-fw", "bridge-fw", "xtask"];

/// Both directions: crates that the map lacks, and paths that the tree lacks.
pub(super) fn matches(tree: &Tree) -> Vec<Finding> {
    let Some(readme) = tree.file(README) else {
        return vec![Finding::new(README, "there is none", HELP)];
    };
    let Some((before, map)) = between(&readme.text) else {
        let message = format!("has no code map between {START} and {END}");
        return vec![Finding::new(README, message, HELP)];
    };
    let first = before.lines().count();
    let asked = tree.crates.iter().filter(|c| !is_board(c));
    let mut found: Vec<_> = asked.filter_map(|c| missing(map, &c.path)).collect();
    for (number, line) in map.lines().enumerate() {
        let gone =
            paths(line).filter(|path| FOLDERS.iter().any(|f| path.starts_with(f)) && !exists(tree, path));
        found.extend(gone.map(|path| {
            let help = "take it out of the map, or mend the path";
            Finding::new(
                README,
                format!("the code map names {path}, which is not there"),
                help,
            )
            .at(first + 1 + number)
        }));
    }
    found
}

/// Its manifest describes one, for people too.
fn is_board(package: &Crate) -> bool {
    package.metadata["fivewire"]["boards"].is_object()
}

fn missing(map: &str, path: &str) -> Option<Finding> {
    let Some(line) = map.lines().find(|line| paths(line).any(|p| p == path)) else {
        return Some(Finding::new(
            README,
            format!("the code map does not name {path}"),
            HELP,
        ));
    };
    let says_something = line
        .split_whitespace()
        .filter(|word| !word.contains(path))
        .count()
        > 3;
    (!says_something).then(|| Finding::new(README, format!("the code map does not say what {path} is"), HELP))
}

/// The text before the map and the map itself.
fn between(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once(START)?;
    Some((before, rest.split_once(END)?.0))
}

/// Words of a line that look like paths, without a `/` at their end.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || "-_/.".contains(c);
    let words = line
        .split(move |c| !part(c))
        .map(|word| word.trim_end_matches(['.', '/']));
    words.filter(|word| FOLDERS.contains(word) || word.contains('/'))
}

fn exists(tree: &Tree, path: &str) -> bool {
    let inside = |file: &str| {
        file.strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    tree.files.iter().any(|file| inside(&file.path))
}

/// A map made of what the manifests say.
pub(super) fn suggest(tree: &Tree) -> String {
    let mut map = format!("{START}\n| path | what it is |\n|---|---|\n");
    for c in &tree.crates {
        // Writing to a String cannot fail.
        let _ = writeln!(map, "| `{}` | {} |", c.path, c.description);
    }
    map + END + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::test_tree::{files, krate, messages};

    fn tree(map: &str) -> Tree {
        let readme = format!("# fivewire\n\n{START}\n{map}\n{END}\n");
        let mut tree = files(&[
            (README, &readme),
            ("runtime/wire/src/lib.rs", ""),
            ("runtime/wires/src/lib.rs", ""),
        ]);
        let made = ["wire", "wires"].map(|n| krate(&format!("fivewire-{n}"), &format!("runtime/{n}")));
        tree.crates = made.into_iter().map(Crate::from).collect();
        tree.crates
            .iter_mut()
            .for_each(|c| c.description = format!("What {} is, in one line", c.name));
        tree
    }

    #[test]
    fn the_suggested_map_is_a_good_one() {
        let suggested = suggest(&tree(""));
        let (_, map) = between(&suggested).expect("it has the markers");
        assert_eq!(matches(&tree(map)), []);
    }

    #[test]
    fn a_longer_name_does_not_stand_for_a_shorter_one() {
        let found = matches(&tree("`runtime/wires/` five wires as the bytes of a file"));
        assert_eq!(messages(&found), ["the code map does not name runtime/wire"]);
    }

    #[test]
    fn a_board_needs_no_line() {
        let mut tree = tree("`runtime/wires` five wires as the bytes of a file");
        tree.crates[0].metadata = serde_json::json!({"fivewire": {"boards": {"pico": {}}}});
        assert_eq!(matches(&tree), []);
    }

    #[test]
    fn a_path_without_a_word_about_it_is_found() {
        let map = "| `runtime/wire` | |\n| `runtime/wires` | five wires as bytes |";
        assert_eq!(
            messages(&matches(&tree(map))),
            ["the code map does not say what runtime/wire is"]
        );
    }

    #[test]
    fn a_path_that_is_not_in_the_tree_is_found_with_its_line() {
        let map = "runtime/wire and runtime/wires are what they are\nhost-fw/vax the host on a VAX";
        let found = matches(&tree(map));
        assert_eq!(
            messages(&found),
            ["the code map names host-fw/vax, which is not there"]
        );
        assert_eq!(found[0].line, Some(5));
    }

    #[test]
    fn a_readme_without_markers_is_found() {
        assert_eq!(matches(&files(&[(README, "# fivewire")])).len(), 1);
    }
}
