//! Which pin is which wire: defaults, the text that changes them, and what each chip cannot spare.
//!
//! The build script includes this file, so that a wrong pin is an error of the build and not of a board. Deliberately
//! numbers alone: turning them into pins is the generated code's business.

use std::fmt;

/// A lamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lamp {
    /// Its pin.
    pub(crate) pin: u8,
    /// It is lit while the pin is low.
    pub(crate) inverted: bool,
}

/// The pins of a board by their names in `[bridge.pins]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pins {
    /// The host's data.
    pub(crate) data_in: u8,
    /// The host's clock.
    pub(crate) clock_in: u8,
    /// Data to the host.
    pub(crate) data_out: u8,
    /// Clock to the host.
    pub(crate) clock_out: u8,
    /// Changes twice a second while the program runs.
    pub(crate) heartbeat_led: Lamp,
    /// Lit while the broker is connected.
    pub(crate) broker_led: Lamp,
}

impl Pins {
    /// Names and numbers, in the order of the wiring table.
    pub(crate) fn named(&self) -> [(&'static str, u8); 6] {
        [
            ("data_in", self.data_in),
            ("clock_in", self.clock_in),
            ("data_out", self.data_out),
            ("clock_out", self.clock_out),
            ("heartbeat_led", self.heartbeat_led.pin),
            ("broker_led", self.broker_led.pin),
        ]
    }
}

/// What a chip has, and what it needs for itself.
#[derive(Debug)]
pub(crate) struct Chip {
    /// Its name.
    pub(crate) name: &'static str,
    /// Number of pins; they are numbered from 0.
    pins: u8,
    /// They lead to the flash chip.
    flash: &'static [u8],
    /// They are the USB port.
    usb: &'static [u8],
    /// The chip looks at them at its start.
    strapping: &'static [u8],
    /// The log leaves there where USB is not connected.
    serial: &'static [u8],
    /// What holds when nothing is said.
    pub(crate) defaults: Pins,
}

const fn lamp(pin: u8) -> Lamp {
    Lamp { pin, inverted: false }
}

/// ESP32-C3 [datasheet, 2.2 and 3.3].
pub(crate) const ESP32C3: Chip = Chip {
    name: "ESP32-C3",
    pins: 22,
    flash: &[11, 12, 13, 14, 15, 16, 17],
    usb: &[18, 19],
    strapping: &[2, 8, 9],
    serial: &[20, 21],
    defaults: Pins {
        data_in: 4,
        clock_in: 5,
        data_out: 6,
        clock_out: 7,
        heartbeat_led: lamp(3),
        broker_led: lamp(10),
    },
};

/// ESP32-C6 [datasheet, 2.2 and 3.3]. GPIO4 and GPIO5 are strapping pins there, so that the wires lie elsewhere.
pub(crate) const ESP32C6: Chip = Chip {
    name: "ESP32-C6",
    pins: 31,
    flash: &[24, 25, 26, 27, 28, 29, 30],
    usb: &[12, 13],
    strapping: &[4, 5, 8, 9, 15],
    serial: &[16, 17],
    defaults: Pins {
        data_in: 18,
        clock_in: 19,
        data_out: 20,
        clock_out: 21,
        heartbeat_led: lamp(2),
        broker_led: lamp(3),
    },
};

/// What is wrong with a text that names pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PinError {
    /// Not `name=number`.
    Syntax(String),
    /// There is no wire of this name.
    UnknownName(String),
    /// The name stands there twice.
    NamedTwice(String),
    /// The chip has no such pin.
    NoSuchPin {
        name: String,
        pin: u8,
        chip: &'static str,
        last: u8,
    },
    /// The chip needs the pin.
    Taken { name: String, pin: u8, by: &'static str },
    /// Two wires at one pin.
    Shared {
        one: &'static str,
        other: &'static str,
        pin: u8,
    },
}

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(text) => write!(f, "`{text}` is not name=number, as data_in=4"),
            Self::UnknownName(name) => write!(
                f,
                "there is no `{name}`; there are data_in, clock_in, data_out, clock_out, heartbeat_led, broker_led"
            ),
            Self::NamedTwice(name) => write!(f, "`{name}` is given twice"),
            Self::NoSuchPin {
                name,
                pin,
                chip,
                last,
            } => {
                write!(f, "{name}={pin}: {chip} has GPIO0 to GPIO{last}")
            }
            Self::Taken { name, pin, by } => write!(f, "{name}={pin}: GPIO{pin} belongs to the {by}"),
            Self::Shared { one, other, pin } => write!(f, "{one} and {other} are both GPIO{pin}"),
        }
    }
}

impl Chip {
    /// Reads `data_in=4,clock_in=5,…`; what is not named keeps its default. An LED that is lit while its pin is low has a
    /// `!` before the number.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn read(&self, text: &str) -> Result<Pins, PinError> {
        let mut pins = self.defaults;
        let mut seen = Vec::new();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let syntax = || PinError::Syntax(item.to_owned());
            let (name, value) = item.split_once('=').ok_or_else(syntax)?;
            let (name, value) = (name.trim(), value.trim());
            let (digits, inverted) = value
                .strip_prefix('!')
                .map_or((value, false), |rest| (rest, true));
            let pin = digits.parse().map_err(|_| syntax())?;
            if seen.contains(&name) {
                return Err(PinError::NamedTwice(name.to_owned()));
            }
            seen.push(name);
            set(&mut pins, name, pin, inverted).ok_or_else(|| match inverted {
                true if self.is_wire(name) => syntax(),
                _ => PinError::UnknownName(name.to_owned()),
            })?;
        }
        self.check(&pins)?;
        Ok(pins)
    }

    /// Pins that work, but that the chip looks at when it starts, or that carry its log: name, number, what to know.
    pub(crate) fn cautions(&self, pins: &Pins) -> Vec<String> {
        let caution = |(name, pin): (&str, u8)| match pin {
            pin if self.strapping.contains(&pin) => Some(format!(
                "{name}: GPIO{pin} is a strapping pin of {}; nothing may pull it the wrong way while the chip starts",
                self.name
            )),
            pin if self.serial.contains(&pin) => Some(format!(
                "{name}: GPIO{pin} is the serial port of {}; its log then comes over USB alone",
                self.name
            )),
            _ => None,
        };
        pins.named().into_iter().filter_map(caution).collect()
    }

    fn is_wire(&self, name: &str) -> bool {
        self.defaults.named().iter().any(|(known, _)| *known == name)
    }

    fn check(&self, pins: &Pins) -> Result<(), PinError> {
        let named = pins.named();
        for (index, (name, pin)) in named.into_iter().enumerate() {
            let name = name.to_owned();
            if pin >= self.pins {
                let last = self.pins - 1;
                return Err(PinError::NoSuchPin {
                    name,
                    pin,
                    chip: self.name,
                    last,
                });
            }
            if let Some(by) = self.owner(pin) {
                return Err(PinError::Taken { name, pin, by });
            }
            let same = named.iter().skip(index + 1).find(|(_, other)| *other == pin);
            if let (Some((other, _)), Some((one, _))) = (same, named.get(index)) {
                return Err(PinError::Shared { one, other, pin });
            }
        }
        Ok(())
    }

    fn owner(&self, pin: u8) -> Option<&'static str> {
        match pin {
            pin if self.flash.contains(&pin) => Some("flash chip"),
            pin if self.usb.contains(&pin) => Some("USB port"),
            _ => None,
        }
    }
}

/// None when there is no such name, or the pin of a wire is to be inverted.
fn set(pins: &mut Pins, name: &str, pin: u8, inverted: bool) -> Option<()> {
    match (name, inverted) {
        ("data_in", false) => pins.data_in = pin,
        ("clock_in", false) => pins.clock_in = pin,
        ("data_out", false) => pins.data_out = pin,
        ("clock_out", false) => pins.clock_out = pin,
        ("heartbeat_led", _) => pins.heartbeat_led = Lamp { pin, inverted },
        ("broker_led", _) => pins.broker_led = Lamp { pin, inverted },
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        ESP32C3.read(text).expect_err("it is wrong").to_string()
    }

    #[test]
    fn what_is_not_named_keeps_its_default() {
        assert_eq!(ESP32C3.read(""), Ok(ESP32C3.defaults));
        let pins = ESP32C3.read(" data_in=0, broker_led = !1 ").expect("it is right");
        let wanted = Pins {
            data_in: 0,
            broker_led: Lamp {
                pin: 1,
                inverted: true,
            },
            ..ESP32C3.defaults
        };
        assert_eq!(pins, wanted);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(error("data_in"), "`data_in` is not name=number, as data_in=4");
        assert_eq!(error("data_in=x"), "`data_in=x` is not name=number, as data_in=4");
        assert_eq!(
            error("data_in=!4"),
            "`data_in=!4` is not name=number, as data_in=4"
        );
        assert!(error("mosi=4").starts_with("there is no `mosi`; there are data_in"));
        assert_eq!(error("data_in=0,data_in=1"), "`data_in` is given twice");
        assert_eq!(error("data_in=22"), "data_in=22: ESP32-C3 has GPIO0 to GPIO21");
        assert_eq!(
            error("clock_out=12"),
            "clock_out=12: GPIO12 belongs to the flash chip"
        );
        assert_eq!(
            error("clock_out=19"),
            "clock_out=19: GPIO19 belongs to the USB port"
        );
        assert_eq!(error("data_in=5"), "data_in and clock_in are both GPIO5");
    }

    #[test]
    fn pins_with_a_second_duty_are_cautioned_against() {
        let cautions = |text| ESP32C3.cautions(&ESP32C3.read(text).expect("it is right"));
        assert!(cautions("").is_empty());
        assert!(cautions("heartbeat_led=!8")[0].starts_with("heartbeat_led: GPIO8 is a strapping pin"));
        assert!(cautions("data_in=20")[0].contains("serial port"));
    }

    #[test]
    fn defaults_are_right_and_cost_nobody_a_caution() {
        for chip in [&ESP32C3, &ESP32C6] {
            assert_eq!(chip.check(&chip.defaults), Ok(()));
            assert!(chip.cautions(&chip.defaults).is_empty(), "{}", chip.name);
        }
        assert!(ESP32C6.read("data_in=12").is_err() && ESP32C6.read("data_in=14").is_ok());
    }
}
