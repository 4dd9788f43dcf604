//! Child processes that never outlive their owner, silent or with lines to read. Deliberately without a thread that waits:
//! who owns one looks now and then.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use anyhow::Context as _;

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts `command`, whose output nobody reads.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        spawn(command.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    /// As `kill -9`.
    ///
    /// # Errors
    /// The system does not let it be killed.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Asks it to end.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn ask_to_end(&mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status()?;
        anyhow::ensure!(asked.success(), "kill -TERM failed");
        Ok(())
    }

    /// Asks it to end, and waits until it did.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.ask_to_end()?;
        self.0.wait()?;
        Ok(())
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Resident memory in KiB; nothing when it is gone.
    #[must_use]
    pub fn rss_kib(&self) -> Option<u64> {
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

fn spawn(command: &mut Command) -> anyhow::Result<Process> {
    let program = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::null()).spawn();
    Ok(Process(child.with_context(|| format!("cannot start {program}"))?))
}

/// A process, and what it says on standard output.
#[derive(Debug)]
pub struct Talker {
    /// The process itself.
    pub process: Process,
    lines: Receiver<String>,
}

impl Talker {
    /// Starts `command`, whose standard error is left as the command has it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut process = spawn(command.stdout(Stdio::piped()))?;
        let output = process.0.stdout.take().context("a pipe")?;
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(output).split(b'\n').map_while(Result::ok);
            let texts = lines.map(|line| String::from_utf8_lossy(&line).trim_end().to_owned());
            texts.map_while(|line| tell.send(line).ok()).for_each(drop);
        });
        Ok(Self { process, lines })
    }

    /// The next line that is there already.
    ///
    /// # Errors
    /// The process ended and everything it said was read.
    pub fn next_line(&mut self) -> anyhow::Result<Option<String>> {
        match self.lines.try_recv() {
            Ok(line) => Ok(Some(line)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => anyhow::bail!("the process ended"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_talker_is_read_to_its_end() {
        let mut talker = Talker::start(Command::new("printf").arg("one\ntwo")).expect("printf starts");
        let mut said = Vec::new();
        while let Ok(line) = talker.next_line() {
            said.extend(line);
        }
        assert_eq!(said, ["one", "two"]);
    }

    #[test]
    fn a_process_ends_with_its_owner() {
        let process = Process::start(Command::new("sleep").arg("600")).expect("sleep starts");
        let seen = process.rss_kib();
        let id = process.0.id();
        drop(process);
        assert!(seen.is_some() && !std::path::Path::new(&format!("/proc/{id}")).exists());
    }
}
