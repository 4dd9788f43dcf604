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
    /// Ops from here on belong to messages, which are numbered and repeated.
    pub(crate) const FIRST_MESSAGE: u8 = 0x08;
}

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
