//! The bridge on an ESP32-C3, or with the feature `esp32c6` on an ESP32-C6: Wi-Fi, flash, lamps, watchdog.
//!
//! What can be held against a test is a module without hardware: `store`, `last_words`, `reset`, `pins`, `baked`. The rest
//! is `firmware`, for bare metal alone; on a computer this program does nothing. Deliberately no sockets (`bridge-fw/net`)
//! and nothing that thinks (`runtime/bridge`).
#![cfg_attr(target_os = "none", no_std, no_main)]
#![cfg_attr(not(target_os = "none"), allow(dead_code))]

#[cfg(test)]
mod baked;
#[cfg(target_os = "none")]
mod firmware;
#[cfg(target_os = "none")]
mod identity;
mod last_words;
#[cfg(test)]
mod pins;
mod reset;
mod store;

#[cfg(not(target_os = "none"))]
fn main() {}
