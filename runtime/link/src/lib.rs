//! Reliable frames over handshake-clocked bits, sans-IO (no_std, no alloc).
#![no_std]
