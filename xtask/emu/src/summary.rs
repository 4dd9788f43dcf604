//! The result of a run, for people and for scripts.

use std::fmt;

use serde::Serialize;

use crate::lamp::Lamp;
use crate::life::Life;
use crate::tally::Counts;

/// The Pico's clock.
const PICO_HZ: u64 = 125_000_000;

/// How it went.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    #[serde(flatten)]
    counts: Counts,
    /// Times that the host reset its bridge once it had one.
    bridge_resets: u32,
    led_ordered: u32,
    led_followed: u32,
    cycles_per_symbol: Option<u64>,
    #[serde(rename = "symbols_per_second_at_125MHz")]
    symbols_per_second: Option<u64>,
    emulated_seconds: f64,
    mcycles_per_second: f64,
}

impl Summary {
    pub(crate) fn new(counts: Counts, bridge_resets: u32, lamp: &Lamp, life: &Life) -> Self {
        Self {
            counts,
            bridge_resets,
            led_ordered: lamp.ordered,
            led_followed: lamp.followed,
            cycles_per_symbol: life.cycles_per_symbol,
            symbols_per_second: life.cycles_per_symbol.map(|cycles| PICO_HZ / cycles.max(1)),
            emulated_seconds: rounded(life.time.as_secs_f64()),
            mcycles_per_second: rounded(life.cycles_per_second / 1e6),
        }
    }

    /// All that was published arrived and has its receipt, and the LED did what it was told.
    pub(crate) const fn is_good(&self) -> bool {
        self.counts.published > 0
            && self.counts.is_settled()
            && self.led_ordered > 0
            && self.led_followed == self.led_ordered
    }
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            published,
            delivered,
            received,
            lost,
            repeated,
        } = self.counts;
        writeln!(
            f,
            "published {published}, delivered {delivered}, received {received}, lost {lost}, repeated {repeated}"
        )?;
        writeln!(
            f,
            "the LED followed {} of {} orders",
            self.led_followed, self.led_ordered
        )?;
        writeln!(f, "the bridge was reset {} times", self.bridge_resets)?;
        if let (Some(cycles), Some(symbols)) = (self.cycles_per_symbol, self.symbols_per_second) {
            writeln!(f, "{cycles} cycles per symbol: {symbols} symbols/s at 125 MHz")?;
        }
        write!(
            f,
            "{} s of the chip's time, at {} million cycles a second",
            self.emulated_seconds, self.mcycles_per_second
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const ALL: Counts = Counts {
        published: 9,
        delivered: 9,
        received: 9,
        lost: 0,
        repeated: 1,
    };

    fn is_good(counts: Counts, followed: bool) -> bool {
        let now = Instant::now();
        let mut lamp = Lamp::new(now);
        lamp.given(true, now);
        lamp.is(followed, now);
        let life = Life {
            time: Duration::from_secs(1),
            cycles_per_second: 2e7,
            cycles_per_symbol: None,
        };
        Summary::new(counts, 0, &lamp, &life).is_good()
    }

    #[test]
    fn a_run_is_good_when_all_arrived_and_the_led_followed() {
        assert!(is_good(ALL, true) && !is_good(ALL, false));
        let lost = Counts {
            received: 8,
            lost: 1,
            ..ALL
        };
        let unsettled = Counts { delivered: 8, ..ALL };
        let nothing = Counts {
            published: 0,
            delivered: 0,
            received: 0,
            ..ALL
        };
        assert!(
            [lost, unsettled, nothing]
                .into_iter()
                .all(|counts| !is_good(counts, true))
        );
    }
}
