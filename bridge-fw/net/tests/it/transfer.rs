//! Bytes in bulk, both ways at once, through buffers that are smaller by far.

use embassy_futures::join::join;
use embassy_net::Stack;
use embedded_io_async::{Read as _, Write as _};
use fivewire_bridge::{Tcp, TcpFailure};
use fivewire_bridge_fw_net::{Line, NoTls, Sockets};

use crate::world::{PEER_TEXT, accept, at, closed, pattern, read_exact, settled, with_world};

/// Many times what all buffers on the way hold together.
const MUCH: usize = 150_000;

async fn back_and_forth(sockets: &Sockets, peer: Stack<'_>) {
    let line = &sockets.tcp;
    let data = pattern(MUCH);
    line.open(&at(PEER_TEXT, 1883));
    let echo = accept(peer, 1883, async |socket| {
        let mut buffer = [0; 1000];
        for _ in 0..MUCH.div_ceil(buffer.len()) {
            socket.read_exact(&mut buffer).await.unwrap();
            socket.write_all(&buffer).await.unwrap();
        }
        socket.flush().await.unwrap();
    });
    let bridge = async {
        assert_eq!(settled(line).await, Tcp::Open);
        exchange(line, &data, MUCH).await
    };
    let ((), came) = join(echo, bridge).await;
    assert!(came == data, "what came back is not what was sent");
}

#[test]
fn much_goes_both_ways_at_once() {
    with_world(NoTls, back_and_forth);
}

/// A peer that sends and goes: the bridge reads to the last byte, at its own pace, and then hears of the end.
async fn flood(sockets: &Sockets, peer: Stack<'_>) {
    let line = &sockets.tcp;
    let data = pattern(MUCH);
    line.open(&at(PEER_TEXT, 1883));
    let sends = accept(peer, 1883, async |socket| {
        socket.write_all(&data).await.unwrap();
        socket.close();
        socket.flush().await.unwrap();
    });
    let reads = async {
        settled(line).await;
        read_exact(line, MUCH).await
    };
    let (came, ()) = join(reads, sends).await;
    assert!(came == data, "what came is not what was sent");
    assert_eq!(closed(line).await, TcpFailure::Lost);
}

#[test]
fn a_peer_that_sends_and_goes_is_read_to_the_last_byte() {
    with_world(NoTls, flood);
}

/// The peer does not read before it has sent everything, and the bridge does not read before it has sent as much:
/// neither may wait for the other for ever.
#[test]
fn a_direction_that_stands_still_does_not_hold_the_other() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        let data = pattern(4 * 4096);
        line.open(&at(PEER_TEXT, 1883));
        let talks = accept(peer, 1883, async |socket| {
            socket.write_all(&data).await.unwrap();
            let mut came = vec![0; MUCH];
            socket.read_exact(&mut came).await.unwrap();
            came
        });
        let bridge = async {
            settled(line).await;
            exchange(line, &pattern(MUCH), data.len()).await
        };
        let (heard, came) = join(talks, bridge).await;
        assert!(heard == pattern(MUCH) && came == data);
    });
}

/// Writes `data` and reads `length` bytes, as a bridge does: whatever can be done, in turns.
async fn exchange(line: &Line, mut data: &[u8], length: usize) -> Vec<u8> {
    let mut came = Vec::new();
    let mut buffer = [0; 700];
    while !data.is_empty() || came.len() < length {
        let wrote = line.write(data);
        data = &data[wrote..];
        let read = line.read(&mut buffer);
        came.extend(&buffer[..read]);
        if wrote + read == 0 {
            line.changed().await;
        }
    }
    came
}
