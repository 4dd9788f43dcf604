//! What is waited for and how long, when the driver may slow down, and what happens to strings that do not fit.

use fivewire_text::{Cause, Dropped, Event, Opening, Phase, Role, SendError, Settings, Transition, Why};

use crate::end::{End, Moved, ROLES, Text, take_all};
use crate::line::Line;
use crate::old_end::OldEnd;

const SYNC_MS: u32 = 3000;
const SILENCE_MS: u32 = 1000;

fn settings(role: Role) -> Settings {
    Settings {
        sync_ms: SYNC_MS,
        silence_ms: SILENCE_MS,
        ..Settings::new(role)
    }
}

fn started(settings: Settings, opening: Opening, now_ms: u32) -> Moved {
    let mut link = Text::new(settings);
    link.start(now_ms, opening);
    Moved::new(link, true)
}

/// Lets time pass, looking whenever the link asks for it, until it has news; returns when and which.
fn wait(link: &mut Text, mut now_ms: u32, mut meanwhile: impl FnMut(&mut Text)) -> (u32, Event) {
    let mut look = |_| {
        now_ms = link.poll_timeout().expect("it waits for something");
        meanwhile(link);
        link.handle_timeout(now_ms);
        link.poll_event().map(|event| (now_ms, event))
    };
    (0..1000).find_map(&mut look).expect("news")
}

fn host_before_an_old_bridge() -> Line<Moved, OldEnd> {
    let host = started(settings(Role::Initiator), Opening::AtOnce, 0);
    let mut line = Line::new(host, OldEnd::new(Role::Responder));
    line.exchange(9);
    while line.host.link.poll_event().is_some() {}
    line
}

#[test]
fn a_clock_that_never_moves_is_told_in_time_and_across_the_wrap() {
    for role in ROLES {
        for start in [0, u32::MAX - 500] {
            let mut end = started(settings(role), Opening::HeldBack, start);
            let (now_ms, event) = wait(&mut end.link, start, |_| ());
            assert_eq!(event, Event::Down(Cause::Silent));
            assert_eq!(now_ms, start.wrapping_add(SYNC_MS));
            let transition = Transition {
                from: Phase::Synchronising,
                to: Phase::Stopped,
                why: Why::Lost(Cause::Silent),
            };
            assert_eq!(end.link.last_transition(), Some(transition));
            assert_eq!(end.link.poll_timeout(), None);
        }
    }
}

#[test]
fn a_peer_that_clocks_but_never_sends_its_sync_byte_is_told() {
    for role in ROLES {
        let mut end = started(settings(role), Opening::AtOnce, 0);
        let clocks = |link: &mut Text| link.input_bit(false);
        let (now_ms, event) = wait(&mut end.link, 0, clocks);
        assert_eq!((now_ms, event), (SYNC_MS, Event::Down(Cause::NoSync)));
    }
}

#[test]
fn a_clock_that_stops_is_told_and_what_came_before_is_kept() {
    let mut line = host_before_an_old_bridge();
    line.bridge.send("t\x7F7");
    line.exchange(40);
    line.bridge.send("half a str");
    line.exchange(40);
    let link = &mut line.host.link;
    link.send(b"never").expect("room");
    link.handle_timeout(0);
    let (now_ms, event) = wait(link, 0, |_| ());
    assert_eq!((now_ms, event), (SILENCE_MS, Event::Down(Cause::Silent)));
    assert_eq!(take_all(link), ["t\x7F7"]);
    assert_eq!(link.send(b"more"), Err(SendError::NotUp));
    let zeros = (0..100).all(|_| !line.host.step(true));
    assert!(zeros, "a stopped link says nothing");
    assert!(!line.host.link.has_input(), "and hears nothing");
}

#[test]
fn a_peer_that_steps_within_the_time_is_not_silent() {
    let mut line = host_before_an_old_bridge();
    for now_ms in (0..60_000).step_by(SILENCE_MS as usize - 1) {
        line.exchange(1);
        line.host.link.handle_timeout(now_ms);
        assert_eq!(line.host.link.poll_event(), None);
    }
}

#[test]
fn without_limits_nothing_waits_for_time() {
    let mut end = started(Settings::new(Role::Responder), Opening::HeldBack, 0);
    assert_eq!(end.link.poll_timeout(), None);
    end.link.handle_timeout(u32::MAX / 2);
    assert_eq!(end.link.poll_event(), None);
}

#[test]
fn an_idle_link_slows_down_by_steps_and_wakes_at_once() {
    let mut line = host_before_an_old_bridge();
    let mut paces = Vec::new();
    for _ in 0..40_000 {
        line.exchange(1);
        let pause = line.host.link.pause_us();
        assert_eq!(pause > 0, line.host.link.is_quiet());
        if paces.last() != Some(&pause) {
            paces.push(pause);
        }
    }
    assert_eq!(paces, [0, 1000, 2000, 5000, 10_000]);
    line.bridge.send("t\x7F4");
    line.exchange(11); // at most an idle character, and 't' begins with two zeros
    assert_eq!(line.host.link.pause_us(), 0);
    line.exchange(50);
    line.host.link.send(b"i").expect("room");
    assert_eq!(line.host.link.pause_us(), 0);
    line.exchange(100);
    assert!(!line.host.link.is_quiet(), "an answer may yet come");
    line.exchange(200);
    assert!(line.host.link.is_quiet());
}

#[test]
fn a_link_without_a_peer_slows_down_too() {
    let mut end = started(settings(Role::Responder), Opening::HeldBack, 0);
    for _ in 0..300 {
        end.step(false);
    }
    assert_eq!(end.link.pause_us(), 1000);
    end.step(true);
    assert_eq!(end.link.pause_us(), 0);
}

#[test]
fn a_string_over_the_bound_is_dropped_whole_and_the_next_one_is_not() {
    let bounded = Settings {
        max_string: 5,
        ..settings(Role::Initiator)
    };
    let host = started(bounded, Opening::AtOnce, 0);
    let mut line = Line::new(host, OldEnd::new(Role::Responder));
    for string in ["abcde", "abcdef", "gh", &"x".repeat(1000), "ij"] {
        line.bridge.send(string);
    }
    line.exchange(8000);
    let link = &mut line.host.link;
    assert_eq!(take_all(link), ["abcde", "gh", "ij"]);
    assert_eq!((link.stats().too_long, link.stats().strings_received), (2, 3));
    let events: Vec<_> = std::iter::from_fn(|| link.poll_event()).collect();
    assert_eq!(
        events,
        [
            Event::Heard { bits_before: 0 },
            Event::Up,
            Event::Dropped(Dropped::TooLong)
        ]
    );
}

#[test]
fn a_driver_that_waits_for_room_loses_nothing_and_another_loses_whole_strings() {
    for waits in [true, false] {
        let bounded = Settings {
            max_string: 100,
            ..settings(Role::Initiator)
        };
        let host = started(bounded, Opening::AtOnce, 0);
        let mut line = Line::new(host, OldEnd::new(Role::Responder));
        let said: Vec<_> = (b'a'..b'u')
            .map(|n| char::from(n).to_string().repeat(90))
            .collect();
        said.iter().for_each(|string| line.bridge.send(string));
        let mut got = Vec::new();
        for turn in 0..30_000 {
            if !waits || line.host.link.has_room() {
                line.exchange(1);
            }
            if turn % 5000 == 0 {
                got.extend(take_all(&mut line.host.link));
            }
        }
        got.extend(take_all(&mut line.host.link));
        assert!(got.iter().all(|string| said.contains(string)));
        let lost = line.host.link.stats().no_room;
        assert_eq!(got.len() + lost as usize, 20);
        assert_eq!(lost == 0, waits);
    }
}
