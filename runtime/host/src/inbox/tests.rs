//! The inbox by itself: what is kept, taken, accepted and discarded.

extern crate std;
use super::*;
use crate::received::MAX_RECEIVED;
use std::string::String;
use std::vec::Vec;

type Small = Inbox<3, { MAX_MESSAGE + 20 }>;

fn message<'a>(topic: &'a str, payload: &'a [u8]) -> MessageView<'a> {
    MessageView {
        topic,
        payload,
        properties: &[],
        retained: false,
        dup: false,
        qos: QoS::AtLeastOnce,
    }
}

fn put(inbox: &mut Small, number: u8, message: MessageView<'_>, waiting_for: Mask) -> bool {
    inbox.push(number, 0, message, waiting_for) == Arrival::New
}

fn payloads(inbox: &mut Small, place: Mask) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(message) = inbox.peek(place) {
        all.push(String::from_utf8_lossy(message.payload).into_owned());
        inbox.take(place);
    }
    all
}

fn accepts(inbox: &mut Small) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(number) = inbox.next_accept() {
        all.push(number);
        inbox.accepted();
    }
    all
}

#[test]
fn a_message_is_accepted_when_the_last_subscription_took_it() {
    let mut inbox = Small::new();
    assert!(put(&mut inbox, 4, message("a", b"one"), 0b01) && put(&mut inbox, 5, message("a", b"two"), 0b11));
    assert!(put(&mut inbox, 6, message("b", b"nobody"), 0));
    assert_eq!(accepts(&mut inbox), [6]);
    assert_eq!(payloads(&mut inbox, 0b10), ["two"]);
    assert_eq!(accepts(&mut inbox), []);
    assert_eq!(payloads(&mut inbox, 0b01), ["one", "two"]);
    assert_eq!(accepts(&mut inbox), [4, 5]);
    assert_eq!(
        inbox.offer(),
        (
            Room {
                messages: 3,
                bytes: MAX_MESSAGE as u16 + 20
            },
            0
        )
    );
}

#[test]
fn a_subscription_that_ends_lets_go_of_its_messages() {
    let mut inbox = Small::new();
    assert!(put(&mut inbox, 1, message("a", b"x"), 0b01) && put(&mut inbox, 2, message("a", b"y"), 0b11));
    inbox.forget(0b01);
    assert_eq!(accepts(&mut inbox), [1]);
    assert_eq!(payloads(&mut inbox, 0b10), ["y"]);
}

#[test]
fn it_never_holds_more_than_its_bounds() {
    let mut inbox = Small::new();
    assert!(put(&mut inbox, 0, message("t", &[0; MAX_MESSAGE]), 1));
    assert!(!put(&mut inbox, 1, message("t", &[0; 20]), 1));
    inbox.take(1);
    inbox.accepted();
    assert!((0..3).all(|number| put(&mut inbox, number, message("t", b"x"), 1)));
    assert!(!put(&mut inbox, 3, message("t", b"x"), 1));
}

#[test]
fn what_never_fits_is_accepted_and_not_kept() {
    let mut inbox = Small::new();
    assert!(put(&mut inbox, 7, message("t", &[0; MAX_MESSAGE + 20]), 1));
    assert_eq!(inbox.waiting(), 0);
    assert_eq!(accepts(&mut inbox), [7]);
}

#[test]
fn untaken_messages_outlive_the_link_but_make_room_for_one() {
    let mut inbox = Small::new();
    assert!((0..3).all(|number| put(&mut inbox, number, message("t", &[b'0' + number; 9]), 1)));
    inbox.take(1);
    inbox.link_lost();
    assert_eq!(
        accepts(&mut inbox),
        [],
        "taken before, but there is no one to tell"
    );
    assert_eq!(
        inbox.offer(),
        (
            Room {
                messages: 1,
                bytes: MAX_MESSAGE as u16
            },
            0
        )
    );
    assert!(put(&mut inbox, 0, message("t", &[0; MAX_MESSAGE - 1]), 1));
    inbox.link_lost();
    let (room, discarded) = inbox.offer();
    assert_eq!(
        (room.messages, discarded),
        (1, 1),
        "it is enough that the newest goes"
    );
    assert_eq!(inbox.waiting(), 2);
}

#[test]
fn what_makes_room_comes_again_behind_what_stays() {
    let mut inbox = Small::new();
    assert!(put(&mut inbox, 0, message("t", &[b'0'; MAX_MESSAGE - 1]), 1));
    assert!((1..3).all(|number| put(&mut inbox, number, message("t", &[b'0' + number; 9]), 1)));
    inbox.link_lost();
    assert_eq!(inbox.offer().1, 3, "the oldest, though the largest, goes last");
    assert!((0..3).all(|number| put(&mut inbox, number, message("t", &[b'0' + number; 4]), 1)));
    inbox.link_lost();
    assert_eq!(inbox.offer().1, 1);
    assert_eq!(payloads(&mut inbox, 1), ["0000", "1111"]);
}

#[test]
fn what_was_taken_and_not_released_is_bounded_and_the_next_waits() {
    let mut inbox = Small::new();
    for packet_id in 1..=MAX_RECEIVED as u16 {
        assert_eq!(inbox.push(0, packet_id, message("t", b"x"), 1), Arrival::New);
        assert_eq!(payloads(&mut inbox, 1), ["x"]);
        assert_eq!(accepts(&mut inbox), [0]);
    }
    assert_eq!(inbox.push(1, 999, message("t", b"y"), 1), Arrival::New);
    assert!(put(&mut inbox, 2, message("t", b"z"), 1));
    assert_eq!(
        payloads(&mut inbox, 1),
        [""; 0],
        "it could not be remembered, and order is kept"
    );
    inbox.take(1);
    assert_eq!(accepts(&mut inbox), []);
    assert_eq!(inbox.push(3, 7, message("t", b"x"), 1), Arrival::Again);
    assert_eq!(accepts(&mut inbox), [3]);
    inbox.released(7);
    assert_eq!(payloads(&mut inbox, 1), ["y", "z"]);
    assert_eq!(accepts(&mut inbox), [1, 2]);
    assert_eq!(inbox.push(4, 999, message("t", b"y"), 1), Arrival::Again);
    inbox.session_lost();
    assert_eq!(inbox.push(5, 999, message("t", b"n"), 1), Arrival::New);
}

#[test]
fn a_copy_that_waits_is_accepted_under_each_of_its_numbers_once_it_was_taken() {
    let mut inbox = Small::new();
    assert_eq!(inbox.push(1, 7, message("t", b"x"), 1), Arrival::New);
    assert_eq!(inbox.push(2, 7, message("t", b"x"), 1), Arrival::Again);
    assert_eq!(inbox.push(3, 7, message("t", b"x"), 1), Arrival::Again);
    assert_eq!(accepts(&mut inbox), []);
    assert_eq!(payloads(&mut inbox, 1), ["x"]);
    assert_eq!(accepts(&mut inbox), [3, 1, 2]);
    assert_eq!(inbox.push(4, 7, message("t", b"x"), 1), Arrival::Again);
    assert_eq!(accepts(&mut inbox), [4], "it was taken");
    inbox.released(7);
    assert_eq!(inbox.push(5, 7, message("t", b"x"), 1), Arrival::New);
    inbox.link_lost();
    assert_eq!(inbox.push(0, 7, message("t", b"x"), 1), Arrival::Again);
    assert_eq!(payloads(&mut inbox, 1), ["x"]);
    assert_eq!(accepts(&mut inbox), [0]);
    assert_eq!(inbox.push(1, 8, message("t", b"y"), 1), Arrival::New);
    inbox.released(8);
    assert_eq!(
        inbox.push(2, 8, message("t", b"z"), 1),
        Arrival::New,
        "the identifier was free again"
    );
    let complete = Complete {
        packet_id: 8,
        known: true,
    };
    assert_eq!(inbox.next_complete(), Some(complete));
}

#[test]
fn releases_to_confirm_are_bounded_and_die_with_the_link() {
    let mut inbox = Small::new();
    let mut count = 0;
    while inbox.can_complete() {
        count += 1;
        inbox.released(count);
    }
    assert_eq!(count, 16);
    let first = Complete {
        packet_id: 1,
        known: false,
    };
    assert_eq!(inbox.next_complete(), Some(first));
    inbox.completed();
    assert!(inbox.can_complete());
    inbox.link_lost();
    assert_eq!(inbox.next_complete(), None);
}
