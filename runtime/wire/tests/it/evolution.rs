//! Peers of other revisions: they leave trailing fields out, append fields, and have numbers that this revision does not know.

use crate::encoded;
use fivewire_wire::{Command, DecodeError, Event, Reason, Reply, Status, command, event, reply};

#[test]
fn fields_that_an_older_peer_does_not_send_have_their_defaults() {
    let status = event::Status {
        status: Status::WifiUp,
        detail: 0,
    };
    assert_eq!(Event::decode(&[0x60, 0x08]), Ok(Event::Status(status)));
    let ping = command::Ping { nonce: 0 };
    assert_eq!(Command::decode(&[0x17]), Ok(Command::Ping(ping)));
}

#[test]
fn trailing_defaults_are_not_sent() {
    let publish = reply::Publish {
        outcome: fivewire_wire::Outcome::Delivered,
        reason: Reason::None,
    };
    assert_eq!(encoded(|out| publish.encode(7, out)), [0xA0, 7, 1]);
    let will = command::Will {
        topic: "t",
        payload: b"",
        retain: false,
        qos: fivewire_wire::QoS::AtLeastOnce,
    };
    assert_eq!(
        encoded(|out| will.encode(out)),
        [0x10, 1, b't', 0, 0, 1],
        "retain stands before qos"
    );
}

#[test]
fn what_a_newer_peer_appends_is_ignored() {
    let accept = command::Accept { number: 7 };
    assert_eq!(Command::decode(&[0x14, 7, 1, 2, 3]), Ok(Command::Accept(accept)));
    assert_eq!(
        Command::decode(&[0x15, 9]),
        Ok(Command::GetTime(command::GetTime))
    );
}

#[test]
fn what_a_newer_peer_appends_to_a_message_with_a_rest_is_skipped() {
    let body = [0x20 | 0b1000, 1, b't', 5, 7, 0, 0xAA, 0xBB, 0xCC, b'4', b'2'];
    let Ok(Command::Publish(publish)) = Command::decode(&body) else {
        panic!("it is a publish")
    };
    assert_eq!((publish.topic, publish.payload), ("t", &b"42"[..]));
    assert_eq!((publish.packet_id, publish.properties), (7, &b""[..]));
    let cut = &body[..5];
    assert_eq!(
        Command::decode(cut),
        Err(DecodeError::Truncated { field: "extension" })
    );
}

#[test]
fn a_message_with_settings_can_grow_too() {
    let grown = [0x11, 3, 7, 8, 0x80, 0x20, 7, 1, 0xEE, 0xEE, 1 << 2 | 1, b'x'];
    let Ok(Command::Configure(configure)) = Command::decode(&grown) else {
        panic!("it is a configure")
    };
    assert_eq!((configure.inbox_messages, configure.inbox_bytes), (8, 4096));
    assert_eq!((configure.next_packet_id, configure.resumed), (7, true));
    assert_eq!(configure.settings.ssid, "x");
    let usual = command::Configure {
        inbox_messages: 4,
        inbox_bytes: 2048,
        next_packet_id: 1,
        resumed: false,
        settings: configure.settings,
    };
    assert_eq!(
        encoded(|out| usual.encode(out)),
        [0x11, 1 << 2 | 1, b'x'],
        "defaults take no room"
    );
}

/// Revision 1 knew neither packet ids nor properties; what it sends and what it is sent stays as it was.
#[test]
fn what_an_older_peer_says_has_the_defaults_of_what_came_later() {
    let Ok(Command::Publish(publish)) = Command::decode(&[0x22, 1, b't', b'4']) else {
        panic!("it is a publish")
    };
    assert_eq!((publish.packet_id, publish.properties), (0, &b""[..]));
    assert_eq!(encoded(|out| publish.encode(out)), [0x22, 1, b't', b'4']);
}

#[test]
fn a_field_without_default_must_be_there() {
    assert_eq!(
        Event::decode(&[0x60]),
        Err(DecodeError::Truncated { field: "status" })
    );
    assert_eq!(
        Command::decode(&[0x14]),
        Err(DecodeError::Truncated { field: "number" })
    );
    assert_eq!(
        Command::decode(&[0x20, 5, b't']),
        Err(DecodeError::Truncated { field: "topic" })
    );
}

#[test]
fn open_enums_and_statuses_keep_what_they_do_not_know() {
    let body = [0xA0, 7, 1, 0x77];
    let (number, reply) = Reply::decode(&body).expect("a reply");
    let Reply::Publish(publish) = reply else {
        panic!("to a publish")
    };
    assert_eq!((number, publish.reason), (7, Reason::Unknown(0x77)));
    assert_eq!(encoded(|out| reply.encode(number, out)), body);
    let Ok(Event::Status(status)) = Event::decode(&[0x60, 0xEE]) else {
        panic!("it is a status")
    };
    assert_eq!(status.status, Status::Unknown(0xEE));
    assert_eq!(encoded(|out| status.encode(out)), [0x60, 0xEE]);
}

#[test]
fn closed_enums_do_not() {
    let no_such_outcome = DecodeError::InvalidEnum {
        field: "outcome",
        value: 9,
    };
    assert_eq!(Reply::decode(&[0xA0, 7, 9]), Err(no_such_outcome));
    let no_such_qos = DecodeError::InvalidEnum {
        field: "qos",
        value: 3,
    };
    assert_eq!(Command::decode(&[0x20 | 0b110, 1, b't']), Err(no_such_qos));
}

#[test]
fn ops_of_nobody_and_of_the_other_direction_are_unknown() {
    for op in [0x00, 0x07, 0x3F, 0x40, 0x60, 0x7F, 0xA0, 0xFF] {
        assert_eq!(Command::decode(&[op, 0, 0]), Err(DecodeError::UnknownOp(op)));
    }
    assert_eq!(Event::decode(&[0x20, 1, b't']), Err(DecodeError::UnknownOp(0x20)));
    assert_eq!(Reply::decode(&[0x20, 1, b't']), Err(DecodeError::UnknownOp(0x20)));
    assert_eq!(Command::decode(&[]), Err(DecodeError::Empty));
}
