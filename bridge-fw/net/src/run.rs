//! The loop around a bridge on a board: pins, platform, reset, pace. One call of [`run`] is one program; within it the
//! bridge lives from reset to reset, and each life knows nothing of the one before.

use embassy_futures::select::select;
use embassy_futures::yield_now;
use embassy_time::{Duration, Instant, Timer, with_timeout};
use embedded_hal::digital::{InputPin, OutputPin};
use fivewire_bridge::link::Messages as _;
use fivewire_bridge::{LogLevel, Note, ResetCause, StandardBridgeOn, link_settings};
use fivewire_gpio::{Limits, Pace, Pause, PinFault, Pins};
use fivewire_text::{AnyLink, StockHost};

use crate::board::BoardPlatform;
use crate::{Board, Patience, Sockets};

/// How often the reset wire is looked at while it is low.
const HELD_STEP: Duration = Duration::from_millis(1);

/// On a link to a host of either kind.
type BoardBridge = StandardBridgeOn<AnyLink<StockHost, 4096, 4096>>;

/// Why a life of the bridge ended.
enum End {
    Reset,
    Restart,
}

/// Runs a bridge for ever, the first life with this cause. While the host holds it in reset there is no bridge: clock and
/// data are low, lamps dark, sockets closed. It runs at full speed while symbols flow, and gives the other futures of its
/// executor their turn between two bursts; while nothing happens it looks at the wires once a millisecond.
///
/// The future is large, for the bridge is in it: some 32 KiB.
///
/// Returns only when a pin fails.
pub async fn run<B: Board, CO: OutputPin, DO: OutputPin, CI: InputPin, DI: InputPin>(
    pins: &mut Pins<CO, DO, CI, DI>,
    board: &mut B,
    sockets: &Sockets,
    cause: ResetCause,
) -> PinFault {
    match lives(pins, board, sockets, cause).await {
        Err(fault) => fault,
    }
}

async fn lives<B: Board, CO: OutputPin, DO: OutputPin, CI: InputPin, DI: InputPin>(
    pins: &mut Pins<CO, DO, CI, DI>,
    board: &mut B,
    sockets: &Sockets,
    mut cause: ResetCause,
) -> Result<core::convert::Infallible, PinFault> {
    go_dark(pins, board, sockets)?;
    loop {
        if board.is_in_reset() {
            cause = ResetCause::ResetWire;
            wait_for_release(board).await;
        }
        let end = live(pins, board, sockets, cause).await?;
        go_dark(pins, board, sockets)?;
        match end {
            End::Reset => {}
            End::Restart => {
                board.restart();
                cause = ResetCause::Restart;
            }
        }
    }
}

async fn wait_for_release(board: &mut impl Board) {
    while board.is_in_reset() {
        board.alive();
        Timer::after(HELD_STEP).await;
    }
}

/// One life, from start to reset.
async fn live<B: Board, CO: OutputPin, DO: OutputPin, CI: InputPin, DI: InputPin>(
    pins: &mut Pins<CO, DO, CI, DI>,
    board: &mut B,
    sockets: &Sockets,
    cause: ResetCause,
) -> Result<End, PinFault> {
    tell_start(board, cause);
    let [a, b, c, d, e, f, ..] = board.random().to_le_bytes();
    // An epoch that no other start has, as far as chance goes.
    let epoch = u16::from_le_bytes([a, b]).max(1);
    let link = AnyLink::new(link_settings(epoch), StockHost::new());
    let mut bridge = BoardBridge::with_link(link, u32::from_le_bytes([c, d, e, f]));
    bridge.link_mut().start(now_ms());
    pins.start(bridge.link_mut())?;
    let mut platform = BoardPlatform::new(board, sockets, cause);
    let mut pace = Pace::new();
    loop {
        if platform.board.is_in_reset() {
            return Ok(End::Reset);
        } else if platform.wants_restart() {
            say_goodbye(sockets).await;
            return Ok(End::Restart);
        } else if platform.wants_to_leave() {
            say_goodbye(sockets).await;
            platform.depart();
        }
        platform.board.alive();
        let burst = pins.burst(bridge.link_mut(), now_ms(), Limits::DEFAULT)?;
        let moved = bridge.poll(now_ms(), &mut platform);
        tell_what_text_lacks(&mut bridge, platform.board);
        rest(pace.after(&burst), moved, sockets).await;
    }
}

/// Lets the broker have what was handed over, a goodbye as a rule, where it takes it soon. The wires stand still meanwhile.
async fn say_goodbye(sockets: &Sockets) {
    sockets.tcp.close();
    let _ = with_timeout(Patience::DEFAULT.linger, sockets.tcp.finished()).await;
}

/// Nobody sleeps while the broker's bytes still move, or when there are new ones.
async fn rest(pause: Pause, moved: bool, sockets: &Sockets) {
    match pause {
        Pause::None | Pause::Yield => yield_now().await,
        Pause::Sleep { .. } if moved => yield_now().await,
        Pause::Sleep { us } => {
            let nap = Timer::after(Duration::from_micros(us.into()));
            select(nap, sockets.changed()).await;
        }
    }
}

/// What a chip in reset shows.
fn go_dark<B: Board, CO: OutputPin, DO: OutputPin, CI: InputPin, DI: InputPin>(
    pins: &mut Pins<CO, DO, CI, DI>,
    board: &mut B,
    sockets: &Sockets,
) -> Result<(), PinFault> {
    board.set_broker_led(false);
    board.set_heartbeat_led(false);
    board.leave();
    sockets.break_off();
    pins.stop()
}

fn tell_start(board: &mut impl Board, cause: ResetCause) {
    let id = board.client_id();
    board.note(Note::Line {
        level: LogLevel::Info,
        line: format_args!("started ({}), client identifier {id}", cause.name()),
    });
}

/// What a host of the MicroPython system could not be told: somebody should know.
fn tell_what_text_lacks(bridge: &mut BoardBridge, board: &mut impl Board) {
    if let Some(note) = bridge.link_mut().translator_mut().poll_note() {
        board.note(Note::Line {
            level: LogLevel::Warn,
            line: format_args!("{note}"),
        });
    }
}

/// The time, in milliseconds that wrap.
fn now_ms() -> u32 {
    Instant::now().as_millis() as u32
}
