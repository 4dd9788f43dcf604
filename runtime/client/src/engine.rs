//! The client without its transport: one session and its present connection, what the application wants of them, and
//! what the runner has to do for it.
//!
//! Its calls are in `engine/calls` (from tasks) and `engine/turn` (from the runner). Not here: waiting, waking, locks
//! (see `shared`), the transport (see `runner`).

use core::mem;

use fivewire_mqtt::{Connection, Session, V311};

use crate::desk::Desk;
use crate::event::Cause;
use crate::probe::Probe;
use crate::protocol::Protocol;
use crate::time::Time;

mod calls;
mod turn;

pub(crate) use calls::Placed;
pub(crate) use turn::{CHUNK, Input, Turn};

/// What the application wants of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// There is to be one.
    On,
    /// Stay away.
    Off,
    /// The same, and the runner is to end.
    Closed,
}

/// The bounds of a client, and its memory. Name them once: `type Mqtt = Engine<V311, 512, 2048>;`
///
/// * `V`: the version of MQTT, [`V311`] or [`V5`](crate::V5).
/// * `RX`: bytes of the receive buffer; CONNECT and the largest message have to fit.
/// * `TX`: bytes of all publishes that are unsent or unanswered, 10 for each beside topic, properties and payload, and 9
///   once.
/// * `IN_FLIGHT`: how many publishes, subscribes and unsubscribes may be unanswered, and how many messages may wait for the
///   application.
/// * `INBOX`: bytes of these messages: `IN_FLIGHT` times `RX` is always enough.
/// * `SUBSCRIPTIONS`: how many topic filters.
pub struct Engine<
    V: Protocol = V311,
    const RX: usize = 1024,
    const TX: usize = 4096,
    const IN_FLIGHT: usize = 16,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    pub(crate) connection: Connection<RX, IN_FLIGHT, V>,
    pub(crate) session: Session<TX, IN_FLIGHT>,
    pub(crate) desk: Desk<IN_FLIGHT, INBOX, SUBSCRIPTIONS>,
    pub(crate) time: Time,
    pub(crate) wish: Wish,
    /// Which runner is in charge: the latest.
    runner: u32,
    has_runner: bool,
    /// There is a transport, or one is being opened.
    linked: bool,
    /// The present connection is at its end.
    over: Option<Cause>,
    probe: Probe,
    response_time_ms: u32,
}

impl<
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>
{
    pub(crate) const NEW: Self = Self {
        connection: Connection::new(),
        session: Session::new(),
        desk: Desk::NEW,
        time: Time::NEW,
        wish: Wish::On,
        runner: 0,
        has_runner: false,
        linked: false,
        over: None,
        probe: Probe::NEW,
        response_time_ms: 0,
    };

    /// Whether the runner has something to do, and whether the tasks have something to look at; once.
    pub(crate) fn take_bells(&mut self) -> (bool, bool) {
        let answered = mem::take(&mut self.probe.rung);
        let time = &mut self.time;
        (mem::take(&mut time.kick), mem::take(&mut time.changed) | answered)
    }

    pub(crate) fn is_up(&self) -> bool {
        self.over.is_none() && self.connection.is_up()
    }
}
