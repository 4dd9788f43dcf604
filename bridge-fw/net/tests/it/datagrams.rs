//! Datagrams there and back.

use embassy_futures::join::join;
use embassy_net::Stack;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use fivewire_bridge_fw_net::{Datagrams, NoTls};

use crate::world::{NAME, PEER_TEXT, with_world};

async fn received(datagrams: &Datagrams, buffer: &mut [u8]) -> usize {
    loop {
        match datagrams.receive(buffer) {
            Some(length) => return length,
            None => datagrams.changed().await,
        }
    }
}

/// A server that answers one question with these.
async fn answers(peer: Stack<'_>, answers: &[&[u8]]) -> Vec<u8> {
    let (mut metadata, mut other) = ([PacketMetadata::EMPTY; 8], [PacketMetadata::EMPTY; 8]);
    let (mut rx, mut tx) = ([0; 2048], [0; 2048]);
    let mut socket = UdpSocket::new(peer, &mut metadata, &mut rx, &mut other, &mut tx);
    socket.bind(123).unwrap();
    let mut question = [0; 64];
    let (length, from) = socket.recv_from(&mut question).await.unwrap();
    for answer in answers {
        socket.send_to(answer, from).await.unwrap();
    }
    socket.flush().await;
    question[..length].to_vec()
}

#[test]
fn a_question_is_answered_by_address_and_by_name() {
    with_world(NoTls, async |sockets, peer| {
        let mut buffer = [0; 48];
        for host in [PEER_TEXT, NAME] {
            let asks = async {
                sockets.udp.send(host, 123, b"what time is it?");
                let length = received(&sockets.udp, &mut buffer).await;
                buffer[..length].to_vec()
            };
            let (question, answer) = join(answers(peer, &[b"noon"]), asks).await;
            assert_eq!(
                (&question[..], &answer[..]),
                (&b"what time is it?"[..], &b"noon"[..])
            );
        }
    });
}

#[test]
fn what_comes_in_a_row_is_kept_and_what_is_no_answer_is_not() {
    with_world(NoTls, async |sockets, peer| {
        let mut buffer = [0; 4];
        let asks = async {
            sockets.udp.send(PEER_TEXT, 123, b"?");
            let mut came = Vec::new();
            for _ in 0..2 {
                let length = received(&sockets.udp, &mut buffer).await;
                came.push(buffer[..length].to_vec());
            }
            came
        };
        let served = answers(peer, &[b"first", &[0; 200], b"2nd"]);
        assert_eq!(join(served, asks).await.1, [b"firs".to_vec(), b"2nd".to_vec()]);
        assert_eq!(sockets.udp.receive(&mut buffer), None);
    });
}

#[test]
fn a_name_that_nobody_knows_and_a_datagram_that_is_too_long_are_dropped() {
    with_world(NoTls, async |sockets, peer| {
        sockets.udp.send("other.test", 123, b"to nobody");
        sockets.udp.send(PEER_TEXT, 123, &[0; 129]);
        let asks = async {
            // The one that waits is replaced, unless it was taken already.
            embassy_futures::yield_now().await;
            sockets.udp.send(PEER_TEXT, 123, b"?");
        };
        assert_eq!(join(answers(peer, &[]), asks).await.0, b"?");
    });
}
