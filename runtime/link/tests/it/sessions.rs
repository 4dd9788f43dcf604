//! The edges of sessions: whose numbers are whose, what noise may not do, and that time is never polled busily.

use fivewire_frame::{Header, encode, max_encoded_len};
use fivewire_link::{Cause, Event, Hello, Link, Phase, SendError, Settings};

use crate::Rng;
use crate::pair::{End, Pair, hello, settings};

fn up() -> Pair {
    let mut pair = Pair::new(1);
    pair.start();
    pair.run(40);
    for end in &mut pair.ends {
        assert!(matches!(end.poll_event(), Some(Event::Up(_))));
    }
    pair
}

fn send(end: &mut End, body: &[u8]) -> Result<u8, SendError<()>> {
    end.send(|slot| {
        slot[..body.len()].copy_from_slice(body);
        Ok(body.len())
    })
}

/// Bits of a frame with a right CRC, as damage would have to make them, straight into an end.
fn forge(end: &mut End, header: Header, body: &[u8]) {
    let mut wire = vec![0; max_encoded_len(body.len()) + 2];
    encode(header, body, &mut wire).expect("room was enough");
    for bit in wire
        .iter()
        .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1))
    {
        end.input_bit(bit);
    }
}

#[test]
fn a_session_opens_when_its_event_was_taken() {
    let mut pair = Pair::new(1);
    pair.start();
    pair.run(40);
    assert_eq!((pair.ends[0].phase(), pair.ends[0].room()), (Phase::Up, 0));
    assert_eq!(send(&mut pair.ends[0], &[0x10]), Err(SendError::NotUp));
    assert!(pair.ends[0].has_input());
    assert!(matches!(pair.ends[0].poll_event(), Some(Event::Up(peer)) if peer.epoch == 200));
    assert_eq!(send(&mut pair.ends[0], &[0x10]), Ok(0));
    pair.run(5);
    assert_eq!(pair.ends[1].receive(), None, "not before the news");
    assert!(matches!(pair.ends[1].poll_event(), Some(Event::Up(_))));
    assert_eq!(pair.ends[1].receive(), Some((0, &[0x10][..])));
}

#[test]
fn a_release_that_comes_after_the_session_does_nothing() {
    let mut pair = up();
    send(&mut pair.ends[0], &[0x10, 1]).expect("room");
    pair.run(5);
    assert!(pair.ends[1].receive().is_some());
    pair.ends[0].start(pair.now);
    pair.run(40);
    for end in &mut pair.ends {
        while end.poll_event().is_some() {}
    }
    send(&mut pair.ends[0], &[0x10, 2]).expect("room");
    pair.run(5);
    pair.ends[1].release();
    assert_eq!(pair.ends[1].receive(), Some((0, &[0x10, 2][..])));
}

#[test]
fn a_release_without_a_look_does_nothing() {
    let mut pair = up();
    send(&mut pair.ends[0], &[0x10, 1]).expect("room");
    pair.run(5);
    pair.ends[1].release();
    assert_eq!(pair.ends[1].receive(), Some((0, &[0x10, 1][..])));
}

#[test]
fn seven_frames_or_a_full_window_and_no_more() {
    let mut pair = up();
    for number in 0..7 {
        assert_eq!(send(&mut pair.ends[0], &[0x10, number]), Ok(number));
    }
    assert_eq!(send(&mut pair.ends[0], &[0x10]), Err(SendError::Full));
    assert_eq!((pair.ends[0].room(), pair.ends[0].in_flight()), (0, 7));
    pair.run(20);
    assert!(
        !pair.ends[0].can_send(1),
        "the peer has them, its application not"
    );
    for number in 0..7 {
        assert_eq!(pair.ends[1].receive(), Some((number, &[0x10, number][..])));
        pair.ends[1].release();
    }
    pair.run(5);
    assert_eq!((pair.ends[0].room(), pair.ends[0].in_flight()), (500, 0));
}

#[test]
fn a_peer_with_little_memory_is_not_overrun() {
    let small = Settings {
        hello: Hello {
            max_body: 30,
            ..hello(2)
        },
        ..settings(2)
    };
    let (mut a, mut b) = (Link::<600, 600>::new(settings(1)), Link::<600, 104>::new(small));
    a.start(0);
    b.start(0);
    let run = |a: &mut Link<600, 600>, b: &mut Link<600, 104>, bits: u32| {
        for _ in 0..bits {
            let (x, y) = (a.output_bit(), b.output_bit());
            a.input_bit(y);
            b.input_bit(x);
        }
    };
    run(&mut a, &mut b, 3000);
    while a.poll_event().is_some() || b.poll_event().is_some() {}
    let before = b.stats().frames_received;
    assert_eq!(a.room(), 30, "the longest body that the peer takes");
    for number in 0..7 {
        let sent = a.send(|body| {
            body.fill(number | 0x10);
            Ok::<_, ()>(body.len())
        });
        assert_eq!(sent, Ok(number));
    }
    run(&mut a, &mut b, 3000);
    assert_eq!(
        b.stats().frames_received - before,
        1,
        "the one message that the window takes"
    );
    for number in 0..7 {
        assert_eq!(b.receive(), Some((number, &[number | 0x10; 30][..])));
        b.release();
        run(&mut a, &mut b, 1000);
    }
    assert_eq!((a.stats().retransmissions, b.stats().bad_frames), (0, 0));
}

#[test]
fn what_is_not_a_message_is_not_sent() {
    let mut pair = up();
    let a = &mut pair.ends[0];
    assert_eq!(send(a, &[]), Err(SendError::NotAMessage));
    assert_eq!(
        send(a, &[0x07, 1]),
        Err(SendError::NotAMessage),
        "an op of the link"
    );
    assert_eq!(
        a.send(|_| Ok::<_, ()>(501)),
        Err(SendError::NotAMessage),
        "longer than the room"
    );
    assert_eq!(a.send(|_| Err("no room")), Err(SendError::Encode("no room")));
    assert_eq!(send(a, &[0x08]), Ok(0), "no number was used up");
}

#[test]
fn numbers_go_round() {
    let mut pair = up();
    for number in 0..600u32 {
        assert_eq!(send(&mut pair.ends[0], &[0x10, 1, 2]), Ok(number as u8));
        pair.run(3);
        assert_eq!(pair.ends[1].receive(), Some((number as u8, &[0x10, 1, 2][..])));
        pair.ends[1].release();
        pair.run(3);
    }
}

#[test]
fn noise_that_passes_for_a_hello_is_not_one() {
    let mut pair = up();
    for byte in 0..=255 {
        forge(&mut pair.ends[0], Header::new(0, 0), &[0x01, byte, 1, 1]);
        forge(
            &mut pair.ends[0],
            Header::new(0, 0),
            &[[0x01; 1].as_slice(), &[byte; 32]].concat(),
        );
    }
    pair.run(40);
    assert_eq!(pair.ends[0].poll_event(), None);
    assert_eq!(pair.ends[1].poll_event(), None);
}

/// The worst that damage can do: a frame is lost, and an acknowledgement for it is made of noise.
#[test]
fn a_forged_acknowledgement_ends_the_session_instead_of_losing_a_frame() {
    for lost in 1..=7u8 {
        let mut pair = up();
        for _ in 0..lost {
            send(&mut pair.ends[0], &[0x10, 1, 2, 3]).expect("room");
        }
        // The peer hears none of them.
        for _ in 0..1000 {
            pair.ends[0].output_bit();
        }
        forge(&mut pair.ends[0], Header::new(0, lost), &[]);
        assert_eq!(pair.ends[0].in_flight(), 0);
        pair.run(5000);
        assert_eq!(
            pair.ends[0].poll_event(),
            Some(Event::Down(Cause::OutOfStep)),
            "{lost} lost"
        );
        assert!(matches!(pair.ends[0].poll_event(), Some(Event::Up(_))));
        assert_eq!(pair.ends[1].poll_event(), Some(Event::Down(Cause::PeerRestarted)));
        assert!(matches!(pair.ends[1].poll_event(), Some(Event::Up(_))));
    }
}

#[test]
fn a_forged_number_now_and_then_does_no_harm() {
    let mut pair = up();
    for number in 0..100 {
        forge(&mut pair.ends[0], Header::new(0, 0), &[0x02, 77]);
        pair.run(10);
        assert_eq!(send(&mut pair.ends[0], &[0x10, number]), Ok(number));
        pair.run(10);
        assert_eq!(pair.ends[1].receive(), Some((number, &[0x10, number][..])));
        pair.ends[1].release();
        pair.run(10);
    }
    assert_eq!(pair.ends[0].poll_event(), None);
}

/// Control frames of a later link, and ops that do not exist, are ignored.
#[test]
fn unknown_control_frames_are_ignored() {
    let mut pair = up();
    for op in 0..8 {
        forge(&mut pair.ends[0], Header::new(0, 0), &[op, 1, 2, 3, 4]);
        forge(&mut pair.ends[0], Header::new(0, 0), &[op]);
    }
    pair.run(20);
    assert_eq!(
        (pair.ends[0].poll_event(), pair.ends[1].poll_event()),
        (None, None)
    );
}

#[test]
fn a_data_wire_stuck_at_one_is_silence() {
    let mut pair = up();
    for ms in 0..4200 {
        pair.now += 1;
        for end in &mut pair.ends {
            end.handle_timeout(pair.now);
            for _ in 0..100 {
                end.output_bit();
                end.input_bit(true);
            }
        }
        if ms == 3500 {
            assert_eq!(pair.ends[0].poll_event(), None);
        }
    }
    assert_eq!(pair.ends[0].poll_event(), Some(Event::Down(Cause::Silent)));
    pair.run(100);
    assert!(matches!(pair.ends[0].poll_event(), Some(Event::Up(_))));
}

#[test]
fn a_frame_that_takes_longer_than_the_watchdog_is_no_silence() {
    // A bridge has no watchdog and so never says anything by itself.
    for bridge_watchdog_ms in [0, 1000] {
        let make = |epoch, watchdog_ms| Settings {
            watchdog_ms,
            probe_ms: 250,
            ..settings(epoch)
        };
        let mut pair = Pair::with(make(1, 1000), make(2, bridge_watchdog_ms), 1);
        pair.start();
        pair.run(40);
        pair.ends
            .iter_mut()
            .for_each(|end| assert!(matches!(end.poll_event(), Some(Event::Up(_)))));
        pair.bits_per_ms = 1;
        let body: Vec<u8> = std::iter::once(0x10).chain((0..450).map(|at| at as u8)).collect();
        for from in 0..2 {
            send(&mut pair.ends[from], &body).expect("room");
            pair.run(8 * 480);
            assert_eq!(pair.ends[1 - from].receive(), Some((0, &body[..])), "from {from}");
            pair.ends[1 - from].release();
            assert_eq!(pair.ends[0].poll_event(), None, "from {from}");
        }
    }
}

/// Damage that passes the CRC still has to bear an acknowledgement that can be meant.
#[test]
fn a_message_with_an_impossible_acknowledgement_is_not_delivered() {
    let mut pair = up();
    for ack in 1..8 {
        forge(&mut pair.ends[1], Header::new(0, ack), &[0x10, 1, 2]);
        assert_eq!(pair.ends[1].receive(), None, "ack {ack}");
        pair.run(20);
    }
    assert_eq!(pair.ends[1].poll_event(), None, "and a probe clears it up");
    forge(&mut pair.ends[1], Header::new(0, 0), &[0x10, 1, 2]);
    assert_eq!(pair.ends[1].receive(), Some((0, &[0x10, 1, 2][..])));
}

#[test]
fn a_frame_that_is_asked_for_while_it_is_being_sent_is_not_sent_twice() {
    let mut pair = up();
    send(&mut pair.ends[0], &[0x10; 100]).expect("room");
    pair.run(3);
    forge(&mut pair.ends[0], Header::new(0, 0), &[0x02, 0]);
    pair.run(40);
    assert_eq!(pair.ends[1].receive(), Some((0, &[0x10; 100][..])));
    assert_eq!(pair.ends[0].stats().retransmissions, 0);
}

/// Wakes exactly when told, for an hour: never for nothing, and never twice for the same.
#[test]
fn time_is_not_polled_busily() {
    for (watchdog_ms, moves, most) in [
        (0, false, 2),
        (4000, false, 8000),
        (0, true, 2),
        (4000, true, 8000),
    ] {
        let make = |epoch| Settings {
            watchdog_ms,
            ..settings(epoch)
        };
        let mut pair = Pair::with(make(1), make(2), 1);
        pair.start();
        if moves {
            pair.run(40);
        }
        let (mut wakes, mut silences) = (0, 0);
        let start = pair.now;
        while let Some(at) = pair
            .ends
            .iter()
            .filter_map(End::poll_timeout)
            .min_by_key(|at| at.wrapping_sub(start))
        {
            assert!(at.wrapping_sub(pair.now) < u32::MAX / 2, "a deadline in the past");
            pair.now = at;
            if pair.now.wrapping_sub(start) > 3_600_000 {
                break;
            }
            wakes += 1;
            for end in &mut pair.ends {
                end.handle_timeout(at);
                while let Some(event) = end.poll_event() {
                    silences += u32::from(event == Event::Down(Cause::Silent));
                }
            }
            for _ in 0..if moves { 400 } else { 0 } {
                let [a, b] = &mut pair.ends;
                let (x, y) = (a.output_bit(), b.output_bit());
                a.input_bit(y);
                b.input_bit(x);
            }
        }
        assert!(
            wakes <= most,
            "{wakes} wakes in an hour with {watchdog_ms} ms, moving: {moves}"
        );
        let expected = if watchdog_ms > 0 && !moves {
            2 * 3_600_000 / watchdog_ms
        } else {
            0
        };
        assert!(
            silences.abs_diff(expected) <= 2,
            "{silences} silences, {expected} expected"
        );
    }
}

#[test]
fn a_peer_that_never_hears_us_counts_as_silent() {
    let never = Settings {
        watchdog_ms: 0,
        ..settings(200)
    };
    for deaf_from in [0, 4, 30] {
        let mut pair = Pair::with(settings(100), never, 1);
        pair.start();
        pair.run(deaf_from);
        pair.deaf[1] = true;
        pair.run(4100);
        let events: Vec<Event> = std::iter::from_fn(|| pair.ends[0].poll_event()).collect();
        assert_eq!(events, [Event::Down(Cause::Silent)], "deaf from {deaf_from} ms");
        pair.deaf[1] = false;
        pair.run(200);
        assert!(
            matches!(pair.ends[0].poll_event(), Some(Event::Up(_))),
            "deaf from {deaf_from} ms"
        );
        assert_eq!(pair.ends.each_ref().map(Link::phase), [Phase::Up; 2]);
    }
}

/// Frames with a right CRC that no link would send, and bits that are no frames, in every state: nothing panics
/// (tests check arithmetic), and the pair works afterwards.
#[test]
fn nothing_that_comes_in_breaks_an_end() {
    for seed in 0..100 {
        let mut rng = Rng::new(seed);
        let mut pair = Pair::new(seed);
        pair.start();
        pair.run(rng.below(40));
        for _ in 0..200 {
            abuse(&mut pair, &mut rng);
        }
        pair.run(12_000);
        for end in &mut pair.ends {
            while end.poll_event().is_some() {}
            assert_eq!(end.phase(), Phase::Up, "seed {seed}");
        }
    }
}

fn abuse(pair: &mut Pair, rng: &mut Rng) {
    let end = &mut pair.ends[rng.below(2) as usize];
    let header = Header::new(rng.next() as u8, rng.next() as u8);
    match rng.below(8) {
        0 => forge(end, header, &[]),
        1 => forge(end, header, &[0x02, rng.below(9) as u8]),
        2 | 3 => forge(
            end,
            header,
            &[0x03 + rng.below(2) as u8, rng.below(9) as u8, rng.below(9) as u8],
        ),
        4 => forge(end, header, &vec![rng.next() as u8; rng.below(700) as usize]),
        5 => (0..rng.below(300)).for_each(|_| end.input_bit(rng.chance(2))),
        6 => {
            let len = 1 + rng.below(200) as usize;
            let _ = end.send(|slot| {
                slot.get_mut(..len).ok_or(())?.fill(0x20);
                Ok::<_, ()>(len)
            });
            end.poll_event();
        }
        _ => {
            end.poll_event();
            let _ = end.receive();
            end.release();
        }
    }
    let ms = rng.below(10);
    pair.run(ms);
}
