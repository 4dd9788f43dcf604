//! The MicroPython bridge's link, bit by bit as it goes: the sync byte once and then zeros until a shift register equals
//! it, then characters of seven bits. Deliberately with the original's faults: no limit, no check, no time.

use std::collections::VecDeque;

use crate::wires::Bits;

const SYNC: u8 = 0x9D;
const SYNC_BITS: u32 = 8;
const CHARACTER_BITS: u32 = 7;
/// After so many idle characters nobody is in a hurry.
const IDLE: u32 = 32;

/// What a damaged start does to the bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Boot {
    /// Bits before the sync byte, as a dying chip puts them.
    pub(super) stray: u32,
    /// Bits by which characters are off their places, in both directions.
    pub(super) shift: u32,
}

/// The passive end.
#[derive(Debug)]
pub(super) struct SynCom {
    opening: VecDeque<bool>,
    register: u8,
    synchronised: bool,
    /// Bits of the character that is going out.
    out: VecDeque<bool>,
    queue: VecDeque<u8>,
    /// Bits of incoming characters that are not looked at.
    skip: u32,
    input: u8,
    sampled: u32,
    string: Vec<u8>,
    strings: VecDeque<Vec<u8>>,
    idle: u32,
}

impl SynCom {
    pub(super) fn new(boot: Boot) -> Self {
        let stray = (0..boot.stray).map(|at| at % 2 == 0);
        let sync = (0..SYNC_BITS).map(|at| SYNC >> at & 1 == 1);
        Self {
            opening: stray.chain(sync).collect(),
            register: 0,
            synchronised: false,
            out: (0..boot.shift).map(|_| false).collect(),
            queue: VecDeque::new(),
            skip: boot.shift,
            input: 0,
            // The last bit of a character is sampled when the first of the own next one goes out; before the first
            // character there is none, and the host's filler bit stands for it.
            sampled: CHARACTER_BITS - 1,
            string: Vec::new(),
            strings: VecDeque::new(),
            idle: 0,
        }
    }

    /// Queues a string, of which seven bits of each character go out; a 0 in it ends a string there.
    pub(super) fn send(&mut self, string: &[u8]) {
        self.queue.extend(string.iter().map(|character| character & 0x7F));
        self.queue.push_back(0);
    }

    pub(super) fn receive(&mut self) -> Option<Vec<u8>> {
        self.strings.pop_front()
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.synchronised && self.idle > IDLE && self.queue.is_empty()
    }

    fn load(&mut self) {
        let character = self.queue.pop_front();
        self.idle = if character.is_some() { 0 } else { self.idle + 1 };
        let character = character.unwrap_or(0);
        self.out
            .extend((0..CHARACTER_BITS).map(|at| character >> at & 1 == 1));
    }

    fn sample(&mut self, bit: bool) {
        self.input = self.input >> 1 | u8::from(bit) << 6;
        self.sampled += 1;
        if self.sampled < CHARACTER_BITS {
            return;
        }
        self.sampled = 0;
        match self.input {
            0 if self.string.is_empty() => {}
            0 => self.strings.push_back(std::mem::take(&mut self.string)),
            character => {
                self.idle = 0;
                self.string.push(character);
            }
        }
    }
}

impl Bits for SynCom {
    fn output_bit(&mut self) -> bool {
        if !self.synchronised {
            return self.opening.pop_front().unwrap_or(false);
        }
        if self.out.is_empty() {
            self.load();
        }
        self.out.pop_front().unwrap_or(false)
    }

    fn input_bit(&mut self, bit: bool) {
        if !self.synchronised {
            self.register = self.register >> 1 | u8::from(bit) << 7;
            self.synchronised = self.register == SYNC;
        } else if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.sample(bit);
        }
    }
}
