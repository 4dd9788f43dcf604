//! A board that is not there: what comes from it the compiler cannot foresee, and what goes to it the compiler cannot leave
//! out. So all of the client stays in the program, and nothing of a driver comes with it.

use core::hint::black_box;

/// Nobody is told.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// The clock.
pub(crate) fn now_ms() -> u32 {
    black_box(0)
}

/// The transport to the broker, or the application: takes some of the bytes.
pub(crate) fn write(bytes: &[u8]) -> usize {
    bytes.iter().for_each(|byte| _ = black_box(*byte));
    black_box(bytes.len())
}

/// The transport from the broker, or the application: gives some bytes.
pub(crate) fn read(buffer: &mut [u8]) -> &[u8] {
    buffer.iter_mut().for_each(|byte| *byte = black_box(0));
    buffer.get(..black_box(0)).unwrap_or_default()
}
