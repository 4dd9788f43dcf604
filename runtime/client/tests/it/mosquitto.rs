//! A broker process for the tests, with a folder of its own, both gone in the end.
//!
//! Not here: the tests (see `real`, `real_v5`, `examples`).

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

const PROGRAM: &str = "/usr/sbin/mosquitto";

/// Below the ports that outgoing connections get: an attempt to reach a port of that range before the broker
/// listens there can end up connected to itself.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let offset = u32::from(NEXT.fetch_add(1, Ordering::Relaxed)) + 41 * std::process::id();
        let port = 20_000 + (offset % 10_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

pub(crate) struct Mosquitto {
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
    process: Option<Child>,
}

impl Mosquitto {
    /// One that lets everyone in.
    pub(crate) fn start() -> Self {
        let mut broker = Self::absent(|_| "allow_anonymous true\n".into());
        broker.run();
        broker
    }

    /// One that does not run yet, with the lines of configuration that `more` makes, and perhaps files beside them.
    pub(crate) fn absent(more: impl FnOnce(&Path) -> String) -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        assert!(
            Path::new(PROGRAM).exists(),
            "no {PROGRAM}: type `apt-get install mosquitto`"
        );
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("fivewire-client-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (port, place, more) = (free_port(), folder.display(), more(&folder));
        // Root would else become another user, who may not write here; for others the line has no effect.
        let text = format!(
            "listener {port} 127.0.0.1\npersistence true\npersistence_location {place}/\nuser root\n{more}"
        );
        std::fs::write(folder.join("mosquitto.conf"), text).unwrap();
        Self {
            port,
            folder,
            process: None,
        }
    }

    /// Starts the process and waits until it listens.
    pub(crate) fn run(&mut self) {
        let mut command = Command::new(PROGRAM);
        command.arg("-c").arg(self.folder.join("mosquitto.conf"));
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(quiet.spawn().unwrap());
        for _ in 0..2_000 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("mosquitto does not listen on port {}", self.port);
    }

    /// Ends the process in order, so that it saves its sessions.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let pid = process.id().to_string();
            assert!(Command::new("kill").arg(pid).status().unwrap().success());
            process.wait().unwrap();
        }
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
