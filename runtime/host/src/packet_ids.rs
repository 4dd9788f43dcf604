//! The count of MQTT packet identifiers that both ends keep: the bridge learns it with `configure`, and each command
//! that needs an identifier and brings none moves it on at both ends alike. Which identifiers are in use is known
//! elsewhere.

/// The last one the host counts to; those above are the bridge's own.
const LAST: u16 = 32_767;

/// The identifier of the next command that needs one, 1 to 32767.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PacketIds {
    next: u16,
}

impl PacketIds {
    pub(crate) const fn new() -> Self {
        Self { next: 1 }
    }

    pub(crate) const fn next(self) -> u16 {
        self.next
    }

    /// A command went out under the next one; which that was.
    pub(crate) fn count(&mut self) -> u16 {
        let used = self.next;
        self.next = if used >= LAST { 1 } else { used + 1 };
        used
    }

    /// Goes on to the next one that is not in use. The bridge must be told.
    pub(crate) fn skip(&mut self, in_use: impl Fn(u16) -> bool) {
        // Far fewer can be in use than there are: this ends.
        for _ in 0..LAST {
            if !in_use(self.next) {
                return;
            }
            self.count();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_in_its_half_and_goes_around_what_is_in_use() {
        let mut ids = PacketIds { next: LAST - 1 };
        assert_eq!([ids.count(), ids.count(), ids.count()], [LAST - 1, LAST, 1]);
        ids.next = LAST;
        ids.skip(|id| id == LAST || id < 4);
        assert_eq!(ids.next(), 4);
        ids.skip(|_| true);
        assert_eq!(ids.next(), 4, "it gives up");
    }
}
