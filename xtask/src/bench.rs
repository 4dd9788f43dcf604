//! `cargo xtask bench`: starts the measuring program (xtask/bench), which is compiled with the libraries it measures.
//!
//! Nothing is measured here, so xtask stays quick to compile. Only the bare-metal programs of section `mqtt` are compiled
//! from here, because the choice of a compiler for them is known here.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{
    packages, program,
    toolchain::{self, Toolchain},
    ui,
    workspace::Workspace,
};

/// The programs around the MQTT client, 3.1.1 first, their package, and the profile they are compiled with.
const PROGRAMS: [&str; 2] = ["fivewire-size-v311", "fivewire-size-v5"];
const SIZE_PACKAGE: &str = "fivewire-xtask-bench-size";
const SIZE_PROFILE: &str = "firmware";
const SIZE_TARGET: &str = "thumbv6m-none-eabi";

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
    /// Section mqtt: one round of few messages, to see that it works; its figures mean nothing.
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Section {
    /// Bytes and instructions per message over a corpus of 1,000, against postcard.
    Wire,
    /// Symbols and bits per second through two ends in one process.
    Link,
    /// Check and emit of a spec with 200 messages.
    Codegen,
    /// Publishing to mosquitto against a bare socket, rumqttc and paho-mqtt; size on thumbv6m.
    Mqtt,
}

impl Bench {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let with_mqtt = self.sections.is_empty() || self.sections.contains(&Section::Mqtt);
        packages::provide_for_bench(with_mqtt)?;
        let firmware = if with_mqtt {
            bare_metal_programs(workspace)?
        } else {
            None
        };
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
        let flags = [("--json", self.json), ("--quick", self.quick)];
        cargo.args(flags.iter().filter(|(_, wanted)| *wanted).map(|(flag, _)| flag));
        if let Some(programs) = firmware {
            cargo.arg("--firmware").args(programs);
        }
        program::run(&mut cargo, "cargo xtask build, then cargo xtask bench")
    }
}

/// Compiles the programs whose size is told. None, and a word about it, where no compiler for them is to be had.
fn bare_metal_programs(workspace: &Workspace) -> anyhow::Result<Option<[PathBuf; 2]>> {
    let toolchain = match Toolchain::find(workspace, &[SIZE_TARGET]) {
        Ok(toolchain) => toolchain,
        Err(error) => {
            ui::note(format_args!("no size on {SIZE_TARGET}: {error:#}"));
            return Ok(None);
        }
    };
    let mut cargo = toolchain.cargo(workspace, "build");
    cargo.args([
        "--profile",
        SIZE_PROFILE,
        "--package",
        SIZE_PACKAGE,
        "--target",
        SIZE_TARGET,
    ]);
    if let Some(linker) = toolchain.linker(workspace) {
        cargo.env(toolchain::linker_variable(SIZE_TARGET), linker);
    }
    program::run(
        &mut cargo,
        "mend what the compiler names, then cargo xtask bench mqtt",
    )?;
    let folder = workspace
        .target_dir()
        .join("bare-metal")
        .join(SIZE_TARGET)
        .join(SIZE_PROFILE);
    Ok(Some(PROGRAMS.map(|name| folder.join(name))))
}
