//! [`Client`]: the session and its present connection, as one, in MQTT 5.0.
//!
//! Not here: opening transports, waiting, deciding when to connect again.

use core::fmt;

use super::{ConnectOptions, Event, Property, Publication, ReasonCode, Subscription, V5};
use crate::connection::Connection;
use crate::error::Error;
use crate::session::Session;
use crate::types::{MessageId, Number, PacketId};

/// As [`crate::Client`], in MQTT 5.0. `ALIASES` and `TOPIC`: see [`V5`].
pub struct Client<
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const ALIASES: usize = 0,
    const TOPIC: usize = 0,
> {
    session: Session<TX, IN_FLIGHT>,
    connection: Connection<RX, IN_FLIGHT, V5<ALIASES, TOPIC>>,
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Client<RX, TX, IN_FLIGHT> {
    /// A client without topic aliases, without a connection and with an empty session.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_aliases()
    }
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize, const ALIASES: usize, const TOPIC: usize>
    Client<RX, TX, IN_FLIGHT, ALIASES, TOPIC>
{
    const BUFFERS_ARE_USABLE: () = assert!(TX >= 32, "buffers too small");

    /// A client without a connection and with an empty session.
    #[must_use]
    pub const fn with_aliases() -> Self {
        let () = Self::BUFFERS_ARE_USABLE;
        Self {
            session: Session::new(),
            connection: Connection::new(),
        }
    }

    /// Goes on with a session of an earlier life of this end, instead of the present one and its connection.
    pub fn set_session(&mut self, session: Session<TX, IN_FLIGHT>) {
        self.transport_closed();
        self.session = session;
    }

    /// The session, to be [saved](Session::save).
    #[must_use]
    pub const fn session(&self) -> &Session<TX, IN_FLIGHT> {
        &self.session
    }

    /// As [`Connection::connect`].
    ///
    /// # Errors
    /// As there.
    pub fn connect(&mut self, now_ms: u32, options: &ConnectOptions<'_>) -> Result<(), Error> {
        self.connection.connect(&mut self.session, now_ms, options)
    }

    /// As [`Connection::transport_closed`].
    pub fn transport_closed(&mut self) {
        self.connection.transport_closed(&mut self.session);
    }

    /// As [`Connection::handle_input`].
    pub fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
        self.connection.handle_input(now_ms, bytes)
    }

    /// All bytes that wait for the transport, in one piece.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.connection.output(&self.session)
    }

    /// The transport took the first `len` bytes of [`output`](Self::output).
    pub fn consume_output(&mut self, len: usize) {
        self.connection.consume_output(&mut self.session, len);
    }

    /// As [`Connection::poll_event`].
    pub fn poll_event(&mut self) -> Option<Event<'_>> {
        self.connection.poll_event(&mut self.session)
    }

    /// As [`Connection::keep_message`].
    pub fn keep_message(&mut self) {
        self.connection.keep_message();
    }

    /// As [`Connection::publish`].
    ///
    /// # Errors
    /// As there.
    pub fn publish(&mut self, now_ms: u32, publication: &Publication<'_>) -> Result<Option<PacketId>, Error> {
        self.connection.publish(&mut self.session, now_ms, publication)
    }

    /// As [`Connection::subscribe`].
    ///
    /// # Errors
    /// As there.
    pub fn subscribe(&mut self, now_ms: u32, subscription: &Subscription<'_>) -> Result<PacketId, Error> {
        self.connection.subscribe(&mut self.session, now_ms, subscription)
    }

    /// As [`Connection::unsubscribe`].
    ///
    /// # Errors
    /// As there.
    pub fn unsubscribe(
        &mut self,
        now_ms: u32,
        filter: &str,
        properties: &[Property<'_>],
    ) -> Result<PacketId, Error> {
        self.connection
            .unsubscribe(&mut self.session, now_ms, filter, properties)
    }

    /// As [`Connection::acknowledge`].
    ///
    /// # Errors
    /// As there.
    pub fn acknowledge(&mut self, id: MessageId) -> Result<(), Error> {
        self.connection.acknowledge(&mut self.session, id)
    }

    /// As [`Connection::defer_qos2`].
    pub const fn defer_qos2(&mut self) {
        self.connection.defer_qos2();
    }

    /// As [`Connection::publish_numbered`].
    ///
    /// # Errors
    /// As there.
    pub fn publish_numbered(
        &mut self,
        now_ms: u32,
        number: Number,
        publication: &Publication<'_>,
    ) -> Result<Option<PacketId>, Error> {
        self.connection
            .publish_numbered(&mut self.session, now_ms, number, publication)
    }

    /// As [`Connection::release`].
    ///
    /// # Errors
    /// As there.
    pub fn release(&mut self, now_ms: u32, packet_id: PacketId) -> Result<bool, Error> {
        self.connection.release(&mut self.session, now_ms, packet_id)
    }

    /// As [`Connection::complete`].
    ///
    /// # Errors
    /// As there.
    pub fn complete(&mut self, packet_id: PacketId, knew: bool) -> Result<(), Error> {
        self.connection.complete(&mut self.session, packet_id, knew)
    }

    /// As [`Connection::disconnect`].
    ///
    /// # Errors
    /// As there.
    pub fn disconnect(&mut self, reason: ReasonCode, properties: &[Property<'_>]) -> Result<(), Error> {
        self.connection.disconnect(&mut self.session, reason, properties)
    }

    /// Forgets the connection and all that is unanswered; no event will tell of it.
    pub fn forget_session(&mut self) {
        self.transport_closed();
        self.session.forget();
    }

    /// As [`Connection::handle_timeout`].
    pub fn handle_timeout(&mut self, now_ms: u32) {
        self.connection.handle_timeout(&mut self.session, now_ms);
    }

    /// Changes the time limits of the present connection; both as in [`crate::ConnectOptions`].
    pub fn set_time_limits(&mut self, response_time_ms: u32, puback_time_ms: u32) {
        self.connection.set_time_limits(response_time_ms, puback_time_ms);
    }

    /// As [`Connection::poll_timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u32> {
        self.connection.poll_timeout(&self.session)
    }

    /// Whether a QoS 1 or 2 publish with `len` bytes of topic, properties (one more for their length) and payload together
    /// would find room now.
    #[must_use]
    pub fn can_publish(&self, len: usize) -> bool {
        self.connection.can_publish(&self.session, len)
    }

    /// How many publishes, subscribes and unsubscribes the broker has not answered.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.session.in_flight()
    }

    /// The broker accepted the connection, and it is not lost.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.is_up()
    }
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize, const ALIASES: usize, const TOPIC: usize>
    Default for Client<RX, TX, IN_FLIGHT, ALIASES, TOPIC>
{
    fn default() -> Self {
        Self::with_aliases()
    }
}

/// The buffers may hold a password and are left out.
impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize, const ALIASES: usize, const TOPIC: usize>
    fmt::Debug for Client<RX, TX, IN_FLIGHT, ALIASES, TOPIC>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("connection", &self.connection)
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}
