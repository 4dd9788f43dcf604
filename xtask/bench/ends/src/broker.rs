//! A broker of MQTT 3.1.1 that says yes to what a bridge sends while it is measured: CONNECT, PUBLISH with QoS 1 and
//! PINGREQ. Deliberately no broker otherwise: it passes nothing on.

use fivewire_mqtt::packet::{FixedHeader, PacketType, Publish};
use heapless::Vec;

/// Unread bytes in either direction.
const BYTES: usize = 4096;

pub(crate) struct Broker {
    unread: Vec<u8, BYTES>,
    answers: Vec<u8, BYTES>,
}

impl Broker {
    pub(crate) const fn new() -> Self {
        Self {
            unread: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// Takes some of the bytes; returns how many.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> usize {
        let len = bytes.len().min(BYTES - self.unread.len());
        let taken = bytes.get(..len).unwrap_or_default();
        if self.unread.extend_from_slice(taken).is_err() {
            return 0;
        }
        while let Some(total) = self.answer() {
            self.unread.drain(..total);
        }
        len
    }

    /// Gives some of its answers; returns how many bytes.
    pub(crate) fn give(&mut self, buffer: &mut [u8]) -> usize {
        let len = buffer.len().min(self.answers.len());
        for (to, from) in buffer.iter_mut().zip(self.answers.drain(..len)) {
            *to = from;
        }
        len
    }

    /// Answers the first packet, if it is all there; returns its length.
    fn answer(&mut self) -> Option<usize> {
        let header = FixedHeader::decode(&self.unread).ok()??;
        let packet = self.unread.get(header.size..header.total())?;
        match header.kind {
            PacketType::Connect => self.answers.extend_from_slice(&[0x20, 2, 0, 0]).ok()?,
            PacketType::Publish => {
                if let Some(id) = Publish::decode(header.flags, packet).ok()?.packet_id {
                    let [high, low] = id.get().to_be_bytes();
                    self.answers.extend_from_slice(&[0x40, 2, high, low]).ok()?;
                }
            }
            PacketType::PingReq => self.answers.extend_from_slice(&[0xD0, 0]).ok()?,
            _ => {}
        }
        Some(header.total())
    }
}
