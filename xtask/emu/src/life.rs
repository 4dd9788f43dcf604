//! The chip in a thread of its own, at its own pace. What it does comes out as events; nothing goes in but the levels of the
//! wires.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use fivewire_wires::Wires;

use crate::cable::Cable;
use crate::chip::Chip;
use crate::pace::Pace;

/// Cycles between two looks at the clock on the wall: 100 µs at the Pico's 125 MHz.
const SLICE: u64 = 12_500;

/// Something that the chip did.
#[derive(Debug)]
pub(crate) enum Event {
    /// It sent these bytes on its UART.
    Said(Vec<u8>),
    /// It pulled the bridge's reset low, or let it go.
    Reset { low: bool },
    /// It switched its LED.
    Led(bool),
}

/// What a chip did in its life.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    /// The time that passed for it.
    pub(crate) time: Duration,
    /// Cycles a second that this computer emulates.
    pub(crate) cycles_per_second: f64,
    /// See [`Edges::cycles_per_symbol`](crate::edges::Edges::cycles_per_symbol).
    pub(crate) cycles_per_symbol: Option<u64>,
}

/// The running chip. It is switched off when it is dropped.
pub(crate) struct LiveChip {
    events: Receiver<Event>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<anyhow::Result<Life>>>,
}

impl LiveChip {
    /// Switches on a chip with this flash and these wires.
    pub(crate) fn start(flash: Vec<u8>, wires: &Wires) -> Self {
        let (tell, events) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let (wires, flag) = (wires.clone(), Arc::clone(&stop));
        let thread = thread::spawn(move || live(&flash, &wires, &flag, &tell));
        Self {
            events,
            stop,
            thread: Some(thread),
        }
    }

    /// The next event within `patience`.
    ///
    /// # Errors
    /// The chip came to its end, and why.
    pub(crate) fn next_event(&mut self, patience: Duration) -> anyhow::Result<Option<Event>> {
        match self.events.recv_timeout(patience) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                self.stop()?;
                Err(anyhow!("the chip stopped"))
            }
        }
    }

    /// Switches it off.
    ///
    /// # Errors
    /// It had come to its end before, and why.
    pub(crate) fn stop(&mut self) -> anyhow::Result<Life> {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self
            .thread
            .take()
            .ok_or_else(|| anyhow!("the chip is off already"))?;
        thread
            .join()
            .map_err(|_| anyhow!("the emulator panicked; see above"))?
    }
}

impl Drop for LiveChip {
    fn drop(&mut self) {
        // Nobody is left to hear how it ended.
        let _ = self.stop();
    }
}

fn live(flash: &[u8], wires: &Wires, stop: &AtomicBool, tell: &Sender<Event>) -> anyhow::Result<Life> {
    let mut chip = Chip::new(flash, Cable::new(wires))?;
    let mut pace = Pace::new(Instant::now());
    let mut busy = Duration::ZERO;
    // Who hears nothing any more has set `stop`, or is about to.
    let tell = |event| _ = tell.send(event);
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let passed = chip.run(SLICE, &mut |moved| {
            if let Some(high) = moved.reset {
                tell(Event::Reset { low: !high });
            }
            if let Some(lit) = moved.led {
                tell(Event::Led(lit));
            }
        });
        let said = chip.said();
        if !said.is_empty() {
            tell(Event::Said(said));
        }
        let now = Instant::now();
        busy += now - begun;
        thread::sleep(pace.advanced(passed?, now));
    }
    Ok(Life {
        time: chip.time,
        cycles_per_second: chip.worked as f64 / busy.as_secs_f64(),
        cycles_per_symbol: chip.edges.cycles_per_symbol(),
    })
}
