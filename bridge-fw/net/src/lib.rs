//! The bridge's sockets on embassy-net: name, TCP, TLS and UDP for any board with a network driver.
#![no_std]
