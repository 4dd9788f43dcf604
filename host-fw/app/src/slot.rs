//! The slot: bytes in the image of a host's firmware that hold what its user configured and which demo runs. The image is
//! compiled with an empty slot; a tool fills it, in the ELF file or in what was made of it, so that neither a password nor a
//! change of one ever reaches a compiler. Deliberately only the bytes: files and images are the tool's business.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 8 | [`SLOT_MAGIC`] |
//! | 8 | 2 | length of all that follows offset 12, little-endian; 0xffff in an empty slot |
//! | 10 | 2 | CRC-16 of that, as of frames, little-endian |
//! | 12 | 12 | layout ([`LAYOUT`]), demo, QoS, retain; interval in ms and limit (0 = none), little-endian |
//! | 24 | | entries: id of a config key, length, value as text |

use core::fmt;

use fivewire_frame::crc16;
use fivewire_host::wire::config::ConfigKey;
use fivewire_host::{Config, Publish, QoS};

use crate::{Demo, Plan};

/// Bytes of a slot: each key of the configuration at its longest fits.
pub const SLOT_BYTES: usize = 1280;
/// How a slot begins, filled or not.
pub const SLOT_MAGIC: [u8; 8] = *b"fwconfig";
/// The section of an image that holds the slot and nothing else.
pub const SLOT_SECTION: &str = ".fivewire_config";
/// What an image is compiled with.
pub const EMPTY_SLOT: [u8; SLOT_BYTES] = {
    let mut slot = [0xff; SLOT_BYTES];
    let (magic, _) = slot.split_at_mut(SLOT_MAGIC.len());
    magic.copy_from_slice(&SLOT_MAGIC);
    slot
};

/// The layout described above.
const LAYOUT: u8 = 1;
const EMPTY: u16 = 0xffff;

/// One of the demos, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum DemoName {
    /// See [`Simple`](crate::Simple).
    #[default]
    Simple,
    /// See [`Status`](crate::Status).
    Status,
    /// See [`Range`](crate::Range).
    Range,
}

impl DemoName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Simple, Self::Status, Self::Range];

    /// The demo, as it begins.
    #[must_use]
    pub fn demo(self) -> Demo {
        match self {
            Self::Simple => Demo::Simple(Default::default()),
            Self::Status => Demo::Status(Default::default()),
            Self::Range => Demo::Range(Default::default()),
        }
    }

    /// What it does, for people.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Simple => "A count goes out under `result`, `green` switches a LED",
            Self::Status => "The same with a status policy of its own; the LED shows the connection",
            Self::Range => "Counts the outages of the bridge's network and publishes them",
        }
    }

    /// The demo of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|demo| demo.as_str() == name)
    }

    /// The name on a command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Status => "status",
            Self::Range => "range",
        }
    }
}

impl fmt::Display for DemoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What runs, and how it publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Start {
    /// The application.
    pub demo: DemoName,
    /// Quality of service of what it publishes.
    pub qos: QoS,
    /// Whether the broker retains it.
    pub retain: bool,
    /// From one publication to the next, in milliseconds.
    pub interval_ms: u32,
    /// Ends after so many; none goes on for ever.
    pub limit: Option<u32>,
}

impl Default for Start {
    /// [`Simple`](crate::Simple), every 10 s with QoS 1, for ever.
    fn default() -> Self {
        Self {
            demo: DemoName::Simple,
            qos: QoS::AtLeastOnce,
            retain: false,
            interval_ms: 10_000,
            limit: None,
        }
    }
}

impl Start {
    /// The plan that it makes.
    #[must_use]
    pub const fn plan(&self) -> Plan {
        let options = Publish::with_qos(self.qos);
        Plan {
            interval_ms: self.interval_ms,
            options: if self.retain { options.retain() } else { options },
            limit: self.limit,
        }
    }
}

/// Why a slot cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotError {
    /// Nobody has filled it: the image was made without a configuration.
    Empty,
    /// It is not a slot, is cut off, or its checksum is wrong.
    Damaged,
    /// It was filled for firmware with another layout or another spec.
    Foreign,
    /// The settings do not fit [`SLOT_BYTES`].
    TooLong,
    /// There is no such key, or its value does not fit it.
    BadSetting(ConfigKey),
    /// There is no key of that name in the spec.
    UnknownKey,
}

impl fmt::Display for SlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "this image has no configuration: write a fivewire.toml and build it again",
            Self::Damaged => "the configuration in this image is damaged: build it again",
            Self::Foreign => "the configuration in this image is for other firmware: build it again",
            Self::TooLong => "the settings are too long for the image",
            Self::BadSetting(key) => {
                return write!(f, "{} has a value that does not fit it", key.info().name);
            }
            Self::UnknownKey => "a setting is not in the spec",
        })
    }
}

impl core::error::Error for SlotError {}

/// A filled slot. Settings are pairs of a key's name and its value as text, as they stand in a `fivewire.toml`.
///
/// # Errors
/// [`SlotError::UnknownKey`], [`SlotError::BadSetting`] or [`SlotError::TooLong`].
pub fn write_slot<'a>(
    start: &Start,
    settings: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<[u8; SLOT_BYTES], SlotError> {
    let mut content = heapless::Vec::<u8, { SLOT_BYTES - 12 }>::new();
    let too_long = |_| SlotError::TooLong;
    let head = [
        LAYOUT,
        start.demo as u8,
        start.qos.number(),
        u8::from(start.retain),
    ];
    let numbers = [start.interval_ms, start.limit.unwrap_or(0)].map(u32::to_le_bytes);
    content.extend_from_slice(&head).map_err(too_long)?;
    content
        .extend_from_slice(numbers.as_flattened())
        .map_err(too_long)?;
    for (name, value) in settings {
        let key = ConfigKey::from_name(name).ok_or(SlotError::UnknownKey)?;
        let mut trial = Config::DEFAULT;
        trial.set(name, value).map_err(|_| SlotError::BadSetting(key))?;
        let length = u8::try_from(value.len()).map_err(|_| SlotError::BadSetting(key))?;
        content.extend_from_slice(&[key.id(), length]).map_err(too_long)?;
        content.extend_from_slice(value.as_bytes()).map_err(too_long)?;
    }
    Ok(sealed(&content))
}

fn sealed(content: &[u8]) -> [u8; SLOT_BYTES] {
    // The content is shorter than a slot, so its length fits.
    let length = u16::try_from(content.len()).unwrap_or(EMPTY).to_le_bytes();
    let head = length.into_iter().chain(crc16(content).to_le_bytes());
    let bytes = SLOT_MAGIC.into_iter().chain(head).chain(content.iter().copied());
    let mut slot = EMPTY_SLOT;
    slot.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    slot
}

/// What a slot says.
///
/// # Errors
/// [`SlotError`]; [`SlotError::Empty`] is that of an image without a configuration.
pub fn read_slot(slot: &[u8]) -> Result<(Start, Config<'_>), SlotError> {
    let mut rest = content(slot)?;
    let [layout, demo, qos, retain] = *take(&mut rest)?;
    let demo = DemoName::ALL.into_iter().find(|name| *name as u8 == demo);
    let (LAYOUT, Some(demo), Some(qos)) = (layout, demo, QoS::from_number(qos)) else {
        return Err(SlotError::Foreign);
    };
    let interval_ms = u32::from_le_bytes(*take(&mut rest)?);
    let limit = u32::from_le_bytes(*take(&mut rest)?);
    let start = Start {
        demo,
        qos,
        retain: retain != 0,
        interval_ms,
        limit: (limit != 0).then_some(limit),
    };
    Ok((start, settings(rest)?))
}

fn settings(mut entries: &[u8]) -> Result<Config<'_>, SlotError> {
    let mut config = Config::DEFAULT;
    while !entries.is_empty() {
        let [id, length] = *take(&mut entries)?;
        let (value, rest) = entries
            .split_at_checked(length.into())
            .ok_or(SlotError::Damaged)?;
        entries = rest;
        let key = ConfigKey::from_id(id).ok_or(SlotError::Foreign)?;
        let value = core::str::from_utf8(value).map_err(|_| SlotError::BadSetting(key))?;
        config
            .set(key.info().name, value)
            .map_err(|_| SlotError::BadSetting(key))?;
    }
    Ok(config)
}

/// What is behind the checksum, if that is right.
fn content(slot: &[u8]) -> Result<&[u8], SlotError> {
    let mut rest = slot;
    let magic: &[u8; 8] = take(&mut rest)?;
    let length = u16::from_le_bytes(*take(&mut rest)?);
    let crc = u16::from_le_bytes(*take(&mut rest)?);
    match (*magic == SLOT_MAGIC, length) {
        (false, _) => Err(SlotError::Damaged),
        (true, EMPTY) => Err(SlotError::Empty),
        (true, _) => rest
            .get(..length.into())
            .filter(|content| crc16(content) == crc)
            .ok_or(SlotError::Damaged),
    }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Result<&'a [u8; N], SlotError> {
    let (head, tail) = rest.split_first_chunk().ok_or(SlotError::Damaged)?;
    *rest = tail;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Start = Start {
        demo: DemoName::Range,
        qos: QoS::ExactlyOnce,
        retain: true,
        interval_ms: 250,
        limit: Some(7),
    };

    #[test]
    fn what_is_written_is_read() {
        let settings = [
            ("ssid", "home"),
            ("password", ""),
            ("broker", "b"),
            ("timeout", "20"),
        ];
        let slot = write_slot(&START, settings).unwrap();
        let (start, config) = read_slot(&slot).unwrap();
        assert_eq!(start, START);
        assert_eq!((config.ssid, config.broker, config.timeout), ("home", "b", 20));
    }

    #[test]
    fn the_longest_configuration_fits() {
        let longest = [b'x'; 255];
        let texts = fivewire_host::wire::config::KEYS
            .iter()
            .filter(|key| key.max_len > 0)
            .map(|key| {
                let text = longest.get(..key.max_len).unwrap();
                (key.name, core::str::from_utf8(text).unwrap())
            });
        let others = [
            ("keep_alive", "3600"),
            ("rtc_resync", "604800"),
            ("port", "65535"),
            ("clean", "false"),
        ];
        assert!(write_slot(&START, texts.chain(others)).is_ok());
    }

    #[test]
    fn an_empty_slot_says_what_to_do_and_a_damaged_one_is_not_used() {
        assert_eq!(read_slot(&EMPTY_SLOT).unwrap_err(), SlotError::Empty);
        let good = write_slot(&Start::default(), [("ssid", "home")]).unwrap();
        for at in 0..30 {
            let mut slot = good;
            slot[at] ^= 0x10;
            assert!(read_slot(&slot).is_err(), "byte {at}");
        }
        assert_eq!(
            read_slot(&good[..40]).map(|_| ()),
            Ok(()),
            "what follows the content is nothing"
        );
        assert_eq!(read_slot(&good[..20]).unwrap_err(), SlotError::Damaged);
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let write = |name, value| write_slot(&Start::default(), [(name, value)]).unwrap_err();
        assert_eq!(write("sid", "x"), SlotError::UnknownKey);
        assert_eq!(
            write("keep_alive", "4"),
            SlotError::BadSetting(ConfigKey::KeepAlive)
        );
    }
}
