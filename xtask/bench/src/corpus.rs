//! The corpus: 1,000 seeded messages in the mix that a bridge sees, free of any codec.
//!
//! 600 publish, 40 subscribe, 200 status, 30 time, 25 memory, 5 configure, 100 incoming messages. Topics have
//! 5 to 20 characters; payloads 1 to 64 bytes, 70 % printable and 30 % arbitrary; retain 10 %, QoS 1 30 %.
//! Seed and order of the draws are those of the published comparison of codecs that the aims come from, so
//! figures measured there and here are of the same bytes: postcard must come out at 40.65 bytes framed.

use serde::{Deserialize, Serialize};

/// A message as an application means it. postcard encodes it as it is; each other codec has its own type.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Sample<'a> {
    Publish {
        topic: &'a str,
        #[serde(with = "serde_bytes")] // else postcard goes through it byte by byte
        payload: &'a [u8],
        retain: bool,
        qos: u8,
    },
    Subscribe {
        filter: &'a str,
        qos: u8,
    },
    Status {
        index: u8,
    },
    Time {
        unix_time: u32,
    },
    Memory {
        free: u32,
        used: u32,
    },
    #[serde(borrow)]
    Configure(Settings<'a>),
    Incoming {
        topic: &'a str,
        #[serde(with = "serde_bytes")]
        payload: &'a [u8],
        retained: bool,
    },
}

/// The keys of the MicroPython system's configuration, in the order in which they are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settings<'a> {
    pub(crate) ssid: &'a str,
    pub(crate) password: &'a str,
    pub(crate) broker: &'a str,
    pub(crate) mqtt_user: &'a str,
    pub(crate) mqtt_password: &'a str,
    pub(crate) ssl_params: &'a str,
    pub(crate) timeserver: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) port: u16,
    pub(crate) keep_alive: u16,
    pub(crate) ping_interval: u16,
    pub(crate) response_time: u16,
    pub(crate) timeout: u16,
    pub(crate) max_repubs: u8,
    pub(crate) use_default_net: bool,
    pub(crate) tls: bool,
    pub(crate) fast: bool,
    pub(crate) clean: bool,
    pub(crate) debug: bool,
    pub(crate) verbose: bool,
}

/// Each kind, how often it occurs, and how one is drawn.
type Draw = fn(&mut Draws) -> Sample<'static>;
const MIX: [(usize, Draw); 7] = [
    (600, |d| Sample::Publish {
        topic: d.topic(),
        payload: d.payload(),
        retain: d.percent(10),
        qos: d.qos(),
    }),
    (40, |d| Sample::Subscribe {
        filter: d.topic(),
        qos: d.qos(),
    }),
    (200, |d| Sample::Status {
        index: d.between(0, 12) as u8,
    }),
    (30, |d| Sample::Time {
        unix_time: d.between(1_760_000_000, 1_770_000_000) as u32,
    }),
    (25, |d| Sample::Memory {
        free: d.between(20_000, 28_000) as u32,
        used: d.between(9_000, 16_000) as u32,
    }),
    (5, |d| Sample::Configure(d.settings())),
    (100, |d| Sample::Incoming {
        topic: d.topic(),
        payload: d.payload(),
        retained: d.percent(10),
    }),
];

const SEED: u64 = 0x5eed;
const PRINTABLE: &str = "0123456789.:, {}tempressurehumidityonoff";
const WORD: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/// The corpus, shuffled. Texts are leaked: it lives as long as the program.
pub(crate) fn corpus() -> Vec<Sample<'static>> {
    let mut draws = Draws(SEED);
    let mut samples = Vec::new();
    for (count, draw) in MIX {
        samples.extend((0..count).map(|_| draw(&mut draws)));
    }
    for last in (1..samples.len()).rev() {
        samples.swap(last, draws.between(0, last as u64) as usize);
    }
    samples
}

/// splitmix64, and what is drawn with it.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let a = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        b ^ (b >> 31)
    }

    /// Both ends included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.next() % choices.len() as u64) as usize]
    }

    fn text(&mut self, letters: &str, low: u64, high: u64) -> &'static str {
        let length = self.between(low, high);
        (0..length)
            .map(|_| char::from(self.one_of(letters.as_bytes())))
            .collect::<String>()
            .leak()
    }

    /// 5 to 20 characters, some of them slashes, but none at an end.
    fn topic(&mut self) -> &'static str {
        let length = self.between(5, 20);
        let letter = |at: u64, n: u8| {
            let inside = at > 0 && at + 1 < length;
            if inside && n.is_multiple_of(6) {
                '/'
            } else {
                char::from(b'a' + n)
            }
        };
        (0..length)
            .map(|at| letter(at, (self.next() % 26) as u8))
            .collect::<String>()
            .leak()
    }

    fn payload(&mut self) -> &'static [u8] {
        if self.percent(70) {
            return self.text(PRINTABLE, 1, 64).as_bytes();
        }
        let length = self.between(1, 64);
        (0..length)
            .map(|_| (self.next() & 0xff) as u8)
            .collect::<Vec<_>>()
            .leak()
    }

    fn qos(&mut self) -> u8 {
        self.percent(30).into()
    }

    /// Fields are drawn in the order in which they stand here.
    fn settings(&mut self) -> Settings<'static> {
        Settings {
            ssid: self.text(WORD, 6, 20),
            password: self.text(WORD, 10, 24),
            broker: self.one_of(&["192.168.0.10", "10.1.2.3", "test.mosquitto.org"]),
            mqtt_user: self.text(WORD, 0, 10),
            mqtt_password: self.text(WORD, 0, 16),
            ssl_params: "{}",
            timeserver: "pool.ntp.org",
            client_id: self.text(WORD, 8, 14),
            port: self.one_of(&[0, 1883, 8883]),
            keep_alive: 60,
            ping_interval: self.one_of(&[0, 15]),
            response_time: 10,
            timeout: 10,
            max_repubs: 4,
            use_default_net: self.percent(50),
            tls: self.percent(20),
            fast: true,
            clean: self.percent(50),
            debug: self.percent(50),
            verbose: self.percent(50),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mix_is_as_documented() {
        let samples = corpus();
        let count = |kind: fn(&Sample<'_>) -> bool| samples.iter().filter(|sample| kind(sample)).count();
        assert_eq!(samples.len(), 1000);
        assert_eq!(count(|s| matches!(s, Sample::Publish { .. })), 600);
        assert_eq!(count(|s| matches!(s, Sample::Incoming { .. })), 100);
        let topics = samples.iter().filter_map(|s| {
            if let Sample::Publish { topic, .. } = s {
                Some(*topic)
            } else {
                None
            }
        });
        assert!(
            topics
                .into_iter()
                .all(|t| (5..=20).contains(&t.len()) && !t.starts_with('/') && !t.ends_with('/'))
        );
    }
}
