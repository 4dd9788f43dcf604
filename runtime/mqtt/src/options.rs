//! What a caller chooses for a connection: identity, session, will, time limits.
//!
//! Not here: where the broker is; the transport is the caller's.

use core::fmt;

use crate::QoS;

/// The message that the broker publishes when this client vanishes without DISCONNECT (MQTT 3.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Will<'a> {
    /// Topic name.
    pub topic: &'a str,
    /// Application message, at most 65,535 bytes.
    pub payload: &'a [u8],
    /// Quality of service that the broker publishes it with; all three are possible.
    pub qos: QoS,
    /// Whether it becomes the topic's retained message.
    pub retain: bool,
}

/// How to connect. Build it over [`ConnectOptions::new`] with `..`, so that later fields do not break you.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ConnectOptions<'a> {
    /// Names the session at the broker; may be empty with a clean session [MQTT-3.1.3-7].
    pub client_id: &'a str,
    /// User name, if the broker wants one.
    pub user: Option<&'a str>,
    /// Password; needs a user name [MQTT-3.1.2-22]. Never printed.
    pub password: Option<&'a [u8]>,
    /// True: the broker forgets what it knew of this client id, before and after [MQTT-3.1.2-6].
    pub clean_session: bool,
    /// Seconds; the broker drops a client that is silent for one and a half times this long. 0: never.
    pub keep_alive_s: u16,
    /// Milliseconds of sending nothing after which a PINGREQ goes out. 0: a quarter of `keep_alive_s`. Never more
    /// than three quarters of it [MQTT-3.1.2-23].
    pub ping_interval_ms: u32,
    /// Milliseconds the broker may take for CONNACK, and to show any sign of life after a PINGREQ. 0: for ever.
    pub response_time_ms: u32,
    /// Milliseconds without an acknowledgement after which the connection is given up, while publishes, subscribes
    /// or unsubscribes wait for theirs. 0: for ever.
    pub puback_time_ms: u32,
    /// Last will.
    pub will: Option<Will<'a>>,
}

impl<'a> ConnectOptions<'a> {
    /// A clean session, keep alive 60 s, response time 10 s, acknowledgement time 50 s, no user, no will.
    #[must_use]
    pub const fn new(client_id: &'a str) -> Self {
        Self {
            client_id,
            user: None,
            password: None,
            clean_session: true,
            keep_alive_s: 60,
            ping_interval_ms: 0,
            response_time_ms: 10_000,
            puback_time_ms: 50_000,
            will: None,
        }
    }

    /// The silence after which to ping, in milliseconds; 0 = never.
    pub(crate) fn effective_ping_interval_ms(&self) -> u32 {
        let keep_alive_ms = u32::from(self.keep_alive_s) * 1000;
        match (keep_alive_ms, self.ping_interval_ms) {
            (0, chosen) => chosen,
            (keep_alive_ms, 0) => keep_alive_ms / 4,
            (keep_alive_ms, chosen) => chosen.min(keep_alive_ms / 4 * 3),
        }
    }
}

impl fmt::Debug for ConnectOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("client_id", &self.client_id)
            .field("user", &self.user)
            .field("password", &Redacted::of(self.password))
            .field("clean_session", &self.clean_session)
            .field("keep_alive_s", &self.keep_alive_s)
            .field("ping_interval_ms", &self.ping_interval_ms)
            .field("response_time_ms", &self.response_time_ms)
            .field("puback_time_ms", &self.puback_time_ms)
            .field("will", &self.will)
            .finish()
    }
}

/// Stands for a secret in `Debug` output.
pub(crate) struct Redacted;

impl Redacted {
    /// Shows whether there is a secret, and nothing of it.
    pub(crate) fn of(secret: Option<&[u8]>) -> Option<Self> {
        secret.map(|_| Self)
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::format;

    use super::ConnectOptions;

    #[test]
    fn the_password_is_never_printed() {
        let options = ConnectOptions {
            user: Some("joe"),
            password: Some(b"hunter2"),
            ..ConnectOptions::new("id")
        };
        let printed = format!("{options:?} {options:#?}");
        assert!(printed.contains("<redacted>") && printed.contains("joe"));
        assert!(!printed.contains("hunter2") && !printed.contains("104, 117"));
    }

    #[test]
    fn pings_stay_within_the_keep_alive() {
        let interval = |keep_alive_s, ping_interval_ms| {
            ConnectOptions {
                keep_alive_s,
                ping_interval_ms,
                ..ConnectOptions::new("id")
            }
            .effective_ping_interval_ms()
        };
        assert_eq!(interval(60, 0), 15_000);
        assert_eq!(interval(60, 20_000), 20_000);
        assert_eq!(interval(60, 90_000), 45_000);
        assert_eq!(interval(0, 0), 0);
        assert_eq!(interval(0, 7_000), 7_000);
        assert_eq!(interval(u16::MAX, u32::MAX), 49_151_250);
    }
}
