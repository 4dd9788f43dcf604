//! From the start to the loop: what is in the slot, the host, the demo; and what happens when one of them is not to be
//! had. Deliberately free of any board.

use core::cell::RefCell;
use core::pin::pin;

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embedded_hal::digital::OutputPin;
use fivewire_gpio::Pace;
use fivewire_host::Shared;
use fivewire_host_fw_app::{Demo, Start, read_slot};

use crate::app::{self, DemoBoard};
use crate::board::{Board, Time, Wires};
use crate::clock::Clock;
use crate::report::{Failure, Log, Report};
use crate::turn::{BoardRunner, Turns, new_link};
use crate::wake::Flag;

/// The memory of a host; a static of the board's program.
pub struct Host {
    shared: Shared<'static, NoopRawMutex>,
    woken: Flag,
}

impl Host {
    /// A host that is off.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            shared: Shared::new(),
            woken: Flag::new(),
        }
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs what the slot says, as long as `keep_going` says so: it is asked once a turn. To be called once for a host.
///
/// # Errors
/// Nothing can be done before a person comes. With a bad slot or configuration no wire was moved.
pub fn serve<W: Wires, Led: OutputPin, Heartbeat: OutputPin, T: Time, L: Log>(
    host: &'static Host,
    slot: &'static [u8],
    board: &mut Board<W, Led, Heartbeat, T, L>,
    mut keep_going: impl FnMut() -> bool,
) -> Result<(), Failure> {
    let (start, demo, runner) = begin(host, slot, board)?;
    let log = &board.log;
    let clock = Clock::new();
    let demo_board = DemoBoard {
        led: RefCell::new(&mut board.led),
        clock: &clock,
        log,
    };
    let plan = start.plan();
    let mut app = pin!(app::run(&demo, host.shared.client(), &demo_board, &plan));
    let mut turns = Turns {
        runner,
        wires: &mut board.wires,
        heartbeat: &mut board.heartbeat,
        time: &mut board.time,
        clock: &clock,
        log,
        waker: host.woken.waker(),
        woken: &host.woken,
        pace: Pace::new(),
    };
    while keep_going() {
        turns.take(app.as_mut()).map_err(Failure::Pin)?;
    }
    Ok(())
}

/// Up to the host's start: nothing of it moves a wire.
fn begin<W, Led, Heartbeat, T: Time, L: Log>(
    host: &'static Host,
    slot: &'static [u8],
    board: &mut Board<W, Led, Heartbeat, T, L>,
) -> Result<(Start, Demo, BoardRunner<'static>), Failure> {
    let (start, config) = read_slot(slot).map_err(Failure::Slot)?;
    board.log.tell(&Report::Started {
        board: board.name,
        start: &start,
    });
    let demo = start.demo.demo();
    demo.prepare(host.shared.client()).map_err(Failure::Will)?;
    let now_ms = board.time.now_ms();
    let runner = host
        .shared
        .start_with(config, new_link(&config, board.epoch), now_ms)
        .map_err(Failure::Config)?;
    Ok((start, demo, runner))
}

/// Tells what failed, and blinks as long as `keep_going` says so: three short flashes and a pause.
pub fn fail<W, Led: OutputPin, Heartbeat: OutputPin, T: Time, L: Log>(
    failure: &Failure,
    board: &mut Board<W, Led, Heartbeat, T, L>,
    mut keep_going: impl FnMut() -> bool,
) {
    board.log.tell(&Report::Failed(failure));
    while keep_going() {
        let now_ms = board.time.now_ms();
        board.log.set_time(now_ms);
        let lit = is_lit(now_ms);
        // Nobody is left who could be told of a LED that fails.
        let _ = board.led.set_state(lit.into());
        let _ = board.heartbeat.set_state(lit.into());
        if board.log.drain() {
            board.time.rest(1000);
        }
    }
}

/// Three flashes of 128 ms, then a pause of 1.4 s: nothing that runs looks like it.
const fn is_lit(now_ms: u32) -> bool {
    matches!(now_ms / 128 % 16, 0 | 2 | 4)
}
