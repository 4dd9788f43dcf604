//! Memory that outlives a reset, and what the program before left there. The words' form is `last_words`'s.

use esp_hal::ram;
use esp_hal::rtc_cntl::reset_reason;
use esp_hal::system::Cpu;
use fivewire_bridge::LogLevel;
use portable_atomic::{AtomicU32, Ordering};

use super::log;
use crate::last_words::{LastWords, WORDS};
use crate::reset::Start;

/// In the RTC's memory, which a reset of the chip leaves alone; only the power switch and the reset pin clear it.
#[ram(unstable(rtc_fast, persistent))]
static LAST: [AtomicU32; WORDS] = [const { AtomicU32::new(0) }; WORDS];

/// Leaves these for the next start.
pub(super) fn leave(words: &LastWords) {
    for (to, from) in LAST.iter().zip(words.encode()) {
        to.store(from, Ordering::Relaxed);
    }
}

/// Why the chip started; tells what the program before said, and forgets it.
pub(super) fn look() -> Start {
    let words = LastWords::decode(&LAST.each_ref().map(|word| word.swap(0, Ordering::Relaxed)));
    let reason = reset_reason(Cpu::ProCpu).map_or(0, |reason| reason as u8);
    let start = Start::of(reason, words.is_some());
    match words {
        Some(words) if start == Start::Panic => {
            log::line(
                LogLevel::Error,
                format_args!("started after a panic: {}", words.as_str()),
            );
        }
        _ => log::line(LogLevel::Info, format_args!("started: {start}")),
    }
    start
}
