//! Two text links under random strings, idle times and bit errors. Nothing in the format repairs a flipped bit, so
//! what is held is the damage's reach: no panic, no string longer than its bound, and after the damage none but the
//! strings that were said.

use fivewire_text::{Cause, Event, Opening, Phase, Role, Settings};
use proptest::prelude::*;

use crate::end::{Moved, Text, take_all};
use crate::line::{Line, Way};

type Pair = Line<Moved, Moved>;

const MAX_STRING: u16 = 60;

fn link(role: Role) -> Text {
    Text::new(Settings {
        max_string: MAX_STRING,
        ..Settings::new(role)
    })
}

fn started(mut host: Text, mut bridge: Text) -> Pair {
    host.start(0, Opening::AtOnce);
    bridge.start(0, Opening::AtOnce);
    let mut line = Line::new(Moved::new(host, true), Moved::new(bridge, false));
    line.exchange(10);
    line
}

fn pair() -> Pair {
    started(link(Role::Initiator), link(Role::Responder))
}

/// A string that the format carries; two characters can be a sync byte, which it does not.
fn text() -> impl Strategy<Value = String> {
    let long = proptest::collection::vec(1u8..0x80, 3..=usize::from(MAX_STRING));
    let any = prop_oneof![long, proptest::collection::vec(1u8..0x80, 1)];
    any.prop_map(|bytes| String::from_utf8(bytes).expect("7 bits"))
}

/// Strings and the bits that pass before each.
fn talk() -> impl Strategy<Value = Vec<(String, usize)>> {
    proptest::collection::vec((text(), 0usize..600), 0..12)
}

fn is_news(event: Event) -> bool {
    matches!(event, Event::Heard { .. } | Event::Up)
}

proptest! {
    #[test]
    fn what_is_said_is_heard_whatever_the_gaps(to_bridge in talk(), to_host in talk()) {
        let mut line = pair();
        let mut heard = [Vec::new(), Vec::new()];
        for index in 0..12 {
            for (from_host, list) in [(true, &to_bridge), (false, &to_host)] {
                let Some((string, gap)) = list.get(index) else { continue };
                line.exchange(*gap);
                let end = if from_host { &mut line.host } else { &mut line.bridge };
                end.link.send(string.as_bytes()).expect("room");
            }
            line.exchange(7 * 122);
            heard[0].extend(take_all(&mut line.bridge.link));
            heard[1].extend(take_all(&mut line.host.link));
        }
        let said = [to_bridge, to_host].map(|list| list.into_iter().map(|(string, _)| string).collect::<Vec<_>>());
        prop_assert_eq!(heard, said);
    }

    #[test]
    fn a_flipped_bit_reaches_one_string_or_two_and_never_beyond(
        strings in proptest::collection::vec(text(), 3..8),
        place in any::<prop::sample::Index>(),
        to_host in any::<bool>(),
    ) {
        let mut line = pair();
        let (mut said, mut bits) = (Vec::new(), 0);
        let way = if to_host { Way::ToHost } else { Way::ToBridge };
        let from = if to_host { &mut line.bridge } else { &mut line.host };
        for string in strings {
            from.link.send(string.as_bytes()).expect("room");
            bits += 7 * (string.len() + 1);
            said.push(string);
        }
        let flipped = place.index(bits);
        for bit in 0..bits + 30 {
            line.exchange_damaged(|w, level| level ^ (w == way && bit == flipped));
        }
        let to = if to_host { &mut line.host } else { &mut line.bridge };
        let heard = take_all(&mut to.link);
        prop_assert!(heard.iter().all(|string| string.len() <= usize::from(MAX_STRING)));
        if to.link.phase() == Phase::Up {
            let same = said.iter().zip(&heard).take_while(|(a, b)| a == b).count();
            let tail = said.iter().rev().zip(heard.iter().rev()).take_while(|(a, b)| a == b).count();
            prop_assert!(same + tail + 2 >= said.len(), "{:?} became {:?}", said, heard);
        }
    }

    #[test]
    fn noise_forges_no_bound_and_a_restart_ends_it(noise in proptest::collection::vec(any::<bool>(), 0..4000), from in any::<bool>()) {
        let mut line = pair();
        let (way, mut noise) = (if from { Way::ToHost } else { Way::ToBridge }, noise.into_iter());
        for _ in 0..noise.len() {
            line.exchange_damaged(|w, level| level ^ (w == way && noise.next().unwrap_or(false)));
            for end in [&mut line.host.link, &mut line.bridge.link] {
                let strings = take_all(end);
                prop_assert!(strings.iter().all(|string| (1..=usize::from(MAX_STRING)).contains(&string.len())));
                while let Some(event) = end.poll_event() {
                    let known = matches!(event, Event::Down(Cause::PeerRestarted | Cause::Misaligned) | Event::Dropped(_));
                    prop_assert!(known || is_news(event), "{:?}", event);
                }
            }
        }
        let mut line = started(line.host.link, line.bridge.link);
        line.host.link.send(b"m").expect("room");
        line.exchange(20);
        prop_assert_eq!(take_all(&mut line.bridge.link), ["m"]);
    }

    #[test]
    fn a_lost_bit_is_mended_only_by_a_restart(after in 0usize..60) {
        let mut line = pair();
        line.exchange(after);
        let lost = line.bridge.link.output_bit();
        prop_assert!(!lost, "idle");
        for _ in 0..3 {
            line.bridge.link.send(b"u\x7Fgreen\x7Fon\x7FFalse").expect("room");
            line.exchange(400);
        }
        let heard = take_all(&mut line.host.link);
        prop_assert!(!heard.iter().any(|string| string.starts_with("u\x7F")), "{:?}", heard);
        let mut line = started(line.host.link, line.bridge.link);
        line.bridge.link.send(b"t\x7F5").expect("room");
        line.exchange(40);
        prop_assert_eq!(take_all(&mut line.host.link), ["t\x7F5"]);
    }
}
