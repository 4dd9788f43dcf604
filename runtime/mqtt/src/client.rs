//! [`Client`]: the session and its present connection, as one.
//!
//! Not here: opening transports, waiting, deciding when to connect again.

use core::fmt;

use crate::connection::{Connection, State};
use crate::error::Error;
use crate::event::Event;
use crate::incoming::Step;
use crate::options::ConnectOptions;
use crate::outbox::RequestKind;
use crate::session::{Session, check_options};
use crate::types::{MessageId, PacketId, QoS};

/// An MQTT 3.1.1 client without input, output or clock of its own.
///
/// `RX`: bytes of the receive buffer; a longer message is [discarded](Event::Discarded), and CONNECT must fit. `TX`: bytes
/// for all that is unsent or unanswered, [`PUBLISH_OVERHEAD`](crate::PUBLISH_OVERHEAD) for each publish and
/// [`CONTROL_ROOM`](crate::CONTROL_ROOM) once. `IN_FLIGHT`: how many publishes, subscribes and unsubscribes may be
/// unanswered, and how many incoming QoS 1 messages unacknowledged.
///
/// Time is `now_ms`, milliseconds that may wrap. After each call that can change something (input above all), ask
/// [`poll_event`](Self::poll_event) until it says `None`, write [`output`](Self::output), and sleep until
/// [`poll_timeout`](Self::poll_timeout) at most.
pub struct Client<const RX: usize, const TX: usize, const IN_FLIGHT: usize> {
    session: Session<TX, IN_FLIGHT>,
    connection: Connection<RX, IN_FLIGHT>,
    /// The time of the latest call that told it.
    now_ms: u32,
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Client<RX, TX, IN_FLIGHT> {
    const BUFFERS_ARE_USABLE: () = assert!(RX >= 32 && TX >= 32 && IN_FLIGHT >= 1, "buffers too small");

    /// A client without a connection and with an empty session.
    #[must_use]
    pub const fn new() -> Self {
        let () = Self::BUFFERS_ARE_USABLE;
        Self {
            session: Session::new(),
            connection: Connection::new(),
            now_ms: 0,
        }
    }

    /// A transport to the broker is open: CONNECT becomes the first output [MQTT-3.1.0-1]. Whatever was left of an
    /// earlier transport is gone; the session is kept.
    ///
    /// # Errors
    /// What no broker could accept, and [`Error::TooLarge`] when CONNECT does not fit into `RX` bytes. There is no
    /// connection then.
    pub fn connect(&mut self, now_ms: u32, options: &ConnectOptions<'_>) -> Result<(), Error> {
        self.now_ms = now_ms;
        self.transport_closed();
        check_options(options)?;
        self.connection.open(now_ms, options)
    }

    /// The transport is gone. Requests stay, and go out again after the next [`connect`](Self::connect). Take all
    /// events before: what was received and not looked at is dropped.
    pub fn transport_closed(&mut self) {
        self.connection.close();
        self.session.suspend();
    }

    /// Bytes came from the transport. Says how many were taken: fewer when the buffer is full of what
    /// [`poll_event`](Self::poll_event) has not handed out; offer the rest again after that.
    pub fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
        self.now_ms = now_ms;
        self.connection.handle_input(now_ms, bytes)
    }

    /// All bytes that wait for the transport, in one piece.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        match self.connection.state {
            State::Closed | State::Lost(_) | State::AwaitingConnack(_) => &[],
            State::Connecting(_) => self.connection.inbox.unread(),
            State::Up(_) | State::Disconnecting => self.session.outbox.unsent(),
        }
    }

    /// The transport took the first `len` bytes of [`output`](Self::output).
    pub fn consume_output(&mut self, len: usize) {
        match &mut self.connection.state {
            State::Closed | State::Lost(_) | State::AwaitingConnack(_) => {}
            State::Connecting(opening) => {
                let opening = *opening;
                self.connection.connect_sent(opening, len);
            }
            State::Up(live) => {
                if len > 0 {
                    live.sent(self.now_ms);
                }
                self.session.outbox.consume(len);
                self.flush_receipts();
            }
            State::Disconnecting => {
                self.session.outbox.consume(len);
                if self.session.outbox.unsent().is_empty() {
                    self.connection.enter(State::Closed);
                }
            }
        }
    }

    /// The next thing that happened. A message lies in the receive buffer and is gone with the next call, unless
    /// [`keep_message`](Self::keep_message) comes first.
    ///
    /// `None` also while a QoS 1 message waits because `IN_FLIGHT` others are not acknowledged.
    pub fn poll_event(&mut self) -> Option<Event<'_>> {
        self.connection.release();
        self.flush_receipts();
        if let Some(cause) = self.connection.take_lost() {
            return Some(Event::Lost(cause));
        }
        loop {
            match self.connection.step() {
                Step::Wait => return None,
                Step::Again => {}
                Step::Event(event) => return Some(event),
                Step::ConnAck { session_present } => return Some(self.established(session_present)),
                Step::Answer {
                    kind,
                    packet_id,
                    granted,
                } => {
                    if let Some(event) = self.answered(kind, packet_id, granted) {
                        return Some(event);
                    }
                }
                Step::Message(header) => return Some(self.connection.deliver(header)),
            }
        }
    }

    /// The application has no room for the message that [`poll_event`](Self::poll_event) just gave: the next call
    /// gives it again. Until then nothing behind it is looked at, and the time limits of the broker stand still.
    pub fn keep_message(&mut self) {
        self.connection.keep_message();
    }

    /// Publishes. QoS 0 needs a connection and is forgotten once the transport took it. QoS 1 is taken at any time, gives a
    /// packet id, and ends in [`Event::Published`]: after each lost connection it goes out again, with DUP where the
    /// broker may have seen it.
    ///
    /// # Errors
    /// [`Error::NoRoom`] until something is answered; [`Error::NotConnected`]; else it can never be published.
    pub fn publish(
        &mut self,
        now_ms: u32,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        retain: bool,
    ) -> Result<Option<PacketId>, Error> {
        match qos {
            QoS::AtMostOnce if !self.connection.is_up() => Err(Error::NotConnected),
            QoS::AtMostOnce => {
                self.now_ms = now_ms;
                self.session.publish_once(topic, payload, retain).map(|()| None)
            }
            QoS::AtLeastOnce => self
                .request(now_ms, |session| session.publish(topic, payload, retain))
                .map(Some),
            QoS::ExactlyOnce => Err(Error::UnsupportedQos),
        }
    }

    /// Subscribes; taken at any time, and ends in [`Event::Subscribed`]. Which filters to subscribe again for a broker
    /// without the session is the caller's knowledge.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn subscribe(&mut self, now_ms: u32, filter: &str, qos: QoS) -> Result<PacketId, Error> {
        match qos {
            QoS::AtMostOnce | QoS::AtLeastOnce => {
                self.request(now_ms, |session| session.subscribe(filter, qos))
            }
            QoS::ExactlyOnce => Err(Error::UnsupportedQos),
        }
    }

    /// Gives a subscription up; taken at any time, and ends in [`Event::Unsubscribed`].
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn unsubscribe(&mut self, now_ms: u32, filter: &str) -> Result<PacketId, Error> {
        self.request(now_ms, |session| session.unsubscribe(filter))
    }

    /// The application has the incoming QoS 1 message in safety: the broker may forget it. In any order; the
    /// PUBACKs go out in the order of receipt [MQTT-4.6.0-2], so ask for events again: a message may have waited.
    ///
    /// # Errors
    /// [`Error::UnknownMessage`] when it came on an earlier connection, or is acknowledged already. Both are harmless.
    pub fn acknowledge(&mut self, id: MessageId) -> Result<(), Error> {
        if !self.connection.receipts.take(id) {
            return Err(Error::UnknownMessage);
        }
        self.flush_receipts();
        Ok(())
    }

    /// Says goodbye: DISCONNECT is the last output, and the broker will not publish the will [MQTT-3.14.4-3]. Write the
    /// output, then close the transport [MQTT-3.14.4-1].
    pub fn disconnect(&mut self) {
        match self.connection.state {
            State::Closed | State::Lost(_) | State::Disconnecting => {}
            State::Connecting(_) | State::AwaitingConnack(_) => self.connection.enter(State::Closed),
            State::Up(_) => {
                self.session.disconnect();
                self.connection.enter(State::Disconnecting);
            }
        }
    }

    /// Forgets the connection and all that is unanswered; no event will tell of it.
    pub fn forget_session(&mut self) {
        self.transport_closed();
        self.session.forget();
    }

    /// Does what is due by time. May make output (PINGREQ) or an event ([`Event::Lost`]).
    pub fn handle_timeout(&mut self, now_ms: u32) {
        self.now_ms = now_ms;
        let unanswered = self.in_flight() > 0;
        if !self.connection.handle_timeout(now_ms, unanswered) {
            return;
        }
        if let State::Up(live) = &mut self.connection.state {
            // A transport that takes nothing needs no second PINGREQ behind the first.
            if !live.is_pinging() || self.session.outbox.unsent().is_empty() {
                self.session.ping();
            }
            live.pinged(now_ms);
        }
    }

    /// Changes the time limits of the present connection; both as in [`ConnectOptions`].
    pub fn set_time_limits(&mut self, response_time_ms: u32, puback_time_ms: u32) {
        self.connection.set_time_limits(response_time_ms, puback_time_ms);
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do, if nothing else happens before: an
    /// instant of the clock that `now_ms` comes from.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u32> {
        self.connection.poll_timeout(self.in_flight() > 0)
    }

    /// Whether a QoS 1 publish with `len` bytes of topic and payload together would find room now.
    #[must_use]
    pub fn can_publish(&self, len: usize) -> bool {
        !matches!(self.connection.state, State::Disconnecting) && self.session.can_publish(len)
    }

    /// How many publishes, subscribes and unsubscribes the broker has not answered.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.session.outbox.requests().len()
    }

    /// The broker accepted the connection, and it is not lost.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.is_up()
    }

    fn request(
        &mut self,
        now_ms: u32,
        make: impl FnOnce(&mut Session<TX, IN_FLIGHT>) -> Result<PacketId, Error>,
    ) -> Result<PacketId, Error> {
        self.now_ms = now_ms;
        let first = self.in_flight() == 0;
        match &mut self.connection.state {
            State::Disconnecting => return Err(Error::NotConnected),
            State::Up(live) if first => live.progressed(now_ms),
            State::Up(_)
            | State::Closed
            | State::Lost(_)
            | State::Connecting(_)
            | State::AwaitingConnack(_) => {}
        }
        make(&mut self.session)
    }

    fn established(&mut self, session_present: bool) -> Event<'static> {
        self.connection.established(self.now_ms);
        self.session.resume(session_present);
        Event::Connected { session_present }
    }

    /// An answer to nothing is passed over: it harms nobody, and the standard does not ask to close for it.
    fn answered(
        &mut self,
        kind: RequestKind,
        packet_id: PacketId,
        granted: Option<QoS>,
    ) -> Option<Event<'static>> {
        if !self.session.answered(packet_id, kind) {
            return None;
        }
        if let State::Up(live) = &mut self.connection.state {
            live.progressed(self.now_ms);
        }
        Some(match kind {
            RequestKind::Publish => Event::Published { packet_id },
            RequestKind::Subscribe => Event::Subscribed {
                packet_id,
                granted: granted.ok_or(()),
            },
            RequestKind::Unsubscribe => Event::Unsubscribed { packet_id },
        })
    }

    /// Queues the PUBACKs that are due, as far as there is room.
    fn flush_receipts(&mut self) {
        while let (true, Some(id)) = (self.connection.is_up(), self.connection.receipts.due()) {
            if !self.session.acknowledge(id) {
                return;
            }
            self.connection.receipts.pop();
        }
    }
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Default for Client<RX, TX, IN_FLIGHT> {
    fn default() -> Self {
        Self::new()
    }
}

/// The buffers may hold a password and are left out.
impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> fmt::Debug for Client<RX, TX, IN_FLIGHT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("state", &self.connection.state)
            .field("in_flight", &self.in_flight())
            .field("unsent", &self.session.outbox.unsent().len())
            .finish_non_exhaustive()
    }
}
