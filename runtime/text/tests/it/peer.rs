//! The peer in Python as a process: starts one of its programs, and listens to what it prints.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use fivewire_wires::Wires;
use serde_json::Value;

/// Nothing here takes that long, however busy the machine is.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// The original's seconds are so long.
const SCALE: &str = "0.02";

/// A wires file that is removed again.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.wires", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Scratch(path)
    }

    pub(crate) fn wires(&self) -> Wires {
        Wires::open_or_create(&self.0).expect("made")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A program of the Python peer and the lines that it prints.
pub(crate) struct Peer {
    child: Child,
    lines: Receiver<Value>,
    pub(crate) seen: Vec<Value>,
}

impl Peer {
    pub(crate) fn start(program: &str, scratch: &Scratch, args: &[&str]) -> Peer {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/peer")
            .join(program);
        let mut child = Command::new("python3")
            .arg(script)
            .arg(&scratch.0)
            .args(["--scale", SCALE])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is installed; cargo xtask test does that");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            for line in lines {
                let _ = sender.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Peer {
            child,
            lines,
            seen: Vec::new(),
        }
    }

    /// Its host, patient with a busy machine: a bit may take 10 s of real time.
    pub(crate) fn host(scratch: &Scratch, args: &[&str]) -> Peer {
        Peer::start("host.py", scratch, &[&["--timeout", "500"], args].concat())
    }

    pub(crate) fn bridge(scratch: &Scratch, args: &[&str]) -> Peer {
        Peer::start("bridge.py", scratch, args)
    }

    pub(crate) fn has_said(&mut self, event: &str) -> bool {
        self.seen.extend(self.lines.try_iter());
        self.seen.iter().any(|line| line["event"] == event)
    }

    /// Waits until it tells of this event.
    pub(crate) fn wait_for(&mut self, event: &str) {
        while !self.has_said(event) {
            let line = self.lines.recv_timeout(PATIENCE);
            assert!(line.is_ok(), "no {event} in {:#?}", self.seen);
            self.seen.extend(line);
        }
    }

    /// Waits until a host has printed this string, with `|` between fields.
    pub(crate) fn wait_for_string(&mut self, string: &str) {
        while !self.strings().iter().any(|printed| printed == string) {
            let line = self.lines.recv_timeout(PATIENCE);
            assert!(line.is_ok(), "no {string} in {:#?}", self.seen);
            self.seen.extend(line);
        }
    }

    /// What it told of events of this kind: the value under `key` of each.
    pub(crate) fn told(&mut self, event: &str, key: &str) -> Vec<Value> {
        self.has_said(event);
        let lines = self.seen.iter().filter(|line| line["event"] == event);
        lines.map(|line| line[key].clone()).collect()
    }

    /// The strings that a host printed, with `|` between fields.
    pub(crate) fn strings(&mut self) -> Vec<String> {
        let fields = self.told("string", "fields");
        fields.iter().map(joined).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn joined(fields: &Value) -> String {
    let fields = fields.as_array().expect("a list").iter();
    let fields: Vec<_> = fields.map(|field| field.as_str().expect("text")).collect();
    fields.join("|")
}
