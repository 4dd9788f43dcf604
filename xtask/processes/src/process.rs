//! Child processes that never outlive their owner, silent or with lines to read. Deliberately without a thread that waits:
//! who owns one looks now and then.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// How long a process may take to end when it was asked to; a broker writes its store meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    program: String,
}

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
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn ask_to_end(&mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status()?;
        anyhow::ensure!(asked.success(), "kill -TERM failed");
        Ok(())
    }

    /// Asks it to end, and waits until it did.
    ///
    /// # Errors
    /// It cannot be asked, or did not end within 10 s and was killed.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.stop_within(PATIENCE)
    }

    fn stop_within(&mut self, patience: Duration) -> anyhow::Result<()> {
        self.ask_to_end()?;
        self.finish(patience).map(drop)
    }

    /// Waits until it ended by itself, and says how.
    ///
    /// # Errors
    /// It did not end within `patience` and was killed.
    pub fn finish(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if begun.elapsed() > patience {
                self.kill()?;
                let (program, id) = (&self.program, self.id());
                anyhow::bail!("{program} (process {id}) did not end within {patience:?} and was killed");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Resident memory in KiB; nothing when it is gone.
    #[must_use]
    pub fn rss_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
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
    let child = child.with_context(|| format!("cannot start {program}"))?;
    Ok(Process { child, program })
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
        let output = process.child.stdout.take().context("a pipe")?;
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
        let id = process.id();
        drop(process);
        assert!(seen.is_some() && !std::path::Path::new(&format!("/proc/{id}")).exists());
    }

    #[test]
    fn who_does_not_end_when_asked_is_killed_and_named() {
        let deaf = "trap '' TERM; echo ready; while :; do sleep 0.1; done";
        let mut talker = Talker::start(Command::new("sh").args(["-c", deaf])).expect("sh starts");
        while talker.next_line().expect("it runs").is_none() {
            std::thread::yield_now();
        }
        let id = talker.process.id();
        let error = talker.process.stop_within(Duration::from_millis(50)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("sh (process {id}) did not end within 50ms and was killed")
        );
        assert!(!talker.process.is_running());
    }

    #[test]
    fn who_ends_says_how() {
        let mut process = Process::start(Command::new("sh").args(["-c", "exit 3"])).expect("sh starts");
        let status = process.finish(PATIENCE).expect("it ends");
        assert_eq!(status.code(), Some(3));
    }
}
