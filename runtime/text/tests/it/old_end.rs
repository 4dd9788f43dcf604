//! A model of an end of the MicroPython system, written from its description, step by step as it goes: the sync
//! byte once and then zeros until a shift register equals it, then characters. Deliberately not made of places and
//! counts like the code under test.

use std::collections::VecDeque;

use fivewire_text::{Role, SYNC};

use crate::end::End;

pub(crate) struct OldEnd {
    role: Role,
    /// What is left of the own sync byte, and the register that is compared with it; `None` when synchronised.
    sync: Option<(u8, u8)>,
    /// Characters to send, terminators included.
    queue: VecDeque<u8>,
    /// The character that is going out, the one coming in, and how many of its bits have been sampled.
    out: u8,
    input: u8,
    sampled: u32,
    sent: u32,
    string: Vec<u8>,
    pub(crate) strings: Vec<String>,
}

impl OldEnd {
    pub(crate) fn new(role: Role) -> OldEnd {
        // A passive end samples a bit when it puts the first of its own: the last of a character before, which at
        // the start does not exist.
        let sampled = match role {
            Role::Initiator => 0,
            Role::Responder => 6,
        };
        OldEnd {
            role,
            sync: Some((SYNC, 0)),
            queue: VecDeque::new(),
            out: 0,
            input: 0,
            sampled,
            sent: 0,
            string: Vec::new(),
            strings: Vec::new(),
        }
    }

    /// Whether everything has been sent.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.sent == 0
    }

    pub(crate) fn is_synchronised(&self) -> bool {
        self.sync.is_none()
    }

    pub(crate) fn send(&mut self, string: &str) {
        self.queue.extend(string.bytes().chain([0]));
    }

    fn synchronise(&mut self, left: u8, register: u8, came: bool) -> bool {
        let register = register >> 1 | u8::from(came) << 7;
        self.sync = (register != SYNC).then_some((left >> 1, register));
        left & 1 == 1
    }

    fn sample(&mut self, came: bool) {
        self.input = self.input >> 1 | u8::from(came) << 6;
        self.sampled += 1;
        if self.sampled == 7 {
            self.sampled = 0;
            match self.input {
                0 if self.string.is_empty() => {}
                0 => {
                    let string = std::mem::take(&mut self.string);
                    self.strings.push(String::from_utf8(string).expect("7 bits"));
                }
                character => self.string.push(character),
            }
        }
    }

    fn put(&mut self) -> bool {
        if self.sent == 0 {
            self.out = self.queue.pop_front().unwrap_or(0);
        }
        let bit = self.out >> self.sent & 1 == 1;
        self.sent = (self.sent + 1) % 7;
        bit
    }
}

impl End for OldEnd {
    fn first_bit(&mut self) -> bool {
        assert_eq!(self.role, Role::Initiator);
        self.sync = self.sync.map(|(left, register)| (left >> 1, register));
        SYNC & 1 == 1
    }

    fn step(&mut self, came: bool) -> bool {
        if let Some((left, register)) = self.sync {
            return self.synchronise(left, register, came);
        }
        self.sample(came);
        self.put()
    }
}
