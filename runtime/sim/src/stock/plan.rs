//! What goes wrong around a stock bridge, and everything else that a run is made of, drawn from its seed.

use std::fmt;

use fivewire_host::Config;

use crate::random::Random;
use crate::setup::{BROKER, PASSWORD, SSID};

use super::syncom::Boot;

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockFault {
    /// The bridge dies and starts again by itself.
    Crash {
        /// Milliseconds until it starts again.
        down_ms: u32,
    },
    /// The bridge stands still, its clock too; only the reset wire helps.
    Freeze,
    /// The bridge's program stops, while its clock goes on.
    Mute,
    /// The bridge never clocks in its next lives: silence before the sync byte.
    SilentBoots(u32),
    /// The bridge's next life begins with bits off their places.
    BadBoot {
        /// Bits before the sync byte.
        stray: u32,
        /// Bits by which characters are shifted.
        shift: u32,
    },
    /// The wires are disturbed.
    Noise {
        /// For how many milliseconds.
        ms: u32,
        /// Bits of a million that arrive wrong.
        flips: u32,
        /// Clock edges of a million that one end misses or sees twice.
        slips: u32,
    },
    /// The access point is off.
    WifiDrop {
        /// For how many milliseconds.
        ms: u32,
    },
    /// The broker stops and starts again.
    BrokerRestart {
        /// For how many milliseconds it is away.
        ms: u32,
    },
    /// The application takes no messages.
    SlowApplication {
        /// For how many milliseconds.
        ms: u32,
    },
}

impl StockFault {
    /// Whether it is no reason to reset the bridge.
    pub(super) const fn is_harmless(self) -> bool {
        matches!(self, Self::SlowApplication { .. })
    }
}

impl fmt::Display for StockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crash { down_ms } => write!(f, "bridge crashes, starts after {down_ms} ms"),
            Self::Freeze => f.write_str("bridge stands still"),
            Self::Mute => f.write_str("bridge's program stops, its clock goes on"),
            Self::SilentBoots(lives) => write!(f, "bridge never clocks in its next {lives} lives"),
            Self::BadBoot { stray, shift } => {
                write!(
                    f,
                    "bridge starts with {stray} stray bits, characters {shift} bits late"
                )
            }
            Self::Noise { ms, flips, slips } => {
                write!(f, "wires: {flips} ppm flips, {slips} ppm slips for {ms} ms")
            }
            Self::WifiDrop { ms } => write!(f, "Wi-Fi is off for {ms} ms"),
            Self::BrokerRestart { ms } => write!(f, "broker is away for {ms} ms"),
            Self::SlowApplication { ms } => write!(f, "application takes nothing for {ms} ms"),
        }
    }
}

/// Everything that decides a run.
#[derive(Clone, Debug)]
pub struct StockSetup {
    /// The seed.
    pub seed: u64,
    /// What the host's millisecond counter shows at the start.
    pub start_ms: u32,
    /// Exchanges of bits per millisecond while something is sent.
    pub bits_per_ms: u32,
    /// What the host is configured with.
    pub config: Config<'static>,
    /// The host has a last will.
    pub has_will: bool,
    /// The bridge has a network stored that can be joined.
    pub stored: bool,
    /// Mean pause between publications, in milliseconds.
    pub publish_every_ms: u32,
    /// Longest payload, in bytes.
    pub longest: u32,
    /// Mean pause between messages of other clients, in milliseconds; 0 = none.
    pub send_every_ms: u32,
    /// Mean pause between questions for memory and time, in milliseconds; 0 = none.
    pub ask_every_ms: u32,
    /// Some messages of other clients are made to forge what the bridge says.
    pub forges: bool,
    /// When (in virtual milliseconds) and what.
    pub faults: Vec<(u64, StockFault)>,
    /// When everything is whole again.
    pub heal_ms: u64,
    /// How long it may take after that until one more thing has ended, in virtual milliseconds.
    pub drain_ms: u64,
    /// Lines of the trace that are kept.
    pub trace_lines: usize,
}

impl StockSetup {
    /// A run of 30 s in which nothing goes wrong and nobody forges anything.
    #[must_use]
    pub fn quiet(seed: u64) -> Self {
        Self {
            seed,
            start_ms: 0,
            bits_per_ms: 16,
            config: Config {
                ssid: SSID,
                password: PASSWORD,
                broker: BROKER,
                ..Config::DEFAULT
            },
            has_will: true,
            stored: true,
            publish_every_ms: 500,
            longest: 40,
            send_every_ms: 500,
            ask_every_ms: 0,
            forges: false,
            faults: Vec::new(),
            heal_ms: 30_000,
            // An outage whose end was lost is ended by a reset after five minutes, and a bridge that joins in vain
            // begins anew after two.
            drain_ms: 480_000,
            trace_lines: usize::MAX,
        }
    }

    /// Everything from the seed: up to six faults at any times, which may overlap.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        let mut random = Random::new(seed).fork("stock");
        let heal_ms = u64::from(random.between(25_000, 80_000));
        let quiet = Self::quiet(seed);
        let mut pick = |choices: &[u32]| random.pick(choices).copied().unwrap_or_default();
        let (bits_per_ms, publish_every_ms) = (pick(&[4, 8, 16, 32]), pick(&[100, 400, 2_000]));
        let (send_every_ms, ask_every_ms) = (pick(&[0, 150, 600, 2_000]), pick(&[0, 3_000, 9_000]));
        let longest = pick(&[12, 60, 400]);
        let count = random.below(7);
        let mut faults: Vec<_> = (0..count)
            .map(|_| (u64::from(random.below(heal_ms as u32)), random_fault(&mut random)))
            .collect();
        faults.sort_by_key(|(at_ms, _)| *at_ms);
        Self {
            start_ms: random.bits() as u32,
            bits_per_ms,
            config: Config {
                use_default_net: random.percent(70),
                timeout: random.between(2, 10) as u16,
                response_time: random.between(3, 10) as u16,
                ..quiet.config
            },
            has_will: random.percent(50),
            stored: random.percent(70),
            publish_every_ms,
            longest,
            send_every_ms,
            ask_every_ms,
            forges: random.percent(60),
            faults,
            heal_ms,
            trace_lines: 150,
            ..quiet
        }
    }

    /// Whether nothing in the plan is a reason to reset the bridge after its start.
    pub(super) fn is_harmless(&self) -> bool {
        self.faults.iter().all(|(_, fault)| fault.is_harmless())
    }
}

fn random_fault(random: &mut Random) -> StockFault {
    match random.below(12) {
        0 | 1 => StockFault::Crash {
            down_ms: random.between(1, 3_000),
        },
        2 => StockFault::Freeze,
        3 => StockFault::Mute,
        4 => StockFault::SilentBoots(random.between(1, 3)),
        5 => StockFault::BadBoot {
            stray: random.below(9),
            shift: random.below(7),
        },
        6 | 7 => StockFault::Noise {
            ms: random.between(100, 15_000),
            flips: random.below(2_000),
            slips: random.below(500),
        },
        8 | 9 => StockFault::WifiDrop {
            ms: random.between(100, 20_000),
        },
        10 => StockFault::BrokerRestart {
            ms: random.between(100, 15_000),
        },
        _ => StockFault::SlowApplication {
            ms: random.between(1_000, 20_000),
        },
    }
}

impl From<StockFault> for Boot {
    fn from(fault: StockFault) -> Self {
        match fault {
            StockFault::BadBoot { stray, shift } => Self { stray, shift },
            _ => Self::default(),
        }
    }
}
