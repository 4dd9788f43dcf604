//! Where characters begin, when the sync bytes do not go out together: a text link whose sync byte comes late
//! against the model of an old end, and two text links of which one is late.

use fivewire_text::{Cause, Event, Opening, Phase, Role, SYNC, Settings};

use crate::end::{End, Moved, ROLES, Text, take_all};
use crate::line::Line;
use crate::old_end::OldEnd;

const SAID: [&str; 3] = ["init\x7Flab\x7F", "1", "p\x7Fa/b/c\x7F~~~\x7F0\x7F1"];
const ANSWERED: [&str; 3] = ["t\x7F7", "u\x7Fgreen\x7Fon\x7FFalse", "~"];

fn started(role: Role, opening: Opening, makes_ahead: bool) -> Moved {
    let mut link = Text::new(Settings::new(role));
    link.start(0, opening);
    Moved::new(link, makes_ahead)
}

/// The ends of one line as a test wants them: a text link, and the old end or another link before it.
trait Ends {
    fn exchange(&mut self, times: usize);
    fn text(&mut self) -> &mut Text;
    fn old(&mut self) -> &mut OldEnd;
}

impl Ends for Line<Moved, OldEnd> {
    fn exchange(&mut self, times: usize) {
        Line::exchange(self, times);
    }
    fn text(&mut self) -> &mut Text {
        &mut self.host.link
    }
    fn old(&mut self) -> &mut OldEnd {
        &mut self.bridge
    }
}

impl Ends for Line<OldEnd, Moved> {
    fn exchange(&mut self, times: usize) {
        Line::exchange(self, times);
    }
    fn text(&mut self) -> &mut Text {
        &mut self.bridge.link
    }
    fn old(&mut self) -> &mut OldEnd {
        &mut self.host
    }
}

fn against_an_old_end(role: Role, opening: Opening, makes_ahead: bool) -> Box<dyn Ends> {
    let text = started(role, opening, makes_ahead);
    match role {
        Role::Initiator => Box::new(Line::new(text, OldEnd::new(Role::Responder))),
        Role::Responder => Box::new(Line::new(OldEnd::new(Role::Initiator), text)),
    }
}

fn every_way() -> impl Iterator<Item = (Role, bool)> {
    ROLES.into_iter().flat_map(|role| [(role, true), (role, false)])
}

/// Says strings both ways, some at once and some after idling for a number of bits that is no multiple of seven.
fn talk(ends: &mut dyn Ends, why: &str) {
    for string in SAID {
        ends.text().send(string.as_bytes()).expect("room");
    }
    ends.exchange(5);
    ANSWERED.iter().for_each(|string| ends.old().send(string));
    ends.exchange(400);
    assert_eq!(ends.old().strings, SAID, "{why}");
    assert_eq!(take_all(ends.text()), ANSWERED, "{why}");
    ends.text().send(b"m").expect("room");
    ends.exchange(24);
    assert_eq!(ends.old().strings.last().map(String::as_str), Some("m"), "{why}");
}

#[test]
fn both_ends_at_once_are_up_after_nine_exchanges() {
    for (role, makes_ahead) in every_way() {
        let why = format!("{role:?}, ahead {makes_ahead}");
        let mut ends = against_an_old_end(role, Opening::AtOnce, makes_ahead);
        ends.exchange(9);
        assert!(ends.old().is_synchronised(), "{why}");
        assert_eq!(
            ends.text().poll_event(),
            Some(Event::Heard { bits_before: 0 }),
            "{why}"
        );
        assert_eq!(ends.text().poll_event(), Some(Event::Up), "{why}");
        talk(&mut *ends, &why);
    }
}

#[test]
fn a_sync_byte_that_comes_late_is_as_good_as_an_early_one() {
    for (role, makes_ahead) in every_way() {
        for late in 0..=40 {
            let why = format!("{role:?}, ahead {makes_ahead}, {late} bits late");
            let mut ends = against_an_old_end(role, Opening::HeldBack, makes_ahead);
            ends.exchange(8);
            assert_eq!(ends.text().bits_taken(), 8);
            assert_eq!(
                ends.text().poll_event(),
                Some(Event::Heard { bits_before: 0 }),
                "{why}"
            );
            ends.exchange(late);
            assert!(!ends.old().is_synchronised(), "{why}");
            assert_eq!(ends.text().poll_event(), None, "{why}");
            ends.text().send_sync();
            ends.exchange(20);
            assert_eq!(ends.text().poll_event(), Some(Event::Up), "{why}");
            talk(&mut *ends, &why);
        }
    }
}

#[test]
fn an_old_end_that_begins_with_stray_bits_is_met_by_a_sync_byte_held_back() {
    for stray in [0b1u32, 0b1011, 0b1101_0001, 0b1_0110_1110_0111] {
        let mut line = Line::new(
            started(Role::Initiator, Opening::HeldBack, true),
            OldEnd::new(Role::Responder),
        );
        let bits = 32 - stray.leading_zeros();
        for place in 0..bits {
            // The bridge is still dying: its clock moves, and what it samples and puts is nobody's.
            line.host.step(stray >> place & 1 == 1);
        }
        line.exchange(8);
        let heard = line.host.link.poll_event();
        assert_eq!(heard, Some(Event::Heard { bits_before: bits }), "{stray:b}");
        line.host.link.send_sync();
        line.exchange(20);
        assert_eq!(line.host.link.poll_event(), Some(Event::Up));
        talk(&mut line, &format!("{stray:b}"));
    }
}

#[test]
fn of_two_text_links_either_may_be_late() {
    for late in 0..40 {
        for opening in [
            [Opening::AtOnce, Opening::HeldBack],
            [Opening::HeldBack, Opening::AtOnce],
        ] {
            let [host, bridge] = opening;
            let mut line = Line::new(
                started(Role::Initiator, host, true),
                started(Role::Responder, bridge, true),
            );
            line.exchange(8 + late);
            line.host.link.send_sync();
            line.bridge.link.send_sync();
            line.exchange(20);
            for link in [&mut line.host.link, &mut line.bridge.link] {
                assert_eq!(link.phase(), Phase::Up, "{opening:?}, {late} bits late");
                link.send(SAID[2].as_bytes()).expect("room");
            }
            line.exchange(200);
            for link in [&mut line.host.link, &mut line.bridge.link] {
                assert_eq!(take_all(link), [SAID[2]], "{opening:?}, {late} bits late");
            }
        }
    }
}

#[test]
fn bits_where_an_old_end_sends_zeros_end_it() {
    for (role, makes_ahead) in every_way() {
        let mut end = started(role, Opening::HeldBack, makes_ahead);
        let bits = (0..8)
            .map(|bit| SYNC >> bit & 1 == 1)
            .chain([false; 5])
            .chain([true]);
        for bit in bits {
            assert_eq!(end.link.phase(), Phase::Synchronising);
            end.step(bit);
        }
        assert_eq!(end.link.phase(), Phase::Stopped);
        assert_eq!(end.link.poll_event(), Some(Event::Down(Cause::Misaligned)));
        assert_eq!(end.link.poll_event(), None);
    }
}

#[test]
fn an_old_end_that_restarts_by_itself_is_met_again_without_a_reset() {
    for before in 0..14 {
        let mut line = Line::new(
            started(Role::Initiator, Opening::AtOnce, true),
            OldEnd::new(Role::Responder),
        );
        line.exchange(9 + before);
        while line.host.link.poll_event().is_some() {}
        line.bridge = OldEnd::new(Role::Responder);
        line.exchange(24);
        assert_eq!(
            line.host.link.poll_event(),
            Some(Event::Down(Cause::PeerRestarted)),
            "{before}"
        );
        line.host.link.send_sync();
        line.exchange(20);
        assert_eq!(line.host.link.poll_event(), Some(Event::Up), "{before}");
        talk(&mut line, &format!("{before}"));
    }
}
