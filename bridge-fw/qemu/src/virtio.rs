//! Virtio devices over memory-mapped registers: where they are, and the memory that program and device share. What a
//! device does is in `network` and `chance`.

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::ptr::NonNull;

use virtio_drivers::transport::mmio::{MmioTransport, VirtIOHeader};
use virtio_drivers::transport::{DeviceType, Transport as _};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

/// The machine's places for devices, one page each.
const FIRST_PLACE: usize = 0x1000_1000;
const PLACES: usize = 8;
const PLACE_BYTES: usize = 0x1000;

/// A device's registers.
pub(crate) type Registers = MmioTransport<'static>;

/// The first device of a kind: its address, and its registers. Each device is to be found once.
pub(crate) fn find(kind: DeviceType) -> Option<(usize, Registers)> {
    (0..PLACES)
        .map(|number| FIRST_PLACE + number * PLACE_BYTES)
        .find_map(|place| Some((place, registers(place, kind)?)))
}

#[allow(unsafe_code)]
fn registers(place: usize, kind: DeviceType) -> Option<Registers> {
    let header = NonNull::new(place as *mut VirtIOHeader)?;
    // SAFETY: the machine has virtio registers there, used by nobody else; `new` finds out whether a device is behind them.
    let registers = unsafe { MmioTransport::new(header, PLACE_BYTES) }.ok()?;
    if registers.device_type() == kind {
        return Some(registers);
    }
    // Another's: to let go of it would reset it.
    core::mem::forget(registers);
    None
}

/// Memory that program and device share: addresses are the same to both, and nothing is cached.
pub(crate) struct Memory;

fn pages_layout(pages: usize) -> Option<Layout> {
    Layout::from_size_align(pages * PAGE_SIZE, PAGE_SIZE).ok()
}

#[allow(unsafe_code)]
// SAFETY: pages come zeroed and aligned from the heap and are given back there; sharing changes nothing, because the
// device sees the program's addresses. MMIO addresses are never asked for: the transport is not PCI.
unsafe impl Hal for Memory {
    fn dma_alloc(pages: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        let memory = pages_layout(pages).map_or(core::ptr::null_mut(), |layout| {
            // SAFETY: no device asks for zero pages.
            unsafe { alloc_zeroed(layout) }
        });
        // An address of 0 is the word for "none" here.
        (
            memory as PhysAddr,
            NonNull::new(memory).unwrap_or(NonNull::dangling()),
        )
    }

    unsafe fn dma_dealloc(_: PhysAddr, memory: NonNull<u8>, pages: usize) -> i32 {
        if let Some(layout) = pages_layout(pages) {
            // SAFETY: it came from `dma_alloc` with as many pages.
            unsafe { dealloc(memory.as_ptr(), layout) }
        }
        0
    }

    unsafe fn mmio_phys_to_virt(address: PhysAddr, _: usize) -> NonNull<u8> {
        NonNull::new(address as usize as *mut u8).unwrap_or(NonNull::dangling())
    }

    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.cast::<u8>().as_ptr() as usize as PhysAddr
    }

    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}
