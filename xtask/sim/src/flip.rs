//! Data pins that invert chosen bits: the noise of `--fault bit-flip@N`. The clock is left alone, so that N means
//! the same bit in every run.

use std::cell::Cell;
use std::rc::Rc;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin};

/// Counts the bits of both directions and knows which to invert.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    bits: Rc<Cell<u64>>,
    flips: Rc<[u64]>,
}

impl Noise {
    /// Inverts the bits with these numbers; the first bit on the wires is number 0.
    pub(crate) fn new(flips: impl IntoIterator<Item = u64>) -> Self {
        Self {
            bits: Rc::new(Cell::new(0)),
            flips: flips.into_iter().collect(),
        }
    }

    /// How many of the chosen bits have passed.
    pub(crate) fn struck(&self) -> usize {
        self.flips.iter().filter(|&&flip| flip < self.bits.get()).count()
    }

    fn pass(&self, bit: bool) -> bool {
        let number = self.bits.get();
        self.bits.set(number + 1);
        bit ^ self.flips.contains(&number)
    }
}

/// A data pin behind the noise.
#[derive(Debug)]
pub(crate) struct Noisy<P> {
    pin: P,
    noise: Noise,
}

impl<P> Noisy<P> {
    pub(crate) fn new(pin: P, noise: &Noise) -> Self {
        Self {
            pin,
            noise: noise.clone(),
        }
    }
}

impl<P: ErrorType> ErrorType for Noisy<P> {
    type Error = P::Error;
}

impl<P: OutputPin> OutputPin for Noisy<P> {
    fn set_low(&mut self) -> Result<(), P::Error> {
        let level = self.noise.pass(false);
        self.pin.set_state(level.into())
    }

    fn set_high(&mut self) -> Result<(), P::Error> {
        let level = self.noise.pass(true);
        self.pin.set_state(level.into())
    }
}

impl<P: InputPin> InputPin for Noisy<P> {
    fn is_high(&mut self) -> Result<bool, P::Error> {
        let level = self.pin.is_high()?;
        Ok(self.noise.pass(level))
    }

    fn is_low(&mut self) -> Result<bool, P::Error> {
        self.is_high().map(|level| !level)
    }
}
