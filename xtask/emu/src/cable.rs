//! The cable of the Pico: which of its pins is which wire of the wires file, and its LED. Only what the processor's own output
//! registers drive is seen; the firmware uses nothing else for its pins.

use embedded_hal::digital::{InputPin as _, OutputPin as _};
use fivewire_wires::{Output, Pins, Wires};

const RESET: u32 = 1 << 16;
const DATA_OUT: u32 = 1 << 17;
const CLOCK_OUT: u32 = 1 << 18;
const DATA_IN: u32 = 1 << 19;
/// The bridge's clock.
pub(crate) const CLOCK_IN: u32 = 1 << 20;
const LED: u32 = 1 << 25;
/// The pins that the bridge drives.
pub(crate) const INPUTS: u32 = DATA_IN | CLOCK_IN;

/// The pins and the wires at their ends.
pub(crate) struct Cable {
    pins: Pins,
    reset: Output,
    led: Output,
    /// The output registers as they were when last looked at: levels, and which pins drive.
    seen: (u32, u32),
    levels: u32,
    /// The bridge's clock when last looked at.
    clock_in: bool,
}

/// Which levels changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) clock: bool,
    /// The new level.
    pub(crate) reset: Option<bool>,
    /// The new level.
    pub(crate) led: Option<bool>,
}

impl Cable {
    /// Plugs it in: all pins of a fresh chip are inputs.
    pub(crate) fn new(wires: &Wires) -> Self {
        let mut cable = Self {
            pins: wires.host_pins(),
            reset: wires.reset_out(),
            led: wires.host_led(),
            seen: (0, 0),
            levels: !0,
            clock_in: false,
        };
        cable.drive(levels(0, 0));
        cable
    }

    /// Carries what the chip drives to the wires; nothing when it is as it was.
    #[inline]
    pub(crate) fn carry_out(&mut self, out: u32, enabled: u32) -> Option<Moved> {
        if self.seen == (out, enabled) {
            return None;
        }
        self.seen = (out, enabled);
        Some(self.drive(levels(out, enabled)))
    }

    /// What the bridge drives, as pins. Clock first: data that belongs to an edge is there when the edge is seen.
    #[inline]
    pub(crate) fn carry_in(&mut self) -> u32 {
        let Ok(clock) = self.pins.clock_in.is_high();
        self.clock_in = clock;
        let Ok(data) = self.pins.data_in.is_high();
        (u32::from(clock) * CLOCK_IN) | (u32::from(data) * DATA_IN)
    }

    /// Whether it is the bridge's turn: its clock has another level than the chip's.
    #[inline]
    pub(crate) const fn is_waiting(&self) -> bool {
        self.clock_in != (self.levels & CLOCK_OUT != 0)
    }

    fn drive(&mut self, levels: u32) -> Moved {
        let changed = self.levels ^ levels;
        self.levels = levels;
        let wires: [(u32, &mut Output); 4] = [
            (RESET, &mut self.reset),
            (DATA_OUT, &mut self.pins.data_out),
            (CLOCK_OUT, &mut self.pins.clock_out),
            (LED, &mut self.led),
        ];
        // Data is put before its clock.
        for (pin, wire) in wires.into_iter().filter(|(pin, _)| changed & pin != 0) {
            let Ok(()) = wire.set_state((levels & pin != 0).into());
        }
        let new = |pin| (changed & pin != 0).then_some(levels & pin != 0);
        Moved {
            clock: changed & CLOCK_OUT != 0,
            reset: new(RESET),
            led: new(LED),
        }
    }
}

/// What is on the wires: a pin that drives nothing is low, but for reset, which a resistor keeps high.
fn levels(out: u32, enabled: u32) -> u32 {
    (out & enabled) | (RESET & !enabled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_reach_the_wires_once() {
        let wires = Wires::in_memory();
        let mut cable = Cable::new(&wires);
        let moved = cable.carry_out(CLOCK_OUT | LED, CLOCK_OUT | LED | DATA_OUT);
        let expected = Moved {
            clock: true,
            reset: None,
            led: Some(true),
        };
        assert_eq!(moved, Some(expected));
        assert_eq!(cable.carry_out(CLOCK_OUT | LED, CLOCK_OUT | LED | DATA_OUT), None);
        let mut bridge = wires.bridge_pins();
        assert_eq!(
            (bridge.clock_in.is_high(), bridge.data_in.is_high()),
            (Ok(true), Ok(false))
        );
        assert!(wires.is_host_led_lit());
    }

    #[test]
    fn reset_is_an_open_drain() {
        let wires = Wires::in_memory();
        let mut cable = Cable::new(&wires);
        assert!(!wires.is_in_reset(), "nobody drives it");
        let low = cable.carry_out(0, RESET).and_then(|moved| moved.reset);
        assert_eq!((low, wires.is_in_reset()), (Some(false), true));
        let released = cable.carry_out(0, 0).and_then(|moved| moved.reset);
        assert_eq!((released, wires.is_in_reset()), (Some(true), false));
    }

    #[test]
    fn inputs_are_what_the_bridge_drives() {
        let wires = Wires::in_memory();
        let mut cable = Cable::new(&wires);
        let Ok(()) = wires.bridge_pins().data_out.set_high();
        assert_eq!(cable.carry_in(), DATA_IN);
        let Ok(()) = wires.bridge_pins().clock_out.set_high();
        assert_eq!(cable.carry_in(), DATA_IN | CLOCK_IN);
        assert!(cable.is_waiting(), "the chip's clock is low");
    }
}
