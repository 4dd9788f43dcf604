//! What goes wrong in a run, and when: drawn from the seed, or written down by a test. When the plan has ended
//! everything is whole again; a run that does not drain then is a failure.

use std::fmt;

use crate::network::Cut;
use crate::random::Random;

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bridge's program dies at this bit of the millisecond and starts again by itself.
    BridgeCrash {
        /// Which bit.
        bit: u32,
        /// Milliseconds until it starts again.
        down_ms: u32,
    },
    /// The bridge's program stops at this bit for good; only the reset wire helps.
    BridgeHang {
        /// Which bit.
        bit: u32,
    },
    /// The bridge's program stands still and then goes on as if nothing had been.
    BridgePause {
        /// For how many milliseconds.
        ms: u32,
    },
    /// The host's program stands still and then goes on.
    HostPause {
        /// For how many milliseconds.
        ms: u32,
    },
    /// The host's program dies and starts again, without its queue and journal.
    HostRestart,
    /// The access point is off.
    WifiDrop {
        /// For how many milliseconds.
        ms: u32,
    },
    /// The broker stops and starts again.
    BrokerRestart {
        /// For how many milliseconds it is away.
        ms: u32,
        /// It keeps sessions and retained messages.
        keeps: bool,
        /// While it is away its machine does not answer at all, instead of refusing.
        silent: bool,
    },
    /// The broker takes its time to acknowledge.
    BrokerSlow {
        /// For how many milliseconds.
        ms: u32,
        /// How long an acknowledgement takes, in milliseconds.
        delay_ms: u32,
    },
    /// The TCP connection breaks.
    TcpCut(Cut),
    /// Nothing moves on the network, nothing is lost.
    TcpStall {
        /// For how many milliseconds.
        ms: u32,
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
    /// The application takes no messages and no receipts.
    SlowApplication {
        /// For how many milliseconds.
        ms: u32,
    },
    /// The application wants the bridge to be reset.
    ResetRequest,
    /// The application sends the command `restart`.
    RestartCommand,
    /// The application gives the host another configuration; the connection to the broker begins anew.
    Reconfigure,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BridgeCrash { bit, down_ms } => {
                write!(f, "bridge crashes at bit {bit}, starts after {down_ms} ms")
            }
            Self::BridgeHang { bit } => write!(f, "bridge hangs at bit {bit}"),
            Self::BridgePause { ms } => write!(f, "bridge pauses for {ms} ms"),
            Self::HostPause { ms } => write!(f, "host pauses for {ms} ms"),
            Self::HostRestart => f.write_str("host restarts"),
            Self::WifiDrop { ms } => write!(f, "Wi-Fi is off for {ms} ms"),
            Self::BrokerRestart { ms, keeps, silent } => {
                let memory = if *keeps { "keeps" } else { "forgets" };
                let away = if *silent { "silent" } else { "refusing" };
                write!(f, "broker restarts, {away} for {ms} ms, {memory} its sessions")
            }
            Self::BrokerSlow { ms, delay_ms } => write!(f, "broker answers after {delay_ms} ms for {ms} ms"),
            Self::TcpCut(Cut::Reset) => f.write_str("TCP connection is reset"),
            Self::TcpCut(Cut::Void) => f.write_str("TCP connection leads nowhere"),
            Self::TcpStall { ms } => write!(f, "network stalls for {ms} ms"),
            Self::Noise { ms, flips, slips } => {
                write!(f, "wires: {flips} ppm flips, {slips} ppm slips for {ms} ms")
            }
            Self::SlowApplication { ms } => write!(f, "application takes nothing for {ms} ms"),
            Self::ResetRequest => f.write_str("application resets the bridge"),
            Self::RestartCommand => f.write_str("application restarts the bridge"),
            Self::Reconfigure => f.write_str("application changes the configuration"),
        }
    }
}

/// What goes wrong, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// When (in virtual milliseconds) and what.
    pub faults: Vec<(u64, Fault)>,
    /// When everything is whole again at the latest.
    pub heal_ms: u64,
}

impl Plan {
    /// Nothing goes wrong, in a run of this length.
    #[must_use]
    pub const fn none(heal_ms: u64) -> Self {
        Self {
            faults: Vec::new(),
            heal_ms,
        }
    }

    /// One fault.
    #[must_use]
    pub fn one(at_ms: u64, fault: Fault, heal_ms: u64) -> Self {
        Self {
            faults: vec![(at_ms, fault)],
            heal_ms,
        }
    }

    /// Drawn from a seed: up to ten faults at any times; faults may overlap.
    #[must_use]
    pub fn random(random: &mut Random) -> Self {
        let heal_ms = u64::from(random.between(15_000, 60_000));
        let count = random.below(11);
        let mut faults: Vec<_> = (0..count)
            .map(|_| (u64::from(random.below(heal_ms as u32)), random_fault(random)))
            .collect();
        faults.sort_by_key(|(at_ms, _)| *at_ms);
        Self { faults, heal_ms }
    }
}

fn random_fault(random: &mut Random) -> Fault {
    let bit = random.below(64);
    match random.below(18) {
        0..=2 => Fault::BridgeCrash {
            bit,
            down_ms: random.between(1, 3_000),
        },
        3 => Fault::BridgeHang { bit },
        4 => Fault::BridgePause {
            ms: random.between(1, 15_000),
        },
        5 => Fault::HostPause {
            ms: random.between(1, 15_000),
        },
        6 => Fault::HostRestart,
        7 => Fault::WifiDrop {
            ms: random.between(1, 20_000),
        },
        8 => Fault::BrokerRestart {
            ms: random.between(1, 15_000),
            keeps: random.percent(70),
            silent: random.percent(30),
        },
        9 => Fault::BrokerSlow {
            ms: random.between(1_000, 20_000),
            delay_ms: random.between(1, 8_000),
        },
        10 => Fault::TcpCut(Cut::Reset),
        11 => Fault::TcpCut(Cut::Void),
        12 => Fault::TcpStall {
            ms: random.between(1, 12_000),
        },
        13 => random_noise(random),
        14 => Fault::SlowApplication {
            ms: random.between(1_000, 20_000),
        },
        15 => Fault::ResetRequest,
        16 => Fault::RestartCommand,
        _ => Fault::Reconfigure,
    }
}

fn random_noise(random: &mut Random) -> Fault {
    let most = if random.percent(30) { 20_000 } else { 1_000 };
    Fault::Noise {
        ms: random.between(100, 15_000),
        flips: random.below(most),
        slips: random.below(most),
    }
}
