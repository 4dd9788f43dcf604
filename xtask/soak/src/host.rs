//! The host process: it publishes as fast as receipts make room, or takes messages as slowly as it is told, and says so in
//! lines: `receipt N OUTCOME`, `message TOPIC PAYLOAD`, `subscribed`, `crashed WHY`, `done`.

use std::collections::VecDeque;
use std::io::{BufWriter, Stdout, Write as _, stdout};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use fivewire_host::{Config, Event, Publish, PublishError, PublishId, QoS, SubscriptionId};

use crate::contract;
use crate::rig::Rig;

/// What the host process does.
#[derive(Args)]
pub(crate) struct Orders {
    /// The wires file.
    #[arg(long)]
    wires: PathBuf,
    /// Port of the broker on the loopback.
    #[arg(long)]
    port: u16,
    /// Client id of the session that the broker keeps.
    #[arg(long)]
    client_id: String,
    /// Publications to make.
    #[arg(long, default_value_t = 0)]
    publishes: u32,
    /// Quality of service.
    #[arg(long, default_value_t = 1)]
    qos: u8,
    /// First level of the topics.
    #[arg(long)]
    level: String,
    /// Subscribe to all topics of the level.
    #[arg(long)]
    subscribe: bool,
    /// Microseconds that a message takes.
    #[arg(long, default_value_t = 0)]
    slow_us: u64,
}

/// Runs until all publications have their receipts; for ever when it subscribes.
pub(crate) fn run(orders: &Orders) -> anyhow::Result<()> {
    let config = Config {
        ssid: "soak",
        password: "",
        broker: "127.0.0.1",
        port: orders.port,
        client_id: &orders.client_id,
        clean: false,
        clean_init: false,
        rtc_resync: 0,
        ..Config::DEFAULT
    };
    let mut application = Application {
        orders,
        rig: Rig::new(config, &orders.wires)?,
        out: BufWriter::new(stdout()),
        next: 0,
        open: VecDeque::new(),
        subscription: None,
        busy_until: Instant::now(),
    };
    if orders.subscribe {
        let filter = contract::filter(&orders.level);
        application.subscription = Some(application.rig.host.subscribe(&filter, qos(orders.qos))?);
    }
    while orders.subscribe || application.next < orders.publishes || !application.open.is_empty() {
        application.turn()?;
    }
    writeln!(application.out, "done")?;
    Ok(application.out.flush()?)
}

fn qos(number: u8) -> QoS {
    match number {
        2 => QoS::ExactlyOnce,
        _ => QoS::AtLeastOnce,
    }
}

struct Application<'a> {
    orders: &'a Orders,
    rig: Rig<'a>,
    out: BufWriter<Stdout>,
    next: u32,
    /// Publications without a receipt: never more than the host's queue holds.
    open: VecDeque<(PublishId, u32)>,
    subscription: Option<SubscriptionId>,
    busy_until: Instant,
}

impl Application<'_> {
    fn turn(&mut self) -> anyhow::Result<()> {
        self.rig.turn()?;
        self.publish()?;
        self.take_receipts()?;
        self.take_events()?;
        self.take_message()?;
        Ok(self.out.flush()?)
    }

    fn publish(&mut self) -> anyhow::Result<()> {
        while self.next < self.orders.publishes {
            let (topic, payload) = contract::publication(&self.orders.level, self.next);
            let options = Publish::with_qos(qos(self.orders.qos));
            match self.rig.host.publish(&topic, payload.as_bytes(), options) {
                Ok(id) => self.open.push_back((id, self.next)),
                Err(PublishError::Full) => return Ok(()),
                Err(error) => anyhow::bail!("publication {}: {error}", self.next),
            }
            self.next += 1;
        }
        Ok(())
    }

    fn take_receipts(&mut self) -> anyhow::Result<()> {
        while let Some((id, receipt)) = self.rig.host.poll_receipt() {
            let place = self.open.iter().position(|&(open, _)| open == id);
            let n = place
                .and_then(|place| self.open.remove(place))
                .map_or(u32::MAX, |(_, n)| n);
            writeln!(self.out, "receipt {n} {receipt}")?;
        }
        Ok(())
    }

    fn take_events(&mut self) -> anyhow::Result<()> {
        while let Some(event) = self.rig.host.poll_event() {
            match event {
                Event::Subscribed { .. } => writeln!(self.out, "subscribed")?,
                Event::Crashed(why) => writeln!(self.out, "crashed {why:?}")?,
                _ => {}
            }
        }
        Ok(())
    }

    fn take_message(&mut self) -> anyhow::Result<()> {
        let Some(id) = self.subscription else {
            return Ok(());
        };
        if Instant::now() < self.busy_until {
            return Ok(());
        }
        if let Some(message) = self.rig.host.message(id) {
            let payload = String::from_utf8_lossy(message.payload);
            writeln!(self.out, "message {} {payload}", message.topic)?;
            self.rig.host.take_message(id);
            self.busy_until = Instant::now() + Duration::from_micros(self.orders.slow_us);
        }
        Ok(())
    }
}
