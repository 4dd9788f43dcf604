//! The room that the host offered for messages, and which of them it holds. A native bridge keeps to it by leaving
//! messages with the broker; a stock bridge has acknowledged them. Deliberately without the messages themselves.

/// Most messages that a host holds: the upper bound of `configure.inbox_messages`.
const MAX_MESSAGES: usize = 32;

/// Messages that were given to the host and not accepted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Number and bytes of each.
    held: [(u8, u16); MAX_MESSAGES],
    len: usize,
    max_messages: usize,
    max_bytes: usize,
}

impl Window {
    /// No room for any.
    pub(super) const CLOSED: Self = Self {
        held: [(0, 0); MAX_MESSAGES],
        len: 0,
        max_messages: 0,
        max_bytes: 0,
    };

    /// As `configure` says.
    pub(super) fn new(messages: u8, bytes: u16) -> Self {
        Self {
            max_messages: usize::from(messages).min(MAX_MESSAGES),
            max_bytes: bytes.into(),
            ..Self::CLOSED
        }
    }

    fn held(&self) -> &[(u8, u16)] {
        self.held.get(..self.len).unwrap_or_default()
    }

    /// Whether the host can take a message with so many bytes of topic and payload.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        let used: usize = self.held().iter().map(|(_, bytes)| usize::from(*bytes)).sum();
        self.len < self.max_messages && used + bytes <= self.max_bytes
    }

    /// It got one, within its room.
    pub(super) fn given(&mut self, number: u8, bytes: usize) {
        if let Some(free) = self.held.get_mut(self.len) {
            *free = (number, bytes as u16); // within the room, which a u16 said
            self.len += 1;
        }
    }

    /// It accepted one.
    pub(super) fn taken(&mut self, number: u8) {
        let at = self.held().iter().position(|(held, _)| *held == number);
        let last = self.held().last().copied();
        if let (Some(at), Some(last)) = (at, last)
            && let Some(slot) = self.held.get_mut(at)
        {
            *slot = last;
            self.len -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_as_much_room_as_was_offered_and_not_yet_used() {
        let mut window = Window::new(3, 100);
        for number in [254, 255] {
            assert!(window.has_room(40));
            window.given(number, 40);
        }
        assert!(window.has_room(20) && !window.has_room(21), "bytes");
        window.given(0, 0);
        assert!(!window.has_room(0), "messages");
        window.taken(254);
        window.taken(254);
        assert!(window.has_room(60) && !window.has_room(61));
        window.given(1, 60);
        assert!(!window.has_room(0));
        window.taken(0);
        window.taken(1);
        window.taken(255);
        assert!(window.has_room(100));
        assert!(!Window::CLOSED.has_room(0));
    }
}
