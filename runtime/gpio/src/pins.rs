//! The four wires that carry bits: one step of the handshake, and bursts of steps. Deliberately without a view on
//! time: it never waits longer than it was allowed to, and says how it went.

use embedded_hal::digital::{Error, InputPin, OutputPin};
use fivewire_link::Clocked;

use crate::fault::{PinFault, Wire};

/// Which end makes the first move. The host does. The two are alike in all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Steps when the peer's clock has the level of its own; its first edge carries its first bit.
    Initiator,
    /// Steps when the peer's clock differs from its own.
    Responder,
}

/// What a burst may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bits to exchange; rounded up to whole symbols of eight.
    pub bits: u32,
    /// How often in a row to look at the peer's clock in vain before the burst ends as stalled; an eighth of it
    /// while the peer is not there at all.
    pub spin: u32,
}

impl Limits {
    /// For a loop that has other things to do, on a microcontroller or a PC: some 4 kbit, and a few microseconds
    /// of patience.
    pub const DEFAULT: Limits = Limits {
        bits: 4096,
        spin: 160,
    };
}

/// How a burst went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// Bits exchanged in each direction.
    pub bits: u32,
    /// Why it ended.
    pub outcome: Outcome,
}

/// Why a burst ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The limit was reached, or there is something for the application. Go on as soon as it has been served.
    Busy,
    /// Nothing is under way in either direction; the next step has time.
    Quiet {
        /// So many microseconds.
        us: u32,
    },
    /// Something is to be said, or half said, but the peer's clock stands still; or this end's has to, until the
    /// application has taken what came.
    Stalled,
}

/// The four wires of one end that carry bits.
#[derive(Debug)]
pub struct Pins<ClockOut, DataOut, ClockIn, DataIn> {
    role: Role,
    clock_out: ClockOut,
    data_out: DataOut,
    clock_in: ClockIn,
    data_in: DataIn,
    /// Level of the own clock.
    clock: bool,
    /// The peer was there when it was last waited for.
    is_peer_awake: bool,
}

/// The part of the patience that a peer gets which was not there the last time.
const ASLEEP: u32 = 8;

impl<ClockOut, DataOut, ClockIn, DataIn> Pins<ClockOut, DataOut, ClockIn, DataIn>
where
    ClockOut: OutputPin,
    DataOut: OutputPin,
    ClockIn: InputPin,
    DataIn: InputPin,
{
    /// The wires of the end with this role. No pin is touched before [`Pins::start`].
    pub const fn new(
        role: Role,
        clock_out: ClockOut,
        data_out: DataOut,
        clock_in: ClockIn,
        data_in: DataIn,
    ) -> Self {
        Pins {
            role,
            clock_out,
            data_out,
            clock_in,
            data_in,
            clock: false,
            is_peer_awake: true,
        }
    }

    /// Gives the wires the levels from which a link starts. Call it behind each [`Link::start`](fivewire_link::Link::start): an initiator puts
    /// the link's first bit on the data wire and raises its clock; a responder lowers both.
    ///
    /// A host with a reset wire does so while the bridge is in reset. Without one it may be called at any time; a
    /// bit may get lost, which the link repairs.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one.
    pub fn start(&mut self, link: &mut impl Clocked) -> Result<(), PinFault> {
        match self.role {
            Role::Initiator => {
                self.put_data(link.output_bit())?;
                self.put_clock(true)
            }
            Role::Responder => {
                self.put_data(false)?;
                self.put_clock(false)
            }
        }
    }

    /// Lowers data and clock, so that a bridge that is being reset or powered down sees quiet wires.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one.
    pub fn stop(&mut self) -> Result<(), PinFault> {
        self.put_data(false)?;
        self.put_clock(false)
    }

    /// Tells the link the time, then exchanges bits until a limit is reached, the link is quiet, the peer stalls, or
    /// the application has something new to look at ([`Clocked::has_input`]). A quiet link makes one step a call.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one. The symbol it belongs to is damaged for both ends; the link repairs it.
    pub fn burst(&mut self, link: &mut impl Clocked, now_ms: u32, limits: Limits) -> Result<Burst, PinFault> {
        link.handle_timeout(now_ms);
        let mut bits = 0;
        if link.is_held() {
            let outcome = Outcome::Stalled;
            return Ok(Burst { bits, outcome });
        }
        if link.is_quiet() {
            bits = u32::from(self.quiet_step(link)?);
            if link.is_quiet() {
                let outcome = Outcome::Quiet { us: link.pause_us() };
                return Ok(Burst { bits, outcome });
            }
        }
        let had_input = link.has_input();
        while bits < limits.bits {
            let (moved, stalled) = self.symbol(link, limits.spin)?;
            bits += moved;
            let outcome = if stalled || link.is_held() {
                Outcome::Stalled
            } else if link.is_quiet() {
                Outcome::Quiet { us: link.pause_us() }
            } else if link.has_input() && !had_input {
                break;
            } else {
                continue;
            };
            return Ok(Burst { bits, outcome });
        }
        Ok(Burst {
            bits,
            outcome: Outcome::Busy,
        })
    }

    /// Exchanges what is left of a symbol, or less when the peer stalls; returns how many bits, and whether it did.
    ///
    /// The link works behind the last edge, while the peer does its own step: the two ends begin their symbols
    /// together, so they do it at the same time.
    #[inline(always)]
    fn symbol(&mut self, link: &mut impl Clocked, spin: u32) -> Result<(u32, bool), PinFault> {
        let (bits, count) = link.output_bits();
        let (came, moved) = self.exchange(bits, count, spin)?;
        let moved = u32::from(moved);
        link.exchanged(came, moved);
        Ok((moved, moved < count))
    }

    /// Exchanges up to `count` bits; returns those that came, the first one lowest, and how many they are.
    ///
    /// A function of its own, so that its few variables stay in registers.
    #[inline(never)]
    fn exchange(&mut self, bits: u8, count: u32, spin: u32) -> Result<(u8, u8), PinFault> {
        // A peer that was not there the last time is waited for but briefly: it may be a process that needs this very
        // processor to move.
        let mut patience = if self.is_peer_awake { spin } else { spin / ASLEEP };
        let (mut bits, mut came, mut moved) = (u32::from(bits), 0, 0);
        while moved < count
            && let Some(bit) = self.step(bits & 1 == 1, patience)?
        {
            came |= u32::from(bit) << moved;
            bits >>= 1;
            moved += 1;
            patience = spin;
        }
        self.is_peer_awake = moved == count;
        // Eight bits, and how many of them are: both fit, so that they come back in registers too.
        Ok((came as u8, moved as u8))
    }

    /// One step of a quiet link, if it is this end's turn.
    fn quiet_step(&mut self, link: &mut impl Clocked) -> Result<bool, PinFault> {
        let (bits, _) = link.output_bits();
        let came = self.step(bits & 1 == 1, 0)?;
        if let Some(bit) = came {
            link.exchanged(bit.into(), 1);
        }
        Ok(came.is_some())
    }

    /// Waits for this end's turn, and takes it: samples the peer's bit and puts the own one. None when patience ran out.
    ///
    /// What to put is decided before the wait, so that between the peer's edge and ours pins are read and written and
    /// nothing else is done.
    #[inline(always)]
    fn step(&mut self, bit: bool, patience: u32) -> Result<Option<bool>, PinFault> {
        match (bit, self.clock) {
            (false, false) => self.step_to::<false, true>(patience),
            (false, true) => self.step_to::<false, false>(patience),
            (true, false) => self.step_to::<true, true>(patience),
            (true, true) => self.step_to::<true, false>(patience),
        }
    }

    /// Samples the peer's bit, puts the own one, and only then toggles the clock.
    #[inline(always)]
    fn step_to<const DATA: bool, const CLOCK: bool>(
        &mut self,
        patience: u32,
    ) -> Result<Option<bool>, PinFault> {
        if !self.wait(CLOCK, patience)? {
            return Ok(None);
        }
        let came = self.get_data()?;
        self.put_data(DATA)?;
        self.put_clock(CLOCK)?;
        Ok(Some(came))
    }

    /// Looks at the peer's clock until the own one may be given the level `next`, and once more than `patience` says;
    /// returns whether it may.
    #[inline(always)]
    fn wait(&mut self, next: bool, patience: u32) -> Result<bool, PinFault> {
        let awaited = match self.role {
            Role::Initiator => !next,
            Role::Responder => next,
        };
        let looked = if awaited {
            look(|| self.clock_in.is_high(), patience)
        } else {
            look(|| self.clock_in.is_low(), patience)
        };
        looked.map_err(|error| PinFault::on(Wire::ClockIn)(error.kind()))
    }

    #[inline(always)]
    fn get_data(&mut self) -> Result<bool, PinFault> {
        self.data_in
            .is_high()
            .map_err(|error| PinFault::on(Wire::DataIn)(error.kind()))
    }

    #[inline(always)]
    fn put_data(&mut self, high: bool) -> Result<(), PinFault> {
        let done = self.data_out.set_state(high.into());
        done.map_err(|error| PinFault::on(Wire::DataOut)(error.kind()))
    }

    #[inline(always)]
    fn put_clock(&mut self, high: bool) -> Result<(), PinFault> {
        self.clock = high;
        let done = self.clock_out.set_state(high.into());
        done.map_err(|error| PinFault::on(Wire::ClockOut)(error.kind()))
    }
}

/// Whether `is_turn`, now or within so many more looks.
#[inline(always)]
fn look<E>(mut is_turn: impl FnMut() -> Result<bool, E>, patience: u32) -> Result<bool, E> {
    for _ in 0..patience {
        if is_turn()? {
            return Ok(true);
        }
        core::hint::spin_loop();
    }
    is_turn()
}
