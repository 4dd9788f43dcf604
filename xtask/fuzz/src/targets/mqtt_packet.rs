//! MQTT packets of both versions, from both ends: whatever decodes is encoded to the same meaning.
//!
//! Not the same bytes: 3.1.1 allows a remaining length with more bytes than it needs, 5.0 an empty tail.

use fivewire_mqtt::packet::{self, EncodeError};
use fivewire_mqtt::{ProtocolError, v5};

/// More than an input is long.
const ROOM: usize = 4096;

type Decoded<P> = Result<Option<(P, usize)>, ProtocolError>;

pub(super) fn v311(bytes: &[u8]) {
    let mut rest = bytes;
    while let Ok(Some((packet, len))) = packet::Packet::decode(rest) {
        assert!(len >= 2 && len <= rest.len());
        assert_eq!(
            packet::Packet::decode(&rest[..len - 1]),
            Ok(None),
            "{packet:?} cut"
        );
        let again = encoded(|out| packet.encode(out));
        assert!(again.len() <= len, "{packet:?} grew");
        same(packet::Packet::decode(&again), packet, again.len());
        rest = &rest[len..];
    }
}

pub(super) fn v5(bytes: &[u8]) {
    each_v5(bytes, |bytes| v5::packet::Packet::decode(bytes));
    each_v5(bytes, |bytes| v5::packet::Packet::decode_from_client(bytes));
}

fn each_v5<'a>(bytes: &'a [u8], decode: impl for<'b> Fn(&'b [u8]) -> Decoded<v5::packet::Packet<'b>>) {
    let mut rest: &'a [u8] = bytes;
    while let Ok(Some((packet, len))) = decode(rest) {
        assert!(len >= 2 && len <= rest.len());
        assert_eq!(decode(&rest[..len - 1]), Ok(None), "{packet:?} cut");
        let again = encoded(|out| packet.encode(out));
        // An UNSUBACK without a reason code is read as a success, and written with one.
        let codeless = usize::from(matches!(packet, v5::packet::Packet::UnsubAck(_)));
        assert!(again.len() <= len + codeless, "{packet:?} grew");
        same(decode(&again), packet, again.len());
        rest = &rest[len..];
    }
}

fn same<P: PartialEq + std::fmt::Debug>(decoded: Decoded<P>, packet: P, len: usize) {
    assert_eq!(decoded, Ok(Some((packet, len))));
}

fn encoded(encode: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>) -> Vec<u8> {
    let mut out = vec![0xee; ROOM];
    let len = encode(&mut out).expect("what was decoded can be encoded");
    out.truncate(len);
    out
}

/// The golden packets of 3.1.1.
pub(super) fn seeds_v311() -> Vec<Vec<u8>> {
    let packets: [&[u8]; 14] = [
        b"\x10\x1f\0\x04MQTT\x04\xec\0\x3c\0\x02me\0\x01w\0\x02\0\xff\0\x03joe\0\x03pw\0",
        b"\x20\x02\x01\0",
        b"\x20\x02\0\x05",
        b"\x3a\x09\0\x03a/b\0\x0ahi",
        b"\x31\x05\0\x03a/b",
        b"\x40\x02\x12\x34",
        b"\x50\x02\x12\x34\x62\x02\x12\x34\x70\x02\x12\x34",
        b"\x82\x08\0\x0a\0\x03a/+\x01",
        b"\x90\x03\0\x0a\x80",
        b"\xa2\x05\0\x0a\0\x01#",
        b"\xb0\x02\xff\xff",
        b"\xc0\0\xd0\0",
        b"\xd0\x80\x00",
        b"\xe0\0",
    ];
    packets.map(<[u8]>::to_vec).to_vec()
}

/// One packet of each type of 5.0, with the properties that it can have.
pub(super) fn seeds_v5() -> Vec<Vec<u8>> {
    let packets: [&[u8]; 14] = [
        b"\x10\x1d\0\x04MQTT\x05\x02\0\x3c\x0b\x11\0\0\0\x01\x21\0\x04\x22\0\x02\0\x02me\0\0",
        b"\x10\x22\0\x04MQTT\x05\xc6\0\x3c\0\0\x02me\x05\x18\0\0\0\x01\0\x01w\0\x01x\0\x03joe\0\x01p",
        b"\x20\x0f\x01\0\x0c\x21\0\x02\x24\x01\x25\x01\x22\0\x05\x28\0",
        b"\x32\x0d\0\x01t\0\x0a\x05\x02\0\0\0\x3ch",
        b"\x30\x0a\0\0\x05\x23\0\x01\x01\0hi",
        b"\x40\x02\0\x01",
        b"\x40\x0a\0\x01\x87\x06\x1f\0\x03why",
        b"\x50\x03\0\x01\x10\x62\x04\0\x01\x92\0\x70\x02\0\x01",
        b"\x82\x0a\0\x0a\x02\x0b\x07\0\x02a#\x2d",
        b"\x90\x04\0\x0a\0\x02",
        b"\xa2\x09\0\x0a\0\0\x04a/#x",
        b"\xb0\x04\0\x0a\0\x11",
        b"\xe0\x02\x8e\0\xe0\0\xc0\0\xd0\0",
        b"\xf0\x07\x18\x05\x15\0\x02me",
    ];
    packets.map(<[u8]>::to_vec).to_vec()
}
