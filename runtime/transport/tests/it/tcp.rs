//! Names, ports, and the ends of plain TCP.

use std::net::TcpListener;
use std::time::Duration;

use fivewire_transport::{Endpoint, Failure, State, Stream};

use crate::broker::{Broker, free_port};
use crate::talk::{ended, failed, opened, publish, write_all};

#[test]
fn a_broker_is_reached_by_name() {
    let broker = Broker::start();
    publish(&mut opened(&Endpoint::new("localhost", broker.port)));
}

#[test]
fn a_closed_port_is_refused_and_a_wrong_name_is_not_found() {
    assert_eq!(failed(&Endpoint::new("127.0.0.1", free_port())), Failure::Refused);
    assert_eq!(
        failed(&Endpoint::new("no name has spaces", 1)),
        Failure::NameNotFound
    );
}

#[test]
fn a_server_that_dies_is_lost() {
    let mut broker = Broker::start();
    let mut stream = opened(&Endpoint::new("127.0.0.1", broker.port));
    publish(&mut stream);
    // The system closes its sockets, in good order or not.
    broker.kill();
    assert!(matches!(ended(&mut stream), Failure::Ended | Failure::Lost));
    assert_eq!((stream.read(&mut [0; 8]), stream.write(b"more")), (0, 0));
}

#[test]
fn a_server_that_says_nothing_costs_the_time_that_was_allowed() {
    // Connections wait in the listener's queue for an `accept` that never comes.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut endpoint = Endpoint::new("127.0.0.1", listener.local_addr().unwrap().port());
    endpoint.open_timeout = Duration::from_millis(200);
    let secure = endpoint.clone().with_tls(Default::default());
    assert_eq!(failed(&secure), Failure::TimedOut);
    assert_eq!(failed(&endpoint.with_websocket("/")), Failure::TimedOut);
}

#[test]
fn what_is_closed_here_stays_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::new("127.0.0.1", listener.local_addr().unwrap().port());
    let mut stream = opened(&endpoint);
    write_all(&mut stream, b"last words");
    stream.close();
    assert_eq!(stream.state(), State::Closed(Failure::ClosedHere));
    assert!(stream.wait().is_none());
    let mut opening = Stream::open(&endpoint);
    opening.close();
    assert_eq!(opening.state(), State::Closed(Failure::ClosedHere));
}
