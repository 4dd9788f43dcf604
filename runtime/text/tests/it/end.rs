//! One end of the wires as the handshake sees it, and a text link as such an end.

use fivewire_text::{Role, TextLink};

/// One end. An initiator's first bit lies on its data wire before the first step; each step samples the peer's bit
/// and puts one.
pub(crate) trait End {
    fn first_bit(&mut self) -> bool;
    fn step(&mut self, came: bool) -> bool;
}

pub(crate) type Text = TextLink<512, 512>;

/// A text link moved as the pins of fivewire-gpio do it.
pub(crate) struct Moved {
    pub(crate) link: Text,
    /// At full speed the next bit is made while the peer is busy; a quiet link makes it when it is due.
    pub(crate) makes_ahead: bool,
    next: Option<bool>,
}

impl Moved {
    pub(crate) fn new(link: Text, makes_ahead: bool) -> Moved {
        Moved {
            link,
            makes_ahead,
            next: None,
        }
    }

    /// Steps, with a hook that is called before each bit is asked for.
    pub(crate) fn step_with(&mut self, came: bool, mut before: impl FnMut(&mut Text)) -> bool {
        let link = &mut self.link;
        let mut make = |link: &mut Text| {
            before(link);
            link.output_bit()
        };
        let bit = self.next.take().unwrap_or_else(|| make(link));
        link.input_bit(came);
        self.next = self.makes_ahead.then(|| make(link));
        bit
    }
}

impl End for Moved {
    fn first_bit(&mut self) -> bool {
        self.link.output_bit()
    }

    fn step(&mut self, came: bool) -> bool {
        self.step_with(came, |_| ())
    }
}

/// The strings that have come in, each released.
pub(crate) fn take_all(link: &mut Text) -> Vec<String> {
    let mut strings = Vec::new();
    while let Some(string) = link.receive() {
        strings.push(String::from_utf8(string.to_vec()).expect("7-bit characters"));
        link.release();
    }
    strings
}

pub(crate) const ROLES: [Role; 2] = [Role::Initiator, Role::Responder];
