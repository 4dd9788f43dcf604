//! One publication in the queue: where it is, what became of its receipt, and what the bridge's window counts of it.
//! How it gets from one place to the next is the queue's business.

use fivewire_wire::QoS;

use crate::publish::{Publish, PublishId, Receipt};

/// Who takes the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Whoever asks for the next receipt.
    Poll,
    /// A task that waits for this one.
    Task,
    /// No one; it is dropped.
    Nobody,
}

/// Where a publication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the queue.
    Waiting,
    /// Sent, not answered; it counts against the bridge's window. `as_new`: its packet identifier was the next one.
    AtBridge { number: u8, as_new: bool },
    /// QoS 2: the broker has it and waits for its release, or may do so. Never published again. `order`: releases
    /// go out in the order in which the broker confirmed [MQTT-4.6.0-4].
    Received { order: u32 },
    /// QoS 2: its release was sent, not answered.
    Releasing { number: u8, order: u32 },
    /// Finished as far as bridge and broker are concerned.
    Gone,
}

/// What became of the receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Open,
    Ready(Receipt),
    Taken,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) id: PublishId,
    pub(super) owner: Owner,
    pub(super) options: Publish,
    pub(super) deadline: Option<u32>,
    /// The broker may know it under this one; 0 while it was never sent under any.
    pub(super) packet_id: u16,
    pub(super) topic_len: u8,
    pub(super) properties_len: u8,
    /// Topic, payload and properties, in bytes; what the bridge's window counts.
    pub(super) size: u16,
    /// False once they are no longer needed.
    pub(super) stored: bool,
    pub(super) place: Place,
    pub(super) ending: Ending,
}

impl Entry {
    pub(super) fn stored_len(&self) -> usize {
        if self.stored { self.size.into() } else { 0 }
    }

    pub(super) fn is_open(&self) -> bool {
        self.ending == Ending::Open
    }

    /// True when it may be sent (again) as a publication.
    pub(super) fn is_needed(&self) -> bool {
        self.is_open() && matches!(self.place, Place::Waiting | Place::AtBridge { .. })
    }

    /// QoS 2, and sent under a packet identifier: the broker may hold that until it is released, so that it must not
    /// be given up, nor be used for another message.
    pub(super) fn may_be_held(&self) -> bool {
        self.options.qos == QoS::ExactlyOnce && self.packet_id != 0
    }

    /// What the window counts of it: bytes, or none when it is not at the bridge. One that was received takes a
    /// message's place until its release is answered.
    pub(super) fn in_window(&self) -> Option<usize> {
        match self.place {
            Place::Waiting | Place::Gone => None,
            Place::AtBridge { .. } => Some(self.size.into()),
            Place::Received { .. } | Place::Releasing { .. } => Some(0),
        }
    }

    /// The mark of the release that is due.
    pub(super) fn release_due(&self) -> Option<u32> {
        match self.place {
            Place::Received { order } => Some(order),
            Place::Waiting | Place::AtBridge { .. } | Place::Releasing { .. } | Place::Gone => None,
        }
    }
}
