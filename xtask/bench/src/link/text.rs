//! What a host costs before a bridge of the MicroPython system: the host as machine code of an emulated RP2040, and at its
//! wires an old bridge that always keeps up, so that what is measured is the host. The original's own speed is the one that its
//! authors documented.

use std::path::Path;

use anyhow::ensure;
use fivewire_text::{Opening, Role, Settings, TextLink};

use super::chip::Chip;
use super::emulated::PER_S;
use super::ends::{self, Course};
use crate::report::{Aim, Figure};

/// Characters per second of the original in use, as its authors measured.
const ORIGINAL: f64 = 118.0;
/// Bits of a character.
const CHARACTER: f64 = 7.0;
/// Cycles of a millisecond.
const MILLISECOND: u64 = 125_000;

/// The old bridge, whose broker takes everything.
struct OldBridge {
    link: TextLink<2048, 2048>,
    data: bool,
    clock: bool,
}

impl OldBridge {
    fn new() -> Self {
        let mut link = TextLink::new(Settings::new(Role::Responder));
        link.start(0, Opening::AtOnce);
        Self {
            link,
            data: false,
            clock: false,
        }
    }

    /// Levels of its pins, as the host sees them.
    fn pins(&self) -> u32 {
        let level = |pin, is_high| if is_high { pin } else { 0 };
        level(ends::DATA_IN, self.data) | level(ends::CLOCK_IN, self.clock)
    }

    /// Answers an edge of the host's clock, if there was one.
    fn follow(&mut self, host: u32, now: u64) {
        if (host & ends::CLOCK_OUT != 0) == self.clock {
            return;
        }
        self.data = self.link.output_bit();
        self.link.input_bit(host & ends::DATA_OUT != 0);
        self.clock = !self.clock;
        if self.link.has_input() {
            self.link.handle_timeout((now / MILLISECOND) as u32);
            self.answer();
        }
    }

    fn answer(&mut self) {
        while self.link.poll_event().is_some() {}
        let answers: &[&[u8]] = match self.link.receive().and_then(|string| string.first()) {
            Some(b'i') => &[b"t\x7f2", b"t\x7f1", b"t\x7f0", b"t\x7f5", b"t\x7f9"],
            Some(b'p') => &[b"t\x7f4"],
            Some(b'm') => &[b"m\x7f27000\x7f10000"],
            _ => &[],
        };
        self.link.release();
        for answer in answers {
            // The longest of them have room many times over.
            let _ = self.link.send(answer);
        }
    }

    /// Characters of strings, both ways, terminators included.
    fn characters(&self) -> u32 {
        let stats = self.link.stats();
        stats.symbols_sent.wrapping_add(stats.symbols_received)
    }
}

/// Runs the host's program until it is done.
fn run(host: &Path) -> anyhow::Result<(Course, u32)> {
    let mut host = Chip::new(host, ends::FROM_BRIDGE)?;
    let (mut bridge, mut course) = (OldBridge::new(), Course::new());
    let (mut before, mut bits, mut characters) = (0, 0, 0);
    while before & ends::DONE == 0 {
        host.step(bridge.pins())?;
        ensure!(
            host.cycles() < ends::LIMIT,
            "the host is at {:#x} for ever",
            host.at()
        );
        // The old bridge clocks whenever the host does.
        let outputs = ends::with_both(host.outputs(), true);
        if outputs == before {
            continue;
        }
        if outputs & ends::RESET != 0 {
            bits += u64::from((outputs ^ before) & ends::CLOCK_OUT != 0);
            bridge.follow(outputs, host.cycles());
        }
        let began = outputs & !before & ends::FLOODING != 0;
        let ended = before & !outputs & ends::FLOODING != 0;
        if began || ended {
            characters = bridge.characters().wrapping_sub(characters);
        }
        course.see(outputs, host.cycles(), bits);
        before = outputs;
    }
    Ok((course, characters))
}

/// The figures of the text format, in the time of a Pico.
pub(super) fn figures(host: &Path) -> anyhow::Result<Vec<Figure>> {
    let (course, characters) = run(host)?;
    let per_bit = course.flood_burst.cycles as f64 / course.flood_burst.bits as f64;
    let per_second = PER_S / course.flood.cycles as f64;
    let in_use = f64::from(characters) * per_second;
    let aim = Aim::AtLeast(20.0);
    Ok(vec![
        Figure::new("text burst", per_bit, "cycles/bit"),
        Figure::new("text symbols", PER_S / per_bit / CHARACTER, "symbol/s"),
        Figure::new("text symbols in use", in_use, "symbol/s").against("MicroPython", ORIGINAL),
        Figure::new("text, times that", in_use / ORIGINAL, "x").aim(aim),
        Figure::new("text QoS 1", f64::from(ends::FLOOD) * per_second, "message/s"),
    ])
}
