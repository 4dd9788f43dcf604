//! Frames of the five-wire link: what lies between two 0x00 symbols.
//!
//! ```text
//! header  body …  crc lo  crc hi  00
//! ```
//!
//! A frame costs four bytes (header, two of CRC, delimiter), five when body or CRC hold a zero byte and are
//! therefore stuffed (COBS). Bits go out least significant first, and so does the CRC, which makes it the HDLC
//! frame check: every burst of up to 16 wire bits that leaves the frame's structure alone is detected.
//!
//! Two properties let a receiver find frames without any negotiated byte alignment:
//! * the first bit of a header is 1 (the **start bit**), so after idle zeros the first 1 begins a symbol;
//! * no 15 zero bits in a row occur inside a frame, so such a run contains an all-zero symbol at whatever
//!   alignment the receiver has: it ends the frame, and the next start bit realigns.
//!
//! This crate is deliberately not the link: it knows no sequence rules, timers or retransmission, and not the
//! messages inside a body.
//!
//! ```
//! use fivewire_frame::{Header, decode, encode};
//!
//! let mut wire = [0; 16];
//! let len = encode(Header::new(3, 5), b"hi", &mut wire).unwrap();
//! assert_eq!(len, 2 + fivewire_frame::OVERHEAD);
//! let (header, body) = decode(&mut wire[..len - 1]).unwrap(); // without the delimiter
//! assert_eq!((header.seq(), header.ack(), body), (3, 5, &b"hi"[..]));
//! ```
#![no_std]

mod codec;
mod crc;
mod error;
mod header;
mod sealed;
mod zero;

pub use codec::{decode, decode_in_place, encode, max_encoded_len};
pub use crc::crc16;
pub use error::FrameError;
pub use header::Header;
pub use sealed::{HEADROOM, Sealed, TAILROOM, seal};

/// The symbol that ends a frame and fills the time between frames.
pub const DELIMITER: u8 = 0;

/// Bytes that a frame adds to its body when nothing needs stuffing: header, CRC and delimiter.
pub const OVERHEAD: usize = 4;

/// No run of this many zero bits occurs inside a frame.
pub const IDLE_RUN_BITS: u32 = 15;
