//! A mosquitto with a store, so that its sessions outlive its restarts. Deliberately without TLS and passwords: who needs
//! them tests them elsewhere.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::{Folder, Process};

const PROGRAM: &str = "/usr/sbin/mosquitto";
/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The broker.
#[derive(Debug)]
pub struct Broker {
    /// Where it listens, on the loopback.
    pub port: u16,
    config: PathBuf,
    process: Option<Process>,
}

impl Broker {
    /// Starts it with its store in `folder`. It queues without a bound, and has no more under way than is usual.
    ///
    /// # Errors
    /// There is no mosquitto, or it does not listen.
    pub fn start(folder: &Folder) -> anyhow::Result<Self> {
        anyhow::ensure!(
            Path::new(PROGRAM).exists(),
            "no {PROGRAM}; mend with: apt-get install mosquitto"
        );
        let (port, place) = (free_port()?, folder.path().display());
        let config = folder.path().join("mosquitto.conf");
        // Root would else become another user, who may not write here; for others the line has no effect.
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {place}/\n\
             user root\nmax_inflight_messages 20\nmax_queued_messages 0\n"
        );
        std::fs::write(&config, text)?;
        let process = Some(launch(&config, port)?);
        Ok(Self {
            port,
            config,
            process,
        })
    }

    /// Stops it, which writes its store.
    ///
    /// # Errors
    /// It cannot be asked to end.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.stop())
    }

    /// Stops it, if it runs, and starts it with what it stored.
    ///
    /// # Errors
    /// It does not stop, or does not listen again.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.stop()?;
        self.process = Some(launch(&self.config, self.port)?);
        Ok(())
    }
}

fn launch(config: &Path, port: u16) -> anyhow::Result<Process> {
    let mut process = Process::start(Command::new(PROGRAM).arg("-c").arg(config))?;
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        anyhow::ensure!(process.is_running(), "mosquitto ended at once");
        anyhow::ensure!(
            begun.elapsed() < PATIENCE,
            "mosquitto does not listen on port {port}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(process)
}

/// Below the ports that outgoing connections get.
fn free_port() -> anyhow::Result<u16> {
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    let mut ports = first..first + 1_000;
    let free = ports.find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok());
    free.ok_or_else(|| anyhow::anyhow!("no free port from {first} on"))
}
