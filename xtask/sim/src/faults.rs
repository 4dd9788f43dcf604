//! When which fault strikes. What a fault does is in `show`; bits that flip are in `flip`.

use std::time::Duration;

use crate::args::Fault;

/// A fault with its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Strike {
    /// Since the first publication.
    pub(crate) at: Duration,
    pub(crate) fault: Fault,
}

/// Spreads the faults over the run, each at a place of its share that the seed decides; bit flips have their own
/// clock and are left out.
pub(crate) fn plan(faults: &[Fault], run: Duration, seed: u64) -> Vec<Strike> {
    let timed: Vec<_> = faults
        .iter()
        .filter(|fault| !matches!(fault, Fault::BitFlip(_)))
        .collect();
    let share = run.as_secs_f64() * 0.8 / timed.len().max(1) as f64;
    let mut state = seed;
    let strike = |(place, fault): (usize, &&Fault)| {
        let at = run.as_secs_f64() * 0.1 + share * (place as f64 + 0.5 * fraction(&mut state));
        Strike {
            at: Duration::from_secs_f64(at),
            fault: **fault,
        }
    };
    timed.iter().enumerate().map(strike).collect()
}

/// The next pseudo-random number from 0 to 1 (splitmix64).
fn fraction(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_strike_within_the_run_in_the_order_given_and_as_the_seed_says() {
        let faults = [
            Fault::BridgeCrash,
            Fault::BitFlip(9),
            Fault::WifiDrop,
            Fault::BrokerRestart,
        ];
        let run = Duration::from_secs(10);
        let plan_1 = plan(&faults, run, 1);
        let kinds: Vec<_> = plan_1.iter().map(|strike| strike.fault).collect();
        assert_eq!(kinds, [Fault::BridgeCrash, Fault::WifiDrop, Fault::BrokerRestart]);
        assert!(plan_1.windows(2).all(|pair| pair[0].at < pair[1].at));
        assert!(plan_1.iter().all(|strike| strike.at < run));
        assert_eq!(plan_1, plan(&faults, run, 1));
        assert_ne!(plan_1, plan(&faults, run, 2));
    }
}
