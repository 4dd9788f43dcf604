//! Doubt, and what ends it.
//!
//! A stock bridge writes a message's payload into its stream as it is. A payload with a 0 in it ends the string, and
//! what stands behind looks like any string of the bridge's own; the one who wrote it can make the pieces before and
//! behind look right too. So nothing that comes after a message can be told from a forgery by its looks. But all of a
//! payload stands in the bridge's stream in one piece, so an answer that nobody could foresee ends it: after that
//! answer comes nothing more of what was before the question.
//!
//! The bridge answers every string that it does not know with that string. And as it does one thing after the other,
//! the echo says more: what it was told before is done.
//!
//! Deliberately not here: what is done with what was claimed meanwhile.

use fivewire_wire::{Status, TextWriter, event};

/// Characters of a question: its mark and 24 bits.
const QUESTION: usize = 7;
/// No word begins so.
const MARK: u8 = b'?';

/// A question that only the bridge can answer, because only the bridge hears it.
#[derive(Clone, Copy)]
pub(super) struct Proof {
    question: [u8; QUESTION],
    /// Whether a publication, a time question were under way when it was asked: they are done when it is answered.
    pub(super) covers_publish: bool,
    pub(super) covers_time: bool,
}

impl Proof {
    pub(super) fn new(secret: u32, covers_publish: bool, covers_time: bool) -> Self {
        let mut question = [MARK; QUESTION];
        for (at, digit) in question.iter_mut().skip(1).enumerate() {
            let nibble = (secret >> (4 * at)) as u8 & 0xF; // masked
            *digit = if nibble < 10 {
                b'0' + nibble
            } else {
                b'a' - 10 + nibble
            };
        }
        Self {
            question,
            covers_publish,
            covers_time,
        }
    }

    /// The string to say.
    pub(super) fn question(&self) -> &[u8] {
        &self.question
    }

    /// Whether the string is its echo.
    pub(super) fn is_answered(&self, string: &[u8]) -> bool {
        string
            .strip_suffix(&self.question)
            .is_some_and(is_unknown_command)
    }
}

/// Without the question, which nobody else may know.
impl core::fmt::Debug for Proof {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(fivewire_wire::REDACTED)
    }
}

/// Whether this is what a bridge says of a string that it does not know, up to that string.
fn is_unknown_command(string: &[u8]) -> bool {
    let (status, mut buffer) = (Status::UnknownCommand, [0; event::Status::MAX_TEXT]);
    let mut writer = TextWriter::new(&mut buffer);
    event::Status { status, detail: 0 }
        .encode_text(&mut writer)
        .is_ok()
        && string == writer.written()
}

/// Secrets for questions, which who writes a payload cannot guess: they begin with what the host told the bridge, its
/// passwords among it, and the time to a millisecond. Not for cryptography.
#[derive(Clone, Copy)]
pub(super) struct Secrets(u32);

impl Secrets {
    pub(super) const fn new(now_ms: u32) -> Self {
        Self(now_ms)
    }

    pub(super) fn stir(&mut self, bits: u32) {
        self.0 = mix(self.0 ^ bits);
    }

    pub(super) fn next(&mut self, now_ms: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9);
        mix(self.0 ^ mix(now_ms))
    }
}

/// Never printed: made of passwords.
impl core::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(fivewire_wire::REDACTED)
    }
}

/// Spreads each bit over all (the finaliser of MurmurHash3).
fn mix(mut bits: u32) -> u32 {
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85EB_CA6B);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xC2B2_AE35);
    bits ^ (bits >> 16)
}

/// What came while it could have been forged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claims {
    /// `PUBOK` while a publication was under way.
    pub(super) publish: bool,
    /// Answers to a time question.
    pub(super) time: ClaimedTime,
    /// `WIFI_DOWN`, and when: what the bridge says next shows whether it is so.
    pub(super) down_at: Option<u32>,
    /// That a command is unknown.
    pub(super) unknown: bool,
}

impl Claims {
    pub(super) const NONE: Self = Self {
        publish: false,
        time: ClaimedTime::None,
        down_at: None,
        unknown: false,
    };
}

/// Times that were claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ClaimedTime {
    #[default]
    None,
    One(u32),
    /// More than one, which are not the same: at least one of them is forged.
    Several,
}

impl ClaimedTime {
    pub(super) fn add(&mut self, unix_time: u32) {
        *self = match *self {
            Self::None => Self::One(unix_time),
            Self::One(other) if other == unix_time => Self::One(other),
            Self::One(_) | Self::Several => Self::Several,
        };
    }

    /// The time to believe; 0 when there is none.
    pub(super) fn settled(self) -> u32 {
        match self {
            Self::One(unix_time) => unix_time,
            Self::None | Self::Several => 0,
        }
    }
}
