//! The loop for executors, and the reset wire.

use std::cell::Cell;

use embedded_hal::digital::ErrorKind;
use embedded_hal_async::delay::DelayNs;
use fivewire_gpio::{Burst, Outcome, PinFault, ResetPin, Wire, drive};

use crate::bench;

/// Counts the time that is slept.
struct Clock<'a>(&'a Cell<u32>);

impl DelayNs for Clock<'_> {
    async fn delay_ns(&mut self, ns: u32) {
        self.0.set(self.0.get() + ns / 1000);
    }
}

#[test]
fn the_loop_sleeps_when_the_link_is_quiet_and_ends_when_a_pin_fails() {
    let (slept_us, calls) = (Cell::new(0), Cell::new(0));
    let fault = PinFault {
        wire: Wire::DataIn,
        kind: ErrorKind::Other,
    };
    let mut delay = Clock(&slept_us);
    let end = drive(&mut delay, || {
        calls.set(calls.get() + 1);
        match calls.get() {
            1..=10 => Ok(Burst {
                bits: 4096,
                outcome: Outcome::Busy,
            }),
            11..=20 => Ok(Burst {
                bits: 1,
                outcome: Outcome::Quiet { us: 1000 },
            }),
            _ => Err(fault),
        }
    });
    assert_eq!(pollster::block_on(end), fault);
    assert_eq!((calls.get(), slept_us.get()), (21, 10_000));
}

#[test]
fn reset_is_active_low_and_is_left_alone_until_used() {
    let wire = bench().host_clock;
    wire.level.set(true);
    let mut reset = ResetPin::new(wire.clone());
    assert!(wire.level.get());
    reset.assert().expect("a sound pin");
    assert!(!wire.level.get());
    reset.release().expect("a sound pin");
    assert!(wire.level.get());
    wire.good_for.set(0);
    assert_eq!(
        reset.assert(),
        Err(PinFault {
            wire: Wire::Reset,
            kind: ErrorKind::Other
        })
    );
}
