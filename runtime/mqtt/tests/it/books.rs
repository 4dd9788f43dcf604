//! Packet identifiers and the steps of QoS 2 in the books of a caller that outlives the client.

use expect_test::expect;
use fivewire_mqtt::packet::Publish;
use fivewire_mqtt::{Client, ConnectOptions, Error, Event, Number, PacketId, QoS};

use crate::script::play;

#[test]
fn a_publish_of_an_earlier_life_is_a_repetition_to_a_broker_with_the_session() {
    let trace = play(
        "connect keep-session
         again 7 1 a before // taken at any time
         broker connack present
         again 8 2 a known
         new 9 1 a fresh
         new 9 1 a taken // the identifier is in use
         publish 1 a own // in flight are three
         broker puback 7
         publish 1 a own",
    );
    expect![[r#"
        connect keep-session
            > CONNECT me keep-session
        again 7 1 a before
            ok id 7
        broker connack present
            Connected { session_present: true }
            > PUBLISH a "before" AtLeastOnce dup id 7
        again 8 2 a known
            ok id 8
            > PUBLISH a "known" ExactlyOnce dup id 8
        new 9 1 a fresh
            ok id 9
            > PUBLISH a "fresh" AtLeastOnce id 9
        new 9 1 a taken
            error: an unanswered request has this packet id
        publish 1 a own
            error: no room until something unanswered is answered
        broker puback 7
            Published { packet_id: PacketId(7) }
        publish 1 a own
            ok id 1
            > PUBLISH a "own" AtLeastOnce id 1
    "#]]
    .assert_eq(&trace);
}

#[test]
fn to_a_broker_without_the_session_nothing_is_a_repetition() {
    let trace = play(
        "connect
         again 7 1 a before
         broker connack new
         again 8 1 a after
         release 9 // nothing to be released there
         closed
         release 9 // it may have the session next time
         connect
         broker connack new",
    );
    expect![[r#"
        connect
            > CONNECT me clean
        again 7 1 a before
            ok id 7
        broker connack new
            Connected { session_present: false }
            > PUBLISH a "before" AtLeastOnce id 7
        again 8 1 a after
            ok id 8
            > PUBLISH a "after" AtLeastOnce id 8
        release 9
            ok over
        closed
        release 9
            ok
        connect
            > CONNECT me clean
        broker connack new
            Connected { session_present: false }
            Published { packet_id: PacketId(9) }
            > PUBLISH a "before" AtLeastOnce id 7
            > PUBLISH a "after" AtLeastOnce id 8
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_deferred_release_waits_for_the_caller_over_connections_and_lives() {
    let trace = play(
        "defer
         connect keep-session
         broker connack new
         new 5 2 a x
         broker pubrec 5
         broker pubrec 5 // it is held
         new 5 1 a y // and its identifier in use
         closed
         connect keep-session // not published again
         broker connack present
         release 5
         release 5
         broker pubrec 5 // late: being released
         closed
         connect keep-session
         broker connack present
         broker pubcomp 5
         release 6 // of an earlier life
         broker pubcomp 6",
    );
    expect![[r#"
        defer
        connect keep-session
            > CONNECT me keep-session
        broker connack new
            Connected { session_present: false }
        new 5 2 a x
            ok id 5
            > PUBLISH a "x" ExactlyOnce id 5
        broker pubrec 5
            Received { packet_id: PacketId(5) }
        broker pubrec 5
        new 5 1 a y
            error: an unanswered request has this packet id
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        release 5
            ok
            > PubRel(PacketId(5))
        release 5
            error: an unanswered request has this packet id
        broker pubrec 5
        closed
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
            > PubRel(PacketId(5))
        broker pubcomp 5
            Published { packet_id: PacketId(5) }
        release 6
            ok
            > PubRel(PacketId(6))
        broker pubcomp 6
            Published { packet_id: PacketId(6) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_receipt_for_a_publish_of_an_earlier_life_is_told_as_well() {
    let trace = play(
        "defer
         connect keep-session
         broker connack present
         broker pubrec 5
         release 5
         broker pubcomp 5",
    );
    expect![[r#"
        defer
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        broker pubrec 5
            Received { packet_id: PacketId(5) }
        release 5
            ok
            > PubRel(PacketId(5))
        broker pubcomp 5
            Published { packet_id: PacketId(5) }
    "#]]
    .assert_eq(&trace);
}

#[test]
fn a_deferred_completion_waits_for_the_caller_and_is_asked_for_on_each_connection() {
    let trace = play(
        "defer
         connect keep-session
         broker connack present
         broker publish 2 4 a x
         ack 4
         broker publish 2 4 a x dup // known till it is completed
         broker pubrel 4
         broker pubrel 4
         complete 3
         closed
         complete 4 // the broker will ask again
         connect keep-session
         broker connack present
         broker pubrel 4
         complete 4
         broker pubrel 6 // of an earlier life
         complete 6",
    );
    expect![[r#"
        defer
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        broker publish 2 4 a x
            Message a "x" ExactlyOnce id 4
        ack 4
            ok
            > PubRec(PacketId(4))
        broker publish 2 4 a x dup
            > PubRec(PacketId(4))
        broker pubrel 4
            Released { packet_id: PacketId(4) }
        broker pubrel 4
        complete 3
            error: no such message waits for its acknowledgement
        closed
        complete 4
            error: no such message waits for its acknowledgement
        connect keep-session
            > CONNECT me keep-session
        broker connack present
            Connected { session_present: true }
        broker pubrel 4
            Released { packet_id: PacketId(4) }
        complete 4
            ok
            > PubComp(PacketId(4))
        broker pubrel 6
            Released { packet_id: PacketId(6) }
        complete 6
            ok
            > PubComp(PacketId(6))
    "#]]
    .assert_eq(&trace);
}

/// The caller may release them late: a fifth publish, received as well, would have nowhere to be held, and never end.
#[test]
fn a_publish_has_its_slot_until_it_is_released() {
    let mut client = Client::<256, 256, 4>::new();
    client.defer_qos2();
    client.connect(0, &ConnectOptions::new("me")).unwrap();
    client.consume_output(client.output().len());
    client.handle_input(0, b"\x20\x02\0\0");
    assert!(client.poll_event().is_some());
    let publish = |client: &mut Client<256, 256, 4>, number| {
        let id = PacketId::new(number).unwrap();
        let packet = Publish {
            dup: false,
            qos: QoS::ExactlyOnce,
            retain: false,
            topic: "t",
            packet_id: Some(id),
            payload: b"x",
        };
        let taken = client.publish_numbered(0, Number::New(id), packet);
        client.consume_output(client.output().len());
        taken
    };
    for number in 1..=4 {
        publish(&mut client, number).unwrap();
        client.handle_input(0, &[0x50, 2, 0, number as u8]);
        assert!(matches!(client.poll_event(), Some(Event::Received { .. })));
    }
    assert!(!client.can_publish(2));
    assert_eq!(publish(&mut client, 5), Err(Error::NoRoom));
    let first = PacketId::new(1).unwrap();
    assert_eq!(client.release(0, first), Ok(true));
    client.consume_output(client.output().len());
    client.handle_input(0, b"\x70\x02\0\x01");
    assert_eq!(client.poll_event(), Some(Event::Published { packet_id: first }));
    assert!(publish(&mut client, 5).is_ok());
}
