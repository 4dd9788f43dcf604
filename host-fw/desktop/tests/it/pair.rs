//! Both programs, a wires file between them, and what each of them says.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use fivewire_wires::Wires;
use serde_json::Value;

use crate::broker::Folder;

/// Nothing that is waited for takes longer, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A program that is killed when its test ends, and the JSON lines that it prints.
pub(crate) struct Program {
    process: Child,
    lines: Receiver<String>,
    /// What was read, for the message of a failure.
    heard: Vec<String>,
}

impl Program {
    pub(crate) fn start(path: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(path)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let output = process.stdout.take().unwrap();
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            process,
            lines,
            heard: Vec::new(),
        }
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// The next line, or `None` when the program has ended.
    pub(crate) fn next_line(&mut self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.heard.push(line.clone());
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("silence after\n{}", self.heard.join("\n")),
        }
    }

    /// Reads on until an event of this kind for which `wanted` holds.
    pub(crate) fn expect(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let Some(line) = self.next_line() else { break };
            let value: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if value["event"] == kind && wanted(&value) {
                return value;
            }
        }
        panic!("no such {kind} in\n{}", self.heard.join("\n"));
    }

    /// What it says in this time.
    pub(crate) fn listen(&mut self, time: Duration) -> Vec<Value> {
        let begun = Instant::now();
        let mut values = Vec::new();
        while let Some(left) = time.checked_sub(begun.elapsed()) {
            let Ok(line) = self.lines.recv_timeout(left) else {
                break;
            };
            values.push(serde_json::from_str(&line).unwrap());
            self.heard.push(line);
        }
        values
    }

    /// What it said until it was killed, and nobody has read.
    pub(crate) fn remainder(&mut self) -> Vec<Value> {
        let lines = std::iter::from_fn(|| self.next_line());
        lines.map(|line| serde_json::from_str(&line).unwrap()).collect()
    }

    /// Everything until it ends by itself, which it must do well.
    pub(crate) fn finish(&mut self) -> Vec<Value> {
        let mut values = Vec::new();
        while let Some(line) = self.next_line() {
            values.push(serde_json::from_str(&line).unwrap());
        }
        assert!(
            self.process.wait().unwrap().success(),
            "it failed after\n{}",
            self.heard.join("\n")
        );
        values
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A bridge and a host on one wires file.
pub(crate) struct Pair {
    folder: Folder,
    pub(crate) bridge: Program,
    pub(crate) host: Program,
    pub(crate) wires: Wires,
}

impl Pair {
    /// Starts both; the host's arguments are added to those that every test needs.
    pub(crate) fn start(port: u16, arguments: &[&str]) -> Self {
        let folder = Folder::new();
        let wires = Wires::open_or_create(wires_file(&folder)).unwrap();
        let bridge = start_bridge(&folder);
        let host = start_host(&folder, port, arguments);
        Self {
            folder,
            bridge,
            host,
            wires,
        }
    }

    /// The same, once messages can flow.
    pub(crate) fn running(port: u16, arguments: &[&str]) -> Self {
        let mut pair = Self::start(port, arguments);
        pair.host.expect("subscribed", |_| true);
        pair
    }

    /// A bridge that knows nothing takes the place of the one that is there, which dies without a word.
    pub(crate) fn replace_bridge(&mut self) {
        self.bridge.kill();
        self.bridge = start_bridge(&self.folder);
    }

    /// The same for the host.
    pub(crate) fn replace_host(&mut self, port: u16, arguments: &[&str]) {
        self.host.kill();
        self.host = start_host(&self.folder, port, arguments);
    }
}

pub(crate) fn start_bridge(folder: &Folder) -> Program {
    Program::start(
        &bridge_program(),
        &["--json", "--wires", wires_file(folder).to_str().unwrap()],
    )
}

pub(crate) fn start_host(folder: &Folder, port: u16, arguments: &[&str]) -> Program {
    let (file, broker) = (wires_file(folder), format!("127.0.0.1:{port}"));
    let mut all = vec!["--json", "--wires", file.to_str().unwrap(), "--broker", &broker];
    all.extend(arguments);
    Program::start(Path::new(env!("CARGO_BIN_EXE_fivewire-host")), &all)
}

pub(crate) fn wires_file(folder: &Folder) -> PathBuf {
    folder.path().join("five.wires")
}

/// Beside the host's program; cargo knows only the programs of this package, so the bridge may have to be built.
fn bridge_program() -> PathBuf {
    static BUILT: std::sync::Once = std::sync::Once::new();
    let path = Path::new(env!("CARGO_BIN_EXE_fivewire-host")).with_file_name("fivewire-bridge");
    BUILT.call_once(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "build",
            "--quiet",
            "--package",
            "fivewire-bridge-fw-linux",
            "--bin",
            "fivewire-bridge",
        ]);
        // The tests' own target folder, wherever it is: the profile's folder is one below it.
        cargo.arg("--target-dir").arg(path.ancestors().nth(2).unwrap());
        if path
            .ancestors()
            .nth(1)
            .is_some_and(|profile| profile.ends_with("release"))
        {
            cargo.arg("--release");
        }
        assert!(
            cargo.status().unwrap().success(),
            "cargo build -p fivewire-bridge-fw-linux failed"
        );
    });
    path
}

/// The count of a receipt or queued publication.
pub(crate) fn count(value: &Value) -> u64 {
    value["count"]
        .as_u64()
        .unwrap_or_else(|| panic!("no count in {value}"))
}
