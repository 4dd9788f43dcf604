//! What every contestant is told to do, and what it says when it is done.
//!
//! The message is the same for all: 32 bytes to one topic. Not here: how a client sends it.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::machine;

pub(crate) const TOPIC: &str = "bench/t";
pub(crate) const PAYLOAD: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

/// How the messages go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Mode {
    /// QoS 0 without a pause, then one of QoS 1, whose PUBACK stops the clock: the broker has read all of them.
    Qos0,
    /// QoS 1, with at most `window` of them unacknowledged.
    Qos1,
}

/// A task for a contestant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Args)]
pub(crate) struct Job {
    /// Where the broker listens on the loopback interface.
    pub(crate) port: u16,
    pub(crate) mode: Mode,
    pub(crate) count: usize,
    /// With 1, each message is a round trip of its own and timed.
    pub(crate) window: usize,
}

impl Job {
    /// Whether each message is a round trip.
    pub(crate) const fn is_sequential(&self) -> bool {
        matches!(self.mode, Mode::Qos1) && self.window == 1
    }

    /// Whether a contestant that gathers fills its window again: when half of it is free.
    pub(crate) const fn is_to_refill(&self, in_flight: usize) -> bool {
        2 * in_flight <= self.window
    }

    /// As a contestant's command line.
    pub(crate) fn args(&self) -> [String; 4] {
        let mode = match self.mode {
            Mode::Qos0 => "qos0",
            Mode::Qos1 => "qos1",
        };
        [
            self.port.to_string(),
            mode.into(),
            self.count.to_string(),
            self.window.to_string(),
        ]
    }
}

/// What a contestant says of itself, as one line of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) messages_per_s: f64,
    /// User and system time for each message, in microseconds.
    pub(crate) cpu_us: f64,
    /// The same of the broker meanwhile; who reports does not know it.
    #[serde(default)]
    pub(crate) broker_us: f64,
    /// Round trip, in microseconds; 0 where there were none.
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) peak_rss_kb: u64,
}

/// Runs from the first message to the last acknowledgement; start and connection are not in it.
pub(crate) struct Clock {
    start: Instant,
    cpu: Duration,
    last: Instant,
    laps: Vec<Duration>,
}

impl Clock {
    pub(crate) fn start(job: &Job) -> Self {
        let laps = Vec::with_capacity(if job.is_sequential() { job.count } else { 0 });
        let cpu = machine::cpu_time();
        let now = Instant::now();
        Self {
            start: now,
            cpu,
            last: now,
            laps,
        }
    }

    /// Ends one round trip and starts the next.
    pub(crate) fn lap(&mut self) {
        let now = Instant::now();
        self.laps.push(now - self.last);
        self.last = now;
    }

    pub(crate) fn stop(mut self, job: &Job) -> Report {
        let (elapsed, cpu) = (self.start.elapsed(), machine::cpu_time() - self.cpu);
        let count = job.count as f64;
        self.laps.sort_unstable();
        Report {
            messages_per_s: count / elapsed.as_secs_f64(),
            cpu_us: us(cpu) / count,
            broker_us: 0.0,
            p50_us: percentile(&self.laps, 50),
            p99_us: percentile(&self.laps, 99),
            peak_rss_kb: machine::peak_rss_kb(),
        }
    }
}

fn us(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// Of sorted durations, in microseconds; 0 when there are none.
fn percentile(laps: &[Duration], percent: usize) -> f64 {
    let at = (laps.len() * percent / 100).min(laps.len().saturating_sub(1));
    laps.get(at).copied().map_or(0.0, us)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_few_and_of_many() {
        let laps: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        assert!((percentile(&laps, 50) - 101.0).abs() < 1e-6);
        assert!((percentile(&laps, 99) - 199.0).abs() < 1e-6);
        assert!((percentile(&laps[..1], 99) - 1.0).abs() < 1e-6);
        assert!(percentile(&[], 50).abs() < 1e-6);
    }

    #[test]
    fn a_report_comes_back_from_its_line() {
        // Halves and quarters, which JSON carries exactly.
        let report = Report {
            messages_per_s: 1000.5,
            cpu_us: 2.25,
            broker_us: 0.5,
            p50_us: 10.0,
            p99_us: 20.75,
            peak_rss_kb: 3000,
        };
        let line = serde_json::to_string(&report).expect("it is plain data");
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Report>(&line).expect("the same"), report);
    }

    #[test]
    fn the_clock_tells_what_the_job_took() {
        let job = Job {
            port: 1,
            mode: Mode::Qos1,
            count: 2,
            window: 1,
        };
        let mut clock = Clock::start(&job);
        clock.lap();
        clock.lap();
        let report = clock.stop(&job);
        assert!(report.messages_per_s > 0.0 && report.p50_us <= report.p99_us);
    }
}
