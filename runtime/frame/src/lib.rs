//! Frames of the five-wire link: header, CRC-16 and zero stuffing (no_std, no alloc).
#![no_std]
