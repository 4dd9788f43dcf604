//! A real mosquitto on a free port of the loopback interface. Deliberately without TLS and passwords: who needs them tests
//! them elsewhere.

use std::env;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::{Folder, Process};

/// Where Debian puts daemons, which is not on everybody's PATH.
const DAEMONS: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];
const MISSING: &str = "there is no mosquitto; mend with: apt-get install mosquitto";
/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The broker.
#[derive(Debug)]
pub struct Broker {
    /// Where it listens, on the loopback.
    pub port: u16,
    program: PathBuf,
    config: PathBuf,
    process: Option<Process>,
}

impl Broker {
    /// Starts it with its store in `folder`, so that its sessions outlive its restarts.
    ///
    /// # Errors
    /// There is no mosquitto, or it does not listen.
    pub fn start(folder: &Folder) -> anyhow::Result<Self> {
        let place = folder.path().display();
        Self::with(
            folder,
            &format!("persistence true\npersistence_location {place}/\n"),
        )
    }

    /// Starts it with more lines of configuration. It queues without a bound, and has no more under way than is usual.
    ///
    /// # Errors
    /// There is no mosquitto, or it does not listen.
    pub fn with(folder: &Folder, lines: &str) -> anyhow::Result<Self> {
        let program = find().context(MISSING)?;
        let port = free_port()?;
        let config = folder.path().join("mosquitto.conf");
        // Root would else become another user, who may not write to the folder; for others the line has no effect.
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\nuser root\nmax_inflight_messages 20\n\
             max_queued_messages 0\n{lines}"
        );
        std::fs::write(&config, text)?;
        let process = Some(launch(&program, &config, port)?);
        Ok(Self {
            port,
            program,
            config,
            process,
        })
    }

    /// The number of its process, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Stops it, which writes its store.
    ///
    /// # Errors
    /// It cannot be asked to end, or does not.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.stop())
    }

    /// Stops it, if it runs, and starts it with what it stored.
    ///
    /// # Errors
    /// It does not stop, or does not listen again.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.stop()?;
        self.process = Some(launch(&self.program, &self.config, self.port)?);
        Ok(())
    }
}

fn launch(program: &Path, config: &Path, port: u16) -> anyhow::Result<Process> {
    let mut process = Process::start(Command::new(program).arg("-c").arg(config))?;
    let begun = Instant::now();
    loop {
        let listens = TcpStream::connect(("127.0.0.1", port)).is_ok();
        // Asked after the attempt: what listens there may be somebody else's, and this one ended because of that.
        ensure!(
            process.is_running(),
            "mosquitto ended before it listened on port {port}"
        );
        if listens {
            return Ok(process);
        }
        ensure!(
            begun.elapsed() < PATIENCE,
            "mosquitto does not listen on port {port}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(DAEMONS.map(PathBuf::from));
    folders
        .map(|folder| folder.join("mosquitto"))
        .find(|file| file.is_file())
}

/// Below the ports that outgoing connections get: an attempt to reach a port of that range before the broker listens
/// there can end up connected to itself.
fn free_port() -> anyhow::Result<u16> {
    let offset = std::process::id().wrapping_mul(31);
    let mut ports = (0..10_000).map(|next| 20_000 + (offset.wrapping_add(next) % 10_000) as u16);
    ports
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no port from 20000 to 29999 is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_with_its_lines_and_comes_back_on_the_same_port() {
        let folder = Folder::new("broker").unwrap();
        let mut broker = Broker::with(&folder, "persistence false\n").unwrap();
        let first = broker.id().expect("it runs");
        assert!((20_000..30_000).contains(&broker.port));
        broker.restart().unwrap();
        assert_ne!(broker.id(), Some(first));
        assert!(TcpStream::connect(("127.0.0.1", broker.port)).is_ok());
        broker.stop().unwrap();
        assert!(broker.id().is_none() && TcpStream::connect(("127.0.0.1", broker.port)).is_err());
    }
}
