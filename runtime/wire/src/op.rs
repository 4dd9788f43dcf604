//! What the bits of an op say, and a bound that follows from a body. Which ops there are is generated.

use crate::generated::event::Log;

/// Bit 7 of an op: it is a reply.
pub const REPLY: u8 = 0x80;
/// Bits of an op from 0x20 on that carry fields.
pub const FOLDED: u8 = 0x0F;
/// Longest log line, in bytes: a [`Log`] without op, level and length.
pub const MAX_LINE: usize = Log::MAX_BODY - 3;
