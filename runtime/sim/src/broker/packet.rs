//! MQTT packets of 3.1.1 and 5.0 as a broker reads them, written from the standard and not from the client under test. The reader
//! is as strict as the standard allows: whatever a client must not send is an error that names the clause.

use super::properties::{self, Of, Properties};

/// The version that a connection speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Version {
    #[default]
    V311,
    V5,
}

/// CONNECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Connect {
    pub(super) version: Version,
    /// The session outlives the connection.
    pub(super) lasting: bool,
    /// Most messages with QoS 1 or 2 that the client takes at a time.
    pub(super) receive_maximum: u16,
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
    /// MQTT 5.0: as they came, without their length.
    pub(super) properties: Vec<u8>,
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
pub(super) fn read(bytes: &[u8], version: Version) -> Result<Option<(Packet, usize)>, Violation> {
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
    let packet = read_body(first >> 4, first & 0x0F, &mut fields, version)?;
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

fn read_body(kind: u8, flags: u8, fields: &mut Fields<'_>, version: Version) -> Result<Packet, Violation> {
    if kind == 3 {
        return read_publish(flags, fields, version).map(Packet::Publish);
    }
    let expected = if matches!(kind, 6 | 8 | 10) { 0b0010 } else { 0 };
    if flags != expected {
        return Err(format!(
            "packet type {kind} with flags {flags:#06b} [MQTT-2.2.2-2]"
        ));
    }
    match kind {
        1 => read_connect(fields).map(Packet::Connect),
        4 => read_answer(fields, version, &[0x00, 0x10]).map(Packet::PubAck),
        5 => read_answer(fields, version, &[0x00, 0x10]).map(Packet::PubRec),
        6 => read_answer(fields, version, &[0x00, 0x92]).map(Packet::PubRel),
        7 => read_answer(fields, version, &[0x00, 0x92]).map(Packet::PubComp),
        8 => read_subscribe(fields, version),
        10 => read_unsubscribe(fields, version),
        12 => Ok(Packet::PingReq),
        14 => read_disconnect(fields, version),
        _ => Err(format!("packet type {kind} does not come from a client (2.2.1)")),
    }
}

/// A property list, where the version has them.
fn read_properties(fields: &mut Fields<'_>, version: Version, of: Of) -> Result<Properties, Violation> {
    match version {
        Version::V311 => Ok(Properties::default()),
        Version::V5 => properties::read(fields, of),
    }
}

/// An acknowledgement. In MQTT 5.0 a reason and properties may follow; these are the reasons without which nothing would
/// be as the bridge promises.
fn read_answer(fields: &mut Fields<'_>, version: Version, reasons: &[u8]) -> Result<u16, Violation> {
    let packet_id = fields.packet_id()?;
    if version == Version::V5 && !fields.rest.is_empty() {
        let reason = fields.byte()?;
        if !reasons.contains(&reason) {
            return Err(format!("packet {packet_id} answered with reason {reason:#04x}"));
        }
        if !fields.rest.is_empty() {
            properties::read(fields, Of::Answer)?;
        }
    }
    Ok(packet_id)
}

fn read_disconnect(fields: &mut Fields<'_>, version: Version) -> Result<Packet, Violation> {
    if version == Version::V5 && !fields.rest.is_empty() {
        fields.byte()?;
        if !fields.rest.is_empty() {
            properties::read(fields, Of::Disconnect)?;
        }
    }
    Ok(Packet::Disconnect)
}

fn read_publish(flags: u8, fields: &mut Fields<'_>, version: Version) -> Result<Publish, Violation> {
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
    let properties = read_properties(fields, version, Of::Publish)?;
    if properties.number(0x23).is_some() {
        return Err("a topic alias, of which this broker takes none [MQTT-3.3.2-9]".into());
    }
    let payload = std::mem::take(&mut fields.rest).to_vec();
    Ok(Publish {
        topic,
        payload,
        qos,
        retain,
        dup,
        packet_id,
        properties: properties.bytes,
    })
}

fn read_connect(fields: &mut Fields<'_>) -> Result<Connect, Violation> {
    let version = match (fields.text()?.as_str(), fields.byte()?) {
        ("MQTT", 4) => Version::V311,
        ("MQTT", 5) => Version::V5,
        _ => return Err("neither MQTT 3.1.1 nor 5.0 [MQTT-3.1.2-1]".into()),
    };
    let flags = fields.byte()?;
    let has = |bit: u8| flags & bit != 0;
    let will_qos = flags >> 3 & 3;
    let lone_password = version == Version::V311 && has(0x40) && !has(0x80);
    if has(0x01) || will_qos == 3 || (!has(0x04) && (will_qos != 0 || has(0x20))) || lone_password {
        return Err(format!("CONNECT flags {flags:#010b} (3.1.2.3)"));
    }
    let keep_alive_s = fields.u16()?;
    let properties = read_properties(fields, version, Of::Connect)?;
    let receive_maximum = properties.number(0x21).unwrap_or(u16::MAX.into()) as u16;
    if receive_maximum == 0 {
        return Err("receive maximum 0 (3.1.2.11.3)".into());
    }
    let client_id = fields.text()?;
    if client_id.is_empty() && !has(0x02) && version == Version::V311 {
        return Err("no client id and not a clean session [MQTT-3.1.3-7]".into());
    }
    let will = if has(0x04) {
        Some(read_will(fields, will_qos, has(0x20), version)?)
    } else {
        None
    };
    let user = if has(0x80) { Some(fields.text()?) } else { None };
    let password = if has(0x40) {
        Some(fields.bytes()?.to_vec())
    } else {
        None
    };
    let lasting = match version {
        Version::V311 => !has(0x02),
        Version::V5 => properties.number(0x11).unwrap_or_default() > 0,
    };
    Ok(Connect {
        version,
        lasting,
        receive_maximum,
        client_id,
        clean: has(0x02),
        keep_alive_s,
        will,
        user,
        password,
    })
}

fn read_will(fields: &mut Fields<'_>, qos: u8, retain: bool, version: Version) -> Result<Publish, Violation> {
    let properties = read_properties(fields, version, Of::Will)?.bytes;
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
        properties,
    })
}

fn read_subscribe(fields: &mut Fields<'_>, version: Version) -> Result<Packet, Violation> {
    let packet_id = fields.packet_id()?;
    read_properties(fields, version, Of::Subscribe)?;
    let mut filters = Vec::new();
    while !fields.rest.is_empty() {
        let (filter, qos) = (fields.filter()?, fields.byte()?);
        // Of the options of 5.0 this broker does none but the QoS.
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

fn read_unsubscribe(fields: &mut Fields<'_>, version: Version) -> Result<Packet, Violation> {
    let packet_id = fields.packet_id()?;
    read_properties(fields, version, Of::Unsubscribe)?;
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
pub(super) struct Fields<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Violation> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or("a packet ends inside a field")?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Violation> {
        Ok(self.take(1)?.iter().fold(0, |_, &byte| byte))
    }

    pub(super) fn u16(&mut self) -> Result<u16, Violation> {
        Ok(u16::from(self.byte()?) << 8 | u16::from(self.byte()?))
    }

    fn packet_id(&mut self) -> Result<u16, Violation> {
        match self.u16()? {
            0 => Err("packet id 0 [MQTT-2.3.1-1]".into()),
            packet_id => Ok(packet_id),
        }
    }

    /// A number of one to four bytes (1.5.5).
    pub(super) fn variable(&mut self) -> Result<u32, Violation> {
        let mut number = 0;
        for at in 0..4 {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7F) << (7 * at);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err("a number of more than four bytes [MQTT-1.5.5-1]".into())
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Violation> {
        let length = self.u16()?;
        self.take(length.into())
    }

    pub(super) fn text(&mut self) -> Result<String, Violation> {
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

#[cfg(test)]
mod tests {
    use super::super::encode;
    use super::*;

    fn error(bytes: &[u8]) -> String {
        read(bytes, Version::V311).expect_err("a violation")
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
            properties: vec![],
        };
        for (version, properties) in [(Version::V311, vec![]), (Version::V5, b"\x01\x01".to_vec())] {
            let message = Publish {
                properties,
                ..message.clone()
            };
            let bytes = encode::publish(&message, version);
            let whole = Ok(Some((Packet::Publish(message), bytes.len())));
            assert_eq!(read(&bytes, version), whole);
            for cut in 0..bytes.len() {
                assert_eq!(read(&bytes[..cut], version), Ok(None), "cut at {cut}");
            }
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
            properties: vec![],
        };
        let connect = Connect {
            version: Version::V311,
            lasting: false,
            receive_maximum: u16::MAX,
            client_id: "id".into(),
            clean: true,
            keep_alive_s: 60,
            will: Some(will),
            user: Some("user".into()),
            password: Some(b"secret".into()),
        };
        let whole = Ok(Some((Packet::Connect(connect), bytes.len())));
        assert_eq!(read(bytes, Version::V311), whole);
    }

    #[test]
    fn a_connect_of_5_0() {
        let bytes = b"\x10\x17\x00\x04MQTT\x05\x02\x00\x3C\x08\x11\x00\x00\x00\x09\x21\x00\x04\x00\x02id";
        match read(bytes, Version::V311) {
            Ok(Some((Packet::Connect(connect), _))) => {
                assert!(connect.clean && connect.lasting);
                assert_eq!((connect.version, connect.receive_maximum), (Version::V5, 4));
            }
            other => panic!("{other:?}"),
        }
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
