//! `cargo xtask test`: everything a change must pass, on a fresh machine too.
//!
//! Each stage is also a command or an `--only`, so that a failure is mended and tried again by itself. Stages
//! after a failed one still run: whoever waits twenty minutes wants to know all of it.

use std::time::{Duration, Instant};

use clap::Args;

use crate::{
    build, codegen, conformance, emu, failure::Failure, lint, packages, program, sim, soak, tidy, toolchain,
    ui, workspace::Workspace,
};

/// Run every check: packages, formatting, clippy, tidy, stale output, all tests, docs, bare metal, demonstration.
///
/// On Debian, as root, what is missing is installed (broker for the process tests, compiler for the bare-metal
/// check); otherwise the command to type is shown. Output of each stage goes straight through.
#[derive(Args)]
pub(crate) struct Test {
    /// Run only this stage; may be given more than once.
    #[arg(long, value_name = "STAGE")]
    only: Vec<String>,
    /// Stop at the first stage that fails.
    #[arg(long)]
    fail_fast: bool,
    /// List the stages and run none.
    #[arg(long)]
    list: bool,
}

/// One stage: what `--only` calls it, what it holds, and the function that does it.
struct Stage {
    name: &'static str,
    holds: &'static str,
    run: fn(&Workspace) -> anyhow::Result<()>,
}

/// In the order of how soon they tell something.
const STAGES: &[Stage] = &[
    Stage {
        name: "packages",
        holds: "the programs that the tests start are here",
        run: |_| packages::provide_for_tests(),
    },
    Stage {
        name: "fmt",
        holds: "every file is formatted",
        run: lint::fmt,
    },
    Stage {
        name: "tidy",
        holds: "the tree keeps its rules",
        run: tidy::check,
    },
    Stage {
        name: "codegen",
        holds: "generated files are what the spec says",
        run: codegen::stale,
    },
    Stage {
        name: "clippy",
        holds: "no warning anywhere",
        run: lint::clippy,
    },
    Stage {
        name: "cargo-test",
        holds: "all tests of all crates, with both processes and a broker",
        run: cargo_test,
    },
    Stage {
        name: "doc",
        holds: "no broken link in the documentation",
        run: lint::doc,
    },
    Stage {
        name: "bare-metal",
        holds: "the runtime compiles without an operating system",
        run: toolchain::bare_metal,
    },
    Stage {
        name: "images",
        holds: "the firmware of all boards compiles, and keeps its budgets of memory",
        run: build::images,
    },
    Stage {
        name: "conformance",
        holds: "scripted brokers find nothing wrong with the client, nor with the whole chain",
        run: conformance::all,
    },
    Stage {
        name: "sim",
        holds: "the demonstration loses nothing, with faults, nor a thousand seeds before a MicroPython bridge",
        run: sim::smoke,
    },
    Stage {
        name: "soak",
        holds: "broker restarts, bridge kills and floods lose nothing, over real processes",
        run: soak::smoke,
    },
    Stage {
        name: "emu",
        holds: "the Pico's machine code loses nothing at either bridge, crashes included",
        run: emu::smoke,
    },
];

impl Test {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        if self.list {
            STAGES
                .iter()
                .for_each(|stage| anstream::println!("{:<12} {}", stage.name, stage.holds));
            return Ok(());
        }
        let chosen = choose(&self.only)?;
        let mut results = Vec::new();
        for stage in chosen {
            results.push(run(stage, workspace));
            if self.fail_fast && results.last().is_some_and(|result| result.error.is_some()) {
                break;
            }
        }
        summary(&results)
    }
}

fn choose(only: &[String]) -> anyhow::Result<Vec<&'static Stage>> {
    if let Some(name) = only
        .iter()
        .find(|name| STAGES.iter().all(|stage| stage.name != **name))
    {
        return Err(Failure::because(
            format!("there is no stage {name}"),
            "cargo xtask test --list",
        ));
    }
    let wanted = |stage: &&Stage| only.is_empty() || only.iter().any(|name| name == stage.name);
    Ok(STAGES.iter().filter(wanted).collect())
}

/// How a stage ended.
struct Ended {
    name: &'static str,
    took: Duration,
    error: Option<anyhow::Error>,
}

fn run(stage: &Stage, workspace: &Workspace) -> Ended {
    ui::heading(format_args!("{}: {}", stage.name, stage.holds));
    let started = Instant::now();
    let error = (stage.run)(workspace).err();
    let took = started.elapsed();
    if let Some(error) = &error {
        ui::failure(error, &format!("cargo xtask test --only {}", stage.name));
    }
    Ended {
        name: stage.name,
        took,
        error,
    }
}

/// A line per stage, then the one line that says it all.
fn summary(results: &[Ended]) -> anyhow::Result<()> {
    anstream::println!("\n{}", ui::paint(ui::BOLD, "== summary"));
    for result in results {
        let verdict = if result.error.is_none() {
            ui::paint(ui::GOOD, "ok    ")
        } else {
            ui::paint(ui::BAD, "FAILED")
        };
        anstream::println!("{verdict} {:<12} {:>12}", result.name, ui::duration(result.took));
    }
    let failed: Vec<_> = results
        .iter()
        .filter(|result| result.error.is_some())
        .map(|result| result.name)
        .collect();
    anstream::println!(
        "stages: {} passed, {} failed",
        results.len() - failed.len(),
        failed.len()
    );
    let again = format!("cargo xtask test --only {}", failed.join(" --only "));
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::because(format!("failed: {}", failed.join(", ")), again))
    }
}

fn cargo_test(workspace: &Workspace) -> anyhow::Result<()> {
    let mut cargo = program::cargo(workspace);
    cargo.args(["test", "--workspace", "--no-fail-fast"]);
    program::run(
        &mut cargo,
        "cargo test -p PACKAGE TEST (as named above); cargo xtask bless when the new output is right",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(name: &'static str, error: Option<&str>) -> Ended {
        Ended {
            name,
            took: Duration::ZERO,
            error: error.map(|text| anyhow::anyhow!("{text}")),
        }
    }

    #[test]
    fn stages_are_chosen_by_name_and_run_in_their_order() {
        let chosen = choose(&["tidy".into(), "fmt".into()]).expect("both exist");
        assert_eq!(
            chosen.iter().map(|stage| stage.name).collect::<Vec<_>>(),
            ["fmt", "tidy"]
        );
        assert_eq!(choose(&[]).expect("all").len(), STAGES.len());
        assert!(choose(&["fnt".into()]).is_err());
    }

    #[test]
    fn one_failed_stage_fails_the_whole_and_names_itself() {
        assert!(summary(&[ended("fmt", None)]).is_ok());
        let error = summary(&[ended("fmt", None), ended("doc", Some("broken"))]).expect_err("doc failed");
        let failure = error.downcast_ref::<Failure>().expect("a Failure");
        assert_eq!(failure.mend(), "cargo xtask test --only doc");
    }
}
