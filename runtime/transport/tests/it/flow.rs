//! Much data both ways, in each of the four ways: what is handed over arrives, whoever is slow and whoever closes.

use std::sync::mpsc::channel;

use fivewire_transport::{Failure, State, Stream};

use crate::server::{Server, WAYS};
use crate::talk::{ended, opened, read_exactly, until, write_all};

/// More than TCP takes for a peer that does not read.
const MUCH: usize = 16 << 20;

/// Bytes that tell where they belong.
fn pattern(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| (i * 7 + (i >> 8) * 13 + (i >> 16)) as u8)
        .collect()
}

/// Writes until nothing is taken any more; what was taken.
fn fill(stream: &mut Stream, data: &[u8]) -> usize {
    let mut taken = 0;
    until("a full buffer", || match stream.write(&data[taken..]) {
        0 => Some(()),
        length => {
            taken += length;
            None
        }
    });
    assert_eq!(stream.state(), State::Open);
    taken
}

#[test]
fn a_peer_that_does_not_read_holds_the_writer_back_and_loses_nothing() {
    let data = pattern(MUCH);
    for way in WAYS {
        let (open_gate, gate) = channel();
        let server = Server::start(way, move |mut peer| {
            gate.recv().unwrap();
            peer.read_all()
        });
        let mut stream = opened(&server.endpoint);
        let taken = fill(&mut stream, &data);
        assert!(taken > 0 && taken < MUCH, "{way:?}: {taken}");
        open_gate.send(()).unwrap();
        write_all(&mut stream, &data[taken..]);
        stream.close();
        assert!(server.join() == data, "{way:?}: not what was sent");
    }
}

#[test]
fn what_was_taken_before_close_arrives() {
    let data = pattern(MUCH);
    for way in WAYS {
        let (open_gate, gate) = channel();
        let server = Server::start(way, move |mut peer| {
            gate.recv().unwrap();
            peer.read_all()
        });
        let mut stream = opened(&server.endpoint);
        let taken = fill(&mut stream, &data);
        stream.close();
        assert_eq!(stream.state(), State::Closed(Failure::ClosedHere));
        open_gate.send(()).unwrap();
        assert!(server.join() == data[..taken], "{way:?}: not what was sent");
    }
}

#[test]
fn what_came_before_the_end_can_be_read() {
    for way in WAYS {
        let server = Server::start(way, |mut peer| {
            peer.write(&pattern(100_000));
            if let crate::server::Peer::WebSocket(socket) = &mut peer {
                socket.close(None).unwrap();
                socket.flush().unwrap();
            }
            peer
        });
        let mut stream = opened(&server.endpoint);
        drop(server.join());
        assert!(read_exactly(&mut stream, 100_000) == pattern(100_000), "{way:?}");
        ended(&mut stream);
    }
}

#[test]
fn bytes_echo() {
    for way in WAYS {
        let server = Server::start(way, |mut peer| {
            loop {
                let some = peer.read();
                if some.is_empty() {
                    return;
                }
                peer.write(&some);
            }
        });
        let mut stream = opened(&server.endpoint);
        for length in [1, 2, 125, 126, 1_000, 20_000] {
            let data = pattern(length);
            write_all(&mut stream, &data);
            assert!(read_exactly(&mut stream, length) == data, "{way:?}: {length}");
        }
        stream.close();
        server.join();
    }
}
