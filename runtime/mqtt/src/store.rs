//! A session written down, and read back after a restart.
//!
//! Layout: version 1, level of MQTT, last packet id, count of requests, each with kind, whether it was attempted, packet id, length and
//! bytes, count of received QoS 2 messages and their packet ids, and a check value of everything before it; all
//! numbers big-endian. Not here: where it is kept; a file, flash, the host of a bridge.

use core::fmt;

use crate::outbox::RequestKind;
use crate::packet::EncodeError;
use crate::session::Session;
use crate::types::PacketId;

const VERSION: u8 = 1;
const HEAD: usize = 1 + 1 + 2 + 2;
const REQUEST_HEAD: usize = 1 + 1 + 2 + 4;
const CHECK: usize = 4;

/// Why a written session could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// Not a session, cut off, or changed since it was written.
    Damaged,
    /// Written by a release whose layout this one does not know.
    Version(u8),
    /// It has more requests, bytes or messages than this session has room for.
    TooLarge,
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("not a saved session, or damaged"),
            Self::Version(version) => write!(f, "a session saved in layout {version}"),
            Self::TooLarge => f.write_str("the saved session is larger than this one can be"),
        }
    }
}

impl core::error::Error for RestoreError {}

impl<const TX: usize, const IN_FLIGHT: usize> Session<TX, IN_FLIGHT> {
    /// Bytes that [`save`](Self::save) needs now.
    #[must_use]
    pub fn saved_len(&self) -> usize {
        let requests = self.outbox.requests().iter();
        let packets: usize = requests
            .map(|request| REQUEST_HEAD + self.outbox.bytes_of(request).len())
            .sum();
        HEAD + packets + 2 + 2 * self.received.iter().count() + CHECK
    }

    /// Writes the session down: what is unanswered and what is not released, so that a restart makes no duplicate the
    /// broker could not recognise. The length comes back.
    ///
    /// # Errors
    /// [`EncodeError::Full`] when `out` is shorter than [`saved_len`](Self::saved_len).
    pub fn save(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut page = Page { out, len: 0 };
        page.write(&[VERSION, self.level])?;
        page.u16(self.last_packet_id.map_or(0, PacketId::get))?;
        page.count(self.outbox.requests().len())?;
        for request in self.outbox.requests() {
            page.write(&[request.kind as u8, u8::from(self.outbox.is_attempted(request))])?;
            page.u16(request.packet_id.get())?;
            let bytes = self.outbox.bytes_of(request);
            let len = u32::try_from(bytes.len()).map_err(|_| EncodeError::TooLong)?;
            page.write(&len.to_be_bytes())?;
            page.write(bytes)?;
        }
        page.count(self.received.iter().count())?;
        for id in self.received.iter() {
            page.u16(id.get())?;
        }
        let check = check_value(page.written());
        page.write(&check.to_be_bytes())?;
        Ok(page.len)
    }

    /// Reads a session that [`save`](Self::save) wrote; one of other `TX` and `IN_FLIGHT` too, if it fits.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn restore(bytes: &[u8]) -> Result<Self, RestoreError> {
        let (content, check) = bytes.split_last_chunk::<CHECK>().ok_or(RestoreError::Damaged)?;
        if u32::from_be_bytes(*check) != check_value(content) {
            return Err(RestoreError::Damaged);
        }
        let mut content = Content(content);
        let [version, level] = content.take()?;
        if version != VERSION {
            return Err(RestoreError::Version(version));
        }
        let mut session = Self::new();
        session.level = level;
        session.last_packet_id = PacketId::new(content.u16()?);
        for _ in 0..content.u16()? {
            session.restore_request(&mut content)?;
        }
        for _ in 0..content.u16()? {
            if !session.received.insert(content.id()?) {
                return Err(RestoreError::TooLarge);
            }
        }
        if content.0.is_empty() {
            Ok(session)
        } else {
            Err(RestoreError::Damaged)
        }
    }

    fn restore_request(&mut self, content: &mut Content<'_>) -> Result<(), RestoreError> {
        let [kind, attempted] = content.take()?;
        let kind = RequestKind::from_number(kind).ok_or(RestoreError::Damaged)?;
        let id = content.id()?;
        let len = u32::from_be_bytes(content.take()?) as usize;
        let bytes = content.slice(len)?;
        let slot = self.outbox.append_attempted(id, kind, (len, 0), attempted != 0);
        slot.ok_or(RestoreError::TooLarge)?.copy_from_slice(bytes);
        Ok(())
    }
}

/// FNV-1a: enough to tell a torn write from a whole one.
fn check_value(bytes: &[u8]) -> u32 {
    let mix = |value: u32, &byte: &u8| (value ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(0x811c_9dc5, mix)
}

struct Page<'a> {
    out: &'a mut [u8],
    len: usize,
}

impl Page<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        let place = self.out.get_mut(self.len..self.len + bytes.len());
        place.ok_or(EncodeError::Full)?.copy_from_slice(bytes);
        self.len += bytes.len();
        Ok(())
    }

    fn u16(&mut self, value: u16) -> Result<(), EncodeError> {
        self.write(&value.to_be_bytes())
    }

    fn count(&mut self, count: usize) -> Result<(), EncodeError> {
        self.u16(u16::try_from(count).map_err(|_| EncodeError::TooLong)?)
    }

    fn written(&self) -> &[u8] {
        self.out.get(..self.len).unwrap_or_default()
    }
}

struct Content<'a>(&'a [u8]);

impl<'a> Content<'a> {
    fn slice(&mut self, len: usize) -> Result<&'a [u8], RestoreError> {
        let (head, tail) = self.0.split_at_checked(len).ok_or(RestoreError::Damaged)?;
        self.0 = tail;
        Ok(head)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], RestoreError> {
        let (&head, tail) = self.0.split_first_chunk().ok_or(RestoreError::Damaged)?;
        self.0 = tail;
        Ok(head)
    }

    fn u16(&mut self) -> Result<u16, RestoreError> {
        Ok(u16::from_be_bytes(self.take()?))
    }

    fn id(&mut self) -> Result<PacketId, RestoreError> {
        PacketId::new(self.u16()?).ok_or(RestoreError::Damaged)
    }
}
