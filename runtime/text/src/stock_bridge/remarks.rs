//! What the host's log is told about a stock bridge: its limits in plain words, each once per link. Kept as what they
//! say until a line has room; a later one of the same kind replaces the earlier.

use fivewire_wire::{LogLevel, TextError};

use crate::give;
use crate::translate::Desk;

/// Lines to be said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remarks {
    /// It publishes everything retained.
    pub(super) retains: Remark,
    /// TLS without a look at the certificate.
    pub(super) trusts_anyone: Remark,
    /// TLS was asked for with a look at the certificate.
    pub(super) verifies_nobody: Remark,
    /// Something of a subscribed topic could not be read.
    pub(super) damaged: Remark,
    /// Messages came faster than the host took them.
    pub(super) overrun: Remark,
    /// A subscription may be lost.
    pub(super) unknown: Remark,
    /// Why a command of the host was refused.
    pub(super) refused: Option<(&'static str, TextError)>,
}

/// A line that is said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    Unneeded,
    Due,
    Said,
}

impl Remark {
    pub(super) fn is_due(&mut self) {
        if *self == Self::Unneeded {
            *self = Self::Due;
        }
    }

    fn say(&mut self, desk: &mut Desk<'_>, text: &str) {
        if *self == Self::Due && give::line(desk, LogLevel::Warn, format_args!("{text}")) {
            *self = Self::Said;
        }
    }
}

impl Remarks {
    pub(super) const NONE: Self = Self {
        retains: Remark::Unneeded,
        trusts_anyone: Remark::Unneeded,
        verifies_nobody: Remark::Unneeded,
        damaged: Remark::Unneeded,
        overrun: Remark::Unneeded,
        unknown: Remark::Unneeded,
        refused: None,
    };

    /// Says what has room. Comes last in a call, so that it takes no room that is promised to others.
    pub(super) fn say(&mut self, desk: &mut Desk<'_>) {
        if let Some((what, why)) = self.refused
            && give::line(desk, LogLevel::Error, format_args!("{what} refused: {why}"))
        {
            self.refused = None;
        }
        self.retains.say(
            desk,
            "a stock MicroPython bridge: the broker will retain whatever is published, will included",
        );
        self.trusts_anyone.say(
            desk,
            "a stock MicroPython bridge does not look at the broker's certificate: anyone can be the broker",
        );
        self.verifies_nobody.say(
            desk,
            "a stock MicroPython bridge cannot verify the broker's certificate: tls only with tls_verify = false",
        );
        self.damaged
            .say(desk, "a message was dropped: too long, or its payload holds 0x00 or 0x7F, which this bridge cannot pass on");
        self.overrun.say(
            desk,
            "a message was dropped: those before it are not taken, and a stock MicroPython bridge cannot hold it",
        );
        self.unknown.say(
            desk,
            "perhaps a subscription did not reach the bridge: between messages somebody said that it was unknown",
        );
    }
}
