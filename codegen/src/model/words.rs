//! The closed lists of words in a spec, each an enum with its names. No behaviour: that is the runtime's.

/// Units that `unit:` takes, with what they mean.
pub const UNITS: [(&str, &str); 15] = [
    ("us", "microseconds"),
    ("ms", "milliseconds"),
    ("s", "seconds"),
    ("min", "minutes"),
    ("h", "hours"),
    ("Hz", "hertz"),
    ("kHz", "kilohertz"),
    ("MHz", "megahertz"),
    ("B", "bytes"),
    ("bit", "bits"),
    ("%", "percent"),
    ("mV", "millivolts"),
    ("mA", "milliamperes"),
    ("degC", "degrees Celsius"),
    ("dBm", "decibels over a milliwatt"),
];

/// An enum whose values are words of a spec.
pub(crate) trait Word: Copy + 'static {
    /// All words.
    const WORDS: &'static [(&'static str, Self)];
    /// What a spec means that does not say.
    const FIRST: Self;
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];
            const FIRST: Self = Self::WORDS[0].1;
        }

        impl $name {
            /// The word in a spec.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

words! {
    /// Which end says a status.
    Origin {
        /// It travels in status events.
        Bridge = "bridge",
        /// It is born at the host and has no code.
        Host = "host",
    }
}
words! {
    /// How bad a status is.
    Severity {
        /// Codes from 0x00.
        Info = "info",
        /// Codes from 0x40.
        Warning = "warning",
        /// Codes from 0x80.
        Error = "error",
        /// Codes from 0xC0.
        Fatal = "fatal",
    }
}
words! {
    /// Part of a bridge's life.
    Phase {
        /// Until the first broker connection.
        Init = "init",
        /// Afterwards.
        Run = "run",
    }
}
words! {
    /// What mends a status.
    Recovery {
        /// Nothing has to be done.
        None = "none",
        /// The bridge connects again by itself.
        Reconnect = "reconnect",
        /// A person must change the configuration.
        FixConfig = "fix_config",
        /// The host resets the bridge.
        ResetBridge = "reset_bridge",
    }
}
words! {
    /// What an answer without a time limit waits for.
    WaitsFor {
        /// The broker.
        Broker = "broker",
        /// A person.
        User = "user",
    }
}
words! {
    /// What the host does with a command while the broker is away.
    OnOutage {
        /// Keep it.
        Queue = "queue",
        /// Fail at once.
        Fail = "fail",
        /// Let the caller wait.
        Wait = "wait",
    }
}
words! {
    /// How an integer of more than one byte travels.
    Encoding {
        /// LEB128, zigzag when signed.
        Varint = "varint",
        /// Little endian.
        Fixed = "fixed",
    }
}
words! {
    /// How the MicroPython system writes a bool.
    TextBool {
        /// 0 or 1.
        Digits = "digits",
        /// False or True.
        Words = "words",
    }
}
words! {
    /// Which end uses a config key.
    Scope {
        /// It is sent to the bridge.
        Bridge = "bridge",
        /// It never leaves the host.
        Host = "host",
    }
}
words! {
    /// When a changed config key takes effect.
    Apply {
        /// At once.
        Live = "live",
        /// With the next connection.
        Reconnect = "reconnect",
        /// With the next start of the bridge.
        Reboot = "reboot",
    }
}
words! {
    /// When the host's journal sends a command again; the only word there is.
    Replay {
        /// After each reset of the bridge.
        OnReconnect = "on_reconnect",
    }
}
words! {
    /// The kinds of named types.
    Kind {
        /// An enumeration.
        Enum = "enum",
        /// A structure.
        Struct = "struct",
    }
}

impl Severity {
    /// First and last code of this severity.
    pub fn codes(self) -> (i128, i128) {
        match self {
            Self::Info => (0x00, 0x3F),
            Self::Warning => (0x40, 0x7F),
            Self::Error => (0x80, 0xBF),
            Self::Fatal => (0xC0, 0xFF),
        }
    }
}
