//! Incoming QoS 2 messages that the application has and the broker has not released yet: those that come again are
//! recognised by these identifiers (MQTT 4.3.3, method A without its payload).
//!
//! Not here: messages the application still looks at (see `receipts`).

use heapless::Vec;

use crate::types::PacketId;

/// How many more are remembered than there may be unacknowledged messages: as many as Mosquitto has under way, which
/// in MQTT 3.1.1 cannot be told to have fewer.
const MORE: usize = 20;

pub(crate) struct Received<const N: usize> {
    ids: Vec<PacketId, N>,
    more: Vec<PacketId, MORE>,
}

impl<const N: usize> Received<N> {
    pub(crate) const fn new() -> Self {
        Self {
            ids: Vec::new(),
            more: Vec::new(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = PacketId> {
        self.ids.iter().chain(&self.more).copied()
    }

    pub(crate) fn contains(&self, id: PacketId) -> bool {
        self.iter().any(|other| other == id)
    }

    /// How many more can be remembered.
    pub(crate) fn room(&self) -> usize {
        N + MORE - self.ids.len() - self.more.len()
    }

    /// Remembers one; false when there is no room.
    pub(crate) fn insert(&mut self, id: PacketId) -> bool {
        self.contains(id) || self.ids.push(id).is_ok() || self.more.push(id).is_ok()
    }

    /// The broker released it; false when it is not known.
    pub(crate) fn remove(&mut self, id: PacketId) -> bool {
        fn take<const N: usize>(ids: &mut Vec<PacketId, N>, id: PacketId) -> bool {
            let position = ids.iter().position(|&other| other == id);
            position.map(|position| ids.swap_remove(position)).is_some()
        }
        take(&mut self.ids, id) || take(&mut self.more, id)
    }

    pub(crate) fn clear(&mut self) {
        self.ids.clear();
        self.more.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{MORE, Received};
    use crate::types::PacketId;

    #[test]
    fn remembers_as_many_as_it_says() {
        let mut received = Received::<2>::new();
        let id = |number: usize| PacketId::new(number as u16).unwrap();
        let mut count = 0;
        while received.room() > 0 {
            count += 1;
            assert!(received.insert(id(count)));
        }
        assert_eq!(count, 2 + MORE);
        assert!(received.insert(id(1)), "it is remembered already");
        assert!(!received.insert(id(count + 1)));
        assert!(received.remove(id(count)) && !received.remove(id(count)));
        assert!(received.remove(id(1)) && !received.contains(id(1)) && received.contains(id(2)));
        assert_eq!(received.room(), 2);
    }
}
