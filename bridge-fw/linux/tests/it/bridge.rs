//! The bridge under test: the loop on a thread of this process, or the program.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

use fivewire_bridge::ClientId;
use fivewire_bridge_fw_linux::{Options, run};
use fivewire_wires::Wires;

/// The loop on a thread; stopped and joined in the end.
pub(crate) struct InThread {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl InThread {
    pub(crate) fn start(wires: &Wires, client_id: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, wires) = (Arc::clone(&stop), wires.clone());
        let options = Options {
            client_id: ClientId::try_from(client_id).unwrap(),
        };
        let body = move || run(&wires, &options, &flag, &mut |_, _| {}).unwrap();
        Self {
            stop,
            thread: Some(std::thread::spawn(body)),
        }
    }
}

impl Drop for InThread {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(
            matches!(ended, Some(Ok(())) | None) || std::thread::panicking(),
            "the bridge's thread panicked"
        );
    }
}

/// The program, killed in the end.
pub(crate) struct Process {
    child: Child,
    /// What it writes, line by line.
    pub(crate) lines: Receiver<String>,
}

impl Process {
    pub(crate) fn start(wires: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fivewire-bridge"));
        command.arg("--wires").arg(wires).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// Kills it as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as a terminal does.
    pub(crate) fn interrupt(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
