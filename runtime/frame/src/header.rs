//! The header byte: start bit, stuffing flag and the two sequence numbers. Deliberately without the rules of
//! the sequence; those are the link's.

/// The first byte of a frame. Never zero, because bit 0 is the start bit.
///
/// | bits | meaning |
/// |---|---|
/// | 0 | 1, the start bit |
/// | 1 | body and CRC are zero-stuffed |
/// | 2–4 | sequence number of this frame, modulo 8 |
/// | 5–7 | acknowledgement: all frames of the peer before this sequence number, modulo 8, are taken |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header(u8);

const START: u8 = 0b01;
const STUFFED: u8 = 0b10;

impl Header {
    /// A header with these sequence numbers; only their low three bits count.
    pub const fn new(seq: u8, ack: u8) -> Self {
        Header(START | (seq & 7) << 2 | (ack & 7) << 5)
    }

    /// The header in `byte`, or `None` when its start bit is missing.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        if byte & START == 0 {
            None
        } else {
            Some(Header(byte))
        }
    }

    /// The byte on the wire.
    pub const fn byte(self) -> u8 {
        self.0
    }

    /// Sequence number of this frame, 0–7.
    pub const fn seq(self) -> u8 {
        self.0 >> 2 & 7
    }

    /// Sequence number before which the sender of this header has taken all frames, 0–7.
    pub const fn ack(self) -> u8 {
        self.0 >> 5
    }

    /// Whether body and CRC are zero-stuffed on the wire.
    pub const fn is_stuffed(self) -> bool {
        self.0 & STUFFED != 0
    }

    pub(crate) const fn stuffed(self) -> Self {
        Header(self.0 | STUFFED)
    }

    /// As the CRC sees it: the flag is left out, because it is only known once the CRC is.
    pub(crate) const fn plain(self) -> Self {
        Header(self.0 & !STUFFED)
    }
}
