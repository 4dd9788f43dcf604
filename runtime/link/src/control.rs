//! The link's own frames: ops 0x00–0x07, neither numbered nor repeated. Deliberately small enough to be sent
//! without asking; what they mean for the sequence is decided where the sequence is.

use crate::hello::Greeting;

/// The first byte of a body.
pub(crate) struct Op;

impl Op {
    pub(crate) const HELLO: u8 = 0x01;
    pub(crate) const NAK: u8 = 0x02;
    pub(crate) const PROBE: u8 = 0x03;
    pub(crate) const REPORT: u8 = 0x04;
}

/// Ops from here on belong to messages, which are numbered and repeated; those below are the link's own.
pub const FIRST_MESSAGE: u8 = 0x08;

/// A frame of the link itself. Numbers count reliable frames since the session began, modulo 256; the header's
/// three bits are their low ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    Hello(Greeting),
    /// A frame is missing: send again from number `wanted` on.
    Nak {
        wanted: u8,
    },
    /// Please report. `mark`: number of the frame that the sender will send next; `wanted`: as in a report.
    Probe {
        mark: u8,
        wanted: u8,
    },
    /// Answer to a probe: its `mark`, and the number of the frame that the sender of the report expects next.
    /// Frames from `wanted` up to `mark` were lost; when there are none but the acknowledgement stays behind,
    /// the frames arrived and wait for the application.
    Report {
        mark: u8,
        wanted: u8,
    },
}

impl Control {
    /// Decodes a body. `None` for ops and forms of a later link, which are to be ignored.
    pub(crate) fn decode(body: &[u8]) -> Option<Control> {
        let (&op, rest) = body.split_first()?;
        match (op, rest) {
            (Op::HELLO, content) => Greeting::decode(content).map(Control::Hello),
            (Op::NAK, &[wanted]) => Some(Control::Nak { wanted }),
            (Op::PROBE, &[mark, wanted]) => Some(Control::Probe { mark, wanted }),
            (Op::REPORT, &[mark, wanted]) => Some(Control::Report { mark, wanted }),
            (_, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use proptest::prelude::*;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn each_form_is_told_apart() {
        assert_eq!(Control::decode(&[0x02, 7]), Some(Control::Nak { wanted: 7 }));
        assert_eq!(
            Control::decode(&[0x03, 7, 8]),
            Some(Control::Probe { mark: 7, wanted: 8 })
        );
        assert_eq!(
            Control::decode(&[0x04, 7, 8]),
            Some(Control::Report { mark: 7, wanted: 8 })
        );
        assert_eq!(Control::decode(&[]), None, "an acknowledgement");
        assert_eq!(Control::decode(&[0x02, 7, 8]), None, "a later link's");
    }

    proptest! {
        #[test]
        fn any_body_is_decoded_or_refused(body in prop::collection::vec(any::<u8>(), 0..40), op in 0u8..8) {
            let body: Vec<u8> = [op].into_iter().chain(body).collect();
            let decoded = Control::decode(&body);
            prop_assert!(decoded.is_none() || (Op::HELLO..=Op::REPORT).contains(&op));
        }

        #[test]
        fn any_content_with_its_inverse_is_a_hello(content in prop::collection::vec(any::<u8>(), 0..40)) {
            let inverse = content.iter().map(|byte| !byte);
            let body: Vec<u8> = [Op::HELLO].into_iter().chain(content.iter().copied()).chain(inverse).collect();
            match Control::decode(&body) {
                Some(Control::Hello(greeting)) => {
                    prop_assert_eq!(&greeting.encode()[3..17], &content[2..16]);
                    prop_assert_eq!(greeting.foreign, content[0] != 1);
                }
                other => prop_assert!(other.is_none() && content.len() < 16),
            }
        }
    }
}
