//! MQTT 3.1.1 packets as a broker sees them, written from the standard and not from the client under test. The reader
//! is as strict as the standard allows: whatever a client must not send is an error that names the clause.

/// CONNECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Connect {
    pub(super) client_id: String,
    pub(super) clean: bool,
    pub(super) keep_alive_s: u16,
    pub(super) will: Option<Publish>,
    pub(super) user: Option<String>,
    pub(super) password: Option<Vec<u8>>,
}

/// PUBLISH, in either direction; also a will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Publish {
    pub(super) topic: String,
    pub(super) payload: Vec<u8>,
    pub(super) qos: u8,
    pub(super) retain: bool,
    pub(super) dup: bool,
    /// 0 with QoS 0.
    pub(super) packet_id: u16,
}

/// What a client may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packet {
    Connect(Connect),
    Publish(Publish),
    PubAck(u16),
    PubRec(u16),
    PubRel(u16),
    PubComp(u16),
    Subscribe {
        packet_id: u16,
        filters: Vec<(String, u8)>,
    },
    Unsubscribe {
        packet_id: u16,
        filters: Vec<String>,
    },
    PingReq,
    Disconnect,
}

/// What the client did wrong.
pub(super) type Violation = String;

/// The packet at the front of `bytes` and its length; `None` while it is not all there.
pub(super) fn read(bytes: &[u8]) -> Result<Option<(Packet, usize)>, Violation> {
    let Some((&first, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    let Some((length, width)) = remaining_length(rest)? else {
        return Ok(None);
    };
    let Some(body) = rest.get(width..width + length) else {
        return Ok(None);
    };
    let mut fields = Fields { rest: body };
    let packet = read_body(first >> 4, first & 0x0F, &mut fields)?;
    if !fields.rest.is_empty() {
        return Err(format!(
            "packet type {} is {} bytes too long",
            first >> 4,
            fields.rest.len()
        ));
    }
    Ok(Some((packet, 1 + width + length)))
}

fn remaining_length(bytes: &[u8]) -> Result<Option<(usize, usize)>, Violation> {
    let mut length = 0;
    for at in 0..4 {
        let Some(&byte) = bytes.get(at) else {
            return Ok(None);
        };
        length |= usize::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok(Some((length, at + 1)));
        }
    }
    Err("remaining length of more than four bytes (2.2.3)".into())
}

fn read_body(kind: u8, flags: u8, fields: &mut Fields<'_>) -> Result<Packet, Violation> {
    if kind == 3 {
        return read_publish(flags, fields).map(Packet::Publish);
    }
    let expected = if matches!(kind, 6 | 8 | 10) { 0b0010 } else { 0 };
    if flags != expected {
        return Err(format!(
            "packet type {kind} with flags {flags:#06b} [MQTT-2.2.2-2]"
        ));
    }
    match kind {
        1 => read_connect(fields).map(Packet::Connect),
        4 => Ok(Packet::PubAck(fields.packet_id()?)),
        5 => Ok(Packet::PubRec(fields.packet_id()?)),
        6 => Ok(Packet::PubRel(fields.packet_id()?)),
        7 => Ok(Packet::PubComp(fields.packet_id()?)),
        8 => read_subscribe(fields),
        10 => read_unsubscribe(fields),
        12 => Ok(Packet::PingReq),
        14 => Ok(Packet::Disconnect),
        _ => Err(format!("packet type {kind} does not come from a client (2.2.1)")),
    }
}

fn read_publish(flags: u8, fields: &mut Fields<'_>) -> Result<Publish, Violation> {
    let (dup, qos, retain) = (flags & 8 != 0, flags >> 1 & 3, flags & 1 != 0);
    if qos == 3 {
        return Err("QoS 3 [MQTT-3.3.1-4]".into());
    }
    if dup && qos == 0 {
        return Err("DUP with QoS 0 [MQTT-3.3.1-2]".into());
    }
    let topic = fields.text()?;
    if !super::filter::is_name(&topic) {
        return Err(format!("{topic:?} is not a topic name [MQTT-3.3.2-2]"));
    }
    let packet_id = if qos == 0 { 0 } else { fields.packet_id()? };
    let payload = std::mem::take(&mut fields.rest).to_vec();
    Ok(Publish {
        topic,
        payload,
        qos,
        retain,
        dup,
        packet_id,
    })
}

fn read_connect(fields: &mut Fields<'_>) -> Result<Connect, Violation> {
    if fields.text()? != "MQTT" || fields.byte()? != 4 {
        return Err("not MQTT 3.1.1 [MQTT-3.1.2-1]".into());
    }
    let flags = fields.byte()?;
    let has = |bit: u8| flags & bit != 0;
    let will_qos = flags >> 3 & 3;
    if has(0x01) || will_qos == 3 || (!has(0x04) && (will_qos != 0 || has(0x20))) || (has(0x40) && !has(0x80))
    {
        return Err(format!("CONNECT flags {flags:#010b} (3.1.2.3)"));
    }
    let keep_alive_s = fields.u16()?;
    let client_id = fields.text()?;
    if client_id.is_empty() && !has(0x02) {
        return Err("no client id and not a clean session [MQTT-3.1.3-7]".into());
    }
    let will = if has(0x04) {
        Some(read_will(fields, will_qos, has(0x20))?)
    } else {
        None
    };
    let user = if has(0x80) { Some(fields.text()?) } else { None };
    let password = if has(0x40) {
        Some(fields.bytes()?.to_vec())
    } else {
        None
    };
    Ok(Connect {
        client_id,
        clean: has(0x02),
        keep_alive_s,
        will,
        user,
        password,
    })
}

fn read_will(fields: &mut Fields<'_>, qos: u8, retain: bool) -> Result<Publish, Violation> {
    let topic = fields.text()?;
    if !super::filter::is_name(&topic) {
        return Err(format!("{topic:?} is not a will topic [MQTT-3.3.2-2]"));
    }
    let payload = fields.bytes()?.to_vec();
    Ok(Publish {
        topic,
        payload,
        qos,
        retain,
        dup: false,
        packet_id: 0,
    })
}

fn read_subscribe(fields: &mut Fields<'_>) -> Result<Packet, Violation> {
    let packet_id = fields.packet_id()?;
    let mut filters = Vec::new();
    while !fields.rest.is_empty() {
        let (filter, qos) = (fields.filter()?, fields.byte()?);
        if qos > 2 {
            return Err(format!("requested QoS {qos:#04x} [MQTT-3-8.3-4]"));
        }
        filters.push((filter, qos));
    }
    if filters.is_empty() {
        return Err("SUBSCRIBE without a filter [MQTT-3.8.3-3]".into());
    }
    Ok(Packet::Subscribe { packet_id, filters })
}

fn read_unsubscribe(fields: &mut Fields<'_>) -> Result<Packet, Violation> {
    let packet_id = fields.packet_id()?;
    let mut filters = Vec::new();
    while !fields.rest.is_empty() {
        filters.push(fields.filter()?);
    }
    if filters.is_empty() {
        return Err("UNSUBSCRIBE without a filter [MQTT-3.10.3-2]".into());
    }
    Ok(Packet::Unsubscribe { packet_id, filters })
}

/// The fields of one packet, from the front.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Violation> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or("a packet ends inside a field")?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Violation> {
        Ok(self.take(1)?.iter().fold(0, |_, &byte| byte))
    }

    fn u16(&mut self) -> Result<u16, Violation> {
        Ok(u16::from(self.byte()?) << 8 | u16::from(self.byte()?))
    }

    fn packet_id(&mut self) -> Result<u16, Violation> {
        match self.u16()? {
            0 => Err("packet id 0 [MQTT-2.3.1-1]".into()),
            packet_id => Ok(packet_id),
        }
    }

    fn bytes(&mut self) -> Result<&'a [u8], Violation> {
        let length = self.u16()?;
        self.take(length.into())
    }

    fn text(&mut self) -> Result<String, Violation> {
        let text = std::str::from_utf8(self.bytes()?).map_err(|_| "text that is not UTF-8 [MQTT-1.5.3-1]")?;
        if text.contains('\0') {
            return Err("text with U+0000 [MQTT-1.5.3-2]".into());
        }
        Ok(text.to_owned())
    }

    fn filter(&mut self) -> Result<String, Violation> {
        let filter = self.text()?;
        if super::filter::is_filter(&filter) {
            Ok(filter)
        } else {
            Err(format!("{filter:?} is not a topic filter (4.7)"))
        }
    }
}

/// CONNACK.
pub(super) fn connack(session_present: bool, return_code: u8) -> Vec<u8> {
    vec![0x20, 2, u8::from(session_present), return_code]
}

/// PUBACK (kind 4), PUBREC (5), PUBREL (6), PUBCOMP (7) or UNSUBACK (11).
pub(super) fn ack(kind: u8, packet_id: u16) -> Vec<u8> {
    let [high, low] = packet_id.to_be_bytes();
    let flags = if kind == 6 { 0b0010 } else { 0 }; // [MQTT-3.6.1-1]
    vec![kind << 4 | flags, 2, high, low]
}

/// SUBACK with one return code for each filter.
pub(super) fn suback(packet_id: u16, codes: &[u8]) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    body.extend(codes);
    packet(0x90, &body)
}

/// PINGRESP.
pub(super) fn pingresp() -> Vec<u8> {
    vec![0xD0, 0]
}

/// PUBLISH.
pub(super) fn publish(message: &Publish) -> Vec<u8> {
    let flags = u8::from(message.dup) << 3 | message.qos << 1 | u8::from(message.retain);
    let mut body = (message.topic.len() as u16).to_be_bytes().to_vec();
    body.extend(message.topic.bytes());
    if message.qos > 0 {
        body.extend(message.packet_id.to_be_bytes());
    }
    body.extend(&message.payload);
    packet(0x30 | flags, &body)
}

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut length = body.len();
    while length > 0x7F {
        bytes.push(length as u8 & 0x7F | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> String {
        read(bytes).expect_err("a violation")
    }

    #[test]
    fn a_publish_comes_back_as_it_was_written() {
        let message = Publish {
            topic: "a/b".into(),
            payload: vec![0; 300],
            qos: 1,
            retain: true,
            dup: true,
            packet_id: 9,
        };
        let bytes = publish(&message);
        assert_eq!(read(&bytes), Ok(Some((Packet::Publish(message), bytes.len()))));
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut]), Ok(None), "cut at {cut}");
        }
    }

    #[test]
    fn a_connect_with_everything() {
        let bytes =
            b"\x10\x24\x00\x04MQTT\x04\xEE\x00\x3C\x00\x02id\x00\x01w\x00\x03bye\x00\x04user\x00\x06secret";
        let will = Publish {
            topic: "w".into(),
            payload: b"bye".into(),
            qos: 1,
            retain: true,
            dup: false,
            packet_id: 0,
        };
        let connect = Connect {
            client_id: "id".into(),
            clean: true,
            keep_alive_s: 60,
            will: Some(will),
            user: Some("user".into()),
            password: Some(b"secret".into()),
        };
        assert_eq!(read(bytes), Ok(Some((Packet::Connect(connect), bytes.len()))));
    }

    #[test]
    fn what_a_client_must_not_send() {
        assert!(error(b"\x36\x05\x00\x01a\x00\x01").contains("3.3.1-4"));
        assert!(error(b"\x38\x03\x00\x01a").contains("3.3.1-2"));
        assert!(error(b"\x30\x03\x00\x01#").contains("3.3.2-2"));
        assert!(error(b"\x32\x05\x00\x01a\x00\x00").contains("2.3.1-1"));
        assert!(error(b"\x80\x02\x00\x01").contains("2.2.2-2"));
        assert!(error(b"\x82\x02\x00\x01").contains("3.8.3-3"));
        assert!(error(b"\x82\x06\x00\x01\x00\x01a\x03").contains("3-8.3-4"));
        assert!(error(b"\x20\x02\x00\x00").contains("does not come from a client"));
        assert!(error(b"\x40\x03\x00\x01\x00").contains("too long"));
        assert!(error(b"\x30\x80\x80\x80\x80\x01").contains("2.2.3"));
        assert!(error(b"\x10\x0C\x00\x04MQTT\x04\x00\x00\x3C\x00\x00").contains("3.1.3-7"));
    }
}
