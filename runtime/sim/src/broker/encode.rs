//! MQTT packets of 3.1.1 and 5.0 as a broker writes them. What it says when is decided elsewhere.

use super::packet::{Publish, Version};

/// 5.0: the packet identifier of an answer names nothing.
pub(super) const NOT_FOUND: u8 = 0x92;

/// CONNACK.
pub(super) fn connack(session_present: bool, code: u8, version: Version) -> Vec<u8> {
    let mut body = vec![u8::from(session_present), code];
    body.extend(no_properties(version));
    packet(0x20, &body)
}

/// PUBACK (kind 4), PUBREC (5), PUBREL (6) or PUBCOMP (7), with success.
pub(super) fn ack(kind: u8, packet_id: u16) -> Vec<u8> {
    let flags = if kind == 6 { 0b0010 } else { 0 }; // [MQTT-3.6.1-1]
    packet(kind << 4 | flags, &packet_id.to_be_bytes())
}

/// PUBCOMP for what is not known; 3.1.1 has no word for that.
pub(super) fn pubcomp_unknown(packet_id: u16, version: Version) -> Vec<u8> {
    let [high, low] = packet_id.to_be_bytes();
    match version {
        Version::V311 => ack(7, packet_id),
        Version::V5 => packet(0x70, &[high, low, NOT_FOUND]),
    }
}

/// SUBACK with one return code for each filter.
pub(super) fn suback(packet_id: u16, codes: &[u8], version: Version) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    body.extend(no_properties(version));
    body.extend(codes);
    packet(0x90, &body)
}

/// UNSUBACK for so many filters.
pub(super) fn unsuback(packet_id: u16, filters: usize, version: Version) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.extend(vec![0; 1 + filters]);
    }
    packet(0xB0, &body)
}

/// PINGRESP.
pub(super) fn pingresp() -> Vec<u8> {
    packet(0xD0, &[])
}

/// PUBLISH.
pub(super) fn publish(message: &Publish, version: Version) -> Vec<u8> {
    let flags = u8::from(message.dup) << 3 | message.qos << 1 | u8::from(message.retain);
    let mut body = (message.topic.len() as u16).to_be_bytes().to_vec();
    body.extend(message.topic.bytes());
    if message.qos > 0 {
        body.extend(message.packet_id.to_be_bytes());
    }
    if version == Version::V5 {
        body.extend(variable(message.properties.len()));
        body.extend(&message.properties);
    }
    body.extend(&message.payload);
    packet(0x30 | flags, &body)
}

fn no_properties(version: Version) -> &'static [u8] {
    match version {
        Version::V311 => &[],
        Version::V5 => &[0],
    }
}

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    bytes.extend(variable(body.len()));
    bytes.extend(body);
    bytes
}

fn variable(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7F {
        bytes.push(number as u8 & 0x7F | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
