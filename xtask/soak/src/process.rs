//! The processes of a run, and their memory.
//!
//! Not here: how a process is started, read and ended (`fivewire-xtask-processes`).

use std::path::Path;
use std::process::Command;

use fivewire_xtask_processes::{Process, Talker};

/// The bridge on this wires file.
pub(crate) fn start_bridge(program: &Path, wires: &str) -> anyhow::Result<Process> {
    Process::start(Command::new(program).args(["--wires", wires]))
}

/// This program in its role as host.
pub(crate) fn start_host(arguments: &[&str]) -> anyhow::Result<Talker> {
    Talker::start(Command::new(std::env::current_exe()?).arg("host").args(arguments))
}

/// Memory over a run.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(crate) struct Memory {
    /// After the warm-up, in KiB.
    pub(crate) first_kib: u64,
    pub(crate) most_kib: u64,
    pub(crate) last_kib: u64,
}

impl Memory {
    /// Another sample, after the warm-up.
    pub(crate) fn sample(&mut self, process: &Process) {
        let Some(kib) = process.rss_kib() else { return };
        if self.first_kib == 0 {
            self.first_kib = kib;
        }
        self.most_kib = self.most_kib.max(kib);
        self.last_kib = kib;
    }

    /// A breach when it grew by more than the bound.
    pub(crate) fn breach(&self, whose: &str) -> Option<String> {
        let grown = self.most_kib.saturating_sub(self.first_kib);
        let bound = crate::contract::GROWTH_KIB;
        (grown > bound).then(|| format!("the memory of the {whose} grew by {grown} KiB, more than {bound}"))
    }
}
