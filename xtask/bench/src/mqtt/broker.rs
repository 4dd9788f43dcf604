//! One real mosquitto for the whole contest, gone in the end.
//!
//! It is never the measured one, but everybody's other half: all contestants meet the same process.

use std::time::Duration;

use fivewire_xtask_processes::{self as processes, Folder};

use crate::machine;

/// Everything as it comes, but what would wait for a peer or write to a disk.
const LINES: &str = "persistence false\nset_tcp_nodelay true\nlog_type none\n";

/// A running broker, and the folder of its configuration, which goes after it.
pub(crate) struct Broker {
    process: processes::Broker,
    _folder: Folder,
}

impl Broker {
    /// Starts it and waits until it listens.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let folder = Folder::new("bench")?;
        Ok(Self {
            process: processes::Broker::with(&folder, LINES)?,
            _folder: folder,
        })
    }

    /// Where it listens, on the loopback.
    pub(crate) const fn port(&self) -> u16 {
        self.process.port
    }

    /// User and system time that it took so far.
    pub(crate) fn cpu_time(&self) -> Duration {
        self.process.id().map(machine::cpu_time_of).unwrap_or_default()
    }
}
