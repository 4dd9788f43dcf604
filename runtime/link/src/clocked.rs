//! What a driver of pins needs of a link, whichever kind it is. Deliberately nothing of messages: those are in
//! `messages`.

use crate::link::Link;

/// Microseconds between two bits of a quiet native link: a frame that comes up costs the peer's attention for no more.
const QUIET_US: u32 = 1000;

/// A link as its driver sees it: bits and time go in, bits come out.
///
/// The wires exchange bits one for one. An initiator is a bit ahead, because its first bit is on its wire before the
/// peer's first step.
pub trait Clocked {
    /// Tells the time, in wrapping milliseconds. Cheap; to be called once a burst.
    fn handle_timeout(&mut self, now_ms: u32);

    /// The next bit to put on the data wire.
    fn output_bit(&mut self) -> bool;

    /// Takes the bit that was sampled from the data wire.
    fn input_bit(&mut self, bit: bool);

    /// The next bits to put on the data wire, the first one lowest, and how many they are: 1 to 8. Asking changes nothing
    /// but that time may not: see [`Link::output_bits`].
    fn output_bits(&mut self) -> (u8, u32);

    /// Says that so many bits of [`Clocked::output_bits`] went out, and that these came in meanwhile, the first one lowest.
    fn exchanged(&mut self, came: u8, count: u32);

    /// Whether there is something new for the application.
    fn has_input(&self) -> bool;

    /// Whether nothing is being sent or received, nor has been for a while: the driver may slow down.
    fn is_quiet(&self) -> bool;

    /// Microseconds that the driver may let pass before the next bit while the link is quiet.
    fn pause_us(&self) -> u32;

    /// Whether the wires must rest until the application has taken what came: the peer knows no other way to be told.
    fn is_held(&self) -> bool;
}

// Always inlined: these are names and no functions, and count as none when the compiler weighs what is worth inlining.
impl<const TX: usize, const RX: usize> Clocked for Link<TX, RX> {
    #[inline(always)]
    fn handle_timeout(&mut self, now_ms: u32) {
        Link::handle_timeout(self, now_ms);
    }

    #[inline(always)]
    fn output_bit(&mut self) -> bool {
        Link::output_bit(self)
    }

    #[inline(always)]
    fn input_bit(&mut self, bit: bool) {
        Link::input_bit(self, bit);
    }

    #[inline(always)]
    fn output_bits(&mut self) -> (u8, u32) {
        Link::output_bits(self)
    }

    #[inline(always)]
    fn exchanged(&mut self, came: u8, count: u32) {
        Link::exchanged(self, came, count);
    }

    #[inline(always)]
    fn has_input(&self) -> bool {
        Link::has_input(self)
    }

    #[inline(always)]
    fn is_quiet(&self) -> bool {
        Link::is_quiet(self)
    }

    #[inline(always)]
    fn pause_us(&self) -> u32 {
        QUIET_US
    }

    /// Never: a native peer is told how much it may send.
    #[inline(always)]
    fn is_held(&self) -> bool {
        false
    }
}
