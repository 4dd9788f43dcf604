//! Publications at volume, while the broker restarts and the bridge is killed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use fivewire_mqtt::QoS;
use fivewire_xtask_processes::{Broker, Folder, Process, Talker};
use serde::Serialize;

use crate::contract;
use crate::judge::Receipts;
use crate::peer::Subscriber;
use crate::process::{Memory, start_bridge, start_host};
use crate::proxy::Proxy;

const LEVEL: &str = "soak";
/// Nothing happened for so long: it is wedged.
const PATIENCE: Duration = Duration::from_secs(90);
const PROGRESS: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(5);
const SAMPLE: Duration = Duration::from_millis(200);

/// What is done.
pub(crate) struct Plan {
    pub(crate) publishes: u32,
    pub(crate) qos: u8,
    pub(crate) restarts: u32,
    pub(crate) kills: u32,
    pub(crate) seed: u64,
}

/// How it went.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    published: u32,
    delivered: u32,
    arrived: u32,
    lost: u32,
    repeated_to_subscriber: u32,
    repeated_with_dup: u32,
    repeated_without_dup: u32,
    sessions_resumed: u32,
    sessions_new: u32,
    broker_restarts: u32,
    bridge_kills: u32,
    seconds: f64,
    messages_per_second: f64,
    host_memory: Memory,
    bridge_memory: Memory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Restart,
    Kill,
}

/// Faults and the count of receipts at which each happens, the next one last.
fn moments(plan: &Plan) -> Vec<(u32, Fault)> {
    let mut state = plan.seed;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    // From a twentieth to nineteen twentieths, so that there is always something under way.
    let mut moment = |fault| {
        let span = plan.publishes / 20 * 18;
        (plan.publishes / 20 + random() % span.max(1), fault)
    };
    let mut all: Vec<_> = (0..plan.restarts).map(|_| moment(Fault::Restart)).collect();
    all.extend((0..plan.kills).map(|_| moment(Fault::Kill)));
    all.sort_by_key(|&(at, _)| std::cmp::Reverse(at));
    all
}

/// One run of everything.
struct Run<'a> {
    plan: &'a Plan,
    bridge_program: &'a Path,
    wires: String,
    broker: Broker,
    proxy: Proxy,
    bridge: Process,
    host: Talker,
    subscriber: Subscriber,
    receipts: Receipts,
    received: u32,
    crashes: u32,
    host_memory: Memory,
    bridge_memory: Memory,
}

/// Publishes all, with faults, and judges.
pub(crate) fn run(bridge: &Path, plan: &Plan, breaches: &mut Vec<String>) -> anyhow::Result<Summary> {
    let folder = Folder::new("soak-volley")?;
    let mut run = Run::start(bridge, plan, &folder)?;
    let begun = Instant::now();
    run.play(begun)?;
    Ok(run.judge(begun.elapsed(), breaches))
}

impl<'a> Run<'a> {
    fn start(bridge_program: &'a Path, plan: &'a Plan, folder: &Folder) -> anyhow::Result<Self> {
        let broker = Broker::start(folder)?;
        let qos = QoS::from_number(plan.qos).unwrap_or_default();
        let subscriber = Subscriber::start(broker.port, LEVEL, qos)?;
        let proxy = Proxy::start(broker.port)?;
        let wires = folder.path().join("five.wires").to_string_lossy().into_owned();
        let bridge = start_bridge(bridge_program, &wires)?;
        let (port, publishes, qos) = (
            proxy.port.to_string(),
            plan.publishes.to_string(),
            plan.qos.to_string(),
        );
        let host = start_host(&[
            "--wires",
            &wires,
            "--port",
            &port,
            "--client-id",
            "soak-host",
            "--level",
            LEVEL,
            "--publishes",
            &publishes,
            "--qos",
            &qos,
        ])?;
        Ok(Self {
            plan,
            bridge_program,
            wires,
            broker,
            proxy,
            bridge,
            host,
            subscriber,
            receipts: Receipts::new(plan.publishes),
            received: 0,
            crashes: 0,
            host_memory: Memory::default(),
            bridge_memory: Memory::default(),
        })
    }

    fn play(&mut self, begun: Instant) -> anyhow::Result<()> {
        let mut moments = moments(self.plan);
        let (mut moved, mut seen) = (Instant::now(), (0, 0));
        let (mut told, mut sampled) = (Instant::now(), Instant::now());
        loop {
            self.read()?;
            let now = (self.received, self.subscriber.arrivals().arrived);
            if now.0 == self.plan.publishes && now.1 >= self.plan.publishes {
                return Ok(());
            }
            if now != seen {
                (seen, moved) = (now, Instant::now());
            }
            if moved.elapsed() > PATIENCE {
                eprintln!("wedged: nothing for {} s", PATIENCE.as_secs());
                return Ok(());
            }
            if let Some(&(at, fault)) = moments.last()
                && self.received >= at
            {
                moments.pop();
                self.break_something(fault)?;
            }
            if sampled.elapsed() > SAMPLE && self.received > self.plan.publishes / 20 {
                sampled = Instant::now();
                self.host_memory.sample(&self.host.process);
                self.bridge_memory.sample(&self.bridge);
            }
            if told.elapsed() > PROGRESS {
                told = Instant::now();
                let rate = f64::from(now.0) / begun.elapsed().as_secs_f64();
                eprintln!(
                    "{} of {} receipts, {} arrived, {rate:.0}/s",
                    now.0, self.plan.publishes, now.1
                );
            }
            std::thread::sleep(STEP);
        }
    }

    fn read(&mut self) -> anyhow::Result<()> {
        while self.received < self.plan.publishes {
            let Some(line) = self.host.next_line().context("the host")? else {
                break;
            };
            match line.split_once(' ') {
                Some(("receipt", rest)) => {
                    let (n, outcome) = rest.split_once(' ').unwrap_or((rest, ""));
                    self.receipts.receipt(n.parse()?, outcome);
                    self.received += 1;
                }
                Some(("crashed", _)) => self.crashes += 1,
                Some(_) | None => {}
            }
        }
        Ok(())
    }

    fn break_something(&mut self, fault: Fault) -> anyhow::Result<()> {
        let at = self.received;
        match fault {
            Fault::Restart => {
                eprintln!("at {at} receipts: the broker restarts");
                self.broker.restart()
            }
            Fault::Kill => {
                eprintln!("at {at} receipts: the bridge is killed");
                self.bridge.kill()?;
                self.bridge = start_bridge(self.bridge_program, &self.wires)?;
                Ok(())
            }
        }
    }

    fn judge(mut self, took: Duration, breaches: &mut Vec<String>) -> Summary {
        let publishes = self.plan.publishes;
        let mut arrivals = self.subscriber.arrivals();
        let mut watch = self.proxy.watch();
        breaches.append(&mut self.receipts.breaches);
        breaches.append(&mut arrivals.breaches);
        breaches.append(&mut watch.breaches);
        let without = publishes - self.receipts.count();
        let lost = publishes.saturating_sub(arrivals.arrived);
        breaches.extend((without > 0).then(|| format!("{without} publications have no receipt")));
        breaches.extend((lost > 0).then(|| format!("{lost} publications are lost")));
        if self.plan.qos == 2 && arrivals.repeated > 0 {
            breaches.push(format!("{} QoS 2 publications arrived twice", arrivals.repeated));
        }
        breaches.extend(self.host_memory.breach("host"));
        breaches.extend(self.bridge_memory.breach("bridge"));
        let summary = Summary {
            published: watch.published,
            delivered: self.receipts.delivered,
            arrived: arrivals.arrived,
            lost,
            repeated_to_subscriber: arrivals.repeated,
            repeated_with_dup: watch.repeated_with_dup,
            repeated_without_dup: watch.repeated_without_dup,
            sessions_resumed: watch.resumed,
            sessions_new: watch.fresh,
            broker_restarts: self.plan.restarts,
            bridge_kills: self.plan.kills,
            seconds: took.as_secs_f64(),
            messages_per_second: f64::from(publishes) / took.as_secs_f64(),
            host_memory: self.host_memory,
            bridge_memory: self.bridge_memory,
        };
        summary.print();
        summary
    }
}

impl Summary {
    fn print(&self) {
        eprintln!(
            "publications: {} delivered, {} arrived, {} lost, {} arrived again; {:.0}/s for {:.1} s",
            self.delivered,
            self.arrived,
            self.lost,
            self.repeated_to_subscriber,
            self.messages_per_second,
            self.seconds,
        );
        eprintln!(
            "bridge to broker: {} PUBLISH, {} repeated with DUP, {} without; sessions: {} resumed, {} new",
            self.published,
            self.repeated_with_dup,
            self.repeated_without_dup,
            self.sessions_resumed,
            self.sessions_new,
        );
        eprintln!(
            "faults: {} broker restarts, {} bridge kills",
            self.broker_restarts, self.bridge_kills
        );
        for (whose, memory) in [("host", self.host_memory), ("bridge", self.bridge_memory)] {
            let Memory {
                first_kib,
                most_kib,
                last_kib,
            } = memory;
            let bound = contract::GROWTH_KIB;
            eprintln!(
                "memory of the {whose}: {first_kib} KiB, most {most_kib}, last {last_kib} (may grow by {bound})"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_happen_at_seeded_moments_within_the_run() {
        let plan = |seed| Plan {
            publishes: 1_000,
            qos: 1,
            restarts: 3,
            kills: 2,
            seed,
        };
        let all = moments(&plan(1));
        assert_eq!(all.len(), 5);
        assert_eq!(all.iter().filter(|(_, fault)| *fault == Fault::Kill).count(), 2);
        assert!(all.iter().all(|(at, _)| (50..950).contains(at)));
        assert!(all.is_sorted_by_key(|&(at, _)| std::cmp::Reverse(at)));
        assert_eq!(all, moments(&plan(1)));
        assert_ne!(all, moments(&plan(2)));
    }
}
