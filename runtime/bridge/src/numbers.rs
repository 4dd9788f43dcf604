//! MQTT packet identifiers: the host's, which both ends count alike so that they outlive this one, and the bridge's own.
//!
//! Not here: which of them are in use; the MQTT client knows.

use fivewire_mqtt::PacketId;

/// The host counts up to here; what lies above is the bridge's.
const LAST: u16 = 0x7fff;

/// The two counts.
#[derive(Debug)]
pub(crate) struct Numbers {
    next: u16,
    own: u16,
}

impl Numbers {
    pub(crate) const fn new() -> Self {
        Self {
            next: 1,
            own: LAST + 1,
        }
    }

    /// The host says where it is, 1 to 32,767.
    pub(crate) fn set(&mut self, next: u16) {
        self.next = next.clamp(1, LAST);
    }

    /// For a command that needs one, whatever becomes of it: the host counted as well.
    pub(crate) fn take(&mut self) -> PacketId {
        let id = self.next;
        self.next = if id >= LAST { 1 } else { id + 1 };
        PacketId::new(id).unwrap_or(PacketId::FIRST)
    }

    /// For what the bridge does by itself.
    pub(crate) fn take_own(&mut self) -> PacketId {
        let id = self.own;
        self.own = id.checked_add(1).unwrap_or(LAST + 1);
        PacketId::new(id).unwrap_or(PacketId::FIRST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_counts_never_meet() {
        let mut numbers = Numbers::new();
        numbers.set(LAST);
        assert_eq!([numbers.take().get(), numbers.take().get()], [LAST, 1]);
        let own: [u16; 2] = [numbers.take_own().get(), numbers.take_own().get()];
        assert_eq!(own, [LAST + 1, LAST + 2]);
        numbers.own = u16::MAX;
        assert_eq!(
            [numbers.take_own().get(), numbers.take_own().get()],
            [u16::MAX, LAST + 1]
        );
    }
}
