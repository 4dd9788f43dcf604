//! Floods: what waited at the broker during an outage, and what it retained, arrive complete and in order at an application
//! that takes its time; and nothing reboots.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use fivewire_xtask_processes::{Broker, Folder, Process, Talker};
use serde::Serialize;

use crate::contract;
use crate::judge::Arrivals;
use crate::peer;
use crate::process::{Memory, start_bridge, start_host};
use crate::proxy::Proxy;

/// Nothing happened for so long: it is wedged.
const PATIENCE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(2);
const SAMPLE: Duration = Duration::from_millis(100);

/// How it went.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    queued: Wave,
    retained: Wave,
}

/// How one of the two went.
#[derive(Debug, Serialize)]
pub(crate) struct Wave {
    sent: u32,
    arrived: u32,
    repeated: u32,
    seconds: f64,
    messages_per_second: f64,
    host_memory: Memory,
    bridge_memory: Memory,
}

/// Both floods of `count` messages each.
pub(crate) fn run(
    bridge: &Path,
    count: u32,
    slow_us: u64,
    breaches: &mut Vec<String>,
) -> anyhow::Result<Summary> {
    let folder = Folder::new("soak-flood")?;
    let broker = Broker::start(&folder)?;
    Ok(Summary {
        queued: queued(bridge, &folder, &broker, (count, slow_us), breaches)?,
        retained: retained(bridge, &folder, &broker, (count, slow_us), breaches)?,
    })
}

/// The subscription stands, the connection goes, messages gather, the connection comes back.
fn queued(
    bridge: &Path,
    folder: &Folder,
    broker: &Broker,
    (count, slow_us): (u32, u64),
    breaches: &mut Vec<String>,
) -> anyhow::Result<Wave> {
    let mut run = Run::start(bridge, folder, broker, "queued", slow_us)?;
    run.until_subscribed()?;
    run.proxy.set_away(true);
    peer::publish(broker.port, count, false, |n| contract::publication("queued", n))?;
    eprintln!("{count} messages wait at the broker; the outage ends");
    run.proxy.set_away(false);
    run.judge(count, "queued", breaches)
}

/// Everything is retained before the host can reach the broker at all; each on a topic of its own.
fn retained(
    bridge: &Path,
    folder: &Folder,
    broker: &Broker,
    (count, slow_us): (u32, u64),
    breaches: &mut Vec<String>,
) -> anyhow::Result<Wave> {
    let message = |n| (contract::topic("retained", n), "00000000".to_owned());
    peer::publish(broker.port, count, true, message)?;
    let run = Run::start(bridge, folder, broker, "retained", slow_us)?;
    eprintln!("{count} retained messages wait at the broker");
    run.judge(count, "retained", breaches)
}

struct Run {
    proxy: Proxy,
    bridge: Process,
    host: Talker,
    arrivals: Arrivals,
    crashes: Vec<String>,
    subscribed: bool,
    host_memory: Memory,
    bridge_memory: Memory,
}

impl Run {
    fn start(
        bridge: &Path,
        folder: &Folder,
        broker: &Broker,
        level: &str,
        slow_us: u64,
    ) -> anyhow::Result<Self> {
        let proxy = Proxy::start(broker.port)?;
        let wires = folder
            .path()
            .join(format!("{level}.wires"))
            .to_string_lossy()
            .into_owned();
        let (port, slow_us) = (proxy.port.to_string(), slow_us.to_string());
        Ok(Self {
            bridge: start_bridge(bridge, &wires)?,
            host: start_host(&[
                "--wires",
                &wires,
                "--port",
                &port,
                "--client-id",
                level,
                "--level",
                level,
                "--subscribe",
                "--slow-us",
                &slow_us,
            ])?,
            proxy,
            arrivals: Arrivals::default(),
            crashes: Vec::new(),
            subscribed: false,
            host_memory: Memory::default(),
            bridge_memory: Memory::default(),
        })
    }

    fn read(&mut self) -> anyhow::Result<()> {
        while let Some(line) = self.host.next_line().context("the host")? {
            let (kind, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match kind {
                "message" => {
                    let (topic, payload) = rest.split_once(' ').unwrap_or((rest, ""));
                    match contract::read(topic, payload.as_bytes()) {
                        Some((number, count)) => self.arrivals.arrived(number, count),
                        None => self.arrivals.stranger(topic),
                    }
                }
                "subscribed" => self.subscribed = true,
                "crashed" => self.crashes.push(rest.to_owned()),
                _ => {}
            }
        }
        Ok(())
    }

    fn until_subscribed(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while !self.subscribed {
            anyhow::ensure!(begun.elapsed() < PATIENCE, "the host is not subscribed");
            self.read()?;
            std::thread::sleep(STEP);
        }
        Ok(())
    }

    /// Until all arrived, or nothing does any more.
    fn listen(&mut self, count: u32) -> anyhow::Result<()> {
        let (mut moved, mut seen, mut sampled) = (Instant::now(), 0, Instant::now());
        while self.arrivals.arrived < count && moved.elapsed() < PATIENCE {
            self.read()?;
            if self.arrivals.arrived != seen {
                (seen, moved) = (self.arrivals.arrived, Instant::now());
            }
            if sampled.elapsed() > SAMPLE && seen > count / 20 {
                sampled = Instant::now();
                self.host_memory.sample(&self.host.process);
                self.bridge_memory.sample(&self.bridge);
            }
            std::thread::sleep(STEP);
        }
        Ok(())
    }

    fn judge(mut self, count: u32, what: &str, breaches: &mut Vec<String>) -> anyhow::Result<Wave> {
        let begun = Instant::now();
        self.listen(count)?;
        let seconds = begun.elapsed().as_secs_f64();
        let lost = count.saturating_sub(self.arrivals.arrived);
        breaches.append(&mut self.arrivals.breaches);
        breaches.extend((lost > 0).then(|| format!("{lost} {what} messages are lost")));
        breaches.extend(
            self.crashes
                .iter()
                .map(|why| format!("{what}: the host lost its bridge: {why}")),
        );
        if !self.bridge.is_running() {
            breaches.push(format!("{what}: the bridge process ended"));
        }
        breaches.extend(self.host_memory.breach("host"));
        breaches.extend(self.bridge_memory.breach("bridge"));
        let wave = Wave {
            sent: count,
            arrived: self.arrivals.arrived,
            repeated: self.arrivals.repeated,
            seconds,
            messages_per_second: f64::from(count) / seconds,
            host_memory: self.host_memory,
            bridge_memory: self.bridge_memory,
        };
        wave.print(what);
        Ok(wave)
    }
}

impl Wave {
    fn print(&self, what: &str) {
        eprintln!(
            "{what}: {} of {} arrived, {} again; {:.0}/s for {:.1} s; memory after warm-up and most: host {} and {} KiB, \
             bridge {} and {} KiB",
            self.arrived,
            self.sent,
            self.repeated,
            self.messages_per_second,
            self.seconds,
            self.host_memory.first_kib,
            self.host_memory.most_kib,
            self.bridge_memory.first_kib,
            self.bridge_memory.most_kib,
        );
    }
}
