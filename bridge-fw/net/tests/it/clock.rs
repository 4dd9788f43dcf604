//! The time of day before a handshake.

use std::cell::Cell;

use embassy_futures::select::select;
use embassy_net::Stack;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use fivewire_bridge::sntp::PACKET_BYTES;
use fivewire_bridge_fw_net::{Clock, NoTls};

use crate::world::{NAME, PEER_TEXT, with_secure};

const UNIX_TIME: u32 = 1_790_000_000;
const NTP_TO_UNIX: u32 = 2_208_988_800;

/// A server that answers every question, but not before `deaf` of them were asked in vain. Tells how many there were.
async fn serve(peer: Stack<'_>, mut deaf: u32, stratum: u8) -> ! {
    let (mut metadata, mut other) = ([PacketMetadata::EMPTY; 4], [PacketMetadata::EMPTY; 4]);
    let (mut rx, mut tx) = ([0; 512], [0; 512]);
    let mut socket = UdpSocket::new(peer, &mut metadata, &mut rx, &mut other, &mut tx);
    socket.bind(123).unwrap();
    let mut question = [0; PACKET_BYTES];
    loop {
        let (_, from) = socket.recv_from(&mut question).await.unwrap();
        if deaf > 0 {
            deaf -= 1;
            continue;
        }
        let mut answer = [0; PACKET_BYTES];
        (answer[0], answer[1]) = (0x24, stratum);
        answer[24..32].copy_from_slice(&question[40..]);
        answer[40..44].copy_from_slice(&UNIX_TIME.wrapping_add(NTP_TO_UNIX).to_be_bytes());
        // One to another question comes first.
        let mut stray = answer;
        stray[31] ^= 1;
        socket.send_to(&stray, from).await.unwrap();
        socket.send_to(&answer, from).await.unwrap();
    }
}

/// What a clock learns, and whether a second question needed a server.
fn learned(server: &str, deaf: u32, stratum: u8) -> (Option<u32>, Option<u32>) {
    let mut times = (None, None);
    let own = Cell::new(None);
    with_secure(
        |stack| {
            own.set(Some(stack));
            NoTls
        },
        async |_, peer| {
            let clock = Clock::new();
            assert_eq!(clock.now(), None);
            let stack = own.get().unwrap();
            let asking = async {
                let first = clock.learn(stack, server, *b"a nonce!").await;
                times = (first, clock.now());
            };
            select(asking, serve(peer, deaf, stratum)).await;
        },
    );
    times
}

#[test]
fn the_time_is_learned_once_and_goes_on() {
    for server in [PEER_TEXT, NAME] {
        let (first, then) = learned(server, 0, 2);
        // The test may be held up; a clock does not go backwards.
        assert!(first >= Some(UNIX_TIME) && then >= first, "{first:?} {then:?}");
    }
}

#[test]
fn a_lost_question_is_asked_again() {
    assert!(learned(PEER_TEXT, 1, 2).0.is_some());
}

#[test]
fn a_server_that_does_not_know_or_is_not_there_tells_nothing() {
    assert_eq!(
        learned(PEER_TEXT, 0, 0),
        (None, None),
        "it does not want to be asked"
    );
    assert_eq!(learned("nobody.test", 0, 2), (None, None));
}
