//! The five wires, bit by bit: what one link says the other hears, or nearly. Pins and their handshake are not here;
//! a missed or doubled clock edge shows as one end stepping without the other.

use fivewire_link::Clocked;

use crate::random::Random;

/// An end of the wires: a link, or a model of one.
pub(crate) trait Bits {
    fn output_bit(&mut self) -> bool;
    fn input_bit(&mut self, bit: bool);
}

impl<L: Clocked> Bits for L {
    #[inline]
    fn output_bit(&mut self) -> bool {
        Clocked::output_bit(self)
    }

    #[inline]
    fn input_bit(&mut self, bit: bool) {
        Clocked::input_bit(self, bit);
    }
}

/// How the wires are disturbed, per million bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Noise {
    pub(crate) flips: u32,
    pub(crate) slips: u32,
}

/// The data wires, with the last bit on each.
#[derive(Debug)]
pub(crate) struct Wires {
    pub(crate) noise: Noise,
    /// Exchanges so far.
    pub(crate) bits: u64,
    /// Flips and slips so far.
    pub(crate) disturbed: u64,
    host_bit: bool,
    bridge_bit: bool,
    random: Random,
}

impl Wires {
    pub(crate) const fn new(random: Random) -> Self {
        Self {
            noise: Noise { flips: 0, slips: 0 },
            bits: 0,
            disturbed: 0,
            host_bit: false,
            bridge_bit: false,
            random,
        }
    }

    /// One exchange. Returns both bits as the ends sent them.
    pub(crate) fn exchange(&mut self, host: &mut impl Bits, bridge: &mut impl Bits) -> u8 {
        self.bits += 1;
        let slip = self.noise.slips > 0 && self.random.per_million(self.noise.slips);
        let host_steps = !slip || self.random.percent(50);
        let bridge_steps = !slip || !host_steps;
        self.disturbed += u64::from(slip);
        if host_steps {
            self.host_bit = host.output_bit();
        }
        if bridge_steps {
            self.bridge_bit = bridge.output_bit();
        }
        if host_steps {
            let bit = self.bridge_bit ^ self.flip();
            host.input_bit(bit);
        }
        if bridge_steps {
            let bit = self.host_bit ^ self.flip();
            bridge.input_bit(bit);
        }
        u8::from(self.host_bit) | u8::from(self.bridge_bit) << 1
    }

    fn flip(&mut self) -> bool {
        let flip = self.noise.flips > 0 && self.random.per_million(self.noise.flips);
        self.disturbed += u64::from(flip);
        flip
    }
}
