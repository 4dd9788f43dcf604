//! System packages: what a fresh machine lacks, and installing it where that is allowed.
//!
//! Only Debian's apt-get is known, and only root uses it; everybody else is told the one command to type.
//! Compilers for bare metal are asked for by `toolchain`, through the same door.

use std::process::Command;

use crate::{failure::Failure, program, ui};

/// A program, the Debian package that holds it, and what the tests want it for.
struct Tool {
    program: &'static str,
    package: &'static str,
    purpose: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        program: "mosquitto",
        package: "mosquitto",
        purpose: "the broker of the process tests",
    },
    Tool {
        program: "mosquitto_pub",
        package: "mosquitto-clients",
        purpose: "publishes to it",
    },
    Tool {
        program: "mosquitto_sub",
        package: "mosquitto-clients",
        purpose: "shows what arrived",
    },
    Tool {
        program: "valgrind",
        package: "valgrind",
        purpose: "counts instructions for cargo xtask bench",
    },
];

/// Installs what is missing of the tests' programs, or fails with the command that does.
pub(crate) fn provide_tools() -> anyhow::Result<()> {
    provide(TOOLS.iter().inspect(|tool| {
        let place = program::find(tool.program).map_or("missing".into(), |at| at.display().to_string());
        ui::note(format_args!("{}: {place} ({})", tool.program, tool.purpose));
    }))
}

/// The same for one program, silently when it is here.
pub(crate) fn provide_program(name: &str) -> anyhow::Result<()> {
    provide(TOOLS.iter().filter(|tool| tool.program == name))
}

fn provide(tools: impl Iterator<Item = &'static Tool>) -> anyhow::Result<()> {
    let mut missing: Vec<_> = tools
        .filter(|t| program::find(t.program).is_none())
        .map(|t| t.package)
        .collect();
    missing.dedup();
    if missing.is_empty() {
        Ok(())
    } else {
        install(&missing)
    }
}

/// Installs Debian packages when root; otherwise fails with the command to type.
pub(crate) fn install(packages: &[&str]) -> anyhow::Result<()> {
    let list = packages.join(" ");
    if program::find("apt-get").is_none() {
        let mend = format!("install what Debian calls {list} with your system's package manager");
        return Err(Failure::because(format!("missing: {list}"), mend));
    }
    let mend = format!("sudo apt-get update && sudo apt-get install -y {list}");
    if !is_root() {
        return Err(Failure::because(
            format!("missing: {list}; only root may install packages"),
            mend,
        ));
    }
    // The lists of a fresh machine are empty or old, and an old list names files that are gone.
    program::run(apt_get().arg("update"), &mend)?;
    program::run(
        apt_get()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
        &mend,
    )
}

/// Whether `install` can do anything here.
pub(crate) fn can_install() -> bool {
    program::find("apt-get").is_some() && is_root()
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
    command
}

fn is_root() -> bool {
    program::answer(Command::new("id").arg("-u")).as_deref() == Some("0")
}
