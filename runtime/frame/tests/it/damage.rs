//! Damaged frames are not taken for frames.

use fivewire_frame::{Header, decode, encode, max_encoded_len};

use crate::Noise;

fn frame(body: &[u8]) -> Vec<u8> {
    let mut out = vec![0; max_encoded_len(body.len())];
    let len = encode(Header::new(5, 2), body, &mut out).expect("room was enough");
    out.truncate(len - 1);
    out
}

/// Whether a receiver takes anything but the intact frame from `damaged`, which may be in several pieces.
fn is_taken(intact: &[u8], damaged: &[u8]) -> bool {
    let mut pieces = damaged.split(|&byte| byte == 0);
    pieces.any(|piece| piece != intact && decode(&mut piece.to_vec()).is_ok())
}

/// Damage that changes what the bytes are (the header's flags, a delimiter in the middle, a code byte) is up to
/// the CRC's 1 in 65536; all other damage within 16 bits is detected for certain.
fn keeps_structure(intact: &[u8], damaged: &[u8]) -> bool {
    intact[0] & 3 == 1 && damaged[0] & 3 == 1 && !damaged.contains(&0)
}

/// Turns the bits of `pattern` over, from wire bit `at` on.
fn damaged(wire: &[u8], at: usize, pattern: u16) -> Vec<u8> {
    let mut out = wire.to_vec();
    for bit in (0..16).filter(|bit| pattern >> bit & 1 == 1) {
        if let Some(byte) = out.get_mut((at + bit) / 8) {
            *byte ^= 1 << ((at + bit) % 8);
        }
    }
    out
}

#[test]
fn every_burst_of_sixteen_bits_is_detected() {
    let wire = frame(b"\x80ab");
    let (mut tried, mut structural, mut missed) = (0u32, 0u32, 0u32);
    for at in 0..wire.len() * 8 {
        for pattern in (1..=u16::MAX).step_by(2) {
            let bytes = damaged(&wire, at, pattern);
            if bytes == wire {
                continue; // the burst lies behind the frame
            }
            tried += 1;
            let taken = is_taken(&wire, &bytes);
            if keeps_structure(&wire, &bytes) {
                assert!(!taken, "burst {pattern:#06x} at bit {at}: {bytes:02x?}");
            } else {
                structural += 1;
                missed += u32::from(taken);
            }
        }
    }
    assert!(tried > 1_000_000);
    // A 16-bit CRC lets one in 65536 pass; four times that is far outside of chance.
    assert!(missed <= structural / 16_384, "{missed} of {structural}");
}

#[test]
fn every_single_bit_is_detected() {
    let mut noise = Noise(4);
    let (mut structural, mut missed) = (0u32, 0u32);
    for len in (0..64).chain([150, 251, 252, 253, 400, 700]) {
        for one_in in [0, 0, 9, 9] {
            let wire = frame(&noise.body(len, one_in));
            for at in 0..wire.len() * 8 {
                let bytes = damaged(&wire, at, 1);
                let taken = is_taken(&wire, &bytes);
                if keeps_structure(&wire, &bytes) {
                    assert!(!taken, "bit {at} of {wire:02x?}");
                } else {
                    structural += 1;
                    missed += u32::from(taken);
                }
            }
        }
    }
    assert!(missed <= structural / 16_384, "{missed} of {structural}");
}

#[test]
fn lost_and_doubled_bits_are_detected() {
    let mut noise = Noise(5);
    let (mut tried, mut missed) = (0u32, 0u32);
    for len in 0..120 {
        let wire = frame(&noise.body(len, 6));
        let bits: Vec<bool> = wire
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1))
            .collect();
        for at in 1..bits.len() {
            for lose in [false, true] {
                let mut slipped = bits.clone();
                if lose {
                    slipped.remove(at);
                } else {
                    slipped.insert(at, bits[at]);
                }
                slipped.resize(slipped.len().next_multiple_of(8), false);
                let bytes: Vec<u8> = slipped
                    .chunks(8)
                    .map(|bits| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit)))
                    .collect();
                tried += 1;
                missed += u32::from(is_taken(&wire, &bytes));
            }
        }
    }
    assert!(tried > 100_000);
    assert!(missed <= tried / 16_384, "{missed} of {tried}");
}
