//! A translator between two buffers: a script of what both sides say and of time goes in, a trace of what it says
//! comes out. Fields of strings are separated by `|`, 0x00 is never among them.

use std::fmt::Write;

use fivewire_text::{Bodies, Desk, Fault, Strings, Translator};
use fivewire_wire::{Command, Event, Reply, Writer};

/// One translator and everything around it.
pub(crate) struct Rig<T> {
    pub(crate) translator: T,
    pub(crate) strings: Strings<[u8; 4096]>,
    pub(crate) bodies: Bodies<[u8; 8192]>,
    now: u32,
    next: u8,
    /// Whether strings leave as soon as they are there.
    pub(crate) fast_wires: bool,
    pub(crate) fault: Option<Fault>,
    /// Whether bodies stay until they are taken, instead of going into the trace.
    pub(crate) keeps_bodies: bool,
    /// Strings that were said, while bodies are kept.
    pub(crate) said: Vec<Vec<u8>>,
    trace: String,
}

impl<T: Translator> Rig<T> {
    pub(crate) fn new(mut translator: T) -> Self {
        // The clock wraps during every script.
        let now = u32::MAX - 5_000;
        translator.start(now);
        Rig {
            translator,
            strings: Strings::new(),
            bodies: Bodies::new(),
            now,
            next: 0,
            fast_wires: true,
            fault: None,
            keeps_bodies: false,
            said: Vec::new(),
            trace: String::new(),
        }
    }

    fn tell(&mut self, tell: impl FnOnce(&mut T, &mut Desk<'_>) -> Result<(), Fault>) {
        if self.fault.is_some() {
            return;
        }
        let mut desk = Desk::new(self.now, &mut self.strings, &mut self.bodies);
        self.fault = tell(&mut self.translator, &mut desk).err();
        self.wires();
    }

    /// Strings go out, and the translator is told so.
    fn wires(&mut self) {
        if self.fast_wires && self.fault.is_none() {
            self.drain();
            let mut desk = Desk::new(self.now, &mut self.strings, &mut self.bodies);
            self.fault = self.translator.handle_timeout(&mut desk).err();
        }
        if !self.keeps_bodies {
            self.drain_bodies();
        }
        if let Some(fault) = self.fault {
            writeln!(self.trace, "{fault:?}").expect("a string takes all");
        }
    }

    /// The next body for the own end, with its number.
    pub(crate) fn take_body(&mut self) -> Option<(u8, Vec<u8>)> {
        let bodies: &mut Bodies = &mut self.bodies;
        let taken = bodies.oldest().map(|(number, body)| (number, body.to_vec()));
        bodies.release();
        taken
    }

    fn drain(&mut self) {
        let mut string = Vec::new();
        let strings: &mut Strings = &mut self.strings;
        while let Some(character) = strings.pop() {
            assert!(character < 0x80, "a symbol has seven bits");
            if character != 0 {
                string.push(character);
                continue;
            }
            let string = std::mem::take(&mut string);
            let said = String::from_utf8_lossy(&string);
            writeln!(self.trace, "  says {}", said.replace('\x7F', "|")).expect("a string takes all");
            if self.keeps_bodies {
                self.said.push(string);
            }
        }
        assert!(string.is_empty(), "a string has an end");
    }

    fn drain_bodies(&mut self) {
        let bodies: &mut Bodies = &mut self.bodies;
        while let Some((_, body)) = bodies.oldest() {
            let line = describe(body);
            bodies.release();
            writeln!(self.trace, "  {line}").expect("a string takes all");
        }
    }

    /// The own end sends a body; its number. It waits until the translator is ready, as it would in a link.
    pub(crate) fn body(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> u8 {
        let mut buffer = [0; 2048];
        let mut writer = Writer::new(&mut buffer);
        write(&mut writer);
        let (number, len) = (self.next, writer.len());
        self.next = number.wrapping_add(1);
        assert!(self.translator.is_ready(), "a body while it is not ready");
        self.tell(|translator, desk| translator.handle_body(number, &buffer[..len], desk));
        number
    }

    /// The other side sends a string.
    pub(crate) fn string(&mut self, string: &[u8]) {
        self.tell(|translator, desk| translator.handle_string(string, desk));
    }

    pub(crate) fn dropped(&mut self) {
        self.tell(|translator, desk| translator.handle_dropped(desk));
    }

    /// Time passes, no faster than the translator wants to be told.
    pub(crate) fn wait(&mut self, mut ms: u32) {
        while ms > 0 && self.fault.is_none() {
            let due = self
                .translator
                .poll_timeout()
                .map(|at| at.wrapping_sub(self.now).cast_signed());
            let step = due.map_or(ms, |due| u32::try_from(due).unwrap_or(0).clamp(1, ms));
            self.now = self.now.wrapping_add(step);
            ms -= step;
            self.tell(|translator, desk| translator.handle_timeout(desk));
        }
    }

    pub(crate) fn trace(&mut self) -> String {
        std::mem::take(&mut self.trace)
    }

    /// Runs a script: `line` does what is not a string (`< t|4`), time (`+1500`) or one of the wires (`slow`, `out`).
    pub(crate) fn run(&mut self, script: &str, line: impl Fn(&mut Self, &str)) -> String {
        for step in script.lines().map(str::trim).filter(|step| !step.is_empty()) {
            writeln!(self.trace, "{step}").expect("a string takes all");
            match step.split_at(1) {
                ("<", string) => self.string(string.trim().replace('|', "\x7F").as_bytes()),
                ("+", ms) => self.wait(ms.parse().expect("milliseconds")),
                _ if step == "slow" => self.fast_wires = false,
                _ if step == "out" => {
                    self.fast_wires = true;
                    self.tell(|translator, desk| translator.handle_timeout(desk));
                    self.tell(|translator, desk| translator.handle_timeout(desk));
                }
                _ if step == "dropped" => self.dropped(),
                _ => line(self, step),
            }
        }
        self.trace()
    }
}

/// A body in words.
pub(crate) fn describe(body: &[u8]) -> String {
    if let Ok(command) = Command::decode(body) {
        return format!("{command:?}");
    }
    let event = Event::decode(body).map(|event| format!("{event:?}"));
    let reply = || Reply::decode(body).map(|(number, reply)| format!("#{number} {reply:?}"));
    event
        .or_else(|_| reply())
        .unwrap_or_else(|error| format!("{error}: {body:02x?}"))
}
