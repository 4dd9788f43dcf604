//! `cargo xtask tidy`: what holds for the tree as a whole and no compiler checks.
//!
//! One rule, one function; the rules look at a [`Tree`] in memory, so each is tested on a made-up violation.
//! Not for style: rustfmt and clippy have that (`lint`).

mod arrows;
mod code_map;
mod layout;
mod sources;
#[cfg(test)]
mod test_tree;
mod words;

use std::{fs, process::Command};

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    program, ui,
    workspace::{Crate, Workspace},
};

/// Check the tree: allowed arrows between crates, folders, file lengths, code map, words, stale output.
///
/// Each finding says where, what, and how to mend it. Allowed arrows are the table in xtask/src/tidy/arrows.rs.
#[derive(Args)]
pub(crate) struct Tidy {
    /// Print the findings as one JSON object.
    #[arg(long)]
    json: bool,
    /// Print a code map for README.md made of the crates' paths and descriptions, and check nothing.
    #[arg(long)]
    print_map: bool,
    /// List the rules and check nothing.
    #[arg(long)]
    list: bool,
}

/// What the rules look at.
#[derive(Default)]
pub(crate) struct Tree {
    /// Every text file that git knows or would add, with `/` in its path.
    files: Vec<File>,
    /// Every crate of the workspace.
    crates: Vec<Crate>,
}

/// A text file of the tree.
pub(crate) struct File {
    path: String,
    text: String,
}

/// One breach of a rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    /// File or folder, relative to the root.
    path: String,
    /// Line, from 1, where one line is to blame.
    line: Option<usize>,
    /// What is wrong.
    message: String,
    /// How to mend it.
    help: String,
}

impl Finding {
    fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            message: message.into(),
            help: help.into(),
        }
    }

    fn at(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }
}

/// A rule: its name, what it holds, and the function that finds breaches.
struct Rule {
    name: &'static str,
    holds: &'static str,
    find: fn(&Tree) -> Vec<Finding>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "arrows",
        holds: "crates depend only on the crates the table allows",
        find: arrows::allowed,
    },
    Rule {
        name: "dev-arrows",
        holds: "nothing tests itself with sim, xtask or firmware",
        find: arrows::dev,
    },
    Rule {
        name: "fences",
        holds: "some libraries stay in some crates",
        find: arrows::fences,
    },
    Rule {
        name: "top-level",
        holds: "the top level is exactly what the design says",
        find: layout::top_level,
    },
    Rule {
        name: "no-std",
        holds: "runtime crates are no_std",
        find: layout::no_std,
    },
    Rule {
        name: "names",
        holds: "a package's name is fivewire- and its path",
        find: layout::names,
    },
    Rule {
        name: "one-test-binary",
        holds: "one integration test binary per crate",
        find: layout::test_binaries,
    },
    Rule {
        name: "lints",
        holds: "each crate takes the workspace's lints, so unsafe is forbidden",
        find: layout::lints,
    },
    Rule {
        name: "length",
        holds: "no source file is over 600 lines",
        find: sources::length,
    },
    Rule {
        name: "module-docs",
        holds: "each module opens with //!",
        find: sources::module_docs,
    },
    Rule {
        name: "unfinished",
        holds: "no stub, no ignored test, no note to self",
        find: sources::unfinished,
    },
    Rule {
        name: "words",
        holds: "no path of one machine, no host of a registry",
        find: words::forbidden,
    },
    Rule {
        name: "code-map",
        holds: "README's code map names each crate but boards, and nothing that is not there",
        find: code_map::matches,
    },
];

impl Tidy {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if self.list {
            RULES
                .iter()
                .for_each(|rule| anstream::println!("{:<16} {}", rule.name, rule.holds));
            return Ok(());
        }
        let tree = Tree::read(workspace)?;
        if self.print_map {
            anstream::print!("{}", code_map::suggest(&tree));
            return Ok(());
        }
        let found: Vec<_> = RULES.iter().flat_map(|rule| tag(rule, &tree)).collect();
        if self.json {
            println!("{:#}", report(&found));
        } else {
            found.iter().for_each(|(rule, finding)| show(rule, finding));
        }
        match found.len() {
            0 => {
                ui::note(format_args!("tidy: {} rules hold", RULES.len()));
                Ok(())
            }
            1 => Err(Failure::because(
                "1 finding",
                "the help line above, then cargo xtask tidy",
            )),
            n => Err(Failure::because(
                format!("{n} findings"),
                "the help lines above, then cargo xtask tidy",
            )),
        }
    }
}

fn tag(rule: &Rule, tree: &Tree) -> Vec<(&'static str, Finding)> {
    (rule.find)(tree)
        .into_iter()
        .map(|finding| (rule.name, finding))
        .collect()
}

fn show(rule: &str, finding: &Finding) {
    let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
    let title = ui::paint(ui::BAD, format!("tidy[{rule}]"));
    anstream::println!("{title}: {}{line}: {}", finding.path, finding.message);
    anstream::println!("  {}: {}", ui::paint(ui::HINT, "help"), finding.help);
}

fn report(found: &[(&str, Finding)]) -> Value {
    let describe = |(rule, f): &(&str, Finding)| json!({"rule": rule, "path": f.path, "line": f.line, "message": f.message, "help": f.help});
    let findings: Vec<_> = found.iter().map(describe).collect();
    json!({"ok": findings.is_empty(), "findings": findings})
}

/// The stage of `cargo xtask test`.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    Tidy {
        json: false,
        print_map: false,
        list: false,
    }
    .run(workspace)
}

impl Tree {
    /// Reads what git tracks or would add, so that built and ignored files do not count.
    fn read(workspace: &Workspace) -> anyhow::Result<Self> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let output = program::capture(git.current_dir(workspace.root()))?;
        anyhow::ensure!(
            output.status.success(),
            "git ls-files failed; tidy needs a git checkout"
        );
        let list = String::from_utf8(output.stdout).context("a path that is not UTF-8")?;
        let paths = list.split_terminator('\0').map(str::to_owned);
        // A file that is deleted but not yet committed, or is no text, has nothing to say.
        let read = |path: String| {
            fs::read_to_string(workspace.path(&path))
                .ok()
                .map(|text| File { path, text })
        };
        Ok(Self {
            files: paths.filter_map(read).collect(),
            crates: workspace.crates()?,
        })
    }

    fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_tree_breaks_no_rule_but_the_missing_readme_and_table_rows() {
        let broken: Vec<_> = RULES
            .iter()
            .filter(|rule| !(rule.find)(&Tree::default()).is_empty())
            .collect();
        assert_eq!(
            broken.iter().map(|rule| rule.name).collect::<Vec<_>>(),
            ["arrows", "code-map"]
        );
    }

    #[test]
    fn the_json_report_says_whether_all_is_well() {
        let finding = Finding::new("a.rs", "bad", "mend").at(3);
        assert_eq!(report(&[])["ok"], true);
        assert_eq!(report(&[("words", finding)])["findings"][0]["line"], 3);
    }
}
