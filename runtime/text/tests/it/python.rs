//! Ends that somebody else wrote: the peer in Python plays the MicroPython system's bridge and host over a wires
//! file, against itself and against a text link at either end.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_text::{Cause, Event, Opening, Role, Settings};
use fivewire_wires::{Pins, Wires};
use serde_json::{Value, json};

use crate::end::{End, Moved, Text, take_all};

/// Nothing here takes that long, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);
/// The original's seconds are so long.
const SCALE: &str = "0.02";
const OPENINGS: [Opening; 2] = [Opening::AtOnce, Opening::HeldBack];
const INIT: &str = "init|lab|secret|127.0.0.1|||{}|1|1883|0|1|60|0|1|4|10|0|time";

/// A wires file that is removed again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.wires", std::process::id()));
        let _ = std::fs::remove_file(&path);
        Scratch(path)
    }

    fn wires(&self) -> Wires {
        Wires::open_or_create(&self.0).expect("made")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A program of the Python peer and the lines that it prints.
struct Peer {
    child: Child,
    lines: Receiver<Value>,
    seen: Vec<Value>,
}

impl Peer {
    fn start(program: &str, scratch: &Scratch, args: &[&str]) -> Peer {
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
    fn host(scratch: &Scratch, args: &[&str]) -> Peer {
        Peer::start("host.py", scratch, &[&["--timeout", "500"], args].concat())
    }

    fn bridge(scratch: &Scratch, args: &[&str]) -> Peer {
        Peer::start("bridge.py", scratch, args)
    }

    fn has_said(&mut self, event: &str) -> bool {
        self.seen.extend(self.lines.try_iter());
        self.seen.iter().any(|line| line["event"] == event)
    }

    /// Waits until it tells of this event.
    fn wait_for(&mut self, event: &str) {
        while !self.has_said(event) {
            let line = self.lines.recv_timeout(PATIENCE);
            assert!(line.is_ok(), "no {event} in {:#?}", self.seen);
            self.seen.extend(line);
        }
    }

    /// What it told of events of this kind: the value under `key` of each.
    fn told(&mut self, event: &str, key: &str) -> Vec<Value> {
        self.has_said(event);
        let lines = self.seen.iter().filter(|line| line["event"] == event);
        lines.map(|line| line[key].clone()).collect()
    }

    /// The strings that a host printed, with `|` between fields.
    fn strings(&mut self) -> Vec<String> {
        let fields = self.told("string", "fields");
        fields.iter().map(|fields| joined(fields)).collect()
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

/// A text link on the pins of a wires file.
struct OnWires {
    moved: Moved,
    wires: Wires,
    pins: Pins,
    role: Role,
    opening: Opening,
    clock: bool,
    begun: Instant,
    strings: Vec<String>,
    events: Vec<Event>,
}

impl OnWires {
    fn new(scratch: &Scratch, role: Role, opening: Opening, silence_ms: u32) -> OnWires {
        let wires = scratch.wires();
        let pins = match role {
            Role::Initiator => wires.host_pins(),
            Role::Responder => wires.bridge_pins(),
        };
        let settings = Settings {
            silence_ms,
            sync_ms: silence_ms,
            ..Settings::new(role)
        };
        let mut end = OnWires {
            moved: Moved::new(Text::new(settings), true),
            wires,
            pins,
            role,
            opening,
            clock: false,
            begun: Instant::now(),
            strings: Vec::new(),
            events: Vec::new(),
        };
        end.start();
        end
    }

    fn now_ms(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }

    /// Link and wires begin anew.
    fn start(&mut self) {
        let mut link = std::mem::replace(&mut self.moved.link, Text::new(Settings::new(self.role)));
        link.start(self.now_ms(), self.opening);
        self.moved = Moved::new(link, true);
        match self.role {
            Role::Initiator => {
                let first = self.moved.first_bit();
                self.put(first, true);
            }
            Role::Responder => self.put(false, false),
        }
    }

    fn put(&mut self, data: bool, clock: bool) {
        self.clock = clock;
        let Ok(()) = self.pins.data_out.set_state(data.into());
        let Ok(()) = self.pins.clock_out.set_state(clock.into());
    }

    /// Resets the Python bridge and starts again.
    fn reset(&mut self, bridge: &mut Peer) {
        bridge.seen.clear();
        let Ok(()) = self.wires.reset_out().set_low();
        bridge.wait_for("reset");
        self.start();
        let Ok(()) = self.wires.reset_out().set_high();
    }

    fn step(&mut self) -> bool {
        let Ok(peer) = self.pins.clock_in.is_high();
        if (peer == self.clock) != (self.role == Role::Initiator) {
            return false;
        }
        let Ok(came) = self.pins.data_in.is_high();
        let bit = self.moved.step(came);
        self.put(bit, !self.clock);
        true
    }

    /// A burst, then what it brought. A bridge obeys the reset wire; the sync byte is sent as soon as the peer's was heard.
    fn work(&mut self) {
        if self.role == Role::Responder && self.wires.is_in_reset() {
            self.start();
        }
        if (0..64).any(|_| !self.step()) {
            std::thread::yield_now();
        }
        let now_ms = self.now_ms();
        let link = &mut self.moved.link;
        link.handle_timeout(now_ms);
        let news = std::iter::from_fn(|| link.poll_event());
        self.events.extend(news);
        if self.events.last().is_some_and(|last| wants_sync(*last)) {
            link.send_sync();
        }
        let strings = take_all(link).into_iter();
        self.strings
            .extend(strings.map(|string| string.replace('\x7F', "|")));
    }

    fn work_until(&mut self, what: &str, mut done: impl FnMut(&mut OnWires) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            self.work();
            let state = (&self.events, &self.strings);
            assert!(begun.elapsed() < PATIENCE, "no {what}: {state:?}");
        }
    }

    fn wait_for_event(&mut self, event: Event) {
        self.events.clear();
        self.work_until(&format!("{event:?}"), |end| end.events.contains(&event));
    }

    fn send(&mut self, string: &str) {
        let string = string.replace('|', "\x7F");
        self.moved.link.send(string.as_bytes()).expect("it is up");
    }

    /// Sends a string and works until the whole answer is there.
    fn ask(&mut self, string: &str, answer: &[&str]) {
        self.send(string);
        self.work_until(&answer.join(", "), |end| end.strings.len() >= answer.len());
        assert_eq!(self.strings, answer, "to {string}");
        self.strings.clear();
    }

    fn bring_up(&mut self) {
        self.ask("w|result|gone|True|1", &["t|7"]);
        self.ask(INIT, &["t|2", "t|1", "t|0", "t|5", "t|9"]);
    }
}

fn wants_sync(event: Event) -> bool {
    matches!(event, Event::Heard { .. } | Event::Down(Cause::PeerRestarted))
}

/// A text link as the host of the Python bridge, up.
fn host_before_a_bridge(
    name: &str,
    opening: Opening,
    silence_ms: u32,
    args: &[&str],
) -> (Scratch, Peer, OnWires) {
    let scratch = Scratch::new(name);
    let mut host = OnWires::new(&scratch, Role::Initiator, opening, silence_ms);
    let mut bridge = Peer::bridge(&scratch, args);
    bridge.wait_for("boot");
    host.wait_for_event(Event::Up);
    (scratch, bridge, host)
}

#[test]
fn the_python_ends_understand_each_other() {
    let scratch = Scratch::new("pair");
    let mut bridge = Peer::bridge(&scratch, &[]);
    let actions = [
        json!(["s", "green", 1]),
        json!(["p", "green", "on", false, 1]),
        json!(["await", "u", 1]),
        json!(["i"]),
        json!(["m"]),
        json!(["await", "m", 1]),
    ];
    let actions = actions.map(|action| action.to_string());
    let mut args = vec!["--will", r#"["result", "gone", "False", 1]"#];
    args.extend(actions.iter().flat_map(|action| ["--do", action]));
    let mut host = Peer::host(&scratch, &args);
    host.wait_for("done");
    let start = ["t|7", "t|2", "t|1", "t|0", "t|5", "t|9"];
    let rest = ["u|green|on|False", "t|4", "i|848545395", "m|27000|10000"];
    assert_eq!(host.strings(), [&start[..], &rest].concat());
    assert_eq!(bridge.told("publish", "message"), ["on"]);
    assert_eq!(bridge.told("subscribe", "topic"), ["green"]);
    let init = bridge.told("init", "fields");
    assert_eq!(init[0][2], "<redacted>");
}

#[test]
fn the_python_ends_take_the_configured_network_when_the_stored_one_is_gone() {
    let scratch = Scratch::new("specnet");
    scratch.wires().set_stored_network_usable(false);
    let mut bridge = Peer::bridge(&scratch, &[]);
    let mut host = Peer::host(&scratch, &["--do", r#"["p", "a", "1", true, 0]"#]);
    host.wait_for("done");
    assert_eq!(host.strings(), ["t|2", "t|3", "t|1", "t|0", "t|5", "t|9", "t|4"]);
    assert_eq!(bridge.told("go-ahead", "text"), ["1"]);
}

#[test]
fn a_host_talks_to_the_python_bridge() {
    for opening in OPENINGS {
        let (_scratch, mut bridge, mut host) =
            host_before_a_bridge(&format!("host-{opening:?}"), opening, 0, &[]);
        host.bring_up();
        host.send("s|green/#|1");
        host.ask("p|green/a|on|0|1", &["u|green/a|on|False", "t|4"]);
        host.ask("i", &["i|848545395"]);
        host.ask("m", &["m|27000|10000"]);
        host.ask("x|y", &["t|6|Unknown command:|x|y"]);
        assert_eq!(
            bridge.told("will", "fields"),
            [json!(["result", "gone", "True", "1"])]
        );
        assert_eq!(bridge.told("publish", "retained"), [true]);
    }
}

#[test]
fn a_bridge_talks_to_the_python_host() {
    for opening in OPENINGS {
        let scratch = Scratch::new(&format!("bridge-{opening:?}"));
        let mut bridge = OnWires::new(&scratch, Role::Responder, opening, 0);
        let actions = [
            r#"["s", "green", 1]"#,
            r#"["p", "green", "on", true, 1]"#,
            r#"["i"]"#,
        ];
        let args = actions.iter().flat_map(|action| ["--do", action]);
        let mut host = Peer::host(&scratch, &[&["--stay"], &args.collect::<Vec<_>>()[..]].concat());
        bridge.work_until("init", |end| {
            end.strings.iter().any(|string| string.starts_with("init|"))
        });
        for status in ["t|2", "t|1", "t|0", "t|5", "t|9"] {
            bridge.send(status);
        }
        bridge.work_until("publication", |end| end.strings.len() >= 3);
        bridge.send("u|green|on|False");
        bridge.send("t|4");
        bridge.work_until("time", |end| end.strings.len() >= 4);
        bridge.send("i|848545395");
        bridge.work_until("end", |_| host.told("string", "fields").len() >= 8);
        assert_eq!(bridge.strings[1..], ["s|green|1", "p|green|on|1|1", "i"]);
        let heard = [
            "t|2",
            "t|1",
            "t|0",
            "t|5",
            "t|9",
            "u|green|on|False",
            "t|4",
            "i|848545395",
        ];
        assert_eq!(host.strings(), heard);
        assert!(host.has_said("published"));
    }
}

#[test]
fn a_bridge_that_never_clocks_is_told_and_a_reset_brings_it_up() {
    let scratch = Scratch::new("silent");
    let mut host = OnWires::new(&scratch, Role::Initiator, Opening::HeldBack, 3000);
    let mut bridge = Peer::bridge(&scratch, &["--silent-boots", "1"]);
    bridge.wait_for("boot");
    host.wait_for_event(Event::Down(Cause::Silent));
    host.reset(&mut bridge);
    host.wait_for_event(Event::Up);
    host.bring_up();
}

#[test]
fn stray_bits_before_the_sync_byte_are_told_and_harmless() {
    let scratch = Scratch::new("stray");
    let mut host = OnWires::new(&scratch, Role::Initiator, Opening::HeldBack, 0);
    let _bridge = Peer::bridge(&scratch, &["--stray-boots", "1"]);
    host.wait_for_event(Event::Up);
    assert_eq!(host.events[0], Event::Heard { bits_before: 4 });
    host.bring_up();
}

#[test]
fn characters_off_their_places_are_no_message_and_a_reset_mends_them() {
    let (_scratch, mut bridge, mut host) =
        host_before_a_bridge("shifted", Opening::AtOnce, 0, &["--shifted-boots", "1"]);
    host.send("w|result|gone|True|1");
    host.work_until("answer", |end| {
        !end.strings.is_empty() || end.moved.link.stats().too_long > 0
    });
    assert!(
        !host.strings.iter().any(|string| string.starts_with("t|")),
        "{:?}",
        host.strings
    );
    host.reset(&mut bridge);
    host.strings.clear();
    host.wait_for_event(Event::Up);
    host.bring_up();
}

#[test]
fn a_bridge_that_freezes_is_told_and_a_reset_brings_it_up() {
    let (_scratch, mut bridge, mut host) =
        host_before_a_bridge("frozen", Opening::AtOnce, 3000, &["--freeze-after", "3"]);
    host.bring_up();
    host.send("m");
    host.wait_for_event(Event::Down(Cause::Silent));
    assert!(bridge.has_said("crash"));
    host.reset(&mut bridge);
    host.strings.clear();
    host.wait_for_event(Event::Up);
    host.bring_up();
}

#[test]
fn a_bridge_that_reboots_by_itself_is_met_without_a_reset() {
    let (_scratch, mut bridge, mut host) =
        host_before_a_bridge("reboot", Opening::HeldBack, 0, &["--reboot-after", "3"]);
    host.bring_up();
    host.send("s|green|1");
    host.wait_for_event(Event::Down(Cause::PeerRestarted));
    bridge.wait_for("crash");
    host.wait_for_event(Event::Up);
    host.strings.clear();
    host.bring_up();
}

#[test]
fn a_forged_status_is_a_string_like_any_other() {
    let (_scratch, _bridge, mut host) = host_before_a_bridge(
        "forged",
        Opening::HeldBack,
        0,
        &["--deliver", r"green=on\x00t\x7f8", "--deliver", r"green=\x7fTrue"],
    );
    host.bring_up();
    // The format cannot tell it from the bridge's word; who reads it must. No string is cut or merged all the same.
    host.ask("s|green|1", &["u|green|on", "t|8|False", "u|green||True|False"]);
}

#[test]
fn a_bridge_that_never_answers_keeps_clocking() {
    let (_scratch, _bridge, mut host) = host_before_a_bridge("mute", Opening::AtOnce, 0, &["--mute"]);
    host.send("w|result|gone|True|1");
    let before = host.moved.link.stats().symbols;
    host.work_until("idle clocks", |end| end.moved.link.stats().symbols > before + 300);
    assert!(host.strings.is_empty() && host.moved.link.is_quiet());
}
