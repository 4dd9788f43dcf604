//! `cargo xtask bench`: starts the measuring program (xtask/bench), which is compiled with the libraries it measures.
//!
//! Nothing is measured here, so xtask stays quick to compile.

use clap::{Args, ValueEnum};

use crate::{packages, program, workspace::Workspace};

/// Measure, and print each figure beside its aim and, where there is one, beside a contestant.
///
/// Instructions are counted by valgrind and repeat exactly; speeds depend on the machine and its load.
#[derive(Args)]
pub(crate) struct Bench {
    /// What to measure; without it, everything.
    sections: Vec<Section>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Section {
    /// Bytes and instructions per message over a corpus of 1,000, against postcard.
    Wire,
    /// Symbols and bits per second through two ends in one process.
    Link,
    /// Check and emit of a spec with 200 messages.
    Codegen,
}

impl Bench {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        packages::provide_for_bench()?;
        let mut cargo = program::cargo(workspace);
        cargo.args([
            "run",
            "--profile",
            "measure",
            "--package",
            "fivewire-xtask-bench",
            "--",
        ]);
        let sections = self.sections.iter().filter_map(ValueEnum::to_possible_value);
        sections.for_each(|section| _ = cargo.arg(section.get_name()));
        if self.json {
            cargo.arg("--json");
        }
        program::run(&mut cargo, "cargo xtask build, then cargo xtask bench")
    }
}
