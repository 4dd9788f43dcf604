//! What a caller with deadlines needs: a publish taken back before a byte of it left, and a ping on demand.
//!
//! Not here: the deadlines, which are the caller's.

use fivewire_mqtt::{Cause, ConnectOptions, Connection, Event, PacketId, QoS, Session};

type Small = (Connection<64, 4>, Session<128, 4>);

const OPTIONS: ConnectOptions<'_> = ConnectOptions {
    clean_session: false,
    ..ConnectOptions::new("x")
};

fn connect((connection, session): &mut Small, session_present: u8) {
    connection.connect(session, 0, &OPTIONS).unwrap();
    write((connection, session));
    connection.handle_input(0, &[0x20, 2, session_present, 0]);
    let session_present = session_present == 1;
    assert_eq!(
        connection.poll_event(session),
        Some(Event::Connected { session_present })
    );
}

/// The transport takes all; what that was.
fn write((connection, session): (&mut Connection<64, 4>, &mut Session<128, 4>)) -> Vec<u8> {
    let output = connection.output(session).to_vec();
    connection.consume_output(session, output.len());
    output
}

fn publish((connection, session): &mut Small, payload: &[u8]) -> PacketId {
    let id = connection.publish(session, 0, "t", payload, QoS::AtLeastOnce, false);
    id.unwrap().unwrap()
}

#[test]
fn only_what_no_transport_took_can_be_taken_back() {
    let mut small = (Connection::new(), Session::new());
    let (one, two) = (publish(&mut small, b"1"), publish(&mut small, b"2"));
    assert!(small.1.is_unsent(one) && small.1.withdraw(one));
    assert!(!small.1.is_unsent(one) && !small.1.withdraw(one), "once");
    assert_eq!(small.1.in_flight(), 1);
    connect(&mut small, 0);
    let three = publish(&mut small, b"3");
    small.0.consume_output(&mut small.1, 1);
    assert!(!small.1.withdraw(two), "a byte of it left");
    assert!(small.1.withdraw(three));
    let rest = write((&mut small.0, &mut small.1));
    assert_eq!(rest, [6, 0, 1, b't', 0, 2, b'2'], "and nothing of the others");
    connect(&mut small, 1);
    assert!(
        !small.1.withdraw(two),
        "the broker may have seen it on the earlier connection"
    );
    assert_eq!(small.1.in_flight(), 1);
}

#[test]
fn subscriptions_are_not_taken_back() {
    let (mut connection, mut session): Small = (Connection::new(), Session::new());
    let id = connection
        .subscribe(&mut session, 0, "t", QoS::AtLeastOnce)
        .unwrap();
    assert!(!session.is_unsent(id) && !session.withdraw(id));
}

#[test]
fn a_ping_on_demand_is_answered_or_ends_the_connection() {
    let mut small = (Connection::new(), Session::new());
    small.0.ping(&mut small.1, 0);
    assert!(small.0.output(&small.1).is_empty(), "there is nobody to ping");
    connect(&mut small, 0);
    let (connection, session) = (&mut small.0, &mut small.1);
    connection.ping(session, 100);
    assert_eq!(write((connection, session)), [0xc0, 0]);
    connection.handle_input(200, &[0xd0, 0]);
    assert_eq!(connection.poll_event(session), None);
    connection.handle_timeout(session, 10_150);
    assert_eq!(connection.poll_event(session), None);
    connection.ping(session, 10_200);
    connection.handle_timeout(session, 20_199);
    assert_eq!(connection.poll_event(session), None);
    connection.handle_timeout(session, 20_200);
    assert_eq!(
        connection.poll_event(session),
        Some(Event::Lost(Cause::PingTimeout))
    );
}
