//! What happened in a run, as lines of text that a person can follow and two runs of one seed can be compared by.

use std::collections::VecDeque;
use std::fmt;

/// The latest lines of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    lines: VecDeque<String>,
    limit: usize,
    count: u64,
    digest: u64,
}

impl Trace {
    /// An empty trace that keeps this many lines.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self {
            lines: VecDeque::new(),
            limit,
            count: 0,
            digest: 0xCBF2_9CE4_8422_2325,
        }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, now_ms: u64, who: &str, what: fmt::Arguments<'_>) {
        let line = format!("{:>7}.{:03} {who:<6} {what}", now_ms / 1_000, now_ms % 1_000);
        self.digest(line.as_bytes());
        self.count += 1;
        if self.lines.len() == self.limit {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// Adds to the digest only: what is too much to be written down.
    pub(crate) fn digest(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.digest = (self.digest ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }

    /// The lines that were kept, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// A number over every line of the run and every bit on the wires.
    #[must_use]
    pub const fn fingerprint(&self) -> u64 {
        self.digest
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left_out = self.count - self.lines.len() as u64;
        if left_out > 0 {
            writeln!(f, "        ... {left_out} lines before")?;
        }
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
