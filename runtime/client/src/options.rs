//! What a caller chooses for its client: identity, session, will, time limits, pauses.
//!
//! Not here: where the broker is (see `connect`), and what belongs to one publish (see `publish`).

use core::fmt;

use fivewire_mqtt::v5::Property;
use fivewire_mqtt::{ConnectOptions, Will};

use crate::backoff::Backoff;

/// How to connect. Build it over [`Options::new`] with `..`, so that later fields do not break you.
///
/// Which session is used: the first connection is clean when `clean_init`, all later ones when `clean`. `clean_init`
/// without `clean` is a fresh start with a session that lasts: in 3.1.1 the client connects clean, disconnects, and
/// connects again, because a clean session ends with its connection [MQTT-3.1.2-6]; 5.0 says it in one CONNECT.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Names the session at the broker. May be empty when `clean` and `clean_init`; 5.0 goes on with the one that the
    /// broker chose, up to 64 bytes.
    pub client_id: &'a str,
    /// User name, if the broker wants one.
    pub user: Option<&'a str>,
    /// Password. Never printed.
    pub password: Option<&'a [u8]>,
    /// Last will: what the broker publishes when this client vanishes without [`disconnect`](crate::Client::disconnect).
    pub will: Option<Will<'a>>,
    /// Whether the broker is to forget an earlier session at the first connection.
    pub clean_init: bool,
    /// Whether it is to forget the session whenever the connection ends.
    pub clean: bool,
    /// Seconds; the broker drops a client that is silent for one and a half times this long. 0: never.
    pub keep_alive_s: u16,
    /// Milliseconds of sending nothing after which to ping; 0: a quarter of `keep_alive_s`.
    pub ping_interval_ms: u32,
    /// Milliseconds that opening the transport, CONNACK, and any sign of life after a ping may take, each. 0: for ever.
    pub response_time_ms: u32,
    /// Milliseconds without any acknowledgement, while some are waited for, after which the connection is given up. Nothing
    /// is sent again on a live one. 0: for ever.
    pub puback_time_ms: u32,
    /// Pauses between attempts.
    pub backoff: Backoff,
    /// 5.0, without `clean`: seconds that the broker is to keep the session after a connection; `u32::MAX`: for ever, as
    /// 3.1.1 does.
    pub session_expiry_s: u32,
    /// 5.0: tell the broker that packets beyond the receive buffer are not wanted. It drops such messages and nobody hears of
    /// them; when not, they are [`Event::Oversize`](crate::Event::Oversize).
    pub limit_packet_size: bool,
    /// 5.0: of CONNECT; request problem or response information, user properties.
    pub properties: &'a [Property<'a>],
    /// 5.0: of the will.
    pub will_properties: &'a [Property<'a>],
}

impl<'a> Options<'a> {
    /// Clean sessions, keep alive 60 s, response time 10 s, acknowledgement time 50 s, no user, no will.
    #[must_use]
    pub const fn new(client_id: &'a str) -> Self {
        let mqtt = ConnectOptions::new(client_id);
        Self {
            client_id,
            user: mqtt.user,
            password: mqtt.password,
            will: mqtt.will,
            clean_init: true,
            clean: true,
            keep_alive_s: mqtt.keep_alive_s,
            ping_interval_ms: mqtt.ping_interval_ms,
            response_time_ms: mqtt.response_time_ms,
            puback_time_ms: mqtt.puback_time_ms,
            backoff: Backoff::DEFAULT,
            session_expiry_s: u32::MAX,
            limit_packet_size: true,
            properties: &[],
            will_properties: &[],
        }
    }

    /// The part that both versions have.
    pub(crate) fn connect(&self, clean_session: bool) -> ConnectOptions<'a> {
        ConnectOptions {
            user: self.user,
            password: self.password,
            clean_session,
            keep_alive_s: self.keep_alive_s,
            ping_interval_ms: self.ping_interval_ms,
            response_time_ms: self.response_time_ms,
            puback_time_ms: self.puback_time_ms,
            will: self.will,
            ..ConnectOptions::new(self.client_id)
        }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            // It redacts the password.
            .field("connect", &self.connect(self.clean))
            .field("clean_init", &self.clean_init)
            .field("backoff", &self.backoff)
            .field("session_expiry_s", &self.session_expiry_s)
            .field("limit_packet_size", &self.limit_packet_size)
            .field("properties", &self.properties)
            .field("will_properties", &self.will_properties)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;

    use super::Options;

    #[test]
    fn the_password_is_never_printed() {
        let options = Options {
            user: Some("joe"),
            password: Some(b"hunter2"),
            ..Options::new("id")
        };
        let printed = format!("{options:?} {options:#?}");
        assert!(printed.contains("<redacted>") && printed.contains("joe"));
        assert!(!printed.contains("hunter2") && !printed.contains("104, 117"));
    }
}
