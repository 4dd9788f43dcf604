//! The five wires, two lamps and the played Wi-Fi as bytes of shared memory; their numbers are the format of a wires file
//! (`fivewire-wires`). Data is stored before its clock: an edge releases the data before it.

use core::convert::Infallible;
use core::sync::atomic::{AtomicU8, Ordering};

use embedded_hal::digital::{ErrorType, InputPin, OutputPin, PinState};
use fivewire_gpio::{Pins, Role};

use crate::pci;

/// What each byte is.
#[derive(Clone, Copy)]
pub(crate) enum Byte {
    DataToBridge = 0,
    ClockToBridge = 1,
    DataToHost = 2,
    ClockToHost = 3,
    Reset = 4,
    BrokerLed = 5,
    HeartbeatLed = 6,
    AccessPoint = 8,
    StoredNetwork = 9,
}

/// The shared memory.
#[derive(Clone, Copy)]
pub(crate) struct Wires {
    base: *mut u8,
}

/// One byte as a pin, to drive or to listen to.
#[derive(Clone, Copy)]
pub(crate) struct Wire(&'static AtomicU8);

pub(crate) type BridgePins = Pins<Wire, Wire, Wire, Wire>;

impl Wires {
    /// The wires that QEMU was given, if it was.
    pub(crate) fn find() -> Option<Self> {
        pci::shared_memory().map(|base| Self { base })
    }

    /// One of them.
    #[allow(unsafe_code)]
    pub(crate) fn wire(self, byte: Byte) -> Wire {
        // SAFETY: the shared memory has 4096 bytes and stays mapped (`pci::shared_memory`); the program reaches it only
        // through these atomics, and others may change it at any time, which is what an atomic is for.
        Wire(unsafe { AtomicU8::from_ptr(self.base.add(byte as usize)) })
    }

    /// The four that carry bits.
    pub(crate) fn pins(self) -> BridgePins {
        let [clock_out, data_out, clock_in, data_in] = [
            Byte::ClockToHost,
            Byte::DataToHost,
            Byte::ClockToBridge,
            Byte::DataToBridge,
        ]
        .map(|byte| self.wire(byte));
        Pins::new(Role::Responder, clock_out, data_out, clock_in, data_in)
    }
}

impl Wire {
    #[inline]
    pub(crate) fn get(self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }

    #[inline]
    pub(crate) fn put(self, high: bool) {
        self.0.store(high.into(), Ordering::Release);
    }
}

impl ErrorType for Wire {
    type Error = Infallible;
}

impl OutputPin for Wire {
    #[inline]
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set_state(PinState::Low)
    }

    #[inline]
    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set_state(PinState::High)
    }

    #[inline]
    fn set_state(&mut self, state: PinState) -> Result<(), Infallible> {
        self.put(state.into());
        Ok(())
    }
}

impl InputPin for Wire {
    #[inline]
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.get())
    }

    #[inline]
    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.get())
    }
}
