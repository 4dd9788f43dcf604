//! The bridge end: Wi-Fi, broker, time and status behind a platform trait (no_std, no alloc).
#![no_std]
