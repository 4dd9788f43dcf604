//! CONNECT and CONNACK (MQTT 3.1, 3.2).

use core::fmt;

use super::{EncodeError, PacketType, Reader, Writer};
use crate::error::ProtocolError;
use crate::options::Redacted;
use crate::types::ConnectReturnCode;
use crate::{ConnectOptions, QoS, Will};

/// Protocol name and level of 3.1.1, as they stand in the packet [MQTT-3.1.2-1], [MQTT-3.1.2-2].
const PROTOCOL: &[u8] = b"\0\x04MQTT\x04";

/// The bits of the connect flags (3.1.2.3).
pub(crate) mod flag {
    pub(crate) const RESERVED: u8 = 0x01;
    pub(crate) const CLEAN_SESSION: u8 = 0x02;
    pub(crate) const WILL: u8 = 0x04;
    pub(crate) const WILL_QOS_SHIFT: u8 = 3;
    pub(crate) const WILL_RETAIN: u8 = 0x20;
    pub(crate) const PASSWORD: u8 = 0x40;
    pub(crate) const USER: u8 = 0x80;
    /// What only a will may set [MQTT-3.1.2-11].
    pub(crate) const WILL_DETAILS: u8 = 0x38;
}

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
    pub clean_session: bool,
    /// Seconds; 0 = off.
    pub keep_alive_s: u16,
    /// Last will.
    pub will: Option<Will<'a>>,
}

impl<'a> From<&ConnectOptions<'a>> for Connect<'a> {
    fn from(options: &ConnectOptions<'a>) -> Self {
        Self {
            client_id: options.client_id,
            user: options.user,
            password: options.password,
            clean_session: options.clean_session,
            keep_alive_s: options.keep_alive_s,
            will: options.will,
        }
    }
}

impl fmt::Debug for Connect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("client_id", &self.client_id)
            .field("user", &self.user)
            .field("password", &Redacted::of(self.password))
            .field("clean_session", &self.clean_session)
            .field("keep_alive_s", &self.keep_alive_s)
            .field("will", &self.will)
            .finish()
    }
}

impl<'a> Connect<'a> {
    fn flags(&self) -> u8 {
        let mut flags = 0;
        if self.clean_session {
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
        PROTOCOL.len()
            + 3
            + 2
            + self.client_id.len()
            + optional(self.will.map(|will| will.topic.as_bytes()))
            + optional(self.will.map(|will| will.payload))
            + optional(self.user.map(str::as_bytes))
            + optional(self.password)
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// When it does not fit, or a field is longer than 65,535 bytes.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        writer.fixed_header(PacketType::Connect, 0, self.remaining())?;
        writer.raw(PROTOCOL)?;
        writer.raw(&[self.flags()])?;
        writer.u16(self.keep_alive_s)?;
        // The order of the payload is fixed [MQTT-3.1.3-1].
        writer.prefixed(self.client_id.as_bytes())?;
        if let Some(will) = self.will {
            writer.prefixed(will.topic.as_bytes())?;
            writer.prefixed(will.payload)?;
        }
        if let Some(user) = self.user {
            writer.prefixed(user.as_bytes())?;
        }
        if let Some(password) = self.password {
            writer.prefixed(password)?;
        }
        Ok(writer.len())
    }

    /// Reads the body.
    ///
    /// # Errors
    /// Another protocol or level, contradicting flags, malformed fields.
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(PacketType::Connect, body);
        for &expected in PROTOCOL {
            if reader.u8()? != expected {
                return Err(ProtocolError::Protocol);
            }
        }
        let flags = reader.u8()?;
        check_flags(flags)?;
        let keep_alive_s = reader.u16()?;
        let client_id = reader.text()?;
        let will = if flags & flag::WILL == 0 {
            None
        } else {
            Some(decode_will(flags, &mut reader)?)
        };
        let user = if flags & flag::USER == 0 {
            None
        } else {
            Some(reader.text()?)
        };
        let password = if flags & flag::PASSWORD == 0 {
            None
        } else {
            Some(reader.binary()?)
        };
        reader.end()?;
        let clean_session = flags & flag::CLEAN_SESSION != 0;
        Ok(Self {
            client_id,
            user,
            password,
            clean_session,
            keep_alive_s,
            will,
        })
    }
}

fn check_flags(flags: u8) -> Result<(), ProtocolError> {
    let reserved = flags & flag::RESERVED != 0; // [MQTT-3.1.2-3]
    let will_details_alone = flags & flag::WILL == 0 && flags & flag::WILL_DETAILS != 0; // [MQTT-3.1.2-11]
    let password_alone = flags & flag::USER == 0 && flags & flag::PASSWORD != 0; // [MQTT-3.1.2-22]
    if reserved || will_details_alone || password_alone {
        Err(ProtocolError::ConnectFlags)
    } else {
        Ok(())
    }
}

fn decode_will<'a>(flags: u8, reader: &mut Reader<'a>) -> Result<Will<'a>, ProtocolError> {
    // [MQTT-3.1.2-14]
    let qos = QoS::from_number(flags >> flag::WILL_QOS_SHIFT & 0x03).ok_or(ProtocolError::Qos)?;
    let topic = reader.topic_name()?;
    let payload = reader.binary()?;
    Ok(Will {
        topic,
        payload,
        qos,
        retain: flags & flag::WILL_RETAIN != 0,
    })
}

/// The broker's answer to CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnAck {
    /// The broker still has the session of this client id.
    pub session_present: bool,
    /// Whether the connection stands.
    pub code: ConnectReturnCode,
}

impl ConnAck {
    /// Reads the body.
    ///
    /// # Errors
    /// Reserved flags or codes, or a refusal that claims a session [MQTT-3.2.2-4].
    pub fn decode(body: &[u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(PacketType::ConnAck, body);
        let flags = reader.u8()?;
        let code = reader.u8()?;
        reader.end()?;
        let code = ConnectReturnCode::from_number(code).ok_or(ProtocolError::ReturnCode(code))?;
        match (flags, code) {
            (0, code) => Ok(Self {
                session_present: false,
                code,
            }),
            (1, ConnectReturnCode::Accepted) => Ok(Self {
                session_present: true,
                code,
            }),
            _ => Err(ProtocolError::SessionPresent),
        }
    }

    /// Writes the packet; the length comes back.
    ///
    /// # Errors
    /// [`EncodeError::Full`].
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut writer = Writer::new(out);
        writer.fixed_header(PacketType::ConnAck, 0, 2)?;
        writer.raw(&[u8::from(self.session_present), self.code.number()])?;
        Ok(writer.len())
    }
}
