//! A board of paper: pins that end at a [`Peer`], a clock that goes on when the loop uses it, LEDs and a log that are
//! written down.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::rc::Rc;

use embedded_hal::digital::{ErrorType, OutputPin};
use fivewire_host_fw_app::{SLOT_BYTES, Start, write_slot};
use fivewire_host_fw_firmware::gpio::{HostWires, Pins, ResetPin, Role};
use fivewire_host_fw_firmware::{Board, Failure, Frames, Host, Log, Report, Time, serve};

use crate::peer::{Peer, Pin};

type PaperWires = HostWires<Pin, Pin, Pin, Pin, Pin>;
pub(crate) type PaperBoard = Board<PaperWires, Led, Led, PaperTime, PaperLog>;

/// What a turn costs on the paper board.
const TURN_US: u64 = 20;

pub(crate) struct World {
    pub(crate) peer: Rc<Peer>,
    pub(crate) board: PaperBoard,
    host: &'static Host,
}

impl World {
    pub(crate) fn new(log: PaperLog) -> Self {
        let peer = Peer::new();
        let pin = |make: fn(Rc<Peer>) -> Pin| make(Rc::clone(&peer));
        let pins = Pins::new(
            Role::Initiator,
            pin(Pin::ClockOut),
            pin(Pin::DataOut),
            pin(Pin::ClockIn),
            pin(Pin::DataIn),
        );
        let board = Board {
            name: "paper",
            wires: HostWires::new(pins, ResetPin::new(pin(Pin::Reset))),
            led: Led::default(),
            heartbeat: Led::default(),
            time: PaperTime::new(Rc::clone(&peer)),
            log,
            epoch: 1,
        };
        Self {
            peer,
            board,
            host: Box::leak(Box::new(Host::new())),
        }
    }

    /// Serves until `done`, but not for longer than so many milliseconds.
    pub(crate) fn serve(
        &mut self,
        slot: &'static [u8],
        ms: u32,
        mut done: impl FnMut(&Peer) -> bool,
    ) -> Result<(), Failure> {
        let peer = Rc::clone(&self.peer);
        serve(self.host, slot, &mut self.board, || {
            peer.now_ms.get() < ms && !done(&peer)
        })
    }
}

/// A slot for this start and a network.
pub(crate) fn slot(start: &Start) -> &'static [u8; SLOT_BYTES] {
    let settings = [
        ("ssid", "net"),
        ("password", ""),
        ("broker", "b"),
        ("rtc_resync", "0"),
    ];
    Box::leak(Box::new(write_slot(start, settings).expect("it fits")))
}

/// A LED and how often it changed.
#[derive(Default)]
pub(crate) struct Led {
    lit: bool,
    pub(crate) changes: Vec<bool>,
}

impl ErrorType for Led {
    type Error = Infallible;
}

impl OutputPin for Led {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set(false)
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set(true)
    }
}

impl Led {
    fn set(&mut self, lit: bool) -> Result<(), Infallible> {
        if self.lit != lit {
            self.changes.push(lit);
        }
        self.lit = lit;
        Ok(())
    }
}

/// Time that a turn and a rest take.
pub(crate) struct PaperTime {
    peer: Rc<Peer>,
    us: u64,
    pub(crate) turns: u32,
    pub(crate) rests: u32,
    /// Rests while the bridge had something to say.
    pub(crate) rests_amid_frames: u32,
}

impl PaperTime {
    fn new(peer: Rc<Peer>) -> Self {
        Self {
            peer,
            us: 0,
            turns: 0,
            rests: 0,
            rests_amid_frames: 0,
        }
    }
}

impl Time for PaperTime {
    fn now_ms(&mut self) -> u32 {
        self.turns += 1;
        self.us += TURN_US;
        let now_ms = (self.us / 1000) as u32;
        self.peer.now_ms.set(now_ms);
        now_ms
    }

    fn rest(&mut self, us: u32) {
        assert!((1..=1000).contains(&us), "{us}");
        self.us += u64::from(us);
        self.rests += 1;
        let is_up = !self.peer.told().is_empty();
        self.rests_amid_frames += u32::from(is_up && !self.peer.is_quiet());
    }
}

/// Room for some twenty reports.
const BYTES: usize = 1024;

/// A log of what was told, and frames on their way to a port that takes so many bytes a turn.
pub(crate) struct PaperLog {
    pub(crate) lines: RefCell<Vec<String>>,
    pub(crate) frames: RefCell<Frames<BYTES>>,
    pub(crate) bytes_a_turn: usize,
    now_ms: Cell<u32>,
}

impl PaperLog {
    pub(crate) fn new(bytes_a_turn: usize) -> Self {
        Self {
            lines: RefCell::default(),
            frames: RefCell::default(),
            bytes_a_turn,
            now_ms: Cell::default(),
        }
    }

    /// What was told of the demo's doings.
    pub(crate) fn news(&self) -> Vec<String> {
        let lines = self.lines.borrow();
        let news = lines.iter().filter_map(|line| line.strip_prefix("news: "));
        news.map(str::to_owned).collect()
    }
}

impl Log for PaperLog {
    fn tell(&self, report: &Report<'_>) {
        let line = match report {
            Report::News(news) => format!("news: {news}"),
            other => format!("{other:?}"),
        };
        let mut frames = self.frames.borrow_mut();
        frames.begin();
        frames.write(line.as_bytes());
        frames.end();
        self.lines.borrow_mut().push(line);
    }

    fn set_time(&self, now_ms: u32) {
        self.now_ms.set(now_ms);
    }

    fn drain(&self) -> bool {
        let mut room = self.bytes_a_turn;
        self.frames.borrow_mut().drain(|bytes| {
            let taken = bytes.len().min(room);
            room -= taken;
            taken
        })
    }
}
