//! The four wires that carry bits: one step of the handshake, and bursts of steps. Deliberately without a view on
//! time: it never waits longer than it was allowed to, and says how it went.

use embedded_hal::digital::{Error, InputPin, OutputPin};
use fivewire_link::Link;

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
    Quiet,
    /// Something is to be said, or half said, but the peer's clock stands still.
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
    /// Level of the own clock, and that of the peer's which makes it this end's turn.
    clock: bool,
    awaited: bool,
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
            awaited: matches!(role, Role::Responder),
            is_peer_awake: true,
        }
    }

    /// Gives the wires the levels from which a link starts. Call it behind each [`Link::start`]: an initiator puts
    /// the link's first bit on the data wire and raises its clock; a responder lowers both.
    ///
    /// A host with a reset wire does so while the bridge is in reset. Without one it may be called at any time; a
    /// bit may get lost, which the link repairs.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one.
    pub fn start<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<(), PinFault> {
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
    /// the application has something new to look at ([`Link::has_input`]). A quiet link makes one step a call.
    ///
    /// # Errors
    /// [`PinFault`] when a pin reports one. The step it belongs to may be half done; the link repairs it.
    pub fn burst<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
        now_ms: u32,
        limits: Limits,
    ) -> Result<Burst, PinFault> {
        link.handle_timeout(now_ms);
        let mut bits = 0;
        if link.is_quiet() {
            bits = u32::from(self.quiet_step(link)?);
            if link.is_quiet() {
                return Ok(Burst {
                    bits,
                    outcome: Outcome::Quiet,
                });
            }
        }
        let had_input = link.has_input();
        while bits < limits.bits {
            let (moved, stalled) = self.symbol(link, limits.spin)?;
            bits += moved;
            let outcome = if stalled {
                Outcome::Stalled
            } else if link.is_quiet() {
                Outcome::Quiet
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
    fn symbol<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
        spin: u32,
    ) -> Result<(u32, bool), PinFault> {
        let (bits, count) = link.output_bits();
        let (came, moved) = self.exchange(bits, count, spin)?;
        let moved = u32::from(moved);
        link.exchanged(came, moved);
        Ok((moved, moved < count))
    }

    /// Exchanges up to `count` bits; returns those that came, the first one lowest, and how many they are.
    ///
    /// A function of its own, so that its few variables stay in registers: what lies between the peer's edge and ours is
    /// as short as pins allow.
    #[inline(never)]
    fn exchange(&mut self, bits: u8, count: u32, spin: u32) -> Result<(u8, u8), PinFault> {
        // A peer that was not there the last time is waited for but briefly: it may be a process that needs this very
        // processor to move.
        let mut patience = if self.is_peer_awake { spin } else { spin / ASLEEP };
        let (mut bits, mut came, mut moved) = (u32::from(bits), 0, 0);
        while moved < count {
            self.is_peer_awake = self.wait(patience)?;
            if !self.is_peer_awake {
                break;
            }
            came |= u32::from(self.edge(bits & 1 == 1)?) << moved;
            bits >>= 1;
            moved += 1;
            patience = spin;
        }
        // Eight bits, and how many of them are: both fit, so that they come back in registers too.
        Ok((came as u8, moved as u8))
    }

    /// Looks at the peer's clock until it is this end's turn, once more than `patience` says; returns whether it is.
    #[inline(always)]
    fn wait(&mut self, patience: u32) -> Result<bool, PinFault> {
        let looked = if self.awaited {
            look(|| self.clock_in.is_high(), patience)
        } else {
            look(|| self.clock_in.is_low(), patience)
        };
        looked.map_err(|error| PinFault::on(Wire::ClockIn)(error.kind()))
    }

    /// One step of a quiet link, if it is this end's turn.
    fn quiet_step<const TX: usize, const RX: usize>(
        &mut self,
        link: &mut Link<TX, RX>,
    ) -> Result<bool, PinFault> {
        if !self.wait(0)? {
            return Ok(false);
        }
        let came = self.edge(link.output_bit())?;
        link.input_bit(came);
        Ok(true)
    }

    /// Samples the peer's bit, puts the own one, and only then toggles the clock.
    #[inline(always)]
    fn edge(&mut self, bit: bool) -> Result<bool, PinFault> {
        let came = self.get_data()?;
        self.put_data(bit)?;
        self.put_clock(!self.clock)?;
        Ok(came)
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
        self.awaited = match self.role {
            Role::Initiator => high,
            Role::Responder => !high,
        };
        let done = self.clock_out.set_state(high.into());
        done.map_err(|error| PinFault::on(Wire::ClockOut)(error.kind()))
    }
}

/// Whether `is_turn`, now or within so many more looks.
#[inline(always)]
fn look<E>(mut is_turn: impl FnMut() -> Result<bool, E>, patience: u32) -> Result<bool, E> {
    let mut left = patience;
    while !is_turn()? {
        if left == 0 {
            return Ok(false);
        }
        left -= 1;
        core::hint::spin_loop();
    }
    Ok(true)
}
