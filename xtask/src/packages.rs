//! System packages: what a fresh machine lacks, and installing it where that is allowed.
//!
//! Only Debian's apt-get is known, and only root uses it; everybody else is told the one command to type.
//! Compilers for bare metal are asked for by `toolchain`, through the same door.

use std::process::Command;

use crate::{failure::Failure, program, ui};

/// A program, the Debian package that holds it, and what it is wanted for.
struct Tool {
    program: &'static str,
    package: &'static str,
    purpose: &'static str,
    /// The tests fail without it.
    tested_with: bool,
}

impl Tool {
    const fn new(program: &'static str, package: &'static str, purpose: &'static str) -> Self {
        Self {
            program,
            package,
            purpose,
            tested_with: true,
        }
    }

    fn is_missing(&self) -> bool {
        program::find(self.program).is_none()
    }
}

const BROKER: Tool = Tool::new(
    "mosquitto",
    "mosquitto",
    "the broker of the process tests and of cargo xtask bench",
);
const PUBLISHER: Tool = Tool::new("mosquitto_pub", "mosquitto-clients", "publishes to it");
const SUBSCRIBER: Tool = Tool::new("mosquitto_sub", "mosquitto-clients", "shows what arrived");
const PYTHON: Tool = Tool::new(
    "python3",
    "python3",
    "plays the MicroPython system's ends in the tests",
);
const MACHINE: Tool = Tool::new(
    "qemu-system-riscv32",
    "qemu-system-misc",
    "runs the bridge's machine code for cargo xtask emu",
);
const COUNTER: Tool = Tool {
    tested_with: false,
    ..Tool::new(
        "valgrind",
        "valgrind",
        "counts instructions for cargo xtask bench",
    )
};

/// Installs what is missing of the tests' programs, or fails with the command that does. What only
/// `cargo xtask bench` wants is installed along where that is possible, and not missed elsewhere.
pub(crate) fn provide_for_tests() -> anyhow::Result<()> {
    let tools = [&BROKER, &PUBLISHER, &SUBSCRIBER, &PYTHON, &MACHINE, &COUNTER];
    for tool in tools {
        let place = program::find(tool.program).map_or("missing".into(), |at| at.display().to_string());
        ui::note(format_args!("{}: {place} ({})", tool.program, tool.purpose));
    }
    let all = can_install();
    provide(tools.into_iter().filter(|tool| all || tool.tested_with))
}

/// The same for the instruction counter and, if wanted, a broker to measure at; silently when they are here.
pub(crate) fn provide_for_bench(with_broker: bool) -> anyhow::Result<()> {
    let broker = with_broker.then_some(&BROKER);
    provide([&COUNTER].into_iter().chain(broker))
}

/// The same for a broker with its clients and, if wanted, a machine for the bridge.
pub(crate) fn provide_for_emu(with_machine: bool) -> anyhow::Result<()> {
    let machine = with_machine.then_some(&MACHINE);
    provide([&BROKER, &PUBLISHER, &SUBSCRIBER].into_iter().chain(machine))
}

fn provide<'a>(tools: impl Iterator<Item = &'a Tool>) -> anyhow::Result<()> {
    let mut missing: Vec<_> = tools
        .filter(|tool| tool.is_missing())
        .map(|tool| tool.package)
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
