//! A mutation engine for where libFuzzer is not: the corpus, changed at random, deterministic for a seed.
//!
//! It sees no coverage, so it finds what lies near the corpus. Not here: an input that never returns; the callers' watchdogs
//! see to that.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Target;
use crate::random::Random;

/// An input that made a target panic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// As small as dropping bytes makes it.
    pub input: Vec<u8>,
    /// What the panic said.
    pub message: String,
}

/// Mutated inputs of one target, without end.
#[derive(Debug)]
pub struct Mutator {
    corpus: Vec<Vec<u8>>,
    random: Random,
    max_len: usize,
}

impl Mutator {
    /// Inputs near those of `corpus`, up to `max_len` bytes.
    #[must_use]
    pub fn new(corpus: Vec<Vec<u8>>, max_len: usize, seed: u64) -> Self {
        Self {
            corpus,
            random: Random::new(seed),
            max_len,
        }
    }

    /// The next input.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.pick();
        for _ in 0..=self.random.below(5) {
            self.change(&mut input);
        }
        input.truncate(self.max_len);
        input
    }

    fn pick(&mut self) -> Vec<u8> {
        let at = self.random.below(self.corpus.len());
        self.corpus.get(at).cloned().unwrap_or_default()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.random.below(input.len() + 1);
        let end = (at + 1 + self.random.below(8)).min(input.len());
        match self.random.below(8) {
            0 => input.insert(at, self.random.byte()),
            1 => input.truncate(at),
            2 => drop(input.drain(at.min(end)..end)),
            3 => {
                let piece = input.get(at..end).unwrap_or_default().to_vec();
                let to = self.random.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            4 => {
                let other = self.pick();
                let from = self.random.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(other.get(from..).unwrap_or_default());
            }
            5 => input.extend((0..self.random.below(9)).map(|_| self.random.byte())),
            kind => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = match kind {
                        6 => *byte ^ 1 << self.random.below(8),
                        _ => self.random.byte(),
                    };
                }
            }
        }
    }
}

/// Runs one input.
///
/// # Errors
/// What the panic said.
pub fn run(target: &Target, input: &[u8]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_else(|| "a panic without words".to_owned())
    })
}

/// Runs one input; a finding comes back as small as it gets.
#[must_use]
pub fn try_input(target: &Target, input: &[u8]) -> Option<Finding> {
    let message = run(target, input).err()?;
    Some(quietly(|| smallest(target, input, message)))
}

/// Does work whose panics are not shown.
pub fn quietly<R>(work: impl FnOnce() -> R) -> R {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = work();
    std::panic::set_hook(hook);
    result
}

/// Drops pieces, large ones first, as long as it still panics.
fn smallest(target: &Target, input: &[u8], message: String) -> Finding {
    let mut best = Finding {
        input: input.to_vec(),
        message,
    };
    let mut size = best.input.len();
    while size > 0 {
        let mut at = 0;
        while at < best.input.len() {
            let mut shorter = best.input.clone();
            shorter.drain(at..(at + size).min(shorter.len()));
            match run(target, &shorter) {
                Err(message) => {
                    best = Finding {
                        input: shorter,
                        message,
                    }
                }
                Ok(()) => at += size,
            }
        }
        size /= 2;
    }
    best
}
