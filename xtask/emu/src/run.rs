//! One run: everything is started, publishes for its time while faults happen, drains, and is judged. Each phase has a
//! deadline, and who misses it is told what was missing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use fivewire_host_fw_app::{SLOT_BYTES, Start, write_slot};
use fivewire_wires::Wires;
use fivewire_xtask_boards::log::{Decoder, Line};
use fivewire_xtask_processes::{Broker, Folder};

use crate::bridge::{Bridge, Kind};
use crate::faults::{self, Deed, Fault};
use crate::image;
use crate::judge::Judge;
use crate::lamp::{Lamp, word};
use crate::life::{Event, LiveChip};
use crate::summary::Summary;
use crate::tally::{Counts, Tally};
use crate::trace::Trace;

/// Until the first publication arrives.
const BRING_UP: Duration = Duration::from_secs(180);
/// From the end of publishing until all has arrived.
const DRAIN: Duration = Duration::from_secs(180);
const PROGRESS: Duration = Duration::from_secs(5);
/// How long to wait for the chip before looking at the others.
const STEP: Duration = Duration::from_millis(2);

/// What to do.
pub(crate) struct Orders {
    /// The host's image.
    pub(crate) elf: Vec<u8>,
    pub(crate) kind: Kind,
    pub(crate) publishing: Duration,
    pub(crate) interval_ms: u32,
    pub(crate) faults: Vec<Fault>,
}

impl Orders {
    /// The configuration that a user would have baked in. The session outlives the bridge, so that an order for the LED that
    /// is given while there is none is not lost.
    fn slot(&self, port: u16) -> anyhow::Result<[u8; SLOT_BYTES]> {
        let start = Start {
            interval_ms: self.interval_ms,
            ..Start::default()
        };
        let port = port.to_string();
        let settings = [
            ("ssid", "emulated"),
            ("password", "emulated"),
            ("broker", self.kind.broker()),
            ("port", &port),
            ("clean", "false"),
            ("timeout", "5"),
        ];
        Ok(write_slot(&start, settings)?)
    }
}

/// Runs it.
pub(crate) fn run(orders: &Orders, trace: &Trace) -> anyhow::Result<Summary> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("cannot handle signals")?;
    let folder = Folder::new("emu")?;
    let mut run = Run::start(orders, trace, &folder, interrupted)?;
    run.bring_up()?;
    run.publish(orders)?;
    let counts = run.drain()?;
    let life = run.chip.stop()?;
    Ok(Summary::new(counts, run.resets, &run.lamp, &life))
}

struct Run<'a> {
    trace: &'a Trace,
    interrupted: Arc<AtomicBool>,
    wires: Wires,
    broker: Broker,
    judge: Judge,
    bridge: Bridge,
    chip: LiveChip,
    log: Decoder,
    tally: Tally,
    lamp: Lamp,
    resets: u32,
}

impl<'a> Run<'a> {
    fn start(
        orders: &Orders,
        trace: &'a Trace,
        folder: &Folder,
        interrupted: Arc<AtomicBool>,
    ) -> anyhow::Result<Self> {
        let broker = Broker::start(folder)?;
        let judge = Judge::start(broker.port)?;
        let path = folder.path().join("five.wires");
        let wires = Wires::open_or_create(&path)?;
        let flash = image::flash(&orders.elf, &orders.slot(broker.port)?)?;
        let bridge = Bridge::start(orders.kind.clone(), &path, &wires)?;
        trace.line(
            "emu",
            format_args!("wires {}, broker on port {}", path.display(), broker.port),
        );
        Ok(Self {
            trace,
            interrupted,
            broker,
            judge,
            bridge,
            chip: LiveChip::start(flash, &wires),
            wires,
            log: Decoder::new(&orders.elf)?,
            tally: Tally::default(),
            lamp: Lamp::new(Instant::now()),
            resets: 0,
        })
    }

    fn bring_up(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while self.tally.of(1).received == 0 {
            ensure!(
                begun.elapsed() < BRING_UP,
                "no publication arrived within {} s; see --verbose",
                BRING_UP.as_secs()
            );
            self.turn()?;
        }
        self.resets = 0;
        self.trace.line("emu", "the first publication arrived");
        Ok(())
    }

    fn publish(&mut self, orders: &Orders) -> anyhow::Result<()> {
        let mut deeds = faults::plan(&orders.faults, orders.publishing);
        let (begun, mut shown) = (Instant::now(), Instant::now());
        while begun.elapsed() < orders.publishing {
            while let Some((_, deed)) = deeds.pop_if(|(at, _)| *at <= begun.elapsed()) {
                self.fault(deed)?;
            }
            self.order()?;
            self.turn()?;
            if shown.elapsed() > PROGRESS {
                shown = Instant::now();
                self.show();
            }
        }
        // What a fault took away comes back, however short the run.
        deeds.into_iter().rev().try_for_each(|(_, deed)| self.fault(deed))
    }

    /// Waits until what has been published so far has arrived, and the last order is followed.
    fn drain(&mut self) -> anyhow::Result<Counts> {
        let published = self.tally.published();
        let begun = Instant::now();
        self.trace
            .line("emu", format_args!("{published} published; draining"));
        while !self.tally.of(published).is_settled() || self.lamp.is_waiting() {
            if begun.elapsed() > DRAIN {
                self.tell_missing(published);
                break;
            }
            self.turn()?;
        }
        Ok(self.tally.of(published))
    }

    fn tell_missing(&self, published: u32) {
        eprintln!("not everything is there after {} s:", DRAIN.as_secs());
        let missing = self.tally.missing(published);
        missing.iter().for_each(|line| eprintln!("  {line}"));
        if self.lamp.is_waiting() {
            eprintln!("  the LED does not follow: it was ordered {}", self.ordered());
        }
    }

    /// What the LED is to be while an order is open.
    fn ordered(&self) -> &'static str {
        word(!self.wires.is_host_led_lit())
    }

    /// Looks at everybody.
    fn turn(&mut self) -> anyhow::Result<()> {
        ensure!(!self.interrupted.load(Ordering::Relaxed), "interrupted");
        if let Some(event) = self.chip.next_event(STEP)? {
            self.happened(event)?;
        }
        while let Some(payload) = self.judge.next_arrival()? {
            self.trace.detail("judge", format_args!("got {payload}"));
            self.tally.arrived(&payload);
        }
        self.bridge.show(self.trace)?;
        if self.lamp.is_stuck(Instant::now()) {
            self.show();
            bail!(
                "the LED does not follow: it was ordered {}; see --verbose",
                self.ordered()
            );
        }
        Ok(())
    }

    fn happened(&mut self, event: Event) -> anyhow::Result<()> {
        match event {
            Event::Said(bytes) => {
                for line in self.log.feed(&bytes) {
                    self.said(&line)?;
                }
            }
            Event::Reset { low } => {
                self.resets += u32::from(low);
                self.trace.line(
                    "host",
                    if low {
                        "resets the bridge"
                    } else {
                        "lets the bridge go"
                    },
                );
                self.bridge.reset(low)?;
            }
            Event::Led(lit) => {
                self.trace.line("host", format_args!("LED {}", word(lit)));
                self.lamp.is(lit, Instant::now());
            }
        }
        Ok(())
    }

    fn said(&mut self, line: &Line) -> anyhow::Result<()> {
        match line {
            // The last of a panic's words; the emulator has no reset that would follow.
            Line::Text { text } if text == "resetting" => bail!("the firmware panicked, as it says above"),
            Line::Text { .. } | Line::Damaged { .. } => self.trace.line("host", line),
            Line::Message {
                level: Some("error" | "warn"),
                ..
            } => self.trace.line("host", line),
            Line::Message { text, .. } => {
                self.tally.said(text);
                self.trace.detail("host", line);
            }
        }
        Ok(())
    }

    fn order(&mut self) -> anyhow::Result<()> {
        let Some(lit) = self.lamp.order(Instant::now()) else {
            return Ok(());
        };
        if self.judge.order(word(lit))? {
            self.trace
                .line("judge", format_args!("orders green {}", word(lit)));
            self.lamp.given(lit, Instant::now());
        } else {
            self.lamp.put_off(Instant::now());
        }
        Ok(())
    }

    fn fault(&mut self, deed: Deed) -> anyhow::Result<()> {
        match deed {
            Deed::Crash => {
                self.trace.line("fault", "the bridge is killed");
                self.bridge.crash()
            }
            Deed::AccessPoint { on_air } => {
                self.trace
                    .line("fault", if on_air { "Wi-Fi is back" } else { "Wi-Fi is gone" });
                self.wires.set_access_point_on_air(on_air);
                Ok(())
            }
            Deed::Broker { runs: false } => {
                self.trace.line("fault", "the broker stops");
                self.broker.stop()
            }
            Deed::Broker { runs: true } => {
                self.broker.restart()?;
                self.trace.line("fault", "the broker is back");
                Ok(())
            }
        }
    }

    fn show(&self) {
        let counts = self.tally.of(self.tally.published());
        self.trace.line(
            "sum",
            format_args!(
                "published {}, received {}, the bridge reset {} times",
                counts.published, counts.received, self.resets
            ),
        );
    }
}
