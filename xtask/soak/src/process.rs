//! Processes that end with their owner, their memory, and the lines of the host.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use anyhow::Context as _;

/// A process that is killed when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Self(command.spawn().with_context(|| {
            format!("cannot start {}", program.display())
        })?))
    }

    /// As `kill -9`.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits until it did.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status()?;
        anyhow::ensure!(asked.success(), "kill -TERM failed");
        self.0.wait()?;
        Ok(())
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Resident memory in KiB; nothing when it is gone.
    pub(crate) fn rss_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}

/// The host process, and what it says.
pub(crate) struct Host {
    pub(crate) process: Process,
    lines: Receiver<String>,
}

impl Host {
    /// This program in its role as host.
    pub(crate) fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command
            .arg("host")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("a pipe")?;
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.map_while(|line| tell.send(line).ok()).for_each(drop);
        });
        Ok(Self {
            process: Process(child),
            lines,
        })
    }

    /// The next line that is there already; an error when the host ended before it said `done`.
    pub(crate) fn next_line(&mut self) -> anyhow::Result<Option<String>> {
        match self.lines.try_recv() {
            Ok(line) => Ok(Some(line)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => anyhow::bail!("the host process ended"),
        }
    }
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
