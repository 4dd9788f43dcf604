//! The host's end: connects, publishes, idles, floods, and marks by pins what it is at, so that the emulator counts the
//! cycles of each and nothing here has to measure.
//!
//! On a computer it does nothing.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod board;
#[cfg(target_os = "none")]
mod course;

#[cfg(target_os = "none")]
#[rp2040_hal::entry]
fn entry() -> ! {
    let _ = course::run(fivewire_host::link::Link::<2560, 2560>::new, |link| {
        link.in_flight() > 0
    });
    loop {}
}

#[cfg(not(target_os = "none"))]
fn main() {}
