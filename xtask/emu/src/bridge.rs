//! The other end of the cable: `fivewire-bridge` as a process of this computer, or the bridge's machine code in QEMU. What the
//! reset wire is for a chip, and what a crash is, differs between the two; that is all that is here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use embedded_hal::digital::OutputPin as _;
use fivewire_wires::Wires;
use fivewire_xtask_processes::Talker;

use crate::trace::Trace;

/// Which it is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A process, which looks at the reset wire itself.
    Linux { program: PathBuf },
    /// A machine that is switched off, and on again, when the reset wire falls.
    Qemu { image: PathBuf },
}

impl Kind {
    /// The broker on this computer's loopback, as the bridge sees it.
    pub(crate) const fn broker(&self) -> &'static str {
        match self {
            Self::Linux { .. } => "127.0.0.1",
            // QEMU's own network calls the computer that it runs on so.
            Self::Qemu { .. } => "10.0.2.2",
        }
    }

    fn command(&self, wires: &Path) -> Command {
        match self {
            Self::Linux { program } => {
                let mut command = Command::new(program);
                command.arg("--verbose").arg("--wires").arg(wires);
                command
            }
            Self::Qemu { image } => qemu(image, wires),
        }
    }
}

/// The machine: its memory behind the wires file, its network behind this computer's.
fn qemu(image: &Path, wires: &Path) -> Command {
    let mut command = Command::new("qemu-system-riscv32");
    command.args(["-machine", "virt", "-m", "16M", "-bios", "none"]);
    // As an ESP32-C3 has it: no atomics, no floats.
    command.args(["-cpu", "rv32,a=false,f=false,d=false"]);
    command.args(["-display", "none", "-monitor", "none", "-serial", "stdio"]);
    command.args([
        "-global",
        "virtio-mmio.force-legacy=false",
        "-netdev",
        "user,id=net",
    ]);
    command.args(["-device", "virtio-net-device,netdev=net"]);
    let memory = format!(
        "memory-backend-file,id=wires,size=4096,share=on,mem-path={}",
        wires.display()
    );
    command.args(["-object", &memory, "-device", "ivshmem-plain,memdev=wires"]);
    command.arg("-kernel").arg(image);
    command
}

/// A bridge on a wires file.
pub(crate) struct Bridge {
    kind: Kind,
    path: PathBuf,
    wires: Wires,
    process: Option<Talker>,
    /// What it said last.
    last: String,
}

impl Bridge {
    /// Switched on.
    pub(crate) fn start(kind: Kind, path: &Path, wires: &Wires) -> anyhow::Result<Self> {
        let mut bridge = Self {
            kind,
            path: path.into(),
            wires: wires.clone(),
            process: None,
            last: String::new(),
        };
        bridge.switch_on()?;
        Ok(bridge)
    }

    /// The reset wire went low, or high again.
    pub(crate) fn reset(&mut self, low: bool) -> anyhow::Result<()> {
        match (&self.kind, low) {
            (Kind::Linux { .. }, _) | (Kind::Qemu { .. }, false) => Ok(()),
            // It waits for the wire to rise before it does anything, and so knows why it started.
            (Kind::Qemu { .. }, true) => self.switch_off().and_then(|()| self.switch_on()),
        }
    }

    /// Ends it as `kill -9` does. The process is there again at once; the machine waits for the reset wire.
    pub(crate) fn crash(&mut self) -> anyhow::Result<()> {
        self.switch_off()?;
        match &self.kind {
            Kind::Linux { .. } => self.switch_on(),
            Kind::Qemu { .. } => Ok(()),
        }
    }

    /// Shows what it says; an error when it ended by itself.
    pub(crate) fn show(&mut self, trace: &Trace) -> anyhow::Result<()> {
        let Some(process) = &mut self.process else {
            return Ok(());
        };
        let ended = |last: &str| format!("the bridge ended by itself; its last words were {last:?}");
        while let Some(line) = process.next_line().with_context(|| ended(&self.last))? {
            trace.detail("bridge", &line);
            self.last = line;
        }
        Ok(())
    }

    fn switch_on(&mut self) -> anyhow::Result<()> {
        let mut command = self.kind.command(&self.path);
        self.process = Some(Talker::start(command.stderr(Stdio::inherit()))?);
        Ok(())
    }

    /// What a chip without power, or in reset, drives: nothing, and a resistor keeps its clock low.
    fn switch_off(&mut self) -> anyhow::Result<()> {
        if let Some(mut bridge) = self.process.take() {
            bridge.process.kill()?;
        }
        let mut pins = self.wires.bridge_pins();
        let lamps = [self.wires.broker_led(), self.wires.heartbeat_led()];
        for wire in [&mut pins.clock_out, &mut pins.data_out] {
            let Ok(()) = wire.set_low();
        }
        for mut lamp in lamps {
            let Ok(()) = lamp.set_low();
        }
        Ok(())
    }
}
