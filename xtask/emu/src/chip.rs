//! An RP2040 with the firmware in its flash and a cable on its pins. What the emulator's crate leaves to its user is here:
//! booting without the boot ROM, sleeping until the next alarm, and waking up from `wfe`.
//!
//! Deliberately the first core alone, and no interrupts of pins: the firmware wants neither.

use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use rp2040_emu::{Emulator, EmulatorBuilder};

use crate::cable::{CLOCK_IN, Cable, INPUTS, Moved};
use crate::edges::Edges;
use crate::image::VECTORS;

/// Cycles of the emulator's steps while the chip works; its pins are looked at after each. An edge takes a hundred, so that
/// this is often enough, and three times as fast as a look after each instruction.
const AWAKE: u32 = 8;
/// After so many steps of waiting for the bridge the processor is offered to it: it may be waiting for that.
const PATIENCE: u32 = 64;
/// A bridge that has not answered in so many steps is asleep, or dead, and wants none.
const ASLEEP: u32 = 64 * PATIENCE;
/// So many cycles a fault's handler has for its last words: they take 30 ms.
const LAST_WORDS: u64 = 12_500_000;

/// The chip.
pub(crate) struct Chip {
    emulator: Emulator,
    cable: Cable,
    inputs: u32,
    /// Steps that it has waited for the bridge.
    waited: u32,
    pub(crate) edges: Edges,
    /// The time that passed for it.
    pub(crate) time: Duration,
    /// Cycles that it did not sleep.
    pub(crate) worked: u64,
    /// Cycles that it has spent in its handler of faults.
    faulted: u64,
}

impl Chip {
    /// Switched on, with these contents of its flash.
    pub(crate) fn new(flash: &[u8], cable: Cable) -> anyhow::Result<Self> {
        let builder = EmulatorBuilder::new(rp2040_emu::Config::default()).step_quantum(AWAKE);
        let mut emulator = builder.build().map_err(|error| anyhow!("{error}"))?;
        emulator.load_flash(flash);
        emulator.reset();
        emulator.direct_boot_from_flash(VECTORS);
        emulator.bus.external_gpio_in_mask = INPUTS;
        Ok(Self {
            emulator,
            cable,
            inputs: 0,
            waited: 0,
            edges: Edges::default(),
            time: Duration::ZERO,
            worked: 0,
            faulted: 0,
        })
    }

    /// Lets about so many cycles pass, and returns how long they took it. `on_move` is told of reset and LED.
    pub(crate) fn run(&mut self, cycles: u64, on_move: &mut dyn FnMut(Moved)) -> anyhow::Result<Duration> {
        let begun = self.emulator.cycles();
        let mut slept = 0;
        while self.emulator.cycles() - begun < cycles {
            if self.is_asleep() {
                let left = (begun + cycles).saturating_sub(self.emulator.cycles());
                slept += self.sleep(left)?;
            } else {
                self.emulator.step().map_err(|error| anyhow!("{error}"))?;
                self.exchange(on_move);
            }
        }
        let passed = self.emulator.cycles() - begun;
        self.worked += passed - slept;
        self.look_for_faults(passed)?;
        let time = Duration::from_nanos(passed * 1_000_000_000 / u64::from(self.clock_hz()?));
        self.time += time;
        Ok(time)
    }

    /// What came out of UART 0 since the last call.
    pub(crate) fn said(&mut self) -> Vec<u8> {
        self.emulator.drain_uart0_tx_log()
    }

    fn look_for_faults(&mut self, passed: u64) -> anyhow::Result<()> {
        let core = self.emulator.core(0);
        self.faulted = if core.is_in_hardfault() {
            self.faulted + passed
        } else {
            0
        };
        ensure!(
            self.faulted < LAST_WORDS,
            "the firmware faulted (HardFault), stack at {:#x}",
            core.reg(13)
        );
        Ok(())
    }

    fn clock_hz(&self) -> anyhow::Result<u32> {
        let hz = self.emulator.bus.clock_tree.sys_clk_hz;
        ensure!(hz > 0, "the firmware stopped its own clock");
        Ok(hz)
    }

    fn is_asleep(&self) -> bool {
        self.emulator.core(0).is_halted() || self.emulator.bus.wfe_waiting[0]
    }

    /// Skips to the next alarm, so many cycles at most; says how many it skipped.
    fn sleep(&mut self, most: u64) -> anyhow::Result<u64> {
        self.emulator.step_quantum = u32::try_from(most.max(1)).unwrap_or(u32::MAX);
        let passed = self.emulator.step().map_err(|error| anyhow!("{error}"));
        self.emulator.step_quantum = AWAKE;
        let passed = passed?;
        let bus = &mut self.emulator.bus;
        // An interrupt ends `wfe` too; the emulator knows only of events.
        if bus.nvics[0].pending_and_enabled() != 0 {
            bus.wfe_waiting[0] = false;
        }
        let stuck = passed == 0 && self.is_asleep();
        (!stuck)
            .then_some(passed)
            .context("the firmware sleeps, and no alarm is set that would wake it")
    }

    /// Lets the chip see what the bridge drives, and the wires what the chip does.
    #[inline]
    fn exchange(&mut self, on_move: &mut dyn FnMut(Moved)) {
        let sio = &self.emulator.bus.sio;
        let moved = self.cable.carry_out(sio.gpio_out, sio.gpio_oe);
        let inputs = self.cable.carry_in();
        if moved.is_none() && inputs == self.inputs {
            return self.be_patient();
        }
        self.waited = 0;
        if let Some(moved) = moved {
            self.told(moved, on_move);
        }
        self.hear(inputs);
    }

    fn told(&mut self, moved: Moved, on_move: &mut dyn FnMut(Moved)) {
        if moved.clock {
            self.edges.moved(self.emulator.cycles());
        }
        if moved.reset.is_some() || moved.led.is_some() {
            on_move(moved);
        }
    }

    fn hear(&mut self, inputs: u32) {
        if (inputs ^ self.inputs) & CLOCK_IN != 0 {
            self.edges.answered(self.emulator.cycles());
        }
        self.inputs = inputs;
        let bus = &mut self.emulator.bus;
        bus.external_gpio_in_override = inputs;
        bus.gpio_in = (bus.gpio_in & !INPUTS) | inputs;
    }

    #[inline]
    fn be_patient(&mut self) {
        if !self.cable.is_waiting() || self.waited >= ASLEEP {
            return;
        }
        self.waited += 1;
        if self.waited.is_multiple_of(PATIENCE) {
            std::thread::yield_now();
        }
    }
}
