//! Frames, both ways: whole, in place and symbol by symbol.

use fivewire_frame::{
    DELIMITER, HEADROOM, Header, TAILROOM, decode, decode_in_place, encode, max_encoded_len, seal,
};

/// The bytes as a frame that came in, and as a body that goes out.
pub(super) fn frame(bytes: &[u8]) {
    incoming(bytes);
    if let Some((&numbers, body)) = bytes.split_first() {
        outgoing(Header::new(numbers & 7, numbers >> 3 & 7), body);
    }
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let bodies: [&[u8]; 4] = [b"\x10hi", b"\x20\0\0a\0", &[7; 260], &[0; 20]];
    let framed = bodies.iter().map(|body| {
        let mut out = vec![0; max_encoded_len(body.len())];
        let len = encode(Header::new(3, 5), body, &mut out).expect("room");
        out.truncate(len - 1);
        out
    });
    framed.chain(bodies.map(<[u8]>::to_vec)).collect()
}

fn incoming(bytes: &[u8]) {
    let mut frame = bytes.to_vec();
    let mut again = bytes.to_vec();
    let place = decode_in_place(&mut again);
    match decode(&mut frame) {
        Ok((header, body)) => {
            let (same, range) = place.expect("the same function");
            assert_eq!(same, header);
            assert_eq!(again.get(range), Some(body));
            outgoing(header, body);
        }
        Err(error) => assert_eq!(place.err(), Some(error)),
    }
}

fn outgoing(header: Header, body: &[u8]) {
    let mut wire = vec![0xee; max_encoded_len(body.len())];
    let len = encode(header, body, &mut wire).expect("room for the worst case");
    assert_eq!(wire.get(len - 1), Some(&DELIMITER));
    wire.truncate(len - 1);
    assert!(!wire.contains(&DELIMITER), "a delimiter within a frame");
    assert!(longest_zero_run(&wire) < fivewire_frame::IDLE_RUN_BITS);
    assert_eq!(symbols(header, body), wire, "symbol by symbol");
    let (found, decoded) = decode(&mut wire).expect("what was encoded decodes");
    assert_eq!((found.seq(), found.ack()), (header.seq(), header.ack()));
    assert_eq!(decoded, body);
}

/// The frame as the link sends it, without its delimiter.
fn symbols(header: Header, body: &[u8]) -> Vec<u8> {
    let mut buffer = [&[0; HEADROOM], body, &[0; TAILROOM]].concat();
    let mut sealed = seal(&mut buffer, header).expect("room");
    let mut wire = Vec::new();
    while let Some(symbol) = sealed.next_symbol(&buffer) {
        wire.push(symbol);
    }
    assert_eq!(wire.pop(), Some(DELIMITER));
    wire
}

fn longest_zero_run(bytes: &[u8]) -> u32 {
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1));
    let (mut run, mut longest) = (0, 0);
    for bit in bits {
        run = if bit { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    longest
}
