//! DER files that QEMU puts into memory beyond the program's (`-device loader`): where a board has what was put into its
//! image, this machine has what it is started with.

/// Where a file may be, in memory that the program uses for nothing else; zeros when there is none.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(crate) enum File {
    /// The authority to trust.
    Authority = 0x8080_0000,
    /// The certificate to show.
    Certificate = 0x8081_0000,
    /// The private key to it.
    Key = 0x8082_0000,
}

/// From one to the next.
const MAX_BYTES: usize = 0x1_0000;
/// How a DER file begins: a sequence, and its length in this many bytes.
const SEQUENCE: u8 = 0x30;
const ONE_BYTE: u8 = 0x81;
const TWO_BYTES: u8 = 0x82;

/// What is in the file, if there is one.
#[allow(unsafe_code)]
pub(crate) fn read(file: File) -> Option<&'static [u8]> {
    // SAFETY: the machine has 16 MiB of memory from 0x8000_0000 on, of which the linker script gives the program 4; nothing
    // ever writes here.
    let place: &'static [u8] = unsafe { core::slice::from_raw_parts(file as usize as *const u8, MAX_BYTES) };
    let length = match *place {
        [SEQUENCE, ONE_BYTE, length, ..] => 3 + usize::from(length),
        [SEQUENCE, TWO_BYTES, high, low, ..] => 4 + usize::from(u16::from_be_bytes([high, low])),
        [SEQUENCE, length @ ..=0x7f, ..] => 2 + usize::from(length),
        _ => return None,
    };
    place.get(..length)
}
