//! The encodings of single values, against bytes written by hand.

use crate::encoded;
use fivewire_wire::{DecodeError, EncodeError, List, Reader, Writer};
use proptest::prelude::*;

#[test]
fn numbers_have_these_bytes() {
    assert_eq!(encoded(|out| out.u32(0)), [0]);
    assert_eq!(encoded(|out| out.u16(127)), [0x7F]);
    assert_eq!(encoded(|out| out.u16(128)), [0x80, 0x01]);
    assert_eq!(encoded(|out| out.u32(u32::MAX)), [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
    assert_eq!(
        encoded(|out| out.u64(u64::MAX)),
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
    );
    assert_eq!(encoded(|out| out.i32(-1)), [0x01]);
    assert_eq!(encoded(|out| out.i16(i16::MIN)), [0xFF, 0xFF, 0x03]);
    assert_eq!(encoded(|out| out.i8(-1)), [0xFF]);
    assert_eq!(encoded(|out| out.bool(true)), [1]);
}

#[test]
fn numbers_beyond_their_type_are_rejected() {
    let beyond = Err(DecodeError::OutOfRange { field: "x" });
    assert_eq!(
        Reader::new(&[0x80, 0x80, 0x04]).u16("x"),
        beyond.map(|never: u16| never)
    );
    assert_eq!(
        Reader::new(&[0xFF, 0xFF, 0xFF, 0xFF, 0x10]).u32("x"),
        beyond.map(|never: u16| never.into())
    );
    assert_eq!(
        Reader::new(&[0x80; 11]).u32("x"),
        beyond.map(|never: u16| never.into())
    );
    assert_eq!(
        Reader::new(&[0x80; 11]).u64("x"),
        beyond.map(|never: u16| never.into())
    );
    let two = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02];
    assert_eq!(Reader::new(&two).u64("x"), beyond.map(|never: u16| never.into()));
    assert_eq!(
        Reader::new(&[2]).bool("x"),
        Err(DecodeError::InvalidEnum { field: "x", value: 2 })
    );
}

#[test]
fn texts_are_utf_8_and_within_their_bound() {
    assert_eq!(Reader::new(&[2, b'h', b'i', b'!']).str("x", 2), Ok("hi"));
    assert_eq!(
        Reader::new(&[2, b'h', b'i']).str("x", 1),
        Err(DecodeError::TooLong { field: "x", max: 1 })
    );
    assert_eq!(
        Reader::new(&[1, 0xFF]).str("x", 9),
        Err(DecodeError::InvalidUtf8 { field: "x" })
    );
    assert_eq!(
        Reader::new(&[9, b'h']).str("x", 9),
        Err(DecodeError::Truncated { field: "x" })
    );
    let mut buffer = [0; 8];
    let too_long = EncodeError::TooLong {
        field: "x",
        max: 2,
        len: 3,
    };
    let mut out = Writer::new(&mut buffer);
    out.str("x", "abc", 2);
    out.str("y", "abc", 1);
    assert_eq!(out.finish(), Err(too_long), "the first error counts");
    let mut out = Writer::new(&mut buffer[..3]);
    out.str("x", "abc", 9);
    assert_eq!(out.finish(), Err(EncodeError::Full));
}

#[test]
fn a_block_has_the_length_of_what_is_in_it_however_long() {
    for len in [0, 1, 127, 128, 300] {
        let content = vec![0xAB; len];
        let bytes = encoded(|out| out.block(|out| out.raw(&content)));
        let mut input = Reader::new(&bytes);
        let mut block = input.block("x").expect("a block");
        assert!(input.is_empty());
        assert_eq!(block.rest_bytes("x", len), Ok(&content[..]));
    }
    let mut small = [0; 130];
    let mut out = Writer::new(&mut small);
    out.block(|out| out.raw(&[1; 129]));
    assert_eq!(out.finish(), Err(EncodeError::Full));
}

#[test]
fn a_list_from_the_wire_equals_the_slice_it_came_from() {
    let mut input = Reader::new(&[3, 1, b'a', 0, 2, b'b', b'c', 0xEE]);
    let list = input.list("x", 3, |input| input.str("x", 4)).expect("a list");
    assert_eq!(input.len(), 1, "the list ends where its last element does");
    assert_eq!(list, List::new(&["a", "", "bc"]));
    assert_eq!(list.iter().collect::<Vec<_>>(), ["a", "", "bc"]);
    assert_eq!(format!("{list:?}"), r#"["a", "", "bc"]"#);
    let too_many = Reader::new(&[3, 1, 1, 1]).list("x", 2, |input| input.u8("x"));
    assert_eq!(too_many, Err(DecodeError::TooLong { field: "x", max: 2 }));
    let cut = Reader::new(&[3, 1, 1]).list("x", 3, |input| input.u8("x"));
    assert_eq!(cut, Err(DecodeError::Truncated { field: "x" }));
}

proptest! {
    #[test]
    fn every_number_makes_the_round_trip(a: u16, b: u32, c: u64, d: i16, e: i32, f: i64, g: i8) {
        let bytes = encoded(|out| {
            out.u16(a);
            out.u32(b);
            out.u64(c);
            out.i16(d);
            out.i32(e);
            out.i64(f);
            out.i8(g);
            out.raw(&c.to_le_bytes())
        });
        let mut input = Reader::new(&bytes);
        prop_assert_eq!((input.u16("a"), input.u32("b"), input.u64("c")), (Ok(a), Ok(b), Ok(c)));
        prop_assert_eq!((input.i16("d"), input.i32("e"), input.i64("f")), (Ok(d), Ok(e), Ok(f)));
        prop_assert_eq!((input.i8("g"), input.fixed_u64("c")), (Ok(g), Ok(c)));
        prop_assert!(input.is_empty());
    }
}
