//! Either format behind one link: against native ends, against the model of an old end, and against native ends that
//! look like an old one by chance.

use fivewire_link::{Cause, Clocked, Event, Hello, Link, Messages, Settings};
use fivewire_text::{AnyLink, Desk, Fault, Role, SYNC, Translator};

use crate::end::End;
use crate::line::Line;
use crate::old_end::OldEnd;

/// A body's text is said as it is, and what comes is passed on as a body. "?" cannot be meant, and after a second without
/// a string the peer counts as silent, where that was asked for.
#[derive(Default)]
struct Plain<const BRIDGE: bool> {
    until: Option<u32>,
    limit_ms: Option<u32>,
    starts: u32,
}

impl<const BRIDGE: bool> Translator for Plain<BRIDGE> {
    const ROLE: Role = if BRIDGE { Role::Responder } else { Role::Initiator };

    fn start(&mut self, now_ms: u32) {
        self.starts += 1;
        self.until = self.limit_ms.map(|limit| now_ms + limit);
    }

    fn is_ready(&self) -> bool {
        true
    }

    fn handle_body(&mut self, _: u8, body: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        desk.string(|out| {
            out.word("p")?;
            out.bytes("text", &body[1..], 1000)
        })
        .expect("room");
        Ok(())
    }

    fn handle_string(&mut self, string: &[u8], desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.until = None;
        if string.iter().any(|character| !character.is_ascii_lowercase()) {
            return Err(Fault::Garbled);
        }
        desk.body(|out| {
            out.raw(&[0x40]);
            out.encoded(string)
        })
        .expect("room");
        Ok(())
    }

    fn handle_dropped(&mut self, _: &mut Desk<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn handle_timeout(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        match self.until {
            Some(until) if desk.now_ms() >= until => Err(Fault::Silent),
            Some(_) | None => Ok(()),
        }
    }

    fn poll_timeout(&self) -> Option<u32> {
        self.until
    }
}

type AnyHost = AnyLink<Plain<false>, 600, 600>;
type AnyBridge = AnyLink<Plain<true>, 600, 600>;
type Native = Link<600, 600>;

fn settings(epoch: u16) -> Settings {
    Settings {
        watchdog_ms: 4000,
        probe_ms: 1000,
        ..Settings::new(Hello::new(2, 1, 0xC0FFEE, 300, epoch))
    }
}

fn host() -> AnyHost {
    AnyLink::new(settings(100), Plain::default())
}

fn bridge() -> AnyBridge {
    AnyLink::new(settings(200), Plain::default())
}

/// A link moved a symbol at a time, as the pins of fivewire-gpio do it, or bit by bit, as they do a quiet one.
struct Clock<L> {
    link: L,
    at_once: bool,
    symbol: Option<(u8, u32)>,
    came: u8,
    moved: u32,
}

impl<L: Messages> Clock<L> {
    fn started(mut link: L, at_once: bool) -> Self {
        link.start(0);
        Clock {
            link,
            at_once,
            symbol: None,
            came: 0,
            moved: 0,
        }
    }

    fn bodies(&mut self) -> Vec<(u8, String)> {
        let mut bodies = Vec::new();
        while let Some((number, body)) = self.link.receive() {
            bodies.push((number, String::from_utf8_lossy(&body[1..]).into_owned()));
            self.link.release();
        }
        bodies
    }

    fn say(&mut self, text: &str) -> u8 {
        let number = self.link.send(|body| {
            body[0] = 0x10;
            body[1..=text.len()].copy_from_slice(text.as_bytes());
            Ok::<_, ()>(text.len() + 1)
        });
        number.expect("room")
    }

    fn finish_symbol(&mut self) {
        if self.symbol.take().is_some() {
            self.link.exchanged(self.came, self.moved);
            (self.came, self.moved) = (0, 0);
        }
    }
}

impl<L: Messages> End for Clock<L> {
    fn first_bit(&mut self) -> bool {
        self.link.output_bit()
    }

    fn step(&mut self, came: bool) -> bool {
        if !self.at_once {
            let bit = self.link.output_bit();
            self.link.input_bit(came);
            return bit;
        }
        let (bits, count) = *self.symbol.get_or_insert_with(|| self.link.output_bits());
        let bit = bits >> self.moved & 1 == 1;
        self.came |= u8::from(came) << self.moved;
        self.moved += 1;
        if self.moved == count {
            self.finish_symbol();
        }
        bit
    }
}

fn is_up(event: Option<Event>) -> bool {
    matches!(event, Some(Event::Up(_)))
}

#[test]
fn two_that_know_both_formats_say_bit_for_bit_what_native_ends_say() {
    for at_once in [true, false] {
        let mut any = Line::new(Clock::started(host(), at_once), Clock::started(bridge(), at_once));
        let native = |epoch| Clock::started(Native::new(settings(epoch)), at_once);
        let mut plain = Line::new(native(100), native(200));
        any.exchange(3000);
        plain.exchange(3000);
        assert_eq!(any.trace, plain.trace);
        assert!(is_up(any.host.link.poll_event()) && is_up(any.bridge.link.poll_event()));
        assert!(!any.host.link.is_text() && any.host.link.native().is_some());
        assert_eq!(any.host.say("hello"), 0);
        any.exchange(300);
        assert_eq!(any.bridge.bodies(), [(0, "hello".into())]);
    }
}

#[test]
fn a_host_finds_an_old_bridge_and_speaks_its_text() {
    for at_once in [true, false] {
        let mut line = Line::new(Clock::started(host(), at_once), OldEnd::new(Role::Responder));
        line.exchange(40);
        line.host.link.handle_timeout(1);
        assert!(line.bridge.is_synchronised());
        assert!(is_up(line.host.link.poll_event()) && line.host.link.is_text());
        assert_eq!((line.host.say("one"), line.host.say("two")), (0, 1));
        ["a", "bc"].iter().for_each(|string| line.bridge.send(string));
        line.exchange(200);
        assert_eq!(line.bridge.strings, ["p\x7Fone", "p\x7Ftwo"]);
        assert_eq!(line.host.bodies(), [(0, "a".into()), (1, "bc".into())]);
    }
}

#[test]
fn a_bridge_finds_an_old_host_and_speaks_its_text() {
    for at_once in [true, false] {
        let mut line = Line::new(OldEnd::new(Role::Initiator), Clock::started(bridge(), at_once));
        line.exchange(40);
        assert!(line.host.is_synchronised());
        assert!(is_up(line.bridge.link.poll_event()) && line.bridge.link.is_text());
        assert_eq!(line.bridge.say("answer"), 0);
        line.host.send("question");
        line.exchange(200);
        assert_eq!(line.host.strings, ["p\x7Fanswer"]);
        assert_eq!(line.bridge.bodies(), [(0, "question".into())]);
    }
}

#[test]
fn a_garbled_text_ends_the_link_and_the_next_start_looks_anew() {
    let mut line = Line::new(Clock::started(host(), true), OldEnd::new(Role::Responder));
    line.exchange(40);
    assert!(is_up(line.host.link.poll_event()));
    line.bridge.send("a?");
    line.exchange(40);
    assert!(line.host.link.has_input());
    assert_eq!(line.host.link.receive(), None);
    assert_eq!(line.host.link.poll_event(), Some(Event::Down(Cause::Garbled)));
    let before = line.trace[0].len();
    line.exchange(100);
    assert!(
        !line.trace[0][before + 40..].contains('1'),
        "it rests until it is started"
    );

    let link = std::mem::replace(&mut line.host.link, host());
    let mut line = Line::new(Clock::started(link, true), Clock::started(bridge(), true));
    line.exchange(3000);
    assert!(
        is_up(line.host.link.poll_event()),
        "the next bridge is a native one"
    );
    assert!(!line.host.link.is_text());
}

#[test]
fn a_translator_that_waits_in_vain_ends_the_link_in_time() {
    let translator = Plain {
        limit_ms: Some(1000),
        ..Plain::default()
    };
    let link = AnyHost::new(settings(100), translator);
    let mut line = Line::new(Clock::started(link, true), OldEnd::new(Role::Responder));
    line.exchange(40);
    assert!(is_up(line.host.link.poll_event()));
    let due = line.host.link.poll_timeout().expect("it waits");
    assert!(due <= 1000, "{due}");
    for now in [500, 1000] {
        line.exchange(10);
        line.host.link.handle_timeout(now);
    }
    assert_eq!(line.host.link.poll_event(), Some(Event::Down(Cause::Silent)));
}

#[test]
fn a_clock_that_stands_still_is_noticed_within_the_watchdogs_time() {
    let mut line = Line::new(Clock::started(host(), true), OldEnd::new(Role::Responder));
    line.exchange(40);
    assert!(is_up(line.host.link.poll_event()));
    for now in (0..=5000).step_by(500) {
        line.host.link.handle_timeout(now);
    }
    assert_eq!(line.host.link.poll_event(), Some(Event::Down(Cause::Silent)));
}

/// An old host that has no reset wire starts anew: its sync byte comes in the midst of the text.
#[test]
fn an_old_host_that_starts_anew_is_answered() {
    let mut line = Line::new(OldEnd::new(Role::Initiator), Clock::started(bridge(), false));
    line.exchange(100);
    assert!(is_up(line.bridge.link.poll_event()));
    line.host = OldEnd::new(Role::Initiator);
    line.exchange(100);
    let link = &mut line.bridge.link;
    assert_eq!(link.poll_event(), Some(Event::Down(Cause::PeerRestarted)));
    line.exchange(100);
    assert!(is_up(line.bridge.link.poll_event()));
    assert_eq!(line.bridge.link.translator().starts, 2);
    line.host.send("again");
    line.exchange(100);
    assert_eq!(line.bridge.bodies(), [(0, "again".into())]);
}

#[test]
fn what_one_session_left_behind_does_not_reach_the_next() {
    let mut line = Line::new(OldEnd::new(Role::Initiator), Clock::started(bridge(), false));
    line.exchange(100);
    assert!(is_up(line.bridge.link.poll_event()));
    ["a", "bc"].iter().for_each(|string| line.host.send(string));
    line.exchange(100);
    line.host = OldEnd::new(Role::Initiator);
    line.exchange(100);
    // Nobody looked at the strings in all that time.
    assert_eq!(
        line.bridge.link.poll_event(),
        Some(Event::Down(Cause::PeerRestarted))
    );
    line.exchange(100);
    assert!(is_up(line.bridge.link.poll_event()));
    assert_eq!(line.bridge.bodies(), []);
}

/// A bridge looks anew by itself; that its host was lost is told all the same, and first.
#[test]
fn that_a_link_ended_is_told_although_the_next_peer_is_there_already() {
    let mut line = Line::new(OldEnd::new(Role::Initiator), Clock::started(bridge(), false));
    line.exchange(100);
    assert!(is_up(line.bridge.link.poll_event()));
    line.host.send("a?");
    line.exchange(100);
    line.bridge.link.handle_timeout(1);
    assert!(line.bridge.link.text().is_none(), "it looks anew");
    let mut line = Line::new(OldEnd::new(Role::Initiator), line.bridge);
    line.exchange(100);
    line.bridge.link.handle_timeout(2);
    assert!(line.bridge.link.text().is_some());
    assert_eq!(line.bridge.link.poll_event(), Some(Event::Down(Cause::Garbled)));
    assert!(is_up(line.bridge.link.poll_event()));
}

/// A native host in the midst of its traffic, whose next eight bits look like a sync byte to a bridge that starts now.
#[test]
fn a_sync_byte_by_chance_leads_back_to_the_native_format() {
    for offset in 0..64 {
        let mut line = Line::new(
            Clock::started(Native::new(settings(100)), false),
            Clock::started(bridge(), false),
        );
        line.exchange(3000);
        assert!(is_up(line.host.link.poll_event()) && is_up(line.bridge.link.poll_event()));
        // The traffic is full of it, and the bridge starts in its midst.
        line.host.say(&"\u{1D}\u{3A}".repeat(40));
        line.exchange(100 + offset);
        line.bridge = Clock::started(AnyBridge::new(settings(300), Plain::default()), false);
        for bit in 0..8 {
            line.exchange_damaged(|way, clean| match way {
                crate::line::Way::ToBridge => SYNC >> bit & 1 == 1,
                crate::line::Way::ToHost => clean,
            });
        }
        assert!(line.bridge.link.text().is_some(), "it was taken for an old host");
        let native = (0..6000).find(|&now| {
            line.exchange(32);
            line.host.link.handle_timeout(now);
            line.bridge.link.handle_timeout(now);
            while line.host.link.poll_event().is_some() {}
            line.bridge.link.native().is_some() && is_up(line.bridge.link.poll_event())
        });
        assert!(
            native.is_some_and(|ms| ms < 3000),
            "offset {offset}: {native:?} ms"
        );
    }
}

#[test]
fn an_old_host_is_not_held_back_until_it_gives_up() {
    let mut line = Line::new(OldEnd::new(Role::Initiator), Clock::started(bridge(), false));
    line.exchange(100);
    assert!(is_up(line.bridge.link.poll_event()));
    let long = "x".repeat(1100);
    (0..3).for_each(|_| line.host.send(&long));
    let (mut held_ms, mut now) = (0, 0);
    while !line.host.is_idle() {
        now += 1;
        line.bridge.link.handle_timeout(now);
        if line.bridge.link.is_held() {
            held_ms += 1;
        } else {
            line.exchange(16);
        }
        assert!(held_ms < 6000, "the host would have given up");
    }
    assert!(held_ms >= 4000, "it was held: {held_ms} ms");
    assert_eq!(line.bridge.link.poll_event(), None, "the link stays up");
    assert_eq!(
        line.bridge.bodies(),
        [(0, long.clone()), (1, long)],
        "what had no room is dropped whole"
    );
}

#[test]
fn both_formats_share_their_memory() {
    let native = size_of::<Link<2560, 2560>>();
    let any = size_of::<AnyLink<(), 2560, 2560>>();
    assert!(any <= native + 256, "{any} bytes, a native link {native}");
}
