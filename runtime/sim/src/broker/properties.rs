//! MQTT 5.0 property lists (2.2.2), read strictly: known, in place, of their type, and no more often than allowed. What
//! most of them mean is for the ends of a message; the broker passes those on.

use std::collections::BTreeMap;

use super::Violation;
use super::packet::Fields;

/// Which packet the list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Connect,
    Will,
    Publish,
    Answer,
    Subscribe,
    Unsubscribe,
    Disconnect,
}

const USER_PROPERTY: u8 = 0x26;

impl Of {
    /// What a client may put in [table 2-4].
    const fn allowed(self) -> &'static [u8] {
        match self {
            Self::Connect => &[0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27],
            Self::Will => &[0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26],
            // A client sends no subscription identifiers [MQTT-3.3.4-6].
            Self::Publish => &[0x01, 0x02, 0x03, 0x08, 0x09, 0x23, 0x26],
            Self::Answer => &[0x1F, 0x26],
            Self::Subscribe => &[0x0B, 0x26],
            Self::Unsubscribe => &[0x26],
            Self::Disconnect => &[0x11, 0x1F, 0x26],
        }
    }
}

/// A list: its bytes without their length, and the numbers among its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Properties {
    pub(super) bytes: Vec<u8>,
    numbers: BTreeMap<u8, u32>,
}

impl Properties {
    /// The value of a property that is a number.
    pub(super) fn number(&self, id: u8) -> Option<u32> {
        self.numbers.get(&id).copied()
    }
}

/// The list at the front of `fields`, with its length.
pub(super) fn read(fields: &mut Fields<'_>, of: Of) -> Result<Properties, Violation> {
    let length = fields.variable()?;
    let bytes = fields.take(length as usize)?;
    let mut rest = Fields { rest: bytes };
    let mut properties = Properties {
        bytes: bytes.to_vec(),
        ..Properties::default()
    };
    let mut seen = Vec::new();
    while !rest.rest.is_empty() {
        let id = rest.byte()?;
        if !of.allowed().contains(&id) {
            return Err(format!("property {id:#04x} in {of:?} (2.2.2.2)"));
        }
        if seen.contains(&id) && id != USER_PROPERTY {
            return Err(format!("property {id:#04x} twice in {of:?} (2.2.2.2)"));
        }
        seen.push(id);
        if let Some(number) = read_value(&mut rest, id)? {
            properties.numbers.insert(id, number);
        }
    }
    Ok(properties)
}

/// Reads the value of a property; it is returned if it is a number.
fn read_value(fields: &mut Fields<'_>, id: u8) -> Result<Option<u32>, Violation> {
    Ok(match id {
        0x01 | 0x17 | 0x19 => Some(fields.byte()?.into()),
        0x21..=0x23 => Some(fields.u16()?.into()),
        0x02 | 0x11 | 0x18 | 0x27 => Some(u32::from(fields.u16()?) << 16 | u32::from(fields.u16()?)),
        0x0B => Some(fields.variable()?),
        0x09 | 0x16 => fields.bytes().map(|_| None)?,
        USER_PROPERTY => {
            fields.text()?;
            fields.text().map(|_| None)?
        }
        _ => fields.text().map(|_| None)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(bytes: &[u8], of: Of) -> Result<Properties, Violation> {
        read(&mut Fields { rest: bytes }, of)
    }

    #[test]
    fn numbers_are_kept_and_the_bytes_passed_on() {
        let bytes = b"\x0F\x11\xFF\xFF\xFF\xFF\x21\x00\x07\x26\x00\x01k\x00\x01v";
        let properties = list(bytes, Of::Connect).expect("it is valid");
        assert_eq!(properties.bytes, bytes[1..]);
        let numbers = [0x11, 0x21, 0x22].map(|id| properties.number(id));
        assert_eq!(numbers, [Some(u32::MAX), Some(7), None]);
    }

    #[test]
    fn what_a_client_must_not_send() {
        for (bytes, of) in [
            (b"\x02\x0B\x01".as_slice(), Of::Publish),
            (b"\x04\x01\x00\x01\x01", Of::Publish),
            (b"\x02\x23\x00", Of::Publish),
            (b"\x06\x26\x00\x01k\x00\x01", Of::Answer),
            (b"\x01\x7F", Of::Connect),
            (b"\x05\x01", Of::Will),
        ] {
            list(bytes, of).expect_err("a violation");
        }
    }
}
