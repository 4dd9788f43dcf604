//! The two versions of MQTT as types, so that a client of one links nothing of the other.
//!
//! Not here: what they do differently (see `incoming` and `v5`).

use crate::v5::Extra;

/// A version of MQTT: [`V311`] or [`V5`](crate::v5::V5).
pub trait Version: sealed::Sealed {
    /// The level that CONNECT names: 4 or 5.
    const LEVEL: u8;
    #[doc(hidden)]
    type Extra: Extra;
}

/// MQTT 3.1.1.
#[derive(Debug)]
pub enum V311 {}

impl Version for V311 {
    const LEVEL: u8 = 4;
    type Extra = ();
}

impl<const ALIASES: usize, const TOPIC: usize> Version for crate::v5::V5<ALIASES, TOPIC> {
    const LEVEL: u8 = 5;
    type Extra = crate::v5::Five<ALIASES, TOPIC>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::V311 {}
    impl<const ALIASES: usize, const TOPIC: usize> Sealed for crate::v5::V5<ALIASES, TOPIC> {}
}
