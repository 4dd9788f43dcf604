//! How a connection ends: here, there, in the middle of its beginning, with its network, or for another.

use embassy_futures::join::join;
use embedded_io_async::Write as _;
use fivewire_bridge::{Tcp, TcpFailure};
use fivewire_bridge_fw_net::NoTls;

use crate::world::{NOBODY, PEER_TEXT, accept, at, closed, pattern, read_exact, settled, until, with_world};

/// Everything the peer of this connection hears until its end.
async fn hear(peer: embassy_net::Stack<'_>) -> Vec<u8> {
    accept(peer, 1883, async |socket| {
        let (mut heard, mut buffer) = (Vec::new(), [0; 700]);
        while let Ok(length @ 1..) = socket.read(&mut buffer).await {
            heard.extend(&buffer[..length]);
        }
        heard
    })
    .await
}

/// Fills the pipe in one go.
fn hand_over(line: &fivewire_bridge_fw_net::Line) -> Vec<u8> {
    let data = pattern(5_000);
    let mut taken = 0;
    loop {
        match line.write(&data[taken..]) {
            0 => return data[..taken].to_vec(),
            more => taken += more,
        }
    }
}

#[test]
fn what_was_handed_over_before_a_close_is_still_sent() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        line.open(&at(PEER_TEXT, 1883));
        let closes = async {
            settled(line).await;
            let handed = hand_over(line);
            line.close();
            assert_eq!(line.state(), Tcp::Closed(TcpFailure::NotOpened));
            assert_eq!(line.write(b"late"), 0);
            handed
        };
        let (handed, heard) = join(closes, hear(peer)).await;
        assert!(
            handed.len() > 1_000 && heard == handed,
            "{} of {}",
            heard.len(),
            handed.len()
        );
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::NotOpened));
    });
}

#[test]
fn another_connection_takes_over_and_neither_hears_the_others_bytes() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        line.open(&at(PEER_TEXT, 1883));
        let first = async {
            settled(line).await;
            let handed = hand_over(line);
            line.open(&at(PEER_TEXT, 1883));
            assert_eq!(line.state(), Tcp::Opening);
            handed
        };
        let (handed, heard) = join(first, hear(peer)).await;
        assert!(heard == handed);
        let second = async {
            assert_eq!(settled(line).await, Tcp::Open);
            assert_eq!(line.write(b"second"), 6);
            line.close();
        };
        assert_eq!(join(second, hear(peer)).await.1, b"second");
    });
}

#[test]
fn bytes_of_a_connection_that_was_closed_are_nobodys() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        line.open(&at(PEER_TEXT, 1883));
        let mut buffer = [0; 16];
        let talks = accept(peer, 1883, async |socket| {
            // More than the pipe holds: some still comes after the close.
            socket.write_all(&pattern(4_000)).await.unwrap();
            let mut end = [0; 1];
            assert_eq!(socket.read(&mut end).await, Ok(0));
        });
        let closes = async {
            settled(line).await;
            assert_eq!(read_exact(line, 4).await, pattern(4));
            line.close();
        };
        join(talks, closes).await;
        assert_eq!(line.read(&mut buffer), 0);
        line.open(&at(PEER_TEXT, 1883));
        let fresh = accept(peer, 1883, async |socket| {
            socket.write_all(b"fresh").await.unwrap();
            socket.flush().await.unwrap();
        });
        assert_eq!(join(fresh, read_exact(line, 5)).await.1, b"fresh");
    });
}

#[test]
fn a_connection_can_be_given_up_while_it_opens() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        line.open(&at(NOBODY, 1883));
        // Let it begin.
        embassy_futures::yield_now().await;
        line.close();
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::NotOpened));
        for host in ["other.test", NOBODY, PEER_TEXT] {
            line.open(&at(host, 1883));
        }
        assert_eq!(
            join(settled(line), accept(peer, 1883, async |_| ())).await.0,
            Tcp::Open
        );
    });
}

#[test]
fn bytes_before_the_end_can_be_read_after_it() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        line.open(&at(PEER_TEXT, 1883));
        let says = accept(peer, 1883, async |socket| {
            socket.write_all(b"that is all").await.unwrap();
            socket.close();
            socket.flush().await.unwrap();
        });
        assert_eq!(join(says, closed(line)).await.1, TcpFailure::Lost);
        assert_eq!(read_exact(line, 11).await, b"that is all");
        assert_eq!(line.read(&mut [0; 8]), 0);
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::Lost));
    });
}

#[test]
fn a_peer_that_breaks_off_is_noticed() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        line.open(&at(PEER_TEXT, 1883));
        let breaks = accept(peer, 1883, async |socket| {
            socket.abort();
            let _ = socket.flush().await;
        });
        let lost = async {
            settled(line).await;
            closed(line).await
        };
        assert_eq!(join(breaks, lost).await.1, TcpFailure::Lost);
    });
}

#[test]
fn a_network_that_goes_takes_the_connection_along() {
    with_world(NoTls, async |sockets, peer| {
        let line = &sockets.tcp;
        sockets.break_off();
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::NotOpened));
        line.open(&at(NOBODY, 1883));
        sockets.break_off();
        assert_eq!(line.state(), Tcp::Closed(TcpFailure::Unreachable));
        line.open(&at(PEER_TEXT, 1883));
        let goes = async {
            settled(line).await;
            hand_over(line);
            sockets.break_off();
            assert_eq!(line.state(), Tcp::Closed(TcpFailure::Lost));
        };
        join(
            goes,
            accept(
                peer,
                1883,
                async |socket| while let Ok(1..) = socket.read(&mut [0; 64]).await {},
            ),
        )
        .await;
        line.open(&at(PEER_TEXT, 1883));
        let says = accept(peer, 1883, async |socket| {
            socket.write_all(b"again").await.unwrap();
            socket.close();
            socket.flush().await.unwrap();
        });
        assert_eq!(join(says, read_exact(line, 5)).await.1, b"again");
        until(line, || line.state() == Tcp::Closed(TcpFailure::Lost)).await;
    });
}
