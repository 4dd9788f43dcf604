//! Hello: how two ends find each other, agree on a session, and notice that the other began anew. Deliberately
//! without timing and state; the link decides when a hello goes out and what one means now.
//!
//! Body: op, then twice the same sixteen bytes, the second time inverted. A CRC of 16 bits lets one damaged frame
//! in 65536 pass; one that passes as a hello must not be able to reset a session.

use crate::control::Op;

/// Version of the link's own rules: header, control frames, hello.
const LINK_VERSION: u8 = 1;
const CONTENT_LEN: usize = 16;
/// Bytes of a hello's body.
pub(crate) const BODY_LEN: usize = 1 + 2 * CONTENT_LEN;
/// The sender of the hello is not up yet and wants an answer.
const WANTS_ANSWER: u8 = 1;

/// Who is at an end of the link: what it speaks and how much it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Revision of the protocol that the end speaks.
    pub revision: u8,
    /// Oldest revision of the protocol that the end still understands.
    pub min_revision: u8,
    /// Hash of the protocol's model; equal revisions must have equal hashes.
    pub wire_hash: u32,
    /// Longest body that the end receives, in bytes. What a link says of itself is limited by its receive buffer.
    pub max_body: u16,
    /// Bytes of bodies (two more counted for each) that the end holds before its application takes them. A link
    /// fills it in for itself.
    pub window: u16,
    /// Differs from start to start of the end, so that its peer notices a restart. Best random; never 0.
    pub epoch: u16,
}

impl Hello {
    /// An end that speaks exactly one `revision`.
    pub const fn new(revision: u8, min_revision: u8, wire_hash: u32, max_body: u16, epoch: u16) -> Self {
        Hello {
            revision,
            min_revision,
            wire_hash,
            max_body,
            window: 0,
            epoch,
        }
    }

    /// Whether two ends understand each other: their ranges of revisions contain each other's revision, and the
    /// same revision means the same protocol.
    pub const fn is_compatible(&self, peer: &Hello) -> bool {
        let ranges = peer.revision >= self.min_revision && self.revision >= peer.min_revision;
        ranges && (self.revision != peer.revision || self.wire_hash == peer.wire_hash)
    }
}

/// The epoch after `epoch`; 0 stands for "none heard" and is left out.
pub(crate) const fn next_epoch(epoch: u16) -> u16 {
    match epoch.wrapping_add(1) {
        0 => 1,
        next => next,
    }
}

/// A hello on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Greeting {
    pub(crate) hello: Hello,
    /// Epoch of the peer that the sender has heard; 0 when none.
    pub(crate) echo: u16,
    pub(crate) wants_answer: bool,
    /// The sender's link has other rules; nothing but the first bytes can be relied on.
    pub(crate) foreign: bool,
}

impl Greeting {
    pub(crate) fn encode(&self) -> [u8; BODY_LEN] {
        let hello = &self.hello;
        let [h0, h1, h2, h3] = hello.wire_hash.to_le_bytes();
        let [m0, m1] = hello.max_body.to_le_bytes();
        let [w0, w1] = hello.window.to_le_bytes();
        let [e0, e1] = hello.epoch.to_le_bytes();
        let [o0, o1] = self.echo.to_le_bytes();
        let flags = if self.wants_answer { WANTS_ANSWER } else { 0 };
        let (revision, min) = (hello.revision, hello.min_revision);
        let content = [
            LINK_VERSION,
            flags,
            revision,
            min,
            h0,
            h1,
            h2,
            h3,
            m0,
            m1,
            w0,
            w1,
            e0,
            e1,
            o0,
            o1,
        ];
        let mut body = [Op::HELLO; BODY_LEN];
        let inverted = content.iter().map(|byte| !byte);
        for (to, byte) in body
            .iter_mut()
            .skip(1)
            .zip(content.iter().copied().chain(inverted))
        {
            *to = byte;
        }
        body
    }

    /// The hello in a body behind its op. `None` when it is not one, whatever its CRC said. A later link may
    /// append to the content; what is not known is skipped.
    pub(crate) fn decode(content: &[u8]) -> Option<Greeting> {
        let (content, inverted) = content.split_at_checked(content.len() / 2)?;
        if !content.iter().map(|byte| !byte).eq(inverted.iter().copied()) {
            return None;
        }
        let &[
            version,
            flags,
            revision,
            min_revision,
            h0,
            h1,
            h2,
            h3,
            m0,
            m1,
            w0,
            w1,
            e0,
            e1,
            o0,
            o1,
        ] = content.first_chunk::<CONTENT_LEN>()?;
        let hello = Hello {
            revision,
            min_revision,
            wire_hash: u32::from_le_bytes([h0, h1, h2, h3]),
            max_body: u16::from_le_bytes([m0, m1]),
            window: u16::from_le_bytes([w0, w1]),
            epoch: u16::from_le_bytes([e0, e1]),
        };
        let (echo, foreign) = (u16::from_le_bytes([o0, o1]), version != LINK_VERSION);
        Some(Greeting {
            hello,
            echo,
            wants_answer: flags & WANTS_ANSWER != 0,
            foreign,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greeting() -> Greeting {
        let hello = Hello {
            window: 900,
            ..Hello::new(3, 2, 0xDEAD_BEEF, 1180, 0x1234)
        };
        Greeting {
            hello,
            echo: 0x4321,
            wants_answer: true,
            foreign: false,
        }
    }

    #[test]
    fn it_comes_back() {
        let body = greeting().encode();
        assert_eq!(Greeting::decode(&body[1..]), Some(greeting()));
    }

    #[test]
    fn no_change_of_up_to_two_bits_passes() {
        let body = greeting().encode();
        for first in 8..BODY_LEN * 8 {
            for second in first..BODY_LEN * 8 {
                let mut damaged = body;
                damaged[first / 8] ^= 1 << (first % 8);
                if second != first {
                    damaged[second / 8] ^= 1 << (second % 8);
                }
                let twin = second == first + CONTENT_LEN * 8; // the same bit in both copies
                assert_eq!(
                    Greeting::decode(&damaged[1..]).is_some(),
                    twin,
                    "bits {first}, {second}"
                );
            }
        }
    }

    #[test]
    fn no_cut_passes() {
        let body = greeting().encode();
        for len in 1..BODY_LEN {
            assert_eq!(Greeting::decode(&body[1..len]), None, "{len} bytes");
        }
    }

    #[test]
    fn epochs_never_are_zero() {
        assert_eq!(next_epoch(7), 8);
        assert_eq!(next_epoch(u16::MAX), 1);
    }

    #[test]
    fn revisions_must_contain_each_other() {
        let one = Hello::new(1, 1, 5, 0, 1);
        let two = Hello::new(2, 1, 6, 0, 1);
        let three = Hello::new(3, 2, 7, 0, 1);
        assert!(one.is_compatible(&two) && two.is_compatible(&one));
        assert!(!one.is_compatible(&three) && !three.is_compatible(&one));
        assert!(!one.is_compatible(&Hello { wire_hash: 9, ..one }));
    }
}
