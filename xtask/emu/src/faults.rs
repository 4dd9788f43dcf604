//! What goes wrong meanwhile, and when. Deliberately fixed moments, evenly spread: a run that failed can be run again.

use std::time::Duration;

use clap::ValueEnum;

/// So long an access point stays off the air.
const OFF_AIR: Duration = Duration::from_secs(3);
/// So long the broker is away.
const AWAY: Duration = Duration::from_secs(1);

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// The bridge's process or machine ends as by kill -9.
    BridgeCrash,
    /// The access point goes off the air for three seconds.
    WifiDrop,
    /// The broker stops, with its store, and comes back a second later.
    BrokerRestart,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Crash,
    AccessPoint { on_air: bool },
    Broker { runs: bool },
}

/// What to do when, the last first.
pub(crate) fn plan(faults: &[Fault], within: Duration) -> Vec<(Duration, Deed)> {
    let parts = faults.len() as u32 + 1;
    let mut deeds: Vec<_> = faults
        .iter()
        .zip(1..)
        .flat_map(|(fault, part)| deeds(*fault, within * part / parts))
        .collect();
    deeds.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    deeds
}

fn deeds(fault: Fault, at: Duration) -> Vec<(Duration, Deed)> {
    match fault {
        Fault::BridgeCrash => vec![(at, Deed::Crash)],
        Fault::WifiDrop => vec![
            (at, Deed::AccessPoint { on_air: false }),
            (at + OFF_AIR, Deed::AccessPoint { on_air: true }),
        ],
        Fault::BrokerRestart => vec![
            (at, Deed::Broker { runs: false }),
            (at + AWAY, Deed::Broker { runs: true }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_spread_and_mended() {
        let deeds = plan(&[Fault::BridgeCrash, Fault::WifiDrop], Duration::from_secs(30));
        let expected = [
            (23, Deed::AccessPoint { on_air: true }),
            (20, Deed::AccessPoint { on_air: false }),
            (10, Deed::Crash),
        ];
        assert_eq!(deeds, expected.map(|(s, deed)| (Duration::from_secs(s), deed)));
        assert!(plan(&[], Duration::from_secs(30)).is_empty());
    }
}
