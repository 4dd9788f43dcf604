//! Streams as a test uses them: it waits for states, and speaks as much MQTT as shows that a broker is there.

use std::time::Duration;

use fivewire_transport::{Endpoint, Failure, State, Stream};

/// Looks again and again; the end of patience only keeps a broken test from hanging.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..30_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("waited in vain for {what}");
}

/// An open stream to there.
pub(crate) fn opened(endpoint: &Endpoint) -> Stream {
    let mut stream = Stream::open(endpoint);
    until("the stream", || match stream.state() {
        State::Opening => None,
        State::Open => Some(()),
        State::Closed(failure) => panic!("{failure}"),
    });
    stream
}

/// Why there is no connection, or none for long.
pub(crate) fn failed(endpoint: &Endpoint) -> Failure {
    ended(&mut Stream::open(endpoint))
}

/// Why this stream ends; what comes before is thrown away.
pub(crate) fn ended(stream: &mut Stream) -> Failure {
    until("the end", || {
        stream.read(&mut [0; 256]);
        match stream.state() {
            State::Opening | State::Open => None,
            State::Closed(failure) => Some(failure),
        }
    })
}

pub(crate) fn write_all(stream: &mut Stream, mut data: &[u8]) {
    while !data.is_empty() {
        let taken = until("room", || moved(stream, |stream| stream.write(data)));
        data = &data[taken..];
    }
    until("TCP", || stream.flush().then_some(()));
}

pub(crate) fn read_exactly(stream: &mut Stream, length: usize) -> Vec<u8> {
    let mut got = vec![0; length];
    let mut filled = 0;
    while filled < length {
        filled += until("bytes", || {
            moved(stream, |stream| stream.read(&mut got[filled..]))
        });
    }
    got
}

fn moved(stream: &mut Stream, act: impl FnOnce(&mut Stream) -> usize) -> Option<usize> {
    let length = act(stream);
    match stream.state() {
        State::Closed(failure) if length == 0 => panic!("{failure}"),
        _ => Some(length).filter(|length| *length > 0),
    }
}

/// CONNECT and CONNACK, a PUBLISH of QoS 1 and its PUBACK.
pub(crate) fn publish(stream: &mut Stream) {
    write_all(stream, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01t");
    assert_eq!(read_exactly(stream, 4), b"\x20\x02\x00\x00");
    write_all(stream, b"\x32\x09\x00\x03a/b\x00\x07hi");
    assert_eq!(read_exactly(stream, 4), b"\x40\x02\x00\x07");
}
