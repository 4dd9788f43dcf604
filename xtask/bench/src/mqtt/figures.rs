//! From what the contestants reported to figures beside their aims.
//!
//! Each figure is of fivewire with MQTT 3.1.1 unless its name says 5.0; everybody else stands beside it.

use super::contest::{Contestant, Discipline, Outcomes};
use super::job::Report;
use crate::report::{Aim, Figure};

/// Of a bare socket's speed.
const AIM_QOS0: Aim = Aim::AtLeast(0.95);
const AIM_QOS1: Aim = Aim::AtLeast(1.0);
/// Of a bare socket's round trip.
const AIM_P50: Aim = Aim::AtMost(1.15);
/// User instructions of a round trip.
pub(crate) const AIM_INSTRUCTIONS: Aim = Aim::AtMost(4_700.0);

type Value = fn(&Report) -> f64;
const SPEED: Value = |report| report.messages_per_s;
const CPU: Value = |report| report.cpu_us * 1e3;
/// With the broker's: what a message keeps a core busy, whatever else the machine does.
const CORE: Value = |report| (report.cpu_us + report.broker_us) * 1e3;
const P50: Value = |report| report.p50_us;
const P99: Value = |report| report.p99_us;
const RSS: Value = |report| report.peak_rss_kb as f64;

/// All that the contest tells.
pub(crate) fn figures(outcomes: &Outcomes) -> Vec<Figure> {
    use Discipline::{Qos0, Sequential, Windowed};
    let absolute = |name, unit, discipline, value: Value| {
        everybody(name, unit, |who| outcomes.median(who, discipline, value))
    };
    let relative = |name, discipline, value: Value| {
        everybody(name, "x bare", |who| outcomes.ratio(who, discipline, value))
    };
    let five = |name, discipline, value: Value| {
        let ratio = outcomes.ratio(Contestant::FivewireV5, discipline, value)?;
        Some(Figure::new(name, ratio, "x bare"))
    };
    let aimed = |figure: Option<Figure>, aim| figure.map(|figure| figure.aim(aim));
    let all = [
        absolute("QoS 0", "msg/s", Qos0, SPEED),
        aimed(relative("QoS 0", Qos0, SPEED), AIM_QOS0),
        aimed(five("QoS 0, 5.0", Qos0, SPEED), AIM_QOS0),
        absolute("QoS 0 CPU", "ns/msg", Qos0, CPU),
        relative("QoS 0 CPU + broker", Qos0, CORE),
        absolute("QoS 1 window 20", "msg/s", Windowed, SPEED),
        aimed(relative("QoS 1 window 20", Windowed, SPEED), AIM_QOS1),
        aimed(five("QoS 1 window 20, 5.0", Windowed, SPEED), AIM_QOS1),
        absolute("QoS 1 window 20 CPU", "ns/msg", Windowed, CPU),
        relative("QoS 1 window 20 CPU + broker", Windowed, CORE),
        absolute("QoS 1 window 1", "msg/s", Sequential, SPEED),
        absolute("QoS 1 window 1 CPU", "ns/msg", Sequential, CPU),
        relative("QoS 1 window 1 CPU + broker", Sequential, CORE),
        absolute("round trip p50", "us", Sequential, P50),
        aimed(relative("round trip p50", Sequential, P50), AIM_P50),
        aimed(five("round trip p50, 5.0", Sequential, P50), AIM_P50),
        absolute("round trip p99", "us", Sequential, P99),
        absolute("peak RSS", "kB", Windowed, RSS),
    ];
    all.into_iter().flatten().collect()
}

/// The figure of the client of 3.1.1, with all others who have one beside it.
pub(crate) fn everybody(
    name: &'static str,
    unit: &'static str,
    value: impl Fn(Contestant) -> Option<f64>,
) -> Option<Figure> {
    let ours = Figure::new(name, value(Contestant::Fivewire)?, unit);
    let others = Contestant::ALL.iter().filter(|who| **who != Contestant::Fivewire);
    Some(others.fold(ours, |figure, who| match value(*who) {
        Some(theirs) => figure.against(who.name(), theirs),
        None => figure,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_contest_without_paho() {
        let mut outcomes = Outcomes::default();
        let disciplines = [Discipline::Qos0, Discipline::Sequential, Discipline::Windowed];
        for &who in Contestant::ALL.iter().filter(|who| **who != Contestant::Paho) {
            for discipline in disciplines {
                let speed = if who == Contestant::Bare { 100.0 } else { 98.0 };
                let report = Report {
                    messages_per_s: speed,
                    cpu_us: 1.0,
                    broker_us: 1.0,
                    p50_us: 1.0,
                    p99_us: 2.0,
                    peak_rss_kb: 3,
                };
                outcomes.add(0, who, discipline, report);
            }
        }
        let figures = figures(&outcomes);
        let text: Vec<_> = figures.iter().map(ToString::to_string).collect();
        let line = |start: &str| {
            text.iter()
                .find(|line| line.starts_with(start) && line.contains("x bare"))
        };
        assert!(
            line("QoS 0 ").is_some_and(|line| line.ends_with("aim ≥ 0.95: met")),
            "{text:#?}"
        );
        assert!(line("QoS 1 window 20 ").is_some_and(|line| line.ends_with("aim ≥ 1.00: MISSED")));
        assert!(text.iter().all(|line| !line.contains("paho")));
    }
}
