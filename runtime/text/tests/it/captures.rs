//! Runs of the MicroPython system bit by bit: a text link at either end hears the strings that were said, at the
//! bit at which they were, and says its own with the very same bits.
//!
//! The vectors are in the repository; the captures of the original are beside it on some machines, in the same form.

use std::fs;
use std::path::{Path, PathBuf};

use fivewire_text::{Event, Opening, Role, Settings};
use serde_json::Value;

use crate::end::{End, Moved, ROLES, Text};

/// A string, and how many bits its sender had sent when its terminator was out.
#[derive(Debug, PartialEq)]
struct Said {
    edge: usize,
    text: String,
}

/// One run.
struct Run {
    name: String,
    /// Bits from host and bridge.
    bits: [Vec<bool>; 2],
    /// Strings from host and bridge.
    strings: [Vec<Said>; 2],
}

fn bits(list: &Value) -> Vec<bool> {
    let mut bits = Vec::new();
    for part in list.as_array().expect("a list") {
        match part {
            Value::Number(zeros) => {
                bits.resize(bits.len() + zeros.as_u64().expect("a count") as usize, false);
            }
            _ => bits.extend(part.as_str().expect("bits").chars().map(|bit| bit == '1')),
        }
    }
    bits
}

fn strings(list: &Value, from: &str) -> Vec<Said> {
    let list = list.as_array().expect("a list").iter();
    let mine = list.filter(|string| string["from"] == from);
    mine.map(|string| {
        let fields = string["fields"].as_array().expect("a list").iter();
        let fields: Vec<_> = fields.map(|field| field.as_str().expect("text")).collect();
        Said {
            edge: string["edge"].as_u64().expect("a count") as usize,
            text: fields.join("\x7F"),
        }
    })
    .collect()
}

fn run(value: &Value) -> Run {
    Run {
        name: value["scenario"].as_str().expect("a name").to_owned(),
        bits: ["host_to_bridge", "bridge_to_host"].map(|key| bits(&value[key])),
        strings: ["host", "bridge"].map(|from| strings(&value["strings"], from)),
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("it is there");
    serde_json::from_str(&text).expect("JSON")
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The vectors of the repository.
fn vectors() -> Vec<Run> {
    let file = read(&top().join("spec/vectors/text-symbols.json"));
    file["runs"].as_array().expect("a list").iter().map(run).collect()
}

/// The captures in the folder `shared` beside the repository, or above it, if there is one.
fn captures() -> Vec<Run> {
    let top = top().canonicalize().expect("it is there");
    let places = top.ancestors().map(|above| above.join("shared/captures"));
    let folder = places.filter_map(|place| fs::read_dir(place).ok()).next();
    let paths = folder
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").path());
    let files = paths.filter(|path| path.extension().is_some_and(|name| name == "json"));
    files.map(|path| run(&read(&path))).collect()
}

/// Where an end's sync byte begins.
fn sync_at(bits: &[bool]) -> usize {
    bits.iter().position(|&bit| bit).expect("a sync byte")
}

/// One end of a run played by a text link.
struct Player<'a> {
    run: &'a Run,
    mine: usize,
    peer: usize,
    moved: Moved,
    made: usize,
    sent: usize,
    heard: Vec<Said>,
}

impl<'a> Player<'a> {
    fn new(run: &'a Run, role: Role, makes_ahead: bool) -> Self {
        let (mine, peer) = match role {
            Role::Initiator => (0, 1),
            Role::Responder => (1, 0),
        };
        let opening = match sync_at(&run.bits[mine]) {
            0 => Opening::AtOnce,
            _ => Opening::HeldBack,
        };
        let mut link = Text::new(Settings::new(role));
        link.start(0, opening);
        let moved = Moved::new(link, makes_ahead);
        Player {
            run,
            mine,
            peer,
            moved,
            made: 0,
            sent: 0,
            heard: Vec::new(),
        }
    }

    /// Takes the peer's bit of this exchange and checks the own one.
    fn step(&mut self, came: bool) -> bool {
        let (run, mine) = (self.run, self.mine);
        let (made, sent) = (&mut self.made, &mut self.sent);
        let bit = self
            .moved
            .step_with(came, |link| say(run, mine, made, sent, link));
        while let Some(event) = self.moved.link.poll_event() {
            assert!(matches!(event, Event::Heard { .. } | Event::Up), "{event:?}");
        }
        bit
    }

    fn hear(&mut self, edge: usize) {
        while let Some(string) = self.moved.link.receive() {
            let text = String::from_utf8(string.to_vec()).expect("7-bit characters");
            self.heard.push(Said { edge, text });
            self.moved.link.release();
        }
    }

    fn check(mut self) {
        let name = &self.run.name;
        let mut bits = Vec::new();
        if self.mine == 0 {
            bits.push(self.moved.first_bit());
            self.made = 1;
        }
        for (exchange, &came) in self.run.bits[self.peer].iter().enumerate() {
            bits.push(self.step(came));
            self.hear(exchange + 1);
        }
        bits.truncate(self.run.bits[self.mine].len());
        let wrong = bits
            .iter()
            .zip(&self.run.bits[self.mine])
            .position(|(a, b)| a != b);
        assert_eq!(wrong, None, "{name}: the first bit that differs");
        assert_eq!(self.heard, self.run.strings[self.peer], "{name}");
        assert_eq!(self.sent, self.run.strings[self.mine].len(), "{name}");
    }
}

/// Before bit number `made`: sends what begins with it, and the sync byte that was held back.
fn say(run: &Run, mine: usize, made: &mut usize, sent: &mut usize, link: &mut Text) {
    if *made == sync_at(&run.bits[mine]) {
        link.send_sync();
    }
    let next = run.strings[mine].get(*sent);
    if let Some(said) = next.filter(|said| said.edge - 7 * (said.text.len() + 1) == *made) {
        link.send(said.text.as_bytes()).expect("room");
        *sent += 1;
    }
    *made += 1;
}

fn check(runs: &[Run]) {
    for run in runs {
        for role in ROLES {
            Player::new(run, role, true).check();
            Player::new(run, role, false).check();
        }
    }
}

#[test]
fn the_vectors_are_heard_and_said_bit_for_bit() {
    let runs = vectors();
    assert!(runs.len() >= 4, "only {} runs", runs.len());
    check(&runs);
}

#[test]
fn what_the_original_said_is_heard_and_said_bit_for_bit() {
    check(&captures());
}
