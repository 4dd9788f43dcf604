//! The bridge as riscv32imc machine code on QEMU's `virt` machine: the instructions of an ESP32-C3 without its radio.
//!
//! Wires are the bytes of a wires file (`fivewire-wires`), which QEMU maps into the guest; the network is virtio-net
//! with QEMU's own DHCP and NAT behind it, so that the computer's loopback is 10.0.2.2; Wi-Fi is played by bytes 8
//! and 9 of the wires file. Log lines are plain text on the serial port.
//!
//! ```text
//! qemu-system-riscv32 -M virt -cpu rv32,a=false,f=false,d=false -m 16M -bios none \
//!     -display none -monitor none -serial stdio -global virtio-mmio.force-legacy=false \
//!     -netdev user,id=net -device virtio-net-device,netdev=net \
//!     -object memory-backend-file,share=on,mem-path=FILE,size=4096,id=wires -device ivshmem-plain,memdev=wires \
//!     -kernel fivewire-qemu
//! ```
//!
//! `FILE` must exist and be a wires file: whoever starts QEMU opens it first (`Wires::open_or_create`). The reset wire is
//! looked at as a level: while it is low there is no bridge. A program that finds it low when it starts was reset by it;
//! one that finds it high was switched on. So who wants a fresh machine for a reset kills QEMU when the wire falls and
//! starts it while the wire is still low. A panic prints its reason and ends QEMU with the exit code `exit::PANIC`.
//!
//! With `-device virtio-rng-device` it speaks TLS too, by the code and with the rules of the ESP32-C3. Its authority, and
//! who it is, are DER files that QEMU puts into its memory (`files::File` says where), which the keys `tls_ca`,
//! `tls_certificate` and `tls_key` call `ca`, `certificate` and `key`. The time it asks for by SNTP.
//!
//! ```text
//!     -device virtio-rng-device -device loader,file=ca.der,addr=0x80800000,force-raw=on
//! ```
//!
//! It is deliberately nothing but QEMU's devices: sockets, loop and bridge are libraries.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
extern crate alloc;

#[cfg(target_os = "none")]
mod board;
#[cfg(target_os = "none")]
mod chance;
#[cfg(target_os = "none")]
mod clock;
#[cfg(target_os = "none")]
mod exit;
#[cfg(target_os = "none")]
mod files;
#[cfg(target_os = "none")]
mod heap;
#[cfg(target_os = "none")]
mod network;
#[cfg(target_os = "none")]
mod pci;
#[cfg(target_os = "none")]
mod program;
#[cfg(target_os = "none")]
mod security;
#[cfg(target_os = "none")]
mod serial;
#[cfg(target_os = "none")]
mod virtio;
#[cfg(target_os = "none")]
mod wires;

/// On a computer there is nothing to run: compiled so that the workspace builds everywhere.
#[cfg(not(target_os = "none"))]
fn main() {}
