//! A broker for tests that needs no mosquitto: it accepts, acknowledges and counts, in a thread.
//!
//! It speaks to one client of either version and believes all it says, so it is no yardstick of anything.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use fivewire_mqtt::packet::{FixedHeader, PacketType, Publish};

use super::job::{PAYLOAD, TOPIC};

/// Offset of the version in a CONNECT: fixed header, name of the protocol.
const LEVEL_AT: usize = 2 + 6;

/// Where it listens, and the thread that says how many messages came with QoS 0 and 1.
pub(crate) fn start() -> (u16, JoinHandle<[usize; 2]>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let thread = thread::spawn(move || serve(listener.accept().expect("a client comes").0));
    (port, thread)
}

fn serve(mut stream: TcpStream) -> [usize; 2] {
    let (mut counts, mut unread, mut bytes) = ([0; 2], Vec::new(), [0; 4096]);
    // A client may go without a word; what it has not read is then lost to both.
    while let Ok(len @ 1..) = stream.read(&mut bytes) {
        unread.extend_from_slice(&bytes[..len]);
        let mut answers = Vec::new();
        while let Ok(Some(header)) = FixedHeader::decode(&unread)
            && header.total() <= unread.len()
        {
            let packet: Vec<_> = unread.drain(..header.total()).collect();
            answer(header, &packet, &mut answers, &mut counts);
        }
        let _ = stream.write_all(&answers);
    }
    counts
}

fn answer(header: FixedHeader, packet: &[u8], answers: &mut Vec<u8>, counts: &mut [usize; 2]) {
    match header.kind {
        PacketType::Connect if packet[LEVEL_AT] == 5 => answers.extend([0x20, 3, 0, 0, 0]),
        PacketType::Connect => answers.extend([0x20, 2, 0, 0]),
        PacketType::Publish => {
            // In 5.0 the payload has a byte of no properties in front of it.
            let publish = Publish::decode(header.flags, &packet[header.size..]).expect("a sound publish");
            assert!(publish.topic == TOPIC && publish.payload.ends_with(PAYLOAD));
            counts[usize::from(publish.qos.number())] += 1;
            if let Some(id) = publish.packet_id {
                let [high, low] = id.get().to_be_bytes();
                answers.extend([0x40, 2, high, low]);
            }
        }
        other => panic!("a contestant sent {other:?}"),
    }
}
