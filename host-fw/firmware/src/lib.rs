//! What every board's host firmware shares: the loop, time, the baked configuration, the log.
#![no_std]
