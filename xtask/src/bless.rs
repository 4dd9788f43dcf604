//! `cargo xtask bless`: lets golden tests write down what they see now.
//!
//! It changes files and judges nothing: the judge reads `git diff` afterwards.

use std::process::Command;

use clap::Args;

use crate::{
    failure::Failure,
    program, ui,
    workspace::{Crate, Workspace},
};

/// Libraries of golden tests; a crate that tests itself with one has something to bless.
const GOLDEN: &[&str] = &["expect-test", "trybuild"];

/// Run the golden tests and let them overwrite their expected output with what they got.
///
/// Without PACKAGE: every crate with golden tests. Read `git diff` before you commit.
#[derive(Args)]
pub(crate) struct Bless {
    /// Package to bless, such as fivewire-codegen.
    #[arg(value_name = "PACKAGE")]
    packages: Vec<String>,
}

impl Bless {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let crates = workspace.crates()?;
        let packages = self.choose(workspace, &crates)?;
        let before = changed(workspace);
        let mut cargo = program::cargo(workspace);
        // Each library has its own word for it.
        cargo
            .env("BLESS", "1")
            .env("UPDATE_EXPECT", "1")
            .env("TRYBUILD", "overwrite");
        cargo.args(["test", "--no-fail-fast"]);
        packages
            .iter()
            .for_each(|package| _ = cargo.args(["-p", package]));
        program::run(
            &mut cargo,
            "mend the tests that failed for other reasons, then cargo xtask bless",
        )?;
        let blessed: Vec<_> = changed(workspace)
            .into_iter()
            .filter(|line| !before.contains(line))
            .collect();
        blessed
            .iter()
            .for_each(|line| anstream::println!("blessed: {line}"));
        if blessed.is_empty() {
            anstream::println!("nothing changed");
        }
        ui::next("git diff");
        Ok(())
    }

    fn choose(&self, workspace: &Workspace, crates: &[Crate]) -> anyhow::Result<Vec<String>> {
        if let Some(name) = self
            .packages
            .iter()
            .find(|name| crates.iter().all(|c| c.name != **name))
        {
            return Err(Failure::because(
                format!("there is no package {name}"),
                "cargo xtask bless   (all packages that have golden tests)",
            ));
        }
        if !self.packages.is_empty() {
            return Ok(self.packages.clone());
        }
        // The compiler's cases have a runner of their own.
        let golden = |c: &&Crate| {
            let mut dependencies = c.dependencies.iter();
            dependencies.any(|d| d.dev && GOLDEN.contains(&d.name.as_str()))
                || workspace.path(format!("{}/tests/cases", c.path)).is_dir()
        };
        Ok(crates.iter().filter(golden).map(|c| c.name.clone()).collect())
    }
}

/// Files that differ from the last commit, each with a mark of its content, so that a second change shows.
fn changed(workspace: &Workspace) -> Vec<String> {
    let git = |args: &[&str]| program::answer(Command::new("git").args(args).current_dir(workspace.root()));
    let stat = git(&["diff", "--stat=200", "HEAD"]).unwrap_or_default();
    let new = git(&["ls-files", "--others", "--exclude-standard"]).unwrap_or_default();
    stat.lines()
        .filter(|line| line.contains('|'))
        .chain(new.lines())
        .map(|line| line.trim().to_owned())
        .collect()
}
