//! Why the chip started, in the spec's words. The chip cannot tell its reset pin from the power switch: both are power-up
//! to it, and the host knows which of its wires it pulled.

use core::fmt;

use fivewire_bridge::ResetCause;

/// What the chip says, and what the program before said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Power was applied, or the reset pin was low.
    PowerOrPin,
    /// The supply sagged.
    Brownout,
    /// The program before asked for it.
    Restart,
    /// The program before panicked.
    Panic,
    /// The program before did not feed the watchdog.
    Watchdog,
    /// A tool on the USB port.
    Usb,
    /// The chip gave this number, or none.
    Other(u8),
}

impl Start {
    /// `reason` is the number of the chip's reset-state register, the same on both chips [ESP32-C3 TRM, 8.1.3;
    /// ESP32-C6 TRM, 8.1.3]; `last_words` says whether a panic left some.
    pub(crate) const fn of(reason: u8, last_words: bool) -> Self {
        match (reason, last_words) {
            (0x01, _) => Self::PowerOrPin,
            (0x03 | 0x0c, true) => Self::Panic,
            (0x03 | 0x0c, false) => Self::Restart,
            (0x07 | 0x08 | 0x09 | 0x0b | 0x0d | 0x10 | 0x11 | 0x12, _) => Self::Watchdog,
            (0x0f, _) => Self::Brownout,
            (0x15 | 0x16, _) => Self::Usb,
            (other, _) => Self::Other(other),
        }
    }

    /// What the host is told.
    pub(crate) const fn cause(self) -> ResetCause {
        match self {
            Self::PowerOrPin | Self::Brownout | Self::Usb | Self::Other(_) => ResetCause::PowerOn,
            Self::Restart => ResetCause::Restart,
            Self::Panic | Self::Watchdog => ResetCause::Crash,
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PowerOrPin => "power or reset pin",
            Self::Brownout => "the supply sagged",
            Self::Restart => "restart",
            Self::Panic => "panic",
            Self::Watchdog => "watchdog",
            Self::Usb => "USB",
            Self::Other(reason) => return write!(f, "reset reason {reason:#04x}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_cause() {
        let cause = |reason, words| Start::of(reason, words).cause();
        assert_eq!(cause(0x01, false), ResetCause::PowerOn);
        assert_eq!(cause(0x0f, false), ResetCause::PowerOn);
        assert_eq!(cause(0x16, true), ResetCause::PowerOn, "old words prove nothing");
        assert_eq!(cause(0x03, false), ResetCause::Restart);
        assert_eq!(cause(0x03, true), ResetCause::Crash);
        assert_eq!(cause(0x09, false), ResetCause::Crash);
        assert_eq!(cause(0xff, false), ResetCause::PowerOn);
    }

    #[test]
    fn what_nobody_foresaw_shows_its_number() {
        assert_eq!(Start::of(0x14, false).to_string(), "reset reason 0x14");
    }
}
