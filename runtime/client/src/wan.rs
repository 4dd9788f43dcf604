//! Whether the wide network is there: a name server outside answers a question.
//!
//! It says nothing of the broker, and the client does not ask it: an application that cannot reach its broker may want to
//! know whose fault that is. Which server and which name are the caller's choice; nothing is built in. Not here: a resolver.

use core::net::SocketAddr;

use embassy_futures::select::{Either, select};
use embedded_nal_async::{ConnectedUdp, UdpStack};

use crate::clock::Clock;

/// What to ask whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WanProbe<'a> {
    /// A name server outside, UDP port 53 as a rule.
    pub server: SocketAddr,
    /// A name to ask for; "." will do, every server knows the root.
    pub name: &'a str,
    /// Milliseconds to wait for each answer.
    pub timeout_ms: u32,
    /// How often to ask: a datagram may get lost.
    pub attempts: u8,
}

/// A DNS header, the longest name, type and class.
const LONGEST: usize = 12 + 256 + 4;
const HEADER: usize = 12;

/// True when the server answered one of the questions, whatever it said. `seed` numbers them.
///
/// Dropping the future closes the socket.
pub async fn wan_ok<U: UdpStack>(stack: &U, clock: &impl Clock, probe: &WanProbe<'_>, seed: u16) -> bool {
    let mut question = [0; LONGEST];
    for attempt in 0..probe.attempts {
        let id = seed.wrapping_add(u16::from(attempt));
        let Some(len) = encode(&mut question, id, probe.name) else {
            return false;
        };
        let asked = ask(stack, probe.server, question.get(..len).unwrap_or_default(), id);
        let until_ms = clock.now_ms().wrapping_add(probe.timeout_ms);
        if let Either::First(Some(())) = select(asked, clock.sleep_until(until_ms)).await {
            return true;
        }
    }
    false
}

/// Asks and waits for an answer; `None` when the network fails.
async fn ask<U: UdpStack>(stack: &U, server: SocketAddr, question: &[u8], id: u16) -> Option<()> {
    let (_, mut socket) = stack.connect(server).await.ok()?;
    socket.send(question).await.ok()?;
    let mut answer = [0; HEADER];
    loop {
        // What does not fit is of no interest.
        let len = socket.receive_into(&mut answer).await.ok()?;
        if len >= HEADER && is_answer(&answer, id) {
            return Some(());
        }
    }
}

/// An answer (the first flag) to this question (RFC 1035, 4.1.1).
fn is_answer(header: &[u8; HEADER], id: u16) -> bool {
    let [high, low, flags, ..] = *header;
    u16::from_be_bytes([high, low]) == id && flags & 0x80 != 0
}

/// Writes a question for the IPv4 address of `name` (RFC 1035, 4.1); none when it is no name.
fn encode(out: &mut [u8; LONGEST], id: u16, name: &str) -> Option<usize> {
    let [id_high, id_low] = id.to_be_bytes();
    let mut len = 0;
    let mut put = |bytes: &[u8]| {
        out.get_mut(len..len + bytes.len())?.copy_from_slice(bytes);
        len += bytes.len();
        Some(())
    };
    // Recursion desired; one question.
    put(&[id_high, id_low, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    for label in name.split('.').filter(|label| !label.is_empty()) {
        let size = u8::try_from(label.len()).ok().filter(|&size| size < 64)?;
        put(&[size])?;
        put(label.as_bytes())?;
    }
    put(&[0, 0, 1, 0, 1])?;
    Some(len)
}

#[cfg(test)]
mod tests {
    use super::{HEADER, LONGEST, encode, is_answer};

    #[test]
    fn a_question_as_in_rfc_1035() {
        let mut out = [0; LONGEST];
        let len = encode(&mut out, 0x1234, "ab.c").unwrap();
        let name = b"\x02ab\x01c\x00";
        assert_eq!(out[..HEADER], [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(out[HEADER..len - 4], *name);
        assert_eq!(out[len - 4..len], [0, 1, 0, 1]);
        assert_eq!(encode(&mut out, 0, "."), Some(HEADER + 5));
        assert_eq!(
            encode(&mut out, 0, core::str::from_utf8(&[b'x'; 64]).unwrap()),
            None
        );
    }

    #[test]
    fn only_an_answer_to_this_question_counts() {
        let answer = [0x12, 0x34, 0x81, 0, 0, 1, 0, 1, 0, 0, 0, 0];
        assert!(is_answer(&answer, 0x1234));
        assert!(!is_answer(&answer, 0x1235));
        let question = [0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        assert!(!is_answer(&question, 0x1234), "an echo of the question");
    }
}
