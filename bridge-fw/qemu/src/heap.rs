//! The heap: the devices' queues and packets are in it, and what TLS reckons with; nothing of the bridge is.

use core::ptr::addr_of;

use embedded_alloc::LlffHeap;
use fivewire_bridge::Memory;

#[global_allocator]
static HEAP: LlffHeap = LlffHeap::empty();

/// Makes the memory that the linker left for it usable. Once, before anything is allocated.
#[allow(unsafe_code)]
pub(crate) fn start() {
    unsafe extern "C" {
        /// Its address is the size.
        static _heap_size: u8;
    }
    // SAFETY: the linker script leaves these bytes to the heap alone, and this is called once (`program::main`).
    unsafe { HEAP.init(riscv_rt::heap_start() as usize, addr_of!(_heap_size) as usize) }
}

/// What is free and in use of it.
pub(crate) fn memory() -> Memory {
    Memory {
        free: HEAP.free() as u32,
        used: HEAP.used() as u32,
    }
}
