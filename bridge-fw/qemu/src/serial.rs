//! Text on the serial port, a 16550 whose other end QEMU shows.

use core::fmt;

const PORT: *mut u8 = 0x1000_0000 as *mut u8;

/// The serial port. QEMU takes every byte at once.
pub(crate) struct Serial;

impl fmt::Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            put(byte);
        }
        Ok(())
    }
}

#[allow(unsafe_code)]
fn put(byte: u8) {
    // SAFETY: this is the transmit register of the machine's serial port; writing to it touches no memory.
    unsafe { PORT.write_volatile(byte) }
}
