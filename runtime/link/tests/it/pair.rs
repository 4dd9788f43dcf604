//! Two links and the wires between them: bits move, time passes, and faults happen where a test says so.

use fivewire_link::{Hello, Link, Settings};

use crate::Rng;

pub(crate) const BUFFER: usize = 600;
pub(crate) type End = Link<BUFFER, BUFFER>;

pub(crate) fn hello(epoch: u16) -> Hello {
    Hello::new(1, 1, 0x1234_5678, 500, epoch)
}

pub(crate) fn settings(epoch: u16) -> Settings {
    Settings {
        watchdog_ms: 4000,
        ..Settings::new(hello(epoch))
    }
}

/// What goes wrong on the wires. Each number n: once in n bits, 0 = never.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// A bit arrives inverted.
    pub(crate) flip: u32,
    /// A bit does not arrive.
    pub(crate) lose: u32,
    /// A bit arrives twice.
    pub(crate) double: u32,
    /// The wires stand still for up to two seconds.
    pub(crate) stall: u32,
    /// Up to 200 bits in a row are noise.
    pub(crate) noise: u32,
}

/// Told the time, from which end, and the bit.
pub(crate) type Tap = Box<dyn FnMut(u32, usize, bool)>;

/// The two ends, `[a, b]`, and what is between them.
pub(crate) struct Pair {
    pub(crate) ends: [End; 2],
    pub(crate) now: u32,
    pub(crate) bits_per_ms: u32,
    pub(crate) faults: Faults,
    pub(crate) rng: Rng,
    stalled_until: Option<u32>,
    noisy_bits: [u32; 2],
    /// This end hears nothing but zeros.
    pub(crate) deaf: [bool; 2],
    /// Turns over single bits: per direction, bits to go until the flip.
    pub(crate) flip_in: [Option<u32>; 2],
    /// Sees each bit as it was sent.
    pub(crate) tap: Option<Tap>,
}

impl Pair {
    pub(crate) fn new(seed: u64) -> Self {
        Pair::with(settings(100), settings(200), seed)
    }

    pub(crate) fn with(a: Settings, b: Settings, seed: u64) -> Self {
        Pair {
            ends: [Link::new(a), Link::new(b)],
            now: 0,
            bits_per_ms: 100,
            faults: Faults::default(),
            rng: Rng::new(seed),
            stalled_until: None,
            noisy_bits: [0, 0],
            deaf: [false, false],
            flip_in: [None, None],
            tap: None,
        }
    }

    pub(crate) fn start(&mut self) {
        for end in &mut self.ends {
            end.start(self.now);
        }
    }

    /// Nothing moves for so long.
    pub(crate) fn stall(&mut self, ms: u32) {
        self.stalled_until = Some(self.now.wrapping_add(ms));
    }

    /// A millisecond passes. Like a driver, it moves a bit a millisecond when both ends are quiet.
    pub(crate) fn tick(&mut self) {
        for end in &mut self.ends {
            end.handle_timeout(self.now);
        }
        self.stalled_until = self.stalled_until.filter(|&until| until != self.now);
        if self.stalled_until.is_none() {
            for bit in 0..self.bits_per_ms {
                let is_quiet = self.ends.iter().all(|end| end.is_quiet());
                if self.stalled_until.is_some() || (bit > 0 && is_quiet) {
                    break;
                }
                self.exchange();
            }
        }
        self.now = self.now.wrapping_add(1);
    }

    fn exchange(&mut self) {
        if self.rng.chance(self.faults.stall) {
            let ms = self.rng.below(2000);
            self.stall(ms + 1);
        }
        let bits = self.ends.each_mut().map(|end| end.output_bit());
        for (from, bit) in bits.into_iter().enumerate() {
            if let Some(tap) = &mut self.tap {
                tap(self.now, from, bit);
            }
            let (bit, times) = self.damage(from, bit);
            for _ in 0..times {
                self.ends[1 - from].input_bit(bit);
            }
        }
    }

    /// The bit as it arrives, and how often.
    fn damage(&mut self, from: usize, bit: bool) -> (bool, u32) {
        let Faults {
            flip,
            lose,
            double,
            noise,
            ..
        } = self.faults;
        if self.rng.chance(noise) {
            self.noisy_bits[from] = self.rng.below(200);
        }
        let noisy = self.noisy_bits[from] > 0;
        self.noisy_bits[from] = self.noisy_bits[from].saturating_sub(1);
        let due = self.flip_in[from].map(|bits| bits.checked_sub(1));
        self.flip_in[from] = due.flatten();
        let flipped = due == Some(None) || self.rng.chance(flip) || (noisy && self.rng.chance(2));
        let times = match (self.rng.chance(lose), self.rng.chance(double)) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 1,
        };
        ((bit ^ flipped) && !self.deaf[1 - from], times)
    }

    /// Time passes without looking.
    pub(crate) fn run(&mut self, ms: u32) {
        (0..ms).for_each(|_| self.tick());
    }
}
