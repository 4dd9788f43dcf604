//! Pins that are cells: what the handshake does, in which order, and when a burst ends.

mod bursts;
mod handshake;
mod loops;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use embedded_hal::digital::{ErrorKind, ErrorType, InputPin, OutputPin};
use fivewire_gpio::{Pins, Role};
use fivewire_link::{Hello, Link, Settings};

/// One wire. Everything that is put on it is noted in the log that wires share.
#[derive(Clone)]
pub(crate) struct Wire {
    name: &'static str,
    pub(crate) level: Rc<Cell<bool>>,
    log: Rc<RefCell<Vec<(&'static str, bool)>>>,
    /// Operations until it fails for ever.
    pub(crate) good_for: Rc<Cell<u32>>,
}

#[derive(Debug)]
pub(crate) struct Broken;

impl embedded_hal::digital::Error for Broken {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

impl Wire {
    fn use_once(&self) -> Result<(), Broken> {
        self.good_for
            .set(self.good_for.get().checked_sub(1).ok_or(Broken)?);
        Ok(())
    }
}

impl ErrorType for Wire {
    type Error = Broken;
}

impl OutputPin for Wire {
    fn set_low(&mut self) -> Result<(), Broken> {
        self.set_state(false.into())
    }

    fn set_high(&mut self) -> Result<(), Broken> {
        self.set_state(true.into())
    }

    fn set_state(&mut self, state: embedded_hal::digital::PinState) -> Result<(), Broken> {
        self.use_once()?;
        self.level.set(state.into());
        self.log.borrow_mut().push((self.name, state.into()));
        Ok(())
    }
}

impl InputPin for Wire {
    fn is_high(&mut self) -> Result<bool, Broken> {
        self.use_once()?;
        Ok(self.level.get())
    }

    fn is_low(&mut self) -> Result<bool, Broken> {
        self.is_high().map(|high| !high)
    }
}

pub(crate) type End = (Pins<Wire, Wire, Wire, Wire>, Link<300, 300>);

/// Host and bridge on four wires, stopped.
pub(crate) struct Bench {
    pub(crate) host: End,
    pub(crate) bridge: End,
    pub(crate) log: Rc<RefCell<Vec<(&'static str, bool)>>>,
    pub(crate) host_clock: Wire,
    pub(crate) bridge_clock: Wire,
}

pub(crate) fn bench() -> Bench {
    let log = Rc::new(RefCell::new(Vec::new()));
    let wire = |name| Wire {
        name,
        level: Rc::default(),
        log: log.clone(),
        good_for: Rc::new(Cell::new(u32::MAX)),
    };
    let (host_clock, host_data) = (wire("host clock"), wire("host data"));
    let (bridge_clock, bridge_data) = (wire("bridge clock"), wire("bridge data"));
    let link = |epoch| {
        let hello = Hello::new(1, 1, 7, 200, epoch);
        Link::new(Settings {
            watchdog_ms: 2000,
            probe_ms: 500,
            ..Settings::new(hello)
        })
    };
    let [hc, hd, bc, bd] = [&host_clock, &host_data, &bridge_clock, &bridge_data].map(Wire::clone);
    let host = Pins::new(Role::Initiator, hc.clone(), hd.clone(), bc.clone(), bd.clone());
    let bridge = Pins::new(Role::Responder, bc, bd, hc, hd);
    Bench {
        host: (host, link(1)),
        bridge: (bridge, link(2)),
        log,
        host_clock,
        bridge_clock,
    }
}

impl Bench {
    pub(crate) fn start(&mut self, now: u32) {
        for (pins, link) in [&mut self.host, &mut self.bridge] {
            link.start(now);
            pins.start(link).expect("sound pins");
        }
    }
}
