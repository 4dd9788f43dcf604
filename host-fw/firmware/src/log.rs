//! The log of a board: reports as defmt messages, in frames that wait for the port. Deliberately never waiting: what
//! there is no room for is dropped, and told as a number.

use core::cell::RefCell;
use core::sync::atomic::{AtomicU32, Ordering};

use critical_section::{Mutex, RestoreState};
use defmt::{Display2Format, debug, error, info, warn};
use fivewire_host::Event;
use fivewire_host::wire::Severity;
use fivewire_host_fw_app::News;

use crate::board::Port;
use crate::frames::Frames;
use crate::report::{Log, Report};

/// Some 300 messages of the usual length.
const BYTES: usize = 4096;

/// The milliseconds that stand before each message.
static NOW_MS: AtomicU32 = AtomicU32::new(0);

defmt::timestamp!("{=u32:ms}", NOW_MS.load(Ordering::Relaxed));

struct State {
    frames: Frames<BYTES>,
    /// How it was with interrupts before the message that is being written.
    before: RestoreState,
}

static STATE: Mutex<RefCell<State>> = Mutex::new(RefCell::new(State {
    frames: Frames::new(),
    before: RestoreState::invalid(),
}));

fn with<R>(f: impl FnOnce(&mut State) -> R) -> R {
    critical_section::with(|section| f(&mut STATE.borrow_ref_mut(section)))
}

#[defmt::global_logger]
struct Logger;

// SAFETY: from `acquire` to `release` interrupts are off, so that no two messages are written at a time.
#[expect(
    unsafe_code,
    reason = "defmt leaves it to the logger that messages do not mix"
)]
unsafe impl defmt::Logger for Logger {
    fn acquire() {
        // SAFETY: `release` gives it back.
        let before = unsafe { critical_section::acquire() };
        with(|state| {
            state.before = before;
            state.frames.begin();
        });
    }

    unsafe fn flush() {
        // Nobody waits for a port here.
    }

    unsafe fn release() {
        let before = with(|state| {
            state.frames.end();
            state.before
        });
        // SAFETY: `acquire` took it.
        unsafe { critical_section::release(before) };
    }

    unsafe fn write(bytes: &[u8]) {
        with(|state| state.frames.write(bytes));
    }
}

/// Sends all that waits; from a panic, which may have come amid a message.
pub(crate) fn send_all(send: fn(&[u8])) {
    critical_section::with(|section| {
        if let Ok(mut state) = STATE.borrow(section).try_borrow_mut() {
            state.frames.drain(|bytes| {
                send(bytes);
                bytes.len()
            });
        }
    });
}

/// The log of a board with this port.
pub(crate) struct PortLog<P>(RefCell<P>);

impl<P: Port> PortLog<P> {
    pub(crate) const fn new(port: P) -> Self {
        Self(RefCell::new(port))
    }
}

impl<P: Port> Log for PortLog<P> {
    fn tell(&self, report: &Report<'_>) {
        tell(report);
    }

    fn set_time(&self, now_ms: u32) {
        NOW_MS.store(now_ms, Ordering::Relaxed);
    }

    fn drain(&self) -> bool {
        let mut port = self.0.borrow_mut();
        let is_empty = with(|state| state.frames.drain(|bytes| port.write(bytes)));
        if is_empty {
            match with(|state| state.frames.take_dropped()) {
                0 => {}
                dropped => warn!("{} messages of this log were dropped", dropped),
            }
        }
        is_empty || P::HOLDS_A_MILLISECOND
    }
}

fn tell(report: &Report<'_>) {
    match report {
        Report::Started { board, start } => info!("{} runs {}", board, start),
        Report::Event(event) => tell_event(event),
        Report::Missed { events } => warn!("{} events were missed", events),
        Report::News(news @ News::NotQueued { .. }) => warn!("{}", news),
        Report::News(news) => info!("{}", news),
        Report::Finished => info!("all is published; the link goes on"),
        Report::NotSubscribed(error) => error!("not subscribed: {}; tried again", error),
        Report::Failed(failure) => error!("{}", Display2Format(failure)),
    }
}

fn tell_event(event: &Event) {
    match event {
        Event::Started { count } => info!("started, {} times", count),
        Event::Wifi(true) => info!("Wi-Fi up"),
        Event::Wifi(false) => warn!("Wi-Fi down"),
        Event::Crashed(crash) => error!("bridge lost: {}", crash),
        Event::Status { status, detail } if status.severity() >= Severity::Warning => {
            warn!("status {} ({})", status, detail);
        }
        Event::Status { status, detail } => debug!("status {} ({})", status, detail),
        Event::State(transition) => debug!("{} -> {}: {}", transition.from, transition.to, transition.why),
        Event::Log { level, line } => info!("bridge, {}: {}", level, line.as_str()),
        Event::Subscribed { id, granted } => info!("subscription {} granted: {}", id.number(), granted),
        Event::SubscribeRefused { id, reason } => warn!("subscription {} refused: {}", id.number(), reason),
        Event::Time {
            unix_time,
            local_time,
        } => info!("time {}, local {}", unix_time, local_time),
    }
}
