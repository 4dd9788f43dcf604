//! The contestant: postcard 1.1 with its own COBS and CRC-16 flavours, on the samples as they are.
//!
//! Its table-driven CRC and single pass are the fastest framing that it offers.

use crc::{CRC_16_IBM_3740, Crc};
use postcard::{de_flavors, ser_flavors};

use crate::{contestant::Codec, corpus::Sample};

const CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);

pub(crate) struct Postcard;

impl Codec for Postcard {
    const NAME: &'static str = "postcard";
    const FRAMING: &'static str = "COBS, CRC-16";
    type Value<'a> = Sample<'a>;

    fn value<'a>(sample: &Sample<'a>, _index: usize) -> Sample<'a> {
        *sample
    }

    fn encode(value: &Sample<'_>, out: &mut [u8]) -> Option<usize> {
        Some(postcard::to_slice(value, out).ok()?.len())
    }

    fn decode<'a>(payload: &'a [u8], _like: &Sample<'_>) -> Option<Sample<'a>> {
        postcard::from_bytes(payload).ok()
    }

    fn encode_framed(value: &Sample<'_>, _index: usize, out: &mut [u8]) -> Option<usize> {
        let stuffed = ser_flavors::Cobs::try_new(ser_flavors::Slice::new(out)).ok()?;
        let checked = ser_flavors::crc::CrcModifier::new(stuffed, CRC.digest());
        Some(postcard::serialize_with_flavor(value, checked).ok()?.len())
    }

    fn decode_framed<'a>(frame: &'a mut [u8], _like: &Sample<'_>) -> Option<Sample<'a>> {
        let length = cobs::decode_in_place(frame).ok()?;
        de_flavors::crc::from_bytes_u16(frame.get(..length)?, CRC.digest()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contestant::Set, corpus::corpus};

    #[test]
    fn the_corpus_costs_postcard_what_the_published_comparison_says() {
        let set = Set::<Postcard>::new(&corpus()).expect("all samples come back");
        assert_eq!(set.mean_bytes(), (36.65, 40.65));
    }
}
