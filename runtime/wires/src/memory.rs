//! The bytes that are wires, wherever they are. Deliberately the only place with unsafe code.

use std::sync::atomic::{AtomicU8, Ordering};

use memmap2::MmapRaw;

use crate::SIZE;

/// What each byte is. The numbers are the file's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Byte {
    DataToBridge = 0,
    ClockToBridge = 1,
    DataToHost = 2,
    ClockToHost = 3,
    Reset = 4,
    BrokerLed = 5,
    HeartbeatLed = 6,
    HostLed = 7,
    AccessPoint = 8,
    StoredNetwork = 9,
}

/// A new file: not in reset, access point on air, stored network usable, all else low.
pub(crate) const INITIAL: [u8; SIZE] = {
    let mut bytes = [0; SIZE];
    bytes[Byte::Reset as usize] = 1;
    bytes[Byte::AccessPoint as usize] = 1;
    bytes[Byte::StoredNetwork as usize] = 1;
    bytes
};

/// Mapped from a file, or shared within this process.
#[derive(Debug)]
pub(crate) enum Memory {
    File(MmapRaw),
    Shared(Box<[AtomicU8; SIZE]>),
}

impl Memory {
    pub(crate) fn shared() -> Memory {
        Memory::Shared(Box::new(INITIAL.map(AtomicU8::new)))
    }

    /// Everything stored before is seen by whoever sees this level.
    #[inline]
    pub(crate) fn put(&self, byte: Byte, high: bool) {
        self.byte(byte).store(u8::from(high), Ordering::Release);
    }

    /// Everything that was stored before the level that is seen is seen too.
    #[inline]
    pub(crate) fn is_high(&self, byte: Byte) -> bool {
        self.byte(byte).load(Ordering::Acquire) != 0
    }

    #[inline]
    fn byte(&self, byte: Byte) -> &AtomicU8 {
        match self {
            Memory::File(map) => mapped(map, byte),
            Memory::Shared(bytes) => &bytes[byte as usize],
        }
    }
}

#[inline]
#[allow(unsafe_code)]
fn mapped(map: &MmapRaw, byte: Byte) -> &AtomicU8 {
    // SAFETY: the map is SIZE bytes long (`file::map`), every `Byte` is far below that, and it is writable and
    // stays mapped for the borrow that is returned. This process reaches the bytes only through these atomics.
    // Other processes may change them at any time, which is what an atomic is for; one that shortens the file
    // kills this process with SIGBUS, but breaks no memory of it.
    unsafe { AtomicU8::from_ptr(map.as_mut_ptr().add(byte as usize)) }
}
