//! What the firmware needs of a board: its parts. Deliberately no more than pins, time and a log port: what a board can
//! do besides, its own program may use for itself.

use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_gpio::{Burst, HostWires, Limits, PinFault};
use fivewire_host::link::Clocked;

/// A board, taken apart.
#[derive(Debug)]
pub struct Board<Wires, Led, Heartbeat, Clock, Log> {
    /// Its name, for the log.
    pub name: &'static str,
    /// The five wires, untouched: the bridge is not held in reset.
    pub wires: Wires,
    /// The demo's LED; high is lit.
    pub led: Led,
    /// Changes every 500 ms while the link is clocked; high is lit.
    pub heartbeat: Heartbeat,
    /// Its time.
    pub time: Clock,
    /// Where the log goes.
    pub log: Log,
    /// A number that the last start did not have, best random: by it a bridge notices that the host began anew.
    pub epoch: u16,
}

impl<Wires, Led, Heartbeat, Clock, Log> Board<Wires, Led, Heartbeat, Clock, Log> {
    /// The same with another log, made of this one.
    pub fn with_log<Other>(
        self,
        make: impl FnOnce(Log) -> Other,
    ) -> Board<Wires, Led, Heartbeat, Clock, Other> {
        let Self {
            name,
            wires,
            led,
            heartbeat,
            time,
            log,
            epoch,
        } = self;
        Board {
            name,
            wires,
            led,
            heartbeat,
            time,
            log: make(log),
            epoch,
        }
    }
}

/// A board's time, and how its core sleeps.
pub trait Time {
    /// Milliseconds since the start, wrapping. Called at least every 100 ms.
    fn now_ms(&mut self) -> u32;

    /// Lets the core rest for so many microseconds, 1 to 10,000. It may wake early; it must not wake late, for a
    /// millisecond is a bit of an idle link.
    fn rest(&mut self, us: u32);
}

/// Where a board's log goes: a UART, mostly.
pub trait Port {
    /// True when the port keeps what it sends in a millisecond in a queue of its own. Without one the loop gives it
    /// byte by byte, and does not rest meanwhile.
    const HOLDS_A_MILLISECOND: bool;

    /// Takes as many bytes as there is room for, none if need be, and never waits. Returns how many.
    fn write(&mut self, bytes: &[u8]) -> usize;

    /// Sends all of `bytes` and waits for it: a program's last words. Whoever has the port never gets it back.
    fn shout(bytes: &[u8]);
}

/// The five wires, whatever pins they are.
pub trait Wires {
    /// See [`HostWires::hold`].
    ///
    /// # Errors
    /// A pin reports one.
    fn hold(&mut self, hold: bool, link: &mut impl Clocked) -> Result<bool, PinFault>;

    /// See [`HostWires::burst`].
    ///
    /// # Errors
    /// A pin reports one.
    fn burst(&mut self, link: &mut impl Clocked, now_ms: u32) -> Result<Burst, PinFault>;
}

impl<ClockOut, DataOut, ClockIn, DataIn, Reset> Wires for HostWires<ClockOut, DataOut, ClockIn, DataIn, Reset>
where
    ClockOut: OutputPin,
    DataOut: OutputPin,
    ClockIn: InputPin,
    DataIn: InputPin,
    Reset: OutputPin,
{
    fn hold(&mut self, hold: bool, link: &mut impl Clocked) -> Result<bool, PinFault> {
        HostWires::hold(self, hold, link)
    }

    fn burst(&mut self, link: &mut impl Clocked, now_ms: u32) -> Result<Burst, PinFault> {
        HostWires::burst(self, link, now_ms, Limits::DEFAULT)
    }
}
