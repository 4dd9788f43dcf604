//! The host of the demonstration: the sans-IO core clocked over simulated wires, and what it has to be asked after
//! each turn. It publishes a count and reads its own messages back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use fivewire_gpio::{Limits, Pace, Pause, Pins, ResetPin, Role};
use fivewire_host::{Event, Host, Publish, PublishError, PublishId, QoS, Receipt, SubscriptionId};
use fivewire_wire::config::Config;
use fivewire_wires::{Input, Output, Wires};

use crate::flip::{Noise, Noisy};
use crate::summary::Summary;
use crate::trace::Trace;

/// Where the count goes.
pub(crate) const TOPIC: &str = "result";

type HostSidePins = Pins<Output, Noisy<Output>, Input, Noisy<Input>>;

/// The host with its pins and its books.
pub(crate) struct HostEnd<'a> {
    host: Host<'a>,
    pins: HostSidePins,
    reset: ResetPin<Output>,
    in_reset: bool,
    pace: Pace,
    subscription: SubscriptionId,
    open: HashMap<PublishId, Instant>,
    busy: Duration,
    busy_bits: u64,
    /// The sums until now.
    pub(crate) sums: Summary,
}

impl<'a> HostEnd<'a> {
    pub(crate) fn new(config: Config<'a>, wires: &Wires, noise: &Noise, now_ms: u32) -> Result<Self> {
        let mut host =
            Host::new(config, std::process::id() as u16, now_ms).map_err(|error| anyhow!("{error}"))?;
        let subscription = host
            .subscribe(TOPIC, QoS::AtLeastOnce)
            .map_err(|error| anyhow!("{error}"))?;
        let fivewire_wires::Pins {
            clock_out,
            data_out,
            clock_in,
            data_in,
        } = wires.host_pins();
        let (data_out, data_in) = (Noisy::new(data_out, noise), Noisy::new(data_in, noise));
        Ok(Self {
            host,
            pins: Pins::new(Role::Initiator, clock_out, data_out, clock_in, data_in),
            reset: ResetPin::new(wires.reset_out()),
            in_reset: false,
            pace: Pace::new(),
            subscription,
            open: HashMap::new(),
            busy: Duration::ZERO,
            busy_bits: 0,
            sums: Summary::default(),
        })
    }

    /// One turn: bits, then whatever they brought. Returns how long there is nothing to do.
    pub(crate) fn turn(&mut self, trace: &Trace) -> Result<Duration> {
        let pause = self.clock(trace.now_ms())?;
        self.host.handle_timeout(trace.now_ms());
        self.drive_reset()?;
        while let Some(event) = self.host.poll_event() {
            tell(&event, trace);
        }
        self.take_receipts(trace);
        self.take_messages(trace);
        self.sums.bridge_resets = self.host.stats().resets.saturating_sub(1);
        Ok(pause)
    }

    /// Publishes the next number, unless the queue is full.
    pub(crate) fn publish(&mut self) -> Result<bool> {
        let payload = self.sums.published.to_string();
        match self.host.publish(TOPIC, payload.as_bytes(), Publish::qos1()) {
            Ok(id) => {
                self.open.insert(id, Instant::now());
                self.sums.published += 1;
                Ok(true)
            }
            Err(PublishError::Full) => Ok(false),
            Err(error) => Err(anyhow!("the host refused a publication: {error}")),
        }
    }

    /// Publications whose receipt is still to come.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    /// True while publications can reach the broker.
    pub(crate) fn ready(&self) -> bool {
        self.host.ready()
    }

    /// Symbols per second in each direction while symbols flowed.
    pub(crate) fn symbols_per_second(&self) -> u64 {
        let seconds = self.busy.as_secs_f64();
        if seconds > 0.0 {
            (self.busy_bits as f64 / 8.0 / seconds) as u64
        } else {
            0
        }
    }

    /// Closes the books.
    pub(crate) fn into_sums(mut self) -> Summary {
        self.sums.symbols_per_second = self.symbols_per_second();
        self.sums.retransmissions = self.host.link().stats().retransmissions;
        self.sums.latencies.sort_unstable();
        self.sums
    }

    fn clock(&mut self, now_ms: u32) -> Result<Duration> {
        if self.in_reset {
            return Ok(Duration::from_millis(1));
        }
        let begun = Instant::now();
        let link = self.host.link_mut();
        let quiet = link.is_quiet();
        let burst = self
            .pins
            .burst(link, now_ms, Limits::DEFAULT)
            .context("simulated wires")?;
        if !quiet {
            self.busy += begun.elapsed();
            self.busy_bits += u64::from(burst.bits);
        }
        Ok(match self.pace.after(&burst) {
            Pause::None => Duration::ZERO,
            Pause::Yield => {
                std::thread::yield_now();
                Duration::ZERO
            }
            Pause::Sleep { us } => Duration::from_micros(us.into()),
        })
    }

    fn drive_reset(&mut self) -> Result<()> {
        let asserted = self.host.reset_asserted();
        if asserted == self.in_reset {
            return Ok(());
        }
        self.in_reset = asserted;
        if asserted {
            self.pins.stop().context("simulated wires")?;
            self.reset.assert().context("simulated reset wire")
        } else {
            self.pins.start(self.host.link_mut()).context("simulated wires")?;
            self.reset.release().context("simulated reset wire")
        }
    }

    fn take_receipts(&mut self, trace: &Trace) {
        while let Some((id, receipt)) = self.host.poll_receipt() {
            let latency = self
                .open
                .remove(&id)
                .map(|begun| begun.elapsed())
                .unwrap_or_default();
            trace.detail(
                "receipt",
                &format_args!("{} {receipt} after {latency:.1?}", id.number()),
            );
            match receipt {
                Receipt::Delivered => {
                    self.sums.delivered += 1;
                    self.sums.latencies.push(latency);
                }
                Receipt::Expired | Receipt::Superseded | Receipt::Rejected(_) => {
                    self.sums.other_receipts += 1
                }
            }
        }
    }

    fn take_messages(&mut self, trace: &Trace) {
        while let Some(message) = self.host.message(self.subscription) {
            trace.detail(
                "message",
                &format_args!("{} {}", message.topic, String::from_utf8_lossy(message.payload)),
            );
            self.sums.received += 1;
            self.host.take_message(self.subscription);
        }
    }
}

fn tell(event: &Event, trace: &Trace) {
    match event {
        Event::Started { count } => trace.line("host", &format_args!("started, {count}. time")),
        Event::Wifi(up) => trace.line("host", &format_args!("Wi-Fi {}", if *up { "up" } else { "down" })),
        Event::Crashed(crash) => trace.line("host", &format_args!("lost the bridge: {crash}")),
        Event::Status { status, .. } => {
            trace.detail("status", &format_args!("{}: {}", status.name(), status.doc()))
        }
        Event::State(change) => trace.line(
            "host",
            &format_args!("{} -> {} ({})", change.from, change.to, change.why),
        ),
        Event::Log { line, .. } => trace.detail("log", line),
        Event::Subscribed { .. } => trace.line("host", &"subscribed"),
        Event::SubscribeRefused { reason, .. } => {
            trace.line("host", &format_args!("subscription refused: {}", reason.name()));
        }
        Event::Time { unix_time, .. } => trace.detail("host", &format_args!("time {unix_time}")),
    }
}
