//! A watch on the records that come from the peer, beneath embedded-tls: it lets through what TLS 1.3 allows, and reads the
//! alerts.
//!
//! embedded-tls 0.19 panics over some records that no honest peer sends (an empty one under encryption, a handshake in the
//! clear once bytes flow), and keeps the number of most alerts to itself. On a wire that anybody may write to, the first
//! would be a way to reset a bridge. Deliberately no parser of what is encrypted: what the broker itself sends in there it
//! may upset embedded-tls with.

use core::cell::Cell;

use embedded_io_async::{ErrorKind, ErrorType, Read};

/// Type, version, length [RFC 8446, 5.1].
const HEADER: usize = 5;
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
/// A tag and the inner type [RFC 8446, 5.2].
const LEAST_ENCRYPTED: usize = 17;
/// An alert, its type and a tag.
const ENCRYPTED_ALERT: usize = 2 + LEAST_ENCRYPTED;
/// Most bytes of a record, encrypted or not [RFC 8446, 5.2].
const MOST: usize = (1 << 14) + 256;

/// What is known of the records that passed.
#[derive(Debug)]
pub(super) struct Watch {
    /// Bytes of the buffer that records are read into.
    capacity: usize,
    /// Where the last one ended there.
    end: Cell<usize>,
    /// Its length.
    length: Cell<usize>,
    /// Something came that is encrypted.
    encrypted: Cell<bool>,
    /// The number of an alert in the clear.
    alert: Cell<Option<u8>>,
}

impl Watch {
    /// For records that are read into a buffer of `capacity` bytes.
    pub(super) const fn new(capacity: usize) -> Self {
        Self {
            capacity,
            end: Cell::new(0),
            length: Cell::new(0),
            encrypted: Cell::new(false),
            alert: Cell::new(None),
        }
    }

    /// The number of the alert that the last record was, none when it was something else. `buffer` is what records were
    /// read into, where embedded-tls decrypts them in place.
    pub(super) fn alert(&self, buffer: &[u8]) -> Option<u8> {
        let last = || {
            let start = self.end.get().checked_sub(self.length.get())?;
            match buffer.get(start..self.end.get())? {
                [1 | 2, number, ALERT, ..] if self.length.get() == ENCRYPTED_ALERT => Some(*number),
                _ => None,
            }
        };
        self.alert.get().or_else(last)
    }

    /// A header came. False when such a record must not come now.
    fn begin(&self, header: [u8; HEADER]) -> bool {
        let [kind, _, _, high, low] = header;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let encrypted = self.encrypted.get();
        let fits = match kind {
            CHANGE_CIPHER_SPEC => length == 1,
            ALERT => length == 2,
            HANDSHAKE => length > 0 && !encrypted,
            APPLICATION_DATA => length >= LEAST_ENCRYPTED,
            _ => false,
        };
        if !fits || length > MOST.min(self.capacity) {
            return false;
        }
        self.encrypted.set(encrypted || kind == APPLICATION_DATA);
        // It begins anew where there is no room left.
        let start = match self.end.get() {
            end if end + length > self.capacity => 0,
            end => end,
        };
        self.end.set(start + length);
        self.length.set(length);
        true
    }
}

/// A reader that is watched.
#[derive(Debug)]
pub(super) struct Watched<'w, R> {
    reader: R,
    watch: &'w Watch,
    header: [u8; HEADER],
    /// Bytes of the header that came.
    came: usize,
    /// Bytes of the record that are still to come.
    left: usize,
}

impl<'w, R> Watched<'w, R> {
    pub(super) const fn new(reader: R, watch: &'w Watch) -> Self {
        Self {
            reader,
            watch,
            header: [0; HEADER],
            came: 0,
            left: 0,
        }
    }

    /// Takes note of bytes that came. False when they must not be let through.
    fn note(&mut self, byte: u8) -> bool {
        if self.left > 0 {
            self.left -= 1;
            // An alert's second byte, in the clear.
            if self.left == 0 && self.header.first() == Some(&ALERT) {
                self.watch.alert.set(Some(byte));
            }
            return true;
        }
        if let Some(place) = self.header.get_mut(self.came) {
            *place = byte;
        }
        self.came += 1;
        if self.came < HEADER {
            return true;
        }
        self.came = 0;
        self.left = usize::from(u16::from_be_bytes([self.header[3], self.header[4]]));
        self.watch.begin(self.header)
    }
}

impl<R> ErrorType for Watched<'_, R> {
    type Error = ErrorKind;
}

impl<R: Read> Read for Watched<'_, R> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let read = self.reader.read(buffer).await;
        let length = read.map_err(|error| embedded_io_async::Error::kind(&error))?;
        let came = buffer.get(..length).unwrap_or(&[]);
        if came.iter().all(|byte| self.note(*byte)) {
            Ok(length)
        } else {
            Err(ErrorKind::InvalidData)
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use futures_lite::future::block_on;
    use std::vec::Vec;

    use super::*;

    /// Reads `bytes` a few at a time, as they come over a network.
    fn pass(watch: &Watch, bytes: &[u8]) -> Result<(), ErrorKind> {
        let mut watched = Watched::new(bytes, watch);
        let mut buffer = [0; 3];
        block_on(async {
            while watched.read(&mut buffer).await? > 0 {}
            Ok(())
        })
    }

    fn record(kind: u8, length: usize) -> Vec<u8> {
        let mut record = std::vec![kind, 3, 3, (length >> 8) as u8, length as u8];
        record.resize(HEADER + length, 0x55);
        record
    }

    #[test]
    fn a_handshake_as_it_should_be_passes() {
        let said = [
            record(HANDSHAKE, 90),
            record(CHANGE_CIPHER_SPEC, 1),
            record(APPLICATION_DATA, 1000),
            record(APPLICATION_DATA, LEAST_ENCRYPTED),
        ];
        assert_eq!(pass(&Watch::new(2000), &said.concat()), Ok(()));
    }

    #[test]
    fn what_would_upset_embedded_tls_does_not() {
        let refused = |records: &[Vec<u8>]| pass(&Watch::new(2000), &records.concat()).is_err();
        assert!(refused(&[record(APPLICATION_DATA, LEAST_ENCRYPTED - 1)]), "empty");
        assert!(
            refused(&[record(APPLICATION_DATA, 100), record(HANDSHAKE, 4)]),
            "in the clear"
        );
        assert!(refused(&[record(HANDSHAKE, 0)]) && refused(&[record(24, 3)]));
        assert!(refused(&[record(APPLICATION_DATA, 2001)]), "no room");
        assert!(pass(&Watch::new(20_000), &record(APPLICATION_DATA, MOST + 1)).is_err());
    }

    #[test]
    fn an_alert_in_the_clear_is_read() {
        let watch = Watch::new(100);
        assert_eq!(pass(&watch, &[ALERT, 3, 3, 0, 2, 2, 40]), Ok(()));
        assert_eq!(watch.alert(&[0; 100]), Some(40));
    }

    /// The third record has no room behind the second and lies at the begin again.
    #[test]
    fn an_alert_that_was_decrypted_is_found_where_it_lies() {
        let watch = Watch::new(100);
        let before = [record(APPLICATION_DATA, 60), record(APPLICATION_DATA, 30)];
        assert_eq!(pass(&watch, &before.concat()), Ok(()));
        assert_eq!(watch.alert(&[2; 100]), None, "it is no alert's length");
        assert_eq!(pass(&watch, &record(APPLICATION_DATA, ENCRYPTED_ALERT)), Ok(()));
        let mut buffer = [0; 100];
        assert_eq!(watch.alert(&buffer), None);
        buffer[..3].copy_from_slice(&[2, 116, ALERT]);
        assert_eq!(watch.alert(&buffer), Some(116));
    }
}
