//! The sums of a run: what is printed last, for people and as JSON.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// How a run went.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// Publications that the host accepted.
    pub(crate) published: u64,
    /// Receipts that said Delivered.
    pub(crate) delivered: u64,
    /// Receipts that said something else.
    pub(crate) other_receipts: u64,
    /// Messages that came back to the host's own subscription.
    pub(crate) received: u64,
    /// Different publications that the independent observer saw at the broker.
    pub(crate) observed: u64,
    /// Publications that the observer saw once more.
    pub(crate) duplicates: u64,
    /// Publications without a receipt, or with the receipt Delivered but never seen at the broker.
    pub(crate) lost: u64,
    /// Times the host pulled the reset wire after the start.
    pub(crate) bridge_resets: u32,
    /// Faults that struck.
    pub(crate) faults: usize,
    /// Frames that the link repaired by sending them again.
    pub(crate) retransmissions: u32,
    /// Symbols per second in each direction while the link was busy.
    pub(crate) symbols_per_second: u64,
    /// From the call to the receipt, in order of size.
    pub(crate) latencies: Vec<Duration>,
}

impl Summary {
    /// The latency that `percent` of the publications did not exceed, in milliseconds.
    fn latency_ms(&self, percent: usize) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let place = (self.latencies.len() * percent / 100).min(last);
        let latency = self.latencies.get(place).copied().unwrap_or_default();
        (latency.as_secs_f64() * 1e6).round() / 1e3
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "event": "summary",
            "published": self.published,
            "delivered": self.delivered,
            "received": self.received,
            "observed": self.observed,
            "duplicates": self.duplicates,
            "lost": self.lost,
            "bridge_resets": self.bridge_resets,
            "faults": self.faults,
            "retransmissions": self.retransmissions,
            "symbols_per_second": self.symbols_per_second,
            "latency_ms": {"p50": self.latency_ms(50), "p99": self.latency_ms(99)},
        })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "published {}, delivered {}, other receipts {}, lost {}",
            self.published, self.delivered, self.other_receipts, self.lost
        )?;
        writeln!(
            f,
            "seen at the broker {} (and {} again), came back to the host {}",
            self.observed, self.duplicates, self.received
        )?;
        writeln!(
            f,
            "faults {}, bridge resets {}, frames sent again {}",
            self.faults, self.bridge_resets, self.retransmissions
        )?;
        write!(
            f,
            "{} symbols/s each way when busy; call to receipt p50 {} ms, p99 {} ms",
            self.symbols_per_second,
            self.latency_ms(50),
            self.latency_ms(99)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_percentiles_in_milliseconds() {
        let latencies = (1..=100).map(Duration::from_millis).collect();
        let summary = Summary {
            latencies,
            ..Summary::default()
        };
        let json = summary.to_json();
        assert_eq!(
            (
                json["latency_ms"]["p50"].as_f64(),
                json["latency_ms"]["p99"].as_f64()
            ),
            (Some(51.0), Some(100.0))
        );
        assert_eq!(Summary::default().to_json()["latency_ms"]["p99"], 0.0);
    }
}
