//! The host's end again, with a link that speaks to a bridge of either kind: for one of the MicroPython system, which the
//! measuring program plays.
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
    use fivewire_text::{AnyLink, StockBridge};

    let link = |settings| AnyLink::<StockBridge>::new(settings, StockBridge::new());
    let _ = course::run(link, |link| link.text().is_some_and(|text| text.is_sending()));
    loop {}
}

#[cfg(not(target_os = "none"))]
fn main() {}
