//! A session that is saved, and restored after a restart.

use expect_test::expect;
use fivewire_mqtt::packet::EncodeError;
use fivewire_mqtt::{Client, QoS, RestoreError, Session};
use proptest::prelude::*;

use crate::script::play;

#[test]
fn a_restart_makes_no_duplicate_that_the_broker_does_not_know() {
    let trace = play(
        "connect keep-session
         broker connack new
         publish 1 a one
         publish 2 a two
         broker pubrec 2
         broker publish 2 7 a x
         ack 7
         stall
         publish 1 a three
         restart
         flow
         connect keep-session
         broker connack present
         broker publish 2 7 a x dup
         publish 1 a four",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        publish 1 a one
            ok id 1
            > PUBLISH a "one" AtLeastOnce id 1
        publish 2 a two
            ok id 2
            > PUBLISH a "two" ExactlyOnce id 2
        broker pubrec 2
            > PubRel(PacketId(2))
        broker publish 2 7 a x
            Message a "x" ExactlyOnce id 7
        ack 7
            ok
            > PubRec(PacketId(7))
        stall
        publish 1 a three
            ok id 3
        restart
        flow
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "one" AtLeastOnce dup id 1
            > PubRel(PacketId(2))
            > PUBLISH a "three" AtLeastOnce id 3
        broker publish 2 7 a x dup
            > PubRec(PacketId(7))
        publish 1 a four
            error: no room until something unanswered is answered
    "#]]
    .assert_eq(&trace);
}

/// A session with one request of each kind that a caller can make.
fn saved() -> Vec<u8> {
    let mut client = Client::<64, 256, 8>::new();
    client.publish(0, "a", b"one", QoS::AtLeastOnce, false).unwrap();
    client.publish(0, "a", b"two", QoS::ExactlyOnce, true).unwrap();
    client.subscribe(0, "b/#", QoS::ExactlyOnce).unwrap();
    client.unsubscribe(0, "c").unwrap();
    let mut saved = vec![0; client.session().saved_len()];
    client.session().save(&mut saved).unwrap();
    saved
}

#[test]
fn the_layout_stays() {
    let text: String = saved().iter().map(|byte| format!("{byte:02x}")).collect();
    expect!["010400040004010000010000000a320800016100016f6e65020000020000000a3508000161000274776f040000030000000a820800030003622f23020500000400000007a20500040001630000ede79572"].assert_eq(&text);
}

#[test]
fn what_is_restored_is_what_was_saved() {
    let saved = saved();
    let session = Session::<128, 4>::restore(&saved).unwrap();
    let mut again = vec![0; 200];
    let len = session.save(&mut again).unwrap();
    assert_eq!(&again[..len], saved);
    for len in 0..saved.len() {
        assert_eq!(session.save(&mut again[..len]), Err(EncodeError::Full));
    }
}

#[test]
fn a_session_too_large_is_refused() {
    let saved = saved();
    assert_eq!(
        Session::<128, 3>::restore(&saved).err(),
        Some(RestoreError::TooLarge)
    );
    assert_eq!(
        Session::<32, 4>::restore(&saved).err(),
        Some(RestoreError::TooLarge)
    );
}

proptest! {
    #[test]
    fn a_changed_byte_is_noticed(position in 0..60usize, change in 1..=255u8) {
        let mut saved = saved();
        let position = position % saved.len();
        saved[position] ^= change;
        prop_assert!(Session::<128, 4>::restore(&saved).is_err());
    }

    #[test]
    fn random_bytes_are_no_session(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assert_eq!(Session::<128, 4>::restore(&bytes).err(), Some(RestoreError::Damaged));
    }
}
