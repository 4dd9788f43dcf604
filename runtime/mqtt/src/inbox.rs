//! Bytes from the broker that are not consumed yet, in one piece.
//!
//! Before the CONNACK nothing can come in, so the same memory first carries the CONNECT out. Not here: what the bytes mean.

pub(crate) struct Inbox<const N: usize> {
    bytes: [u8; N],
    start: usize,
    end: usize,
    /// Bytes still to come that nobody wants.
    skip: usize,
}

impl<const N: usize> Inbox<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            start: 0,
            end: 0,
            skip: 0,
        }
    }

    /// What came in and is not consumed, or what of the CONNECT is not sent.
    pub(crate) fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Takes bytes in; how many.
    pub(crate) fn fill(&mut self, bytes: &[u8]) -> usize {
        let unwanted = bytes.len().min(self.skip);
        self.skip -= unwanted;
        let wanted = bytes.get(unwanted..).unwrap_or_default();
        self.make_room(wanted.len());
        let Some(space) = self.bytes.get_mut(self.end..) else {
            return unwanted;
        };
        let len = wanted.len().min(space.len());
        if let (Some(to), Some(from)) = (space.get_mut(..len), wanted.get(..len)) {
            to.copy_from_slice(from);
        }
        self.end += len;
        unwanted + len
    }

    /// Consumes bytes, also those that are still to come.
    pub(crate) fn advance(&mut self, len: usize) {
        let here = len.min(self.end - self.start);
        self.start += here;
        self.skip += len - here;
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
    }

    /// Lets `write` put a packet here that is to be sent; it says how long the packet is.
    pub(crate) fn lend<E>(&mut self, write: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<(), E> {
        self.clear();
        self.end = write(&mut self.bytes)?.min(N);
        Ok(())
    }

    /// Forgets everything, and leaves no password behind.
    pub(crate) fn clear(&mut self) {
        self.bytes.fill(0);
        self.start = 0;
        self.end = 0;
        self.skip = 0;
    }

    /// Moves what is there to the front when there is too little room behind it.
    fn make_room(&mut self, len: usize) {
        if self.start > 0 && len > N - self.end && self.start <= self.end {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Inbox;

    #[test]
    fn takes_what_fits_and_moves_the_rest_to_the_front() {
        let mut inbox = Inbox::<8>::new();
        assert_eq!(inbox.fill(b"abcdef"), 6);
        assert_eq!(inbox.fill(b"ghij"), 2);
        assert_eq!(inbox.unread(), b"abcdefgh");
        inbox.advance(5);
        assert_eq!(inbox.fill(b"ijklmn"), 5);
        assert_eq!(inbox.unread(), b"fghijklm");
        inbox.advance(8);
        assert_eq!(inbox.unread(), b"");
    }

    #[test]
    fn what_nobody_wants_is_dropped_as_it_comes() {
        let mut inbox = Inbox::<8>::new();
        assert_eq!(inbox.fill(b"abc"), 3);
        inbox.advance(6);
        assert_eq!(inbox.fill(b"de"), 2);
        assert_eq!(inbox.unread(), b"");
        assert_eq!(inbox.fill(b"fgh"), 3);
        assert_eq!(inbox.unread(), b"gh");
    }

    #[test]
    fn clearing_leaves_nothing_behind() {
        let mut inbox = Inbox::<8>::new();
        assert_eq!(
            inbox.lend(|out| out
                .get_mut(..3)
                .map(|out| out.copy_from_slice(b"key"))
                .map_or(Err(()), |()| Ok(3))),
            Ok(())
        );
        assert_eq!(inbox.unread(), b"key");
        inbox.clear();
        assert_eq!(inbox.unread(), b"");
        assert_eq!(inbox.bytes, [0; 8]);
    }
}
