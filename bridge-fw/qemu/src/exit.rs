//! The end of the program: QEMU's test device, which ends QEMU with an exit code.

use core::fmt::Write as _;
use core::panic::PanicInfo;

use crate::serial::Serial;

const TEST_DEVICE: *mut u32 = 0x10_0000 as *mut u32;
/// What makes the device end QEMU with the code in the upper half.
const FAIL: u32 = 0x3333;

/// QEMU's exit code after a panic.
pub(crate) const PANIC: u16 = 101;
/// QEMU's exit code when a device is missing; the log says which.
pub(crate) const NO_DEVICE: u16 = 102;

/// Ends QEMU.
#[allow(unsafe_code)]
pub(crate) fn exit(code: u16) -> ! {
    // SAFETY: this is the register of the machine's test device; writing to it touches no memory.
    unsafe { TEST_DEVICE.write_volatile(u32::from(code) << 16 | FAIL) }
    loop {
        riscv::asm::wfi();
    }
}

#[panic_handler]
fn on_panic(info: &PanicInfo<'_>) -> ! {
    // A serial port that takes nothing is no reason to stay.
    let _ = writeln!(Serial, "{info}");
    exit(PANIC)
}
