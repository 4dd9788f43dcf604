//! Random numbers for keys: the machine's entropy device, which hands on the computer's own.

use core::fmt::Write as _;

use fivewire_bridge_fw_net::Random;
use virtio_drivers::device::rng::VirtIORng;
use virtio_drivers::transport::DeviceType;

use crate::exit;
use crate::serial::Serial;
use crate::virtio::{self, Memory, Registers};

/// The entropy device.
pub(crate) struct Chance(VirtIORng<Memory, Registers>);

impl Chance {
    /// The machine's, if it was given one.
    pub(crate) fn find() -> Option<Self> {
        let (_, registers) = virtio::find(DeviceType::EntropySource)?;
        VirtIORng::new(registers).ok().map(Self)
    }
}

impl Random for Chance {
    /// Ends the program rather than make a key of anything else.
    fn fill(&mut self, bytes: &mut [u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.0.request_entropy(rest) {
                Ok(length @ 1..) => rest = rest.get_mut(length..).unwrap_or_default(),
                Ok(0) | Err(_) => give_up(),
            }
        }
    }
}

fn give_up() -> ! {
    let _ = writeln!(Serial, "the entropy device gives nothing");
    exit::exit(exit::NO_DEVICE)
}
