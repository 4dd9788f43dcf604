//! Which ops a message takes. Not a rule: three rules share it.

use crate::model::Message;
use std::fmt;

/// Op bits beyond this cannot be meant; then the rule about their sum speaks, not the ones about ranges.
const MAX_BITS: i128 = 7;

/// The ops of a message, both ends included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ops {
    pub(crate) first: i128,
    pub(crate) last: i128,
    pub(crate) bits: u32,
}

impl Ops {
    /// `None` when the op is missing or its bits make no sense; both are reported elsewhere.
    pub(crate) fn of(message: &Message) -> Option<Self> {
        let bits = u32::try_from(message.op_bits)
            .ok()
            .filter(|_| message.op_bits <= MAX_BITS)?;
        let first = message.op?;
        Some(Self {
            first,
            last: first.saturating_add((1 << bits) - 1),
            bits,
        })
    }
}

impl fmt::Display for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (first, _) if first < 0 => write!(f, "{first}"),
            (first, last) if first == last => write!(f, "0x{first:02X}"),
            (first, last) => write!(f, "0x{first:02X} to 0x{last:02X}"),
        }
    }
}
