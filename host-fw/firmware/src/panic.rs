//! A program's last words: sent at once, and kept in memory that a reset leaves alone, so that the next start tells them
//! too. Deliberately without a panic handler: how a chip is reset is the chip's business.

use core::cell::{Cell, UnsafeCell};
use core::fmt::{self, Write as _};

use critical_section::Mutex;
use defmt::error;
use heapless::String;

use crate::board::Port;
use crate::log;

/// Longest text that is kept, in bytes.
const TEXT: usize = 200;
/// Says that there are last words; memory holds it by no chance.
const MAGIC: [u8; 8] = *b"lastword";

/// What is kept. Any bytes are one.
#[repr(C)]
struct Words {
    magic: [u8; 8],
    length: u8,
    text: [u8; TEXT],
}

struct Kept(UnsafeCell<Words>);

// SAFETY: only the last thing that happens and the first touch it.
#[expect(unsafe_code, reason = "memory that outlives a reset is no Rust variable")]
unsafe impl Sync for Kept {}

#[expect(unsafe_code, reason = "memory that outlives a reset has a section of its own")]
#[unsafe(link_section = ".uninit.fivewire_last_words")]
static KEPT: Kept = Kept(UnsafeCell::new(Words::NONE));

/// Sends at once; see [`Port::shout`].
type Shout = fn(&[u8]);

/// How to send at once, as soon as the log port is known.
static SHOUT: Mutex<Cell<Option<Shout>>> = Mutex::new(Cell::new(None));

impl Words {
    const NONE: Self = Self {
        magic: [0; 8],
        length: 0,
        text: [0; TEXT],
    };

    fn of(cause: &dyn fmt::Display) -> Self {
        let mut line = Line(String::new());
        // A line that is full keeps its beginning.
        let _ = write!(line, "{cause}");
        let mut words = Self {
            magic: MAGIC,
            length: u8::try_from(line.0.len()).unwrap_or(u8::MAX),
            ..Self::NONE
        };
        words
            .text
            .iter_mut()
            .zip(line.0.bytes())
            .for_each(|(to, from)| *to = from);
        words
    }

    fn text(&self) -> Option<&str> {
        let text = self.text.get(..self.length.into())?;
        let text = core::str::from_utf8(text).ok()?;
        (self.magic == MAGIC).then_some(text)
    }
}

/// As much of a text as fits.
struct Line(String<TEXT>);

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars()
            .try_for_each(|char| self.0.push(char))
            .map_err(|_| fmt::Error)
    }
}

/// Sends the log that waits and then `cause`, and keeps that for the next start. To be called with interrupts off, as
/// the last thing before a reset.
#[expect(unsafe_code, reason = "memory that outlives a reset is no Rust variable")]
pub fn last_words(cause: &dyn fmt::Display) {
    let words = Words::of(cause);
    if let Some(shout) = critical_section::with(|section| SHOUT.borrow(section).get()) {
        log::send_all(shout);
        shout(b"\r\n");
        shout(words.text().unwrap_or_default().as_bytes());
        shout(b"\r\nresetting\r\n");
    }
    // SAFETY: nothing else runs any more.
    unsafe { KEPT.0.get().write_volatile(words) };
}

/// Tells the last words of the run before, if it had any, and says how to send those of this one.
#[expect(unsafe_code, reason = "memory that outlives a reset is no Rust variable")]
pub(crate) fn begin<P: Port>() {
    critical_section::with(|section| SHOUT.borrow(section).set(Some(P::shout)));
    // SAFETY: any bytes are `Words`, and the program has but begun.
    let words = unsafe { KEPT.0.get().read_volatile() };
    if let Some(text) = words.text() {
        error!("the run before this one ended: {}", text);
    }
    // SAFETY: as above.
    unsafe { KEPT.0.get().write_volatile(Words::NONE) };
}
