//! The examples as their users start them, against a broker that comes and goes.
//!
//! Not here: what the client does in detail (see `real`).

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::certificates::{Authority, Validity};
use crate::mosquitto::Mosquitto;

/// Far more than anything takes; only a hang reaches it.
const PATIENCE: Duration = Duration::from_secs(60);
const ALL: [&str; 5] = ["clean", "unclean", "range", "tls", "timeout"];

/// Beside this test's own program.
fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let path = own
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples")
        .join(name);
    assert!(
        path.exists(),
        "no {}: cargo build -p fivewire-client --examples makes it",
        path.display()
    );
    path
}

/// An example under way, and its lines.
struct Example {
    process: Child,
    lines: Receiver<String>,
}

impl Example {
    fn start(name: &str, broker: &Mosquitto, more: &[&str]) -> Self {
        let place = format!("localhost:{}", broker.port);
        let mut command = Command::new(program(name));
        command.args(["--broker", &place, "--interval-ms", "20", "--client-id", name]);
        let mut process = command.args(more).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            // It ends with the program, or with the test.
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { process, lines }
    }

    /// Waits for a line like this.
    fn until(&self, mut wanted: impl FnMut(&str) -> bool) -> String {
        let (start, mut seen) = (Instant::now(), Vec::new());
        while let Ok(line) = self.lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            if wanted(&line) {
                return line;
            }
            seen.push(line);
        }
        panic!("it never came; instead: {seen:#?}");
    }

    fn until_line(&self, wanted: &str) {
        self.until(|line| line == wanted);
    }

    fn until_end(&self, wanted: &str) -> String {
        self.until(|line| line.ends_with(wanted))
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn publish(broker: &Mosquitto, topic: &str, payload: &str) {
    let port = broker.port.to_string();
    let arguments = [
        "-h",
        "127.0.0.1",
        "-p",
        &port,
        "-q",
        "1",
        "-t",
        topic,
        "-m",
        payload,
    ];
    assert!(
        Command::new("mosquitto_pub")
            .args(arguments)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn each_tells_how_to_use_it() {
    for name in ALL {
        let output = Command::new(program(name)).arg("--help").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && text.contains("--broker") && text.contains("--seconds"),
            "{text}"
        );
    }
}

#[test]
fn each_ends_when_its_time_is_up() {
    let broker = Mosquitto::start();
    for name in ALL {
        let mut example = Example::start(name, &broker, &["--seconds", "1"]);
        assert!(example.process.wait().unwrap().success(), "{name}");
    }
}

#[test]
fn clean_goes_on_after_a_restart_of_the_broker() {
    let mut broker = Mosquitto::start();
    let example = Example::start("clean", &broker, &[]);
    example.until_line("subscribed to green");
    publish(&broker, "green", "on");
    example.until_line("message: green = on");
    example.until_end("5: delivered");
    broker.stop();
    example.until(|line| line.starts_with("down: "));
    broker.run();
    example.until_line("up, session present: false");
    // The subscription comes back by itself; what is published before that is lost, as it says.
    let mut lines = 0;
    example.until(|line| {
        // Now and then, until one comes through.
        lines += 1;
        if lines % 10 == 1 {
            publish(&broker, "green", "off");
        }
        line == "message: green = off"
    });
}

#[test]
fn unclean_gets_what_was_published_while_it_was_away() {
    let broker = Mosquitto::start();
    let example = Example::start("unclean", &broker, &["--fresh", "--turn", "1"]);
    example.until_line("up, session present: false");
    example.until_line("subscribed to green");
    example.until_line("away");
    publish(&broker, "green", "missed you");
    example.until_line("message: green = missed you");
    example.until_line("away");
    drop(example);
    publish(&broker, "green", "between two lives");
    let later = Example::start("unclean", &broker, &[]);
    later.until_line("message: green = between two lives");
}

#[test]
fn range_tells_memory_and_signal() {
    let broker = Mosquitto::start();
    let example = Example::start("range", &broker, &[]);
    let line = example.until_end(": delivered");
    assert!(
        line.starts_with("0 rssi ") && line.contains(" kB republished 0 outages 0 in "),
        "{line}"
    );
    assert!(line.contains("no radio") || line.contains("dBm"));
}

#[test]
fn tls_trusts_the_authority_that_it_is_told_and_no_other() {
    let mut authorities = None;
    let mut broker = Mosquitto::absent(|folder| {
        let authority = Authority::new(folder, "right");
        let identity = authority.sign("broker", "localhost", Validity::Now);
        authorities = Some((authority, Authority::new(folder, "wrong")));
        identity.listener()
    });
    broker.run();
    let (right, wrong) = authorities.unwrap();
    let example = Example::start("tls", &broker, &["--ca-file", right.file.to_str().unwrap()]);
    example.until_line("3: delivered");
    let example = Example::start("tls", &broker, &["--ca-file", wrong.file.to_str().unwrap()]);
    example.until_line("not up: broker cannot be reached");
}

#[test]
fn timeout_gives_up_what_the_outage_outlasts() {
    let mut broker = Mosquitto::start();
    let example = Example::start("timeout", &broker, &["--deadline-ms", "300"]);
    example.until_line("2: delivered");
    broker.stop();
    example.until_end(": expired");
    example.until_end(": expired");
    broker.run();
    example.until_end(": delivered");
}
