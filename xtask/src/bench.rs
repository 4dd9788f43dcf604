//! `cargo xtask bench`: starts the measuring program (xtask/bench), which is compiled with the libraries it measures.
//!
//! Nothing is measured here, so xtask stays quick to compile. Only the bare-metal programs of sections `link` and `mqtt` are
//! compiled from here, because the choice of a compiler for them is known here.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{
    packages, program,
    toolchain::{self, Toolchain},
    ui,
    workspace::Workspace,
};

/// Programs for a bare-metal target, as the measuring program wants to be told of them.
struct Programs {
    /// The section that measures them.
    section: Section,
    /// With `--text`, or without.
    text: bool,
    package: &'static str,
    names: &'static [&'static str],
    /// Under which flag, in the order of the names.
    flag: &'static str,
}

const PROGRAMS: [Programs; 4] = [
    Programs {
        section: Section::Link,
        text: false,
        package: "fivewire-xtask-bench-ends",
        names: &["fivewire-bench-host", "fivewire-bench-bridge"],
        flag: "--ends",
    },
    Programs {
        section: Section::Link,
        text: false,
        package: "fivewire-xtask-bench-size",
        names: &["fivewire-size-host"],
        flag: "--host",
    },
    Programs {
        section: Section::Link,
        text: true,
        package: "fivewire-xtask-bench-ends",
        names: &["fivewire-bench-text"],
        flag: "--text",
    },
    Programs {
        section: Section::Mqtt,
        text: false,
        package: "fivewire-xtask-bench-size",
        names: &["fivewire-size-v311", "fivewire-size-v5"],
        flag: "--firmware",
    },
];
const PROFILE: &str = "firmware";
const TARGET: &str = "thumbv6m-none-eabi";

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
    /// Section link: the text format of the MicroPython system instead, before a bridge that keeps up.
    #[arg(long)]
    text: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Section {
    /// Bytes and instructions per message over a corpus of 1,000, against postcard.
    Wire,
    /// Bits per second through two ends in one process; cycles of two emulated RP2040s; size of the host on thumbv6m.
    Link,
    /// Check and emit of a spec with 200 messages.
    Codegen,
    /// Publishing to mosquitto against a bare socket, rumqttc and paho-mqtt; size on thumbv6m.
    Mqtt,
}

impl Bench {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        packages::provide_for_bench(self.measures(Section::Mqtt))?;
        let programs: Vec<_> = PROGRAMS.iter().filter(|p| self.needs(p)).collect();
        let folder = bare_metal_programs(workspace, &programs)?;
        anyhow::ensure!(
            !self.text || folder.is_some(),
            "--text measures machine code, and there is no compiler for {TARGET}"
        );
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
        if let Some(folder) = folder {
            for Programs { flag, names, .. } in programs {
                cargo.arg(flag).args(names.iter().map(|name| folder.join(name)));
            }
        }
        program::run(&mut cargo, "cargo xtask build, then cargo xtask bench")
    }

    fn needs(&self, programs: &Programs) -> bool {
        let is_meant = programs.section != Section::Link || programs.text == self.text;
        is_meant && self.measures(programs.section)
    }

    fn measures(&self, section: Section) -> bool {
        self.sections.is_empty() || self.sections.contains(&section)
    }
}

/// Compiles the programs; returns where they are. None, and a word about it, where no compiler for them is to be had.
fn bare_metal_programs(workspace: &Workspace, programs: &[&Programs]) -> anyhow::Result<Option<PathBuf>> {
    if programs.is_empty() {
        return Ok(None);
    }
    let toolchain = match Toolchain::find(workspace, &[TARGET]) {
        Ok(toolchain) => toolchain,
        Err(error) => {
            ui::note(format_args!("nothing is measured on {TARGET}: {error:#}"));
            return Ok(None);
        }
    };
    // One by one: what one asks of a dependency must not change another.
    for program in programs {
        compile(workspace, &toolchain, program)?;
    }
    Ok(Some(
        workspace
            .target_dir()
            .join("bare-metal")
            .join(TARGET)
            .join(PROFILE),
    ))
}

fn compile(workspace: &Workspace, toolchain: &Toolchain, programs: &Programs) -> anyhow::Result<()> {
    let mut cargo = toolchain.cargo(workspace, "build");
    cargo.args([
        "--profile",
        PROFILE,
        "--target",
        TARGET,
        "--package",
        programs.package,
    ]);
    programs
        .names
        .iter()
        .for_each(|name| _ = cargo.args(["--bin", name]));
    if let Some(linker) = toolchain.linker(workspace)? {
        cargo.env(toolchain::linker_variable(TARGET), linker);
    }
    program::run(&mut cargo, "mend what the compiler names, then cargo xtask bench")
}
