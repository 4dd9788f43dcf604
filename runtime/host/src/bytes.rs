//! Byte strings back to back in one bounded buffer, any of which can be taken out again. Where each one begins is
//! the business of the queue and the inbox that keep them.

/// Up to `N` bytes.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Bytes<const N: usize> {
    used: usize,
    bytes: [u8; N],
}

impl<const N: usize> Bytes<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            used: 0,
        }
    }

    /// Bytes that still fit.
    pub(crate) const fn free(&self) -> usize {
        N - self.used
    }

    /// Adds `parts` as one string at the end. False when they do not fit; then nothing is added.
    pub(crate) fn push(&mut self, parts: [&[u8]; 3]) -> bool {
        let len: usize = parts.iter().map(|part| part.len()).sum();
        let Some(mut room) = self.bytes.get_mut(self.used..self.used + len) else {
            return false;
        };
        for part in parts {
            let Some((head, tail)) = room.split_at_mut_checked(part.len()) else {
                return false;
            };
            head.copy_from_slice(part);
            room = tail;
        }
        self.used += len;
        true
    }

    /// Adds what `write` puts into the free room; it returns how much that is.
    pub(crate) fn push_with<E>(
        &mut self,
        write: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        let len = write(self.bytes.get_mut(self.used..).unwrap_or_default())?.min(self.free());
        self.used += len;
        Ok(len)
    }

    /// The string of `len` bytes at `start`; empty when there is none.
    pub(crate) fn get(&self, start: usize, len: usize) -> &[u8] {
        self.bytes.get(start..start + len).unwrap_or_default()
    }

    /// Takes out the string of `len` bytes at `start`; what is behind it moves up.
    pub(crate) fn remove(&mut self, start: usize, len: usize) {
        let end = start + len;
        if end <= self.used {
            self.bytes.copy_within(end..self.used, start);
            self.used -= len;
        }
    }
}

/// The text in bytes that came from a `&str`; empty if they are none after all.
pub(crate) fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_and_go_in_any_order() {
        let mut bytes = Bytes::<10>::new();
        assert!(
            bytes.push([b"ab", b"c", b""])
                && bytes.push([b"", b"d", b"e"])
                && bytes.push([b"fghij", b"", b""])
        );
        assert!(!bytes.push([b"", b"", b"k"]) && bytes.push([b""; 3]), "full");
        bytes.remove(3, 2);
        assert_eq!(bytes.get(0, 8), b"abcfghij");
        assert_eq!(bytes.free(), 2);
        bytes.remove(0, 3);
        assert!(bytes.push([b"kl", b"m", b"no"]));
        assert_eq!(bytes.get(0, 10), b"fghijklmno");
        bytes.remove(8, 3);
        assert_eq!(bytes.free(), 0, "not a string that was put in");
        assert_eq!(bytes.get(9, 2), b"");
        bytes.remove(0, 8);
        assert_eq!(
            bytes.push_with(|room| room.first_mut().map(|byte| *byte = b'!').map(|()| 1).ok_or(())),
            Ok(1)
        );
        assert_eq!(bytes.get(0, 3), b"no!");
        assert_eq!(bytes.push_with(|_| Err(7)), Err(7));
        assert_eq!(bytes.free(), 7);
    }
}
