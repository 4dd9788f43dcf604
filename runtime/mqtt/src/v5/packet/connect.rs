//! CONNECT and CONNACK (MQTT 5.0, 3.1, 3.2).

use core::fmt;

use super::encode;
use crate::error::ProtocolError;
use crate::options::Redacted;
use crate::packet::connect::flag;
use crate::packet::{EncodeError, PacketType, Reader};
use crate::v5::property::Place;
use crate::v5::{Properties, ReasonCode};
use crate::{QoS, Will};

/// Protocol name and version of 5.0, as they stand in the packet [MQTT-3.1.2-1], [MQTT-3.1.2-2].
const PROTOCOL: &[u8] = b"\0\x04MQTT\x05";

/// The first packet of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Names the session.
    pub client_id: &'a str,
    /// User name.
    pub user: Option<&'a str>,
    /// Password; never printed.
    pub password: Option<&'a [u8]>,
    /// Whether to forget an earlier session.
    pub clean_start: bool,
    /// Seconds; 0 = off.
    pub keep_alive_s: u16,
    /// What this end wants, and can.
    pub properties: Properties<'a>,
    /// Last will.
    pub will: Option<Will<'a>>,
    /// What describes the will.
    pub will_properties: Properties<'a>,
}

impl fmt::Debug for Connect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("client_id", &self.client_id)
            .field("user", &self.user)
            .field("password", &Redacted::of(self.password))
            .field("clean_start", &self.clean_start)
            .field("keep_alive_s", &self.keep_alive_s)
            .field("properties", &self.properties)
            .field("will", &self.will)
            .field("will_properties", &self.will_properties)
            .finish()
    }
}

impl<'a> Connect<'a> {
    fn flags(&self) -> u8 {
        let mut flags = 0;
        if self.clean_start {
            flags |= flag::CLEAN_SESSION;
        }
        if let Some(will) = self.will {
            flags |= flag::WILL | will.qos.number() << flag::WILL_QOS_SHIFT;
            if will.retain {
                flags |= flag::WILL_RETAIN;
            }
        }
        if self.user.is_some() {
            flags |= flag::USER;
        }
        if self.password.is_some() {
            flags |= flag::PASSWORD;
        }
        flags
    }

    fn remaining(&self) -> usize {
        let optional = |field: Option<&[u8]>| field.map_or(0, |bytes| 2 + bytes.len());
        let will = self.will.map_or(0, |will| {
            self.will_properties.size() + 2 + will.topic.len() + 2 + will.payload.len()
        });
        PROTOCOL.len()
            + 3
            + self.properties.size()
            + 2
            + self.client_id.len()
            + will
            + optional(self.user.map(str::as_bytes))
            + optional(self.password)
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or a field is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        encode(PacketType::Connect, 0, self.remaining(), out, |writer| {
            writer.raw(PROTOCOL)?;
            writer.raw(&[self.flags()])?;
            writer.u16(self.keep_alive_s)?;
            self.properties.encode(writer)?;
            // The order of the payload is fixed [MQTT-3.1.3-1].
            writer.prefixed(self.client_id.as_bytes())?;
            if let Some(will) = self.will {
                self.will_properties.encode(writer)?;
                writer.prefixed(will.topic.as_bytes())?;
                writer.prefixed(will.payload)?;
            }
            if let Some(user) = self.user {
                writer.prefixed(user.as_bytes())?;
            }
            self.password.map_or(Ok(()), |password| writer.prefixed(password))
        })
    }

    /// Reads the body.
    ///
    /// # Errors
    /// Another protocol or version, contradicting flags, malformed fields, properties that it must not have.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let kind = PacketType::Connect;
        let mut reader = Reader::new(kind, body);
        for &expected in PROTOCOL {
            if reader.u8()? != expected {
                return Err(ProtocolError::Protocol);
            }
        }
        let flags = reader.u8()?;
        check_flags(flags)?;
        let keep_alive_s = reader.u16()?;
        let properties = Properties::decode(&mut reader, kind, Place::Connect)?;
        let client_id = reader.text()?;
        let (will, will_properties) = decode_will(flags, &mut reader)?;
        let user = match flags & flag::USER {
            0 => None,
            _ => Some(reader.text()?),
        };
        let password = match flags & flag::PASSWORD {
            0 => None,
            _ => Some(reader.binary()?),
        };
        reader.end()?;
        Ok(Self {
            client_id,
            user,
            password,
            clean_start: flags & flag::CLEAN_SESSION != 0,
            keep_alive_s,
            properties,
            will,
            will_properties,
        })
    }
}

/// A password may stand without a user name, unlike in 3.1.1.
fn check_flags(flags: u8) -> Result<(), ProtocolError> {
    let reserved = flags & flag::RESERVED != 0; // [MQTT-3.1.2-3]
    let will_details_alone = flags & flag::WILL == 0 && flags & flag::WILL_DETAILS != 0; // [MQTT-3.1.2-11]
    if reserved || will_details_alone {
        Err(ProtocolError::ConnectFlags)
    } else {
        Ok(())
    }
}

fn decode_will<'a>(
    flags: u8,
    reader: &mut Reader<'a>,
) -> Result<(Option<Will<'a>>, Properties<'a>), ProtocolError> {
    if flags & flag::WILL == 0 {
        return Ok((None, Properties::NONE));
    }
    let qos = QoS::from_number(flags >> flag::WILL_QOS_SHIFT & 0x03).ok_or(ProtocolError::Qos)?; // [MQTT-3.1.2-12]
    let properties = Properties::decode(reader, PacketType::Connect, Place::Will)?;
    let will = Will {
        topic: reader.topic_name()?,
        payload: reader.binary()?,
        qos,
        retain: flags & flag::WILL_RETAIN != 0,
    };
    Ok((Some(will), properties))
}

/// The broker's answer to CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnAck<'a> {
    /// The broker still has the session of this client id.
    pub session_present: bool,
    /// Whether the connection stands.
    pub reason: ReasonCode,
    /// What the broker wants, and can.
    pub properties: Properties<'a>,
}

impl<'a> ConnAck<'a> {
    /// Reads the body. Bytes behind the properties are passed over, as Mosquitto's client does: which connection to close
    /// for them the standard leaves to the client (4.13.1).
    ///
    /// # Errors
    /// Reserved flags or codes, a refusal that claims a session [MQTT-3.2.2-6], properties that it must not have.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let kind = PacketType::ConnAck;
        let mut reader = Reader::new(kind, body);
        let flags = reader.u8()?;
        let reason = ReasonCode::new(reader.u8()?);
        let properties = Properties::decode(&mut reader, kind, Place::ConnAck)?;
        let known = matches!(
            reason.number(),
            0 | 0x80..=0x8a | 0x8c | 0x90 | 0x95 | 0x97 | 0x99..=0x9d | 0x9f
        );
        if !known {
            return Err(ProtocolError::ReturnCode(reason.number()));
        }
        match (flags, reason) {
            (0, _) | (1, ReasonCode::SUCCESS) => Ok(Self {
                session_present: flags == 1,
                reason,
                properties,
            }),
            _ => Err(ProtocolError::SessionPresent),
        }
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let head = [u8::from(self.session_present), self.reason.number()];
        encode(
            PacketType::ConnAck,
            0,
            2 + self.properties.size(),
            out,
            |writer| {
                writer.raw(&head)?;
                self.properties.encode(writer)
            },
        )
    }
}
