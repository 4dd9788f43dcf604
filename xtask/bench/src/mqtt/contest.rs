//! The contest: every contestant, a process of its own, does every job once in each round, in turn.
//!
//! Not here: what the jobs are made of (see `job`), and what is concluded (see `figures`).

use std::{
    env,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};

use super::{
    bare,
    broker::Broker,
    fivewire,
    job::{Job, Mode, Report},
    paho::Paho,
    rumqttc,
};

/// Who takes part. The first is what all ratios are against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Contestant {
    Bare,
    BareGathered,
    Fivewire,
    FivewireV5,
    Rumqttc,
    Paho,
}

impl Contestant {
    pub(crate) const ALL: &[Self] = &[
        Self::Bare,
        Self::BareGathered,
        Self::Fivewire,
        Self::FivewireV5,
        Self::Rumqttc,
        Self::Paho,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::BareGathered => "bare, gathered",
            Self::Fivewire => "fivewire",
            Self::FivewireV5 => "fivewire 5.0",
            Self::Rumqttc => "rumqttc",
            Self::Paho => "paho",
        }
    }

    /// Does the job in this process.
    pub(crate) fn run(self, job: &Job) -> anyhow::Result<Report> {
        match self {
            Self::Bare => bare::run(job, false),
            Self::BareGathered => bare::run(job, true),
            Self::Fivewire => fivewire::run(job),
            Self::FivewireV5 => fivewire::run_v5(job),
            Self::Rumqttc => rumqttc::run(job),
            Self::Paho => anyhow::bail!("paho is a process of Python's"),
        }
    }

    /// This program called again for the job, or Python. None when there is no such Python.
    pub(crate) fn command(self, paho: Option<&Paho>) -> anyhow::Result<Option<Command>> {
        if self == Self::Paho {
            return Ok(paho.map(Paho::command));
        }
        let name = clap::ValueEnum::to_possible_value(&self).context("a contestant without a name")?;
        let mut command = Command::new(env::current_exe()?);
        command.args(["contest", name.get_name()]);
        Ok(Some(command))
    }
}

/// The jobs of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Discipline {
    Qos0,
    /// QoS 1, one at a time: round trips.
    Sequential,
    /// QoS 1, [`WINDOW`] at a time.
    Windowed,
}

impl Discipline {
    const ALL: &[Self] = &[Self::Qos0, Self::Sequential, Self::Windowed];

    pub(crate) fn job(self, port: u16, effort: &Effort) -> Job {
        let (mode, count, window) = match self {
            Self::Qos0 => (Mode::Qos0, effort.messages, WINDOW),
            Self::Sequential => (Mode::Qos1, effort.round_trips, 1),
            Self::Windowed => (Mode::Qos1, effort.messages, WINDOW),
        };
        Job {
            port,
            mode,
            count,
            window,
        }
    }
}

/// As many as mosquitto has under way to a client by default.
pub(crate) const WINDOW: usize = 20;

/// How much is measured.
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    pub(crate) messages: usize,
    pub(crate) round_trips: usize,
}

impl Effort {
    pub(crate) const fn new(quick: bool) -> Self {
        if quick {
            Self {
                rounds: 1,
                messages: 1_000,
                round_trips: 200,
            }
        } else {
            Self {
                rounds: 21,
                messages: 10_000,
                round_trips: 1_500,
            }
        }
    }
}

/// Runs all rounds. Who comes first changes from round to round.
pub(crate) fn run(broker: &Broker, effort: &Effort, paho: Option<&Paho>) -> anyhow::Result<Outcomes> {
    let mut outcomes = Outcomes::default();
    for round in 0..effort.rounds {
        eprintln!("mqtt: round {} of {}", round + 1, effort.rounds);
        let count = Contestant::ALL.len();
        for contestant in (0..count).map(|turn| Contestant::ALL[(turn + round) % count]) {
            for &discipline in Discipline::ALL {
                let Some(command) = contestant.command(paho)? else {
                    continue;
                };
                let job = discipline.job(broker.port(), effort);
                let before = broker.cpu_time();
                let report = done(command, &job)
                    .with_context(|| format!("{} at {discipline:?}", contestant.name()))?;
                let broker_us = (broker.cpu_time() - before).as_secs_f64() * 1e6 / job.count as f64;
                outcomes.add(round, contestant, discipline, Report { broker_us, ..report });
            }
        }
    }
    Ok(outcomes)
}

/// Starts a contestant's process and reads what it reports.
fn done(mut command: Command, job: &Job) -> anyhow::Result<Report> {
    command
        .args(job.args())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "ended with {}", output.status);
    serde_json::from_slice(&output.stdout).context("no report")
}

/// What came of all rounds.
#[derive(Default)]
pub(crate) struct Outcomes(Vec<Outcome>);

struct Outcome {
    round: usize,
    contestant: Contestant,
    discipline: Discipline,
    report: Report,
}

impl Outcomes {
    pub(crate) fn add(
        &mut self,
        round: usize,
        contestant: Contestant,
        discipline: Discipline,
        report: Report,
    ) {
        self.0.push(Outcome {
            round,
            contestant,
            discipline,
            report,
        });
    }

    fn of(&self, contestant: Contestant, discipline: Discipline) -> impl Iterator<Item = &Outcome> {
        let wanted =
            move |outcome: &&Outcome| outcome.contestant == contestant && outcome.discipline == discipline;
        self.0.iter().filter(wanted)
    }

    /// The median over the rounds; None when the contestant did not take part.
    pub(crate) fn median(
        &self,
        contestant: Contestant,
        discipline: Discipline,
        value: impl Fn(&Report) -> f64,
    ) -> Option<f64> {
        median(
            self.of(contestant, discipline)
                .map(|outcome| value(&outcome.report))
                .collect(),
        )
    }

    /// The median of the ratios to the bare socket in the same round, so that load which comes and goes hits both.
    pub(crate) fn ratio(
        &self,
        contestant: Contestant,
        discipline: Discipline,
        value: impl Fn(&Report) -> f64,
    ) -> Option<f64> {
        let ratios = self.of(contestant, discipline).filter_map(|outcome| {
            let mut yardsticks = self.of(Contestant::Bare, discipline);
            let yardstick = yardsticks.find(|other| other.round == outcome.round)?;
            Some(value(&outcome.report) / value(&yardstick.report))
        });
        median(ratios.collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(messages_per_s: f64) -> Report {
        Report {
            messages_per_s,
            cpu_us: 1.0,
            broker_us: 1.0,
            p50_us: 0.0,
            p99_us: 0.0,
            peak_rss_kb: 1,
        }
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let mut outcomes = Outcomes::default();
        // The machine is half as fast in the second round, and slower still in the third.
        for (round, speed) in [100.0, 50.0, 10.0].into_iter().enumerate() {
            outcomes.add(round, Contestant::Bare, Discipline::Qos0, report(speed));
            outcomes.add(round, Contestant::Fivewire, Discipline::Qos0, report(speed * 0.9));
        }
        let speed = |report: &Report| report.messages_per_s;
        let ratio = outcomes.ratio(Contestant::Fivewire, Discipline::Qos0, speed);
        assert!(ratio.is_some_and(|ratio| (ratio - 0.9).abs() < 1e-9), "{ratio:?}");
        assert_eq!(
            outcomes.median(Contestant::Bare, Discipline::Qos0, speed),
            Some(50.0)
        );
        assert_eq!(outcomes.ratio(Contestant::Paho, Discipline::Qos0, speed), None);
        assert_eq!(
            outcomes.ratio(Contestant::Fivewire, Discipline::Windowed, speed),
            None
        );
    }

    #[test]
    fn quick_is_less_of_everything() {
        let (quick, whole) = (Effort::new(true), Effort::new(false));
        assert!(quick.rounds < whole.rounds && quick.messages < whole.messages);
        assert!(quick.round_trips < whole.round_trips);
    }

    #[test]
    fn a_contestant_that_fails_is_named_as_such() {
        let job = Discipline::Sequential.job(1, &Effort::new(true));
        let error = done(Command::new("false"), &job).expect_err("it fails");
        assert!(error.to_string().starts_with("ended with"), "{error}");
        let error = done(Command::new("echo"), &job).expect_err("that is no report");
        assert_eq!(error.to_string(), "no report");
    }
}
