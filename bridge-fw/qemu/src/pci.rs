//! The one PCI device that is used: shared memory. It is found and given its address; the rest of PCI is QEMU's affair.

/// Configuration space of bus 0; a device has 32 KiB.
const CONFIGURATION: usize = 0x3000_0000;
const DEVICES: usize = 32;
const DEVICE_BYTES: usize = 1 << 15;
/// Vendor and device of QEMU's shared memory (ivshmem).
const SHARED_MEMORY: u32 = 0x1110_1af4;
/// Where the machine lets devices have their memory; the first address is free.
const WINDOW: u32 = 0x4000_0000;

/// Registers in words.
const ID: usize = 0;
const COMMAND: usize = 1;
/// Base address 2, of 64 bits: the shared memory itself.
const BASE_2: usize = 6;
/// In the command register: answer to memory addresses.
const MEMORY_ENABLE: u32 = 2;

/// The address of the shared memory, if the machine was given one.
pub(crate) fn shared_memory() -> Option<*mut u8> {
    let device = (0..DEVICES)
        .map(|number| CONFIGURATION + number * DEVICE_BYTES)
        .find(|device| read(*device, ID) == SHARED_MEMORY)?;
    write(device, BASE_2, WINDOW);
    write(device, BASE_2 + 1, 0);
    write(device, COMMAND, read(device, COMMAND) | MEMORY_ENABLE);
    Some(WINDOW as *mut u8)
}

#[allow(unsafe_code)]
fn read(device: usize, register: usize) -> u32 {
    // SAFETY: within the configuration space of a bus, where absent devices read as ones.
    unsafe { (device as *const u32).add(register).read_volatile() }
}

#[allow(unsafe_code)]
fn write(device: usize, register: usize, value: u32) {
    // SAFETY: within the configuration space of a device that was found; it maps nothing over the program's memory.
    unsafe { (device as *mut u32).add(register).write_volatile(value) }
}
