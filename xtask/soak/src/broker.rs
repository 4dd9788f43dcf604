//! Mosquitto on a free port of the loopback, with a store: stopped and started again it has its sessions.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::process::Process;

const PROGRAM: &str = "/usr/sbin/mosquitto";
/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder that is gone with its owner.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("fivewire-soak-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the temporary folder is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The broker.
pub(crate) struct Broker {
    pub(crate) port: u16,
    config: PathBuf,
    process: Process,
}

impl Broker {
    /// Starts it with its store in `folder`. It queues without a bound, and has no more under way than is usual.
    pub(crate) fn start(folder: &Folder) -> anyhow::Result<Self> {
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
        let process = launch(&config, port)?;
        Ok(Self {
            port,
            config,
            process,
        })
    }

    /// Stops it, which writes its store, and starts it again.
    pub(crate) fn restart(&mut self) -> anyhow::Result<()> {
        self.process.stop()?;
        self.process = launch(&self.config, self.port)?;
        Ok(())
    }
}

fn launch(config: &Path, port: u16) -> anyhow::Result<Process> {
    let mut process = Process::start(Path::new(PROGRAM), &["-c", &config.to_string_lossy()])?;
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
