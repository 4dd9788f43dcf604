//! The whole chain: the orders go to a host, whose commands go over simulated wires to the Linux bridge, which speaks to the
//! broker. For each order both ends begin anew.
//!
//! Not here: faults; they are the simulator's.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use fivewire_bridge::Note;
use fivewire_bridge_fw_linux::{Options, Report, client_id_of, run};
use fivewire_gpio::{Limits, Pace, Pause, Pins, ResetPin, Role};
use fivewire_host::link::Link;
use fivewire_host::wire::MqttVersion;
use fivewire_host::{Config, Event, Host, Publish, QoS, Status};
use fivewire_wires::{Input, Output, Wires};

use super::agent::{CLIENT_ID, properties_of};
use super::{Command, Order};

/// As many messages as the players' CONNECT says this client takes at a time.
const MESSAGES: usize = 20;
/// How long both ends may take to find each other and the broker: beyond what any player waits.
const START: Duration = Duration::from_secs(6);
/// A connection that the broker does not end is given up after this long. Players end it; on a machine that is busy with
/// other things the wires, whose every bit waits for two threads, take longer than a direct client.
const LONGEST: Duration = Duration::from_secs(3);

type End<'a> = Host<'a, Link<2560, 2560>, 8, 4096, MESSAGES, 8192, 4>;

/// Runs one order from the reset pulse to the end of the connection.
pub(crate) fn obey(order: &Order) -> anyhow::Result<()> {
    let wires = Wires::in_memory();
    wires.set_access_point_on_air(true);
    wires.set_stored_network_usable(true);
    let bridge = Bridge::start(&wires);
    let broker = Ipv4Addr::LOCALHOST.to_string();
    let config = Config {
        ssid: "simulated",
        password: "",
        broker: &broker,
        port: order.port,
        client_id: CLIENT_ID,
        clean: order.clean,
        clean_init: order.clean,
        mqtt_version: match order.version {
            5 => MqttVersion::V5_0,
            _ => MqttVersion::V3_1_1,
        },
        rtc_resync: 0,
        ..Config::DEFAULT
    };
    Chain::new(config, &wires)?.obey(order, &bridge)
}

/// The bridge's own loop, on a thread that ends with this, or with the connection to the broker: a second one, which the bridge
/// would make before long, would be taken for the next order's.
struct Bridge {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bridge {
    fn start(wires: &Wires) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (wires, flag) = (wires.clone(), Arc::clone(&stop));
        let options = Options {
            client_id: client_id_of(Path::new(CLIENT_ID)),
        };
        let thread = std::thread::spawn(move || {
            let over = Arc::clone(&flag);
            let mut watch = |_, report: &Report<'_>| match report {
                Report::Note(Note::Status { status, .. }) if ends_it(*status) => {
                    over.store(true, Ordering::Relaxed);
                }
                Report::Note(_) | Report::Started { .. } | Report::Held => {}
            };
            if let Err(error) = run(&wires, &options, &flag, &mut watch) {
                eprintln!("note: the bridge ended: {error}");
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

impl Bridge {
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It tells its own errors.
            _ = thread.join();
        }
    }
}

/// The host with its pins.
struct Chain<'a> {
    host: End<'a>,
    pins: Pins<Output, Output, Input, Input>,
    reset: ResetPin<Output>,
    in_reset: bool,
    pace: Pace,
    start: Instant,
}

impl<'a> Chain<'a> {
    fn new(config: Config<'a>, wires: &Wires) -> anyhow::Result<Self> {
        let fivewire_wires::Pins {
            clock_out,
            data_out,
            clock_in,
            data_in,
        } = wires.host_pins();
        Ok(Self {
            host: Host::new(config, 1, 0).map_err(|error| anyhow!("{error}"))?,
            pins: Pins::new(Role::Initiator, clock_out, data_out, clock_in, data_in),
            reset: ResetPin::new(wires.reset_out()),
            in_reset: false,
            pace: Pace::new(),
            start: Instant::now(),
        })
    }

    fn obey(&mut self, order: &Order, bridge: &Bridge) -> anyhow::Result<()> {
        // A broker that never accepts is part of the game.
        let accepted = self.turn_until(START, bridge, Some(Status::BrokerOk))?;
        if let (Some(command), true) = (order.command, accepted) {
            self.command(command, order.version)?;
        }
        if accepted {
            self.turn_until(LONGEST, bridge, None)?;
        }
        Ok(())
    }

    /// True when the status came; false when the connection ended or the time is over.
    fn turn_until(
        &mut self,
        patience: Duration,
        bridge: &Bridge,
        wanted: Option<Status>,
    ) -> anyhow::Result<bool> {
        let until = self.start.elapsed() + patience;
        while self.start.elapsed() < until && !bridge.is_over() {
            if let Some(status) = self.turn()?
                && Some(status) == wanted
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn command(&mut self, command: Command, version: u8) -> anyhow::Result<()> {
        let properties = properties_of(command, version);
        let mut publish = |qos| {
            let options = Publish::with_qos(qos);
            self.host
                .publish_with("test/publish", b"message", &properties, options)
                .map(drop)
                .map_err(|error| anyhow!("{error}"))
        };
        match command {
            Command::PublishQos1 => publish(QoS::AtLeastOnce),
            Command::PublishQos2 => publish(QoS::ExactlyOnce),
            Command::Unsubscribe => self
                .host
                .unsubscribe_filter("test/subscribe", &properties)
                .map_err(|error| anyhow!("{error}")),
        }
    }

    /// Bits, and what they brought: the next status, if there was one.
    fn turn(&mut self) -> anyhow::Result<Option<Status>> {
        self.clock()?;
        let now_ms = self.start.elapsed().as_millis() as u32;
        self.host.handle_timeout(now_ms);
        let asserted = self.host.reset_asserted();
        if asserted != self.in_reset {
            self.in_reset = asserted;
            if asserted {
                self.pins.stop()?;
                self.reset.assert()?;
            } else {
                self.reset.release()?;
                self.pins.start(self.host.link_mut())?;
            }
        }
        while self.host.poll_receipt().is_some() {}
        while let Some(event) = self.host.poll_event() {
            if let Event::Status { status, .. } = event {
                return Ok(Some(status));
            }
        }
        Ok(None)
    }

    fn clock(&mut self) -> anyhow::Result<()> {
        if self.in_reset {
            std::thread::sleep(Duration::from_millis(1));
            return Ok(());
        }
        let now_ms = self.start.elapsed().as_millis() as u32;
        let burst = self.pins.burst(self.host.link_mut(), now_ms, Limits::DEFAULT)?;
        match self.pace.after(&burst) {
            Pause::None => {}
            Pause::Yield => std::thread::yield_now(),
            Pause::Sleep { us } => std::thread::sleep(Duration::from_micros(us.into())),
        }
        Ok(())
    }
}

/// The connection to the broker is over.
fn ends_it(status: Status) -> bool {
    matches!(status, Status::BrokerDown | Status::BrokerRefused)
}
