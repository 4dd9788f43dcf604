//! The bits between two ends: no frame looks idle in the middle, and a receiver that lost its alignment finds
//! the next frame after an idle gap.

use fivewire_frame::{Header, IDLE_RUN_BITS, decode, encode, max_encoded_len};
use proptest::prelude::*;

use crate::Noise;

fn bits(wire: &[u8]) -> impl Iterator<Item = bool> + '_ {
    wire.iter()
        .flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1))
}

fn frame(body: &[u8]) -> Vec<u8> {
    let mut out = vec![0; max_encoded_len(body.len())];
    let len = encode(Header::new(6, 1), body, &mut out).expect("room was enough");
    out.truncate(len);
    out
}

/// What a receiver takes from `bits` that starts to listen anywhere: from a start bit to a zero symbol.
fn received(bits: impl Iterator<Item = bool>) -> Vec<Vec<u8>> {
    let (mut frames, mut frame, mut symbol, mut count) = (vec![], vec![], 0u8, 0);
    for bit in bits {
        if frame.is_empty() && count == 0 && !bit {
            continue;
        }
        symbol = symbol >> 1 | u8::from(bit) << 7;
        count += 1;
        if count == 8 {
            count = 0;
            match symbol {
                0 => frames.push(std::mem::take(&mut frame)),
                symbol => frame.push(symbol),
            }
        }
    }
    frames
}

fn longest_zero_run(wire: &[u8]) -> u32 {
    let mut longest = 0;
    let mut run = 0;
    for bit in bits(wire) {
        run = if bit { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    longest
}

#[test]
fn the_longest_run_of_zero_bits_inside_a_frame_is_fourteen() {
    assert_eq!(longest_zero_run(&[0x01, 0x80]), 14, "the worst neighbours");
    let mut noise = Noise(3);
    for len in 0..600 {
        let mut body = noise.body(len, 5);
        body.iter_mut().step_by(3).for_each(|byte| *byte = 1);
        body.iter_mut().skip(1).step_by(3).for_each(|byte| *byte = 0x80);
        let wire = frame(&body);
        assert!(
            longest_zero_run(&wire[..wire.len() - 1]) < IDLE_RUN_BITS,
            "{wire:02x?}"
        );
    }
}

proptest! {
    #[test]
    fn a_frame_after_an_idle_gap_is_found_from_any_alignment(
        before in prop::collection::vec(any::<bool>(), 0..40),
        cut in prop::collection::vec(any::<u8>(), 0..20),
        skip in 0usize..160,
        gap in 16usize..60,
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let (first, second) = (frame(&cut), frame(&body));
        let stream = before.into_iter()
            .chain(bits(&first).skip(skip))
            .chain(std::iter::repeat_n(false, gap))
            .chain(bits(&second))
            .chain([false; 16]);
        let mut last = received(stream).pop().expect("something is received");
        let (_, back) = decode(&mut last).expect("the last frame is whole");
        prop_assert_eq!(back, &body[..]);
    }
}
