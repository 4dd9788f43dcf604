//! What flows over the connection: bytes between TCP and the MQTT client, and what the client makes of them. When the
//! connection is made and given up is decided in the module above.

use core::fmt;

use fivewire_mqtt::v5::{Event, Properties, ReasonCode};
use fivewire_mqtt::{MessageId, PacketId};
use fivewire_wire::{LogLevel, Outcome, QoS, Reason, Status, event, reply};

use super::{Broker, State, wire_qos};
use crate::inbox::Inbox;
use crate::io::Io;
use crate::note::Note;
use crate::platform::{Platform, Tcp};
use crate::receipts::Asker;
use crate::subscriptions::{self, Request};

/// Longest topic and payload of a message, `max_len` in the spec.
const TOPIC_BYTES: usize = 128;
const PAYLOAD_BYTES: usize = 1024;
/// Longest properties of a message, likewise.
const PROPERTIES_BYTES: usize = 224;

/// Hands a message to the link; its number there, or nothing when the link has no room.
pub(crate) type Deliver<'a> = dyn FnMut(&event::Message<'_>) -> Option<u8> + 'a;

/// Bytes that TCP gave and the MQTT client has not taken yet.
pub(crate) struct Chunk {
    bytes: [u8; 512],
    start: usize,
    end: usize,
}

impl Chunk {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; 512],
            start: 0,
            end: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    fn refill(&mut self, read: impl FnOnce(&mut [u8]) -> usize) {
        if self.start >= self.end {
            (self.start, self.end) = (0, read(&mut self.bytes).min(self.bytes.len()));
        }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }
}

/// What became of a message from the broker.
enum Handed {
    /// The host gets it.
    Over,
    /// The host has no room yet.
    NotYet,
    /// It can never be passed on; the broker shall not send it again.
    Never(Option<MessageId>),
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Broker<RX, TX, IN_FLIGHT> {
    /// Moves bytes both ways and does what they say. True when something moved.
    pub(super) fn poll_connection<P: Platform>(
        &mut self,
        io: &mut Io<'_, P>,
        deliver: &mut Deliver<'_>,
    ) -> bool {
        self.client.handle_timeout(io.now);
        let moved = self.read(io) | self.events(io, deliver);
        self.request(io);
        let moved = self.write(io) | moved;
        let over = matches!(self.state, State::Connecting { .. } | State::Up { .. }) && !moved;
        match io.platform.tcp() {
            Tcp::Closed(failure) if over => self.tcp_failed(io, failure),
            Tcp::Closed(_) | Tcp::Opening | Tcp::Open => {}
        }
        moved
    }

    /// Gives the client one chunk, or as much of it as it has room for.
    fn read<P: Platform>(&mut self, io: &mut Io<'_, P>) -> bool {
        self.chunk.refill(|buffer| io.platform.tcp_read(buffer));
        let taken = self.client.handle_input(io.now, self.chunk.rest());
        self.chunk.start += taken;
        taken > 0
    }

    /// Gives TCP what the client has to say, and receipts to the QoS 0 publications that went with it.
    pub(super) fn write<P: Platform>(&mut self, io: &mut Io<'_, P>) -> bool {
        let mut moved = false;
        while !self.client.output().is_empty() {
            let taken = io.platform.tcp_write(self.client.output());
            if taken == 0 {
                break;
            }
            self.client.consume_output(taken);
            self.written = self.written.wrapping_add(taken as u32);
            moved = true;
        }
        while io.outbox.has_room()
            && let Some(asker) = self.receipts.written(self.written)
        {
            receipt(io, asker, Ok(Outcome::Delivered));
        }
        moved
    }

    /// Does what the broker's packets say, until the host has no room for more.
    fn events<P: Platform>(&mut self, io: &mut Io<'_, P>, deliver: &mut Deliver<'_>) -> bool {
        let mut moved = false;
        while io.outbox.has_room() && self.event(io, deliver) {
            moved = true;
        }
        moved
    }

    fn event<P: Platform>(&mut self, io: &mut Io<'_, P>, deliver: &mut Deliver<'_>) -> bool {
        let Some(event) = self.client.next_event() else {
            return false;
        };
        match event {
            Event::Connected { session_present, .. } => self.connected(io, session_present),
            Event::Refused { reason, .. } => self.refused(io, reason),
            Event::Disconnected { reason, .. } => self.disconnected(io, reason),
            Event::Published {
                packet_id, reason, ..
            } => self.published(io, packet_id, reason),
            Event::Received { packet_id } => self.received(io, packet_id),
            Event::Released { packet_id } => {
                let packet_id = packet_id.get();
                io.outbox
                    .push(|writer| event::Released { packet_id }.encode(writer));
            }
            Event::Subscribed {
                packet_id, reason, ..
            } => {
                let granted = QoS::from_number(reason.number()).filter(|_| !reason.is_error());
                let asker = self.subscriptions.answered(packet_id, granted.is_none());
                answer(io, asker, granted.ok_or(Reason::RefusedByBroker));
            }
            Event::Unsubscribed { packet_id, .. } => {
                // A broker that refuses this has no such subscription, or keeps one that nobody listens to.
                let asker = self.subscriptions.answered(packet_id, false);
                answer(io, asker, Ok(QoS::AtMostOnce));
            }
            Event::Message {
                topic,
                payload,
                qos,
                retain,
                dup,
                packet_id,
                properties,
            } => {
                let message = event::Message {
                    topic,
                    payload,
                    retained: retain,
                    dup,
                    qos: wire_qos(qos),
                    packet_id: number_of(qos, packet_id),
                    properties: carried(io, topic, &properties),
                };
                match hand_over(&mut self.inbox, io, deliver, &message, packet_id) {
                    Handed::Over => {}
                    Handed::NotYet => {
                        self.client.keep_message();
                        return false;
                    }
                    Handed::Never(Some(id)) => self.client.acknowledge(id),
                    Handed::Never(None) => {}
                }
            }
            Event::Discarded { topic, size, .. } => too_long(io, topic.unwrap_or("of a long name"), size),
            Event::Lost(cause) => {
                // In MQTT 5.0 the last output says why.
                self.write(io);
                self.failed(io, format_args!("{cause}"));
            }
        }
        true
    }

    /// The broker ended a publication or a step of it.
    fn published<P: Platform>(&mut self, io: &mut Io<'_, P>, packet_id: PacketId, reason: ReasonCode) {
        let Some(asker) = self.receipts.answered(packet_id) else {
            return;
        };
        // What the broker no longer knows when it is to be released, it has released.
        let released =
            reason == ReasonCode::PACKET_IDENTIFIER_NOT_FOUND && matches!(asker, Asker::Release(_));
        if reason.is_error() && !released {
            io.line(
                LogLevel::Warn,
                format_args!("the broker refused a publication: {reason}"),
            );
            receipt(io, asker, Err(Reason::RefusedByBroker));
        } else {
            receipt(io, asker, Ok(Outcome::Delivered));
        }
    }

    /// The broker has a QoS 2 publication; the host is to note it. One that the host does not ask for is of an earlier
    /// life, and nothing but its release is left of it.
    fn received<P: Platform>(&mut self, io: &mut Io<'_, P>, packet_id: PacketId) {
        match self.receipts.answered(packet_id) {
            Some(asker) => receipt(io, asker, Ok(Outcome::Received)),
            // Should there be no room for it, the broker keeps a number that nobody uses.
            None => _ = self.client.release(io.now, packet_id),
        }
    }

    /// Lets the client take the subscriptions that wait.
    fn request<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        while self.is_up() && io.outbox.has_room() {
            let Some(request) = self.subscriptions.next() else {
                return;
            };
            let Request {
                packet_id, filter, ..
            } = request;
            let sent = match request.qos {
                Some(qos) => self
                    .client
                    .subscribe(io.now, packet_id, filter, super::mqtt_qos(qos)),
                None => self.client.unsubscribe(io.now, packet_id, filter, &[]),
            };
            match sent {
                Ok(()) => self.subscriptions.sent(),
                // It has to wait for another request to end.
                Err(fivewire_mqtt::Error::NoRoom | fivewire_mqtt::Error::PacketIdInUse) => return,
                Err(error) => {
                    io.line(LogLevel::Warn, format_args!("subscription: {error}"));
                    let asker = self.subscriptions.refuse_next();
                    answer(io, asker, Err(Reason::BadTopic));
                }
            }
        }
    }

    /// Tells the host which QoS 0 publications went down with their connection.
    pub(super) fn report_failed<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        while io.outbox.has_room()
            && let Some(asker) = self.receipts.failed()
        {
            receipt(io, asker, Err(Reason::NotConnected));
        }
    }

    /// Ends TCP, and the QoS 0 publications whose bytes went down with it.
    pub(super) fn close<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        io.platform.tcp_close();
        self.client.transport_closed();
        self.chunk.clear();
        self.receipts.connection_lost();
    }
}

/// Sends a publication's receipt, or that of a step.
fn receipt<P: Platform>(io: &mut Io<'_, P>, asker: Asker, ended: Result<Outcome, Reason>) {
    let reason = ended.err().unwrap_or(Reason::None);
    let outcome = ended.unwrap_or(Outcome::Rejected);
    io.platform.note(Note::Receipt {
        number: asker.number(),
        outcome,
    });
    io.outbox.push(|writer| match asker {
        Asker::Publish(ticket) => ticket.reply(&reply::Publish { outcome, reason }, writer),
        Asker::Release(ticket) => ticket.reply(&reply::Release { outcome, reason }, writer),
    });
}

/// By which number the host knows a QoS 2 message again; 0 for all others.
fn number_of(qos: fivewire_mqtt::QoS, id: Option<MessageId>) -> u16 {
    let id = id.filter(|_| qos == fivewire_mqtt::QoS::ExactlyOnce);
    id.map_or(0, |id| id.packet_id().get())
}

/// The properties of a message for the host; none when they are longer than the wires carry.
fn carried<'a, P: Platform>(io: &mut Io<'_, P>, topic: &str, properties: &Properties<'a>) -> &'a [u8] {
    let bytes = properties.wire_bytes();
    if bytes.len() <= PROPERTIES_BYTES {
        return bytes;
    }
    let len = bytes.len();
    io.line(
        LogLevel::Warn,
        format_args!("left {len} bytes of properties out, topic {topic}: too long"),
    );
    &[]
}

/// Answers whoever asked for a subscription, or for its end. A refusal is a status as well.
fn answer<P: Platform>(
    io: &mut Io<'_, P>,
    asker: Option<subscriptions::Asker>,
    granted: Result<QoS, Reason>,
) {
    let reason = granted.err().unwrap_or(Reason::None);
    let granted = granted.unwrap_or(QoS::AtMostOnce);
    match asker {
        None => return,
        Some(subscriptions::Asker::Subscribe(ticket)) => {
            io.outbox
                .push(|writer| ticket.reply(&reply::Subscribe { granted, reason }, writer));
        }
        Some(subscriptions::Asker::Unsubscribe(ticket)) => {
            io.outbox
                .push(|writer| ticket.reply(&reply::Unsubscribe { reason }, writer));
        }
        Some(subscriptions::Asker::Renewal) => {}
    }
    if reason != Reason::None {
        io.status(Status::SubscribeRefused, 0);
    }
}

/// Passes a message on, if the host has room for it.
fn hand_over<P: Platform>(
    inbox: &mut Inbox,
    io: &mut Io<'_, P>,
    deliver: &mut Deliver<'_>,
    message: &event::Message<'_>,
    id: Option<MessageId>,
) -> Handed {
    let bytes = message.topic.len() + message.payload.len() + message.properties.len();
    let beyond_spec = message.topic.len() > TOPIC_BYTES || message.payload.len() > PAYLOAD_BYTES;
    if beyond_spec || inbox.never_fits(bytes) {
        too_long(io, message.topic, bytes);
        return Handed::Never(id);
    }
    // Whatever waits in the outbox happened before it.
    if !io.outbox.is_empty() || !inbox.has_room(bytes) {
        return Handed::NotYet;
    }
    let Some(number) = deliver(message) else {
        return Handed::NotYet;
    };
    inbox.sent(number, bytes, id);
    io.platform.note(Note::Message {
        topic: message.topic,
        bytes: message.payload.len(),
    });
    Handed::Over
}

fn too_long<P: Platform>(io: &mut Io<'_, P>, topic: impl fmt::Display, bytes: usize) {
    io.line(
        LogLevel::Warn,
        format_args!("dropped a message of {bytes} bytes, topic {topic}: too long"),
    );
}
