//! The end of a program that cannot go on: its words on the log and in memory, and a reset. The host sees the link fall
//! silent, and the next life tells it the cause.

use core::fmt;
use core::panic::PanicInfo;

use esp_hal::system::software_reset;

use super::last;
use crate::last_words::LastWords;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    match info.location() {
        Some(at) => die(format_args!("{}:{}: {}", at.file(), at.line(), info.message())),
        None => die(format_args!("{}", info.message())),
    }
}

/// Ends the program with these words.
pub(super) fn die(words: fmt::Arguments<'_>) -> ! {
    // Memory first: should printing fail, the watchdog resets.
    last::leave(&LastWords::new(words));
    esp_println::println!("panic: {words}");
    software_reset()
}
