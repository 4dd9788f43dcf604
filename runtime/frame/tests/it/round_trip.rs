//! Bodies of every length and every density of zeros, in bulk and symbol by symbol.

use fivewire_frame::{
    FrameError, HEADROOM, Header, OVERHEAD, TAILROOM, crc16, decode, encode, max_encoded_len, seal,
};
use proptest::prelude::*;

use crate::Noise;

fn encoded(header: Header, body: &[u8]) -> Vec<u8> {
    let mut out = vec![0xAA; max_encoded_len(body.len())];
    let len = encode(header, body, &mut out).expect("room was enough");
    out.truncate(len);
    out
}

fn symbols(header: Header, body: &[u8]) -> Vec<u8> {
    let mut buf = vec![0xAA; HEADROOM + body.len() + TAILROOM];
    buf[HEADROOM..HEADROOM + body.len()].copy_from_slice(body);
    let mut sealed = seal(&mut buf, header).expect("room was enough");
    let out = std::iter::from_fn(|| sealed.next_symbol(&buf)).collect();
    assert_eq!(
        &buf[HEADROOM..HEADROOM + body.len()],
        body,
        "sealing must leave the body alone"
    );
    out
}

fn check(header: Header, body: &[u8]) {
    let mut wire = encoded(header, body);
    assert_eq!(
        symbols(header, body),
        wire,
        "symbol by symbol differs from bulk: {body:?}"
    );
    assert_eq!(wire.pop(), Some(0), "ends with the delimiter");
    assert!(!wire.contains(&0), "no zero inside: {body:?}");
    assert!(wire.len() < max_encoded_len(body.len()));
    let (got, back) = decode(&mut wire).expect("a whole frame");
    assert_eq!(back, body);
    assert_eq!((got.seq(), got.ack()), (header.seq(), header.ack()));
}

#[test]
fn every_length_and_density_of_zeros() {
    let mut noise = Noise(1);
    for len in 0..1300 {
        for one_in in [0, 1, 2, 7, 60, 300] {
            let header = Header::new(noise.next() as u8, noise.next() as u8);
            check(header, &noise.body(len, one_in));
        }
    }
}

#[test]
fn one_zero_anywhere_around_the_longest_runs() {
    for len in [
        1, 2, 250, 251, 252, 253, 254, 255, 256, 506, 507, 508, 509, 510, 511,
    ] {
        for at in 0..len {
            let mut body = vec![0x55; len];
            body[at] = 0;
            check(Header::new(1, 2), &body);
        }
    }
}

#[test]
fn overhead_is_four_bytes_or_five_when_stuffed() {
    let mut noise = Noise(2);
    let mut counts = [0, 0];
    for _ in 0..1000 {
        let body = noise.body(34, 0);
        let len = encoded(Header::new(0, 0), &body).len();
        assert!(len == body.len() + OVERHEAD || len == body.len() + OVERHEAD + 1);
        counts[len - body.len() - OVERHEAD] += 1;
    }
    // Only a zero in the CRC makes a body without zeros need stuffing: 2 in 256.
    assert!(counts[1] < 20, "{counts:?}");
}

#[test]
fn too_little_room_is_refused() {
    for body in [&b""[..], b"abc", b"a\0c", &[0; 300], &[7; 600]] {
        let exact = encoded(Header::new(3, 4), body);
        for room in 0..body.len() + OVERHEAD {
            assert_eq!(encode(Header::new(3, 4), body, &mut vec![0; room]), None);
        }
        let mut out = vec![0; max_encoded_len(body.len())];
        assert_eq!(encode(Header::new(3, 4), body, &mut out), Some(exact.len()));
    }
    for room in 0..HEADROOM + TAILROOM {
        assert_eq!(seal(&mut vec![0; room], Header::new(0, 0)), None);
    }
}

#[test]
fn known_bytes() {
    assert_eq!(crc16(b"123456789"), 0x906E);
    assert_eq!(
        encoded(Header::new(3, 5), b"hi"),
        [0xAD, b'h', b'i', 0x36, 0x63, 0x00]
    );
    assert_eq!(
        encoded(Header::new(0, 1), b"\0"),
        [0x23, 0x01, 0x03, 0xAC, 0x35, 0x00]
    );
}

#[test]
fn what_is_not_a_frame() {
    assert_eq!(decode(&mut []), Err(FrameError::TooShort));
    assert_eq!(decode(&mut [0x01]), Err(FrameError::TooShort));
    assert_eq!(
        decode(&mut [0x9D]),
        Err(FrameError::TooShort),
        "the sync byte of the MicroPython system"
    );
    assert_eq!(decode(&mut [0x02, 1, 2]), Err(FrameError::BadHeader));
    assert_eq!(decode(&mut [0x03, 9, 2]), Err(FrameError::BadStuffing));
    assert_eq!(decode(&mut [0x03]), Err(FrameError::BadStuffing));
    assert_eq!(
        decode(&mut [0x03, 3, 2, 1]),
        Err(FrameError::BadStuffing),
        "stuffed without need"
    );
    assert_eq!(decode(&mut [0x01, 1, 2]), Err(FrameError::BadCrc));
}

proptest! {
    #[test]
    fn any_body_comes_back(seq in 0u8..8, ack in 0u8..8, body in prop::collection::vec(prop_oneof![Just(0u8), any::<u8>()], 0..700)) {
        check(Header::new(seq, ack), &body);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..600), start in any::<bool>()) {
        if let (true, Some(first)) = (start, bytes.first_mut()) {
            *first |= 3;
        }
        let len = bytes.len();
        if let Ok((_, body)) = decode(&mut bytes) {
            prop_assert!(body.len() + 3 <= len);
        }
    }

    /// Bytes that are accepted are exactly those that the encoder makes (long runs excepted, where two codings
    /// of the same bytes exist), so damage to the stuffing cannot hide behind a second spelling.
    #[test]
    fn short_frames_have_one_spelling(mut body in prop::collection::vec(0u8..4, 1..6)) {
        body[0] |= 1;
        let mut bytes = body.clone();
        if let Ok((header, back)) = decode(&mut bytes) {
            let again = encoded(header, back);
            prop_assert_eq!(&again[..again.len() - 1], &body[..]);
        }
    }
}
