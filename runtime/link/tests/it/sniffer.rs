//! Reads the frames off one direction of the wires and says in words what they are.

use fivewire_frame::decode;

#[derive(Default)]
pub(crate) struct Sniffer {
    symbol: u8,
    count: u8,
    frame: Vec<u8>,
}

impl Sniffer {
    /// Takes a bit; a frame's last bit returns its description.
    pub(crate) fn push(&mut self, bit: bool) -> Option<String> {
        if self.frame.is_empty() && self.count == 0 && !bit {
            return None;
        }
        self.symbol = self.symbol >> 1 | u8::from(bit) << 7;
        self.count += 1;
        if self.count < 8 {
            return None;
        }
        self.count = 0;
        match self.symbol {
            0 => Some(describe(&mut std::mem::take(&mut self.frame))),
            symbol => {
                self.frame.push(symbol);
                None
            }
        }
    }
}

fn describe(frame: &mut [u8]) -> String {
    let Ok((header, body)) = decode(frame) else {
        return "damaged".into();
    };
    let (seq, ack) = (header.seq(), header.ack());
    match body {
        [] => format!("ack {ack}"),
        [0x01, rest @ ..] => describe_hello(rest),
        [0x02, wanted] => format!("nak, wants {wanted}, ack {ack}"),
        [0x03, mark, wanted] => format!("probe at {mark}, wants {wanted}, ack {ack}"),
        [0x04, mark, wanted] => format!("report at {mark}, wants {wanted}, ack {ack}"),
        [op, text @ ..] => format!(
            "message {seq} op {op:#04x} {:?}, ack {ack}",
            String::from_utf8_lossy(text)
        ),
    }
}

fn describe_hello(content: &[u8]) -> String {
    let word = |at: usize| u16::from_le_bytes([content[at], content[at + 1]]);
    let wish = if content[1] & 1 == 1 {
        ", wants an answer"
    } else {
        ""
    };
    format!("hello, epoch {}, heard {}{wish}", word(12), word(14))
}
