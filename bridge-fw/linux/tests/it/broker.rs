//! Mosquitto on a free port of the loopback, gone with its test.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

const PROGRAM: &str = "/usr/sbin/mosquitto";
const LOG: &str = "mosquitto.log";

/// Below the ports that outgoing connections get: an attempt to reach a port of that range before the broker
/// listens there can end up connected to itself.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let offset = u32::from(NEXT.fetch_add(1, Ordering::Relaxed)) + 37 * std::process::id();
        let port = 10_000 + (offset % 10_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A folder that is gone with its owner.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("fivewire-bridge-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
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

/// A broker that can be killed and started again; it keeps its sessions.
pub(crate) struct Broker {
    pub(crate) port: u16,
    folder: Folder,
    process: Option<Child>,
}

impl Broker {
    /// One that lets everyone in.
    pub(crate) fn start() -> Self {
        let mut broker = Self::absent("allow_anonymous true");
        broker.run();
        broker
    }

    /// One with this line of configuration that is not running yet.
    pub(crate) fn absent(line: &str) -> Self {
        assert!(
            Path::new(PROGRAM).exists(),
            "no {PROGRAM}: type `apt-get install mosquitto`"
        );
        let (port, folder) = (free_port(), Folder::new());
        let place = folder.path().display();
        // Root would else become another user, who may not write here; for others the line has no effect.
        let config = format!(
            "listener {port} 127.0.0.1\npersistence true\npersistence_location {place}/\nautosave_interval 1\n\
             user root\nmax_inflight_messages 20\nlog_dest file {place}/{LOG}\n{line}\n"
        );
        std::fs::write(folder.path().join("mosquitto.conf"), config).unwrap();
        Self {
            port,
            folder,
            process: None,
        }
    }

    /// Starts it and waits until it says that all its listeners are there. It is not called meanwhile: what a broker
    /// makes of connections that end at once is no business of these tests.
    pub(crate) fn run(&mut self) {
        let log = self.folder.path().join(LOG);
        // What an earlier run said does not count; the first has none.
        let _ = std::fs::remove_file(&log);
        let mut command = Command::new(PROGRAM);
        command.arg("-c").arg(self.folder.path().join("mosquitto.conf"));
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = self.process.insert(command.spawn().unwrap());
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        for _ in 0..2_000 {
            if said().lines().any(|line| line.ends_with(" running")) {
                return;
            }
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "mosquitto ended at once:\n{}", said());
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("mosquitto does not listen on port {}:\n{}", self.port, said());
    }

    /// Ends it as power would: without a word to its clients.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}
