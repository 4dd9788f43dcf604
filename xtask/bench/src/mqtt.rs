//! Section `mqtt`: what publishing costs through `runtime/mqtt`, beside a bare socket and other clients, at one real
//! mosquitto in one run.
//!
//! Speeds swing with the machine's load; ratios are taken within a round, and instructions are counted.

mod bare;
mod broker;
mod contest;
mod figures;
mod fivewire;
mod job;
mod paho;
mod rumqttc;
mod size;
#[cfg(test)]
mod stand_in;

use std::path::PathBuf;

use anyhow::Context as _;

pub(crate) use contest::Contestant;
pub(crate) use job::Job;

use crate::{
    callgrind,
    machine::Pinned,
    report::{Figure, Section},
};
use broker::Broker;
use contest::{Discipline, Effort};
use paho::Paho;

/// Round trips of the shorter run under valgrind; the other is twice as long.
const COUNTED: usize = 500;

/// How it is to be measured.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Options {
    /// Section mqtt: one round of few messages, to see that it works.
    #[arg(long)]
    quick: bool,
    /// Section mqtt: bare-metal programs with the client of 3.1.1 and of 5.0, to tell the size of.
    #[arg(long, hide = true, num_args = 2)]
    firmware: Vec<PathBuf>,
}

/// The contest, then the instructions, then the sizes.
pub(crate) fn measure(options: &Options) -> anyhow::Result<Section> {
    let effort = Effort::new(options.quick);
    let paho = Paho::provide();
    if let Err(reason) = &paho {
        eprintln!("mqtt: paho-mqtt is left out: {reason}");
    }
    let pinned = Pinned::to_one_core();
    let broker = Broker::start()?;
    let outcomes = contest::run(&broker, &effort, paho.as_ref().ok())?;
    let mut figures = figures::figures(&outcomes);
    figures.extend(instructions(broker.port(), &effort)?);
    if let [v311, v5] = options.firmware.as_slice() {
        figures.extend(size::figures(v311, v5)?);
    }
    let cores = if pinned.is_pinned() {
        "all on one core"
    } else {
        "on any core"
    };
    let what = format!(
        "{} messages of {} bytes to one mosquitto, {cores}; medians of {} rounds",
        effort.messages,
        job::PAYLOAD.len(),
        effort.rounds
    );
    Ok(Section {
        name: "mqtt",
        what,
        figures,
    })
}

/// What runs in a process of its own.
pub(crate) fn contest(contestant: Contestant, job: &Job) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(&contestant.run(job)?)?);
    Ok(())
}

/// User instructions of a sequential QoS 1 publish, of 3.1.1 and of 5.0, the others beside them.
fn instructions(port: u16, effort: &Effort) -> anyhow::Result<Vec<Figure>> {
    let count = |contestant: Contestant| -> anyhow::Result<f64> {
        eprintln!("mqtt: counting instructions of {}", contestant.name());
        let mut job = Discipline::Sequential.job(port, effort);
        job.count = job.count.min(COUNTED);
        let trips = |count| {
            let mut command = contestant.command(None)?.context("not one of this program's")?;
            command.args(Job { count, ..job }.args());
            callgrind::collected(&command)
        };
        let difference = trips(2 * job.count)?.checked_sub(trips(job.count)?);
        Ok(difference.context("the longer run took fewer instructions")? as f64 / job.count as f64)
    };
    let who = [
        Contestant::Fivewire,
        Contestant::FivewireV5,
        Contestant::Bare,
        Contestant::Rumqttc,
    ];
    let counted = who
        .into_iter()
        .map(|who| Ok((who, count(who)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let of = |who| {
        counted
            .iter()
            .find(|(other, _)| *other == who)
            .map(|(_, count)| *count)
    };
    let unit = "instr/trip";
    let plain = figures::everybody("round trip", unit, of);
    let five = of(Contestant::FivewireV5).map(|count| Figure::new("round trip, 5.0", count, unit));
    let all = [plain, five].into_iter().flatten();
    Ok(all.map(|figure| figure.aim(figures::AIM_INSTRUCTIONS)).collect())
}

#[cfg(test)]
mod tests {
    use super::{job::Mode, *};

    /// Everybody who is compiled in does every job in full.
    #[test]
    fn contestants_send_what_they_are_told() {
        for &contestant in Contestant::ALL.iter().filter(|who| **who != Contestant::Paho) {
            for (mode, count, window, arrive) in [
                (Mode::Qos0, 1000, 20, [1000, 1]),
                (Mode::Qos1, 1000, 20, [0, 1000]),
                (Mode::Qos1, 50, 1, [0, 50]),
            ] {
                let (port, broker) = stand_in::start();
                let job = Job {
                    port,
                    mode,
                    count,
                    window,
                };
                let report = contestant
                    .run(&job)
                    .unwrap_or_else(|error| panic!("{job:?}: {error:#}"));
                let arrived = broker.join().expect("it believes all");
                assert_eq!(arrived, arrive, "{} with {job:?}", contestant.name());
                assert_eq!(job.is_sequential(), report.p50_us > 0.0);
            }
        }
    }
}
