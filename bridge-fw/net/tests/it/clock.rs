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

/// A server that tells these times, one for each question, the last one again and again.
pub(crate) async fn tell(peer: Stack<'_>, times: impl IntoIterator<Item = u32>) -> ! {
    serve(peer, 0, 2, times).await
}

/// The same, but not before `deaf` questions were asked in vain.
async fn serve(peer: Stack<'_>, mut deaf: u32, stratum: u8, times: impl IntoIterator<Item = u32>) -> ! {
    let (mut times, mut time) = (times.into_iter(), UNIX_TIME);
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
        time = times.next().unwrap_or(time);
        let mut answer = [0; PACKET_BYTES];
        (answer[0], answer[1]) = (0x24, stratum);
        answer[24..32].copy_from_slice(&question[40..]);
        answer[40..44].copy_from_slice(&time.wrapping_add(NTP_TO_UNIX).to_be_bytes());
        // One to another question comes first.
        let mut stray = answer;
        stray[31] ^= 1;
        socket.send_to(&stray, from).await.unwrap();
        socket.send_to(&answer, from).await.unwrap();
    }
}

/// What a clock learns from `server`, and what it shows then.
fn learned(server: &str, deaf: u32, stratum: u8) -> (Option<u32>, Option<u32>) {
    let mut times = (None, None);
    with_clock(deaf, stratum, &[], async |clock, stack| {
        assert_eq!(clock.now(), None);
        let first = clock.learn(stack, server, *b"a nonce!").await;
        times = (first, clock.now());
    });
    times
}

/// Does `body` with a clock that knows nothing, beside a server.
fn with_clock(deaf: u32, stratum: u8, times: &[u32], body: impl AsyncFnOnce(&Clock, Stack<'static>)) {
    let own = Cell::new(None);
    with_secure(
        |stack| {
            own.set(Some(stack));
            NoTls
        },
        async |_, peer| {
            let clock = Clock::new();
            let asking = body(&clock, own.get().unwrap());
            select(asking, serve(peer, deaf, stratum, times.iter().copied())).await;
        },
    );
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

#[test]
fn another_server_is_asked_anew_and_a_doubted_time_is_forgotten() {
    const LATER: u32 = UNIX_TIME + 1_000_000;
    with_clock(0, 2, &[UNIX_TIME, LATER], async |clock, stack| {
        let ask = async |server| clock.learn(stack, server, *b"a nonce!").await;
        for time in [ask(PEER_TEXT).await, ask(PEER_TEXT).await] {
            assert!(time >= Some(UNIX_TIME) && time < Some(LATER), "asked once");
        }
        assert!(ask(NAME).await >= Some(LATER));
        clock.doubt();
        assert_eq!(clock.now(), None);
        assert_eq!(ask("nobody.test").await, None);
    });
}

#[test]
fn what_a_board_knows_by_itself_nobody_changes() {
    with_clock(0, 2, &[], async |clock, stack| {
        clock.set(1_000_000_000);
        clock.doubt();
        let known = clock.learn(stack, PEER_TEXT, *b"a nonce!").await;
        assert!(
            known >= Some(1_000_000_000) && known < Some(UNIX_TIME),
            "{known:?}"
        );
    });
}
