//! Files that QEMU hands to the program (`-fw_cfg name=opt/…,file=…`), read once at the start: where a board has what was
//! put into its image, this machine has what it is started with.

use alloc::vec;
use alloc::vec::Vec;

const DATA: *const u8 = 0x1010_0000 as *const u8;
/// Big-endian, and two bytes wide.
const SELECT: *mut u16 = 0x1010_0008 as *mut u16;
/// The number of files, then one entry for each.
const DIRECTORY: u16 = 0x19;
const ENTRY_BYTES: usize = 64;
const NAME_AT: usize = 8;
/// More is no certificate.
const MAX_BYTES: usize = 16 * 1024;

/// What is in the file of this name, if the program was given one.
pub(crate) fn read(name: &str) -> Option<&'static [u8]> {
    select(DIRECTORY);
    let count = u32::from_be_bytes(array());
    let (length, selector) = (0..count).find_map(|_| entry(&array(), name))?;
    select(selector);
    let bytes = take(length.min(MAX_BYTES));
    Some(bytes.leak())
}

/// Length and selector of the file, if this entry is its.
fn entry(entry: &[u8; ENTRY_BYTES], name: &str) -> Option<(usize, u16)> {
    let [a, b, c, d, high, low, ..] = *entry;
    let named = entry.get(NAME_AT..)?.split(|byte| *byte == 0).next()?;
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    (named == name.as_bytes()).then_some((length, u16::from_be_bytes([high, low])))
}

fn array<const N: usize>() -> [u8; N] {
    core::array::from_fn(|_| next())
}

fn take(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    bytes.fill_with(next);
    bytes
}

#[allow(unsafe_code)]
fn select(file: u16) {
    // SAFETY: this is the selector of the machine's configuration device; writing to it touches no memory.
    unsafe { SELECT.write_volatile(file.to_be()) }
}

/// The next byte of the file that is selected.
#[allow(unsafe_code)]
fn next() -> u8 {
    // SAFETY: this is the data register of the same device.
    unsafe { DATA.read_volatile() }
}
