//! What flows over the connection: bytes between TCP and the MQTT client, and what the client makes of them. When the
//! connection is made and given up is decided in the module above.

use core::fmt;

use fivewire_mqtt::{Event, MessageId, PacketId};
use fivewire_wire::{LogLevel, Outcome, QoS, Reason, Status, Ticket, event, reply};

use super::{Broker, State, wire_qos};
use crate::inbox::Inbox;
use crate::io::Io;
use crate::note::Note;
use crate::platform::{Platform, Tcp};
use crate::subscriptions::{Asker, Request};

/// Longest topic and payload of a message, `max_len` in the spec.
const TOPIC_BYTES: usize = 128;
const PAYLOAD_BYTES: usize = 1024;

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
        let over = matches!(self.state, State::Connecting | State::Up { .. }) && !moved;
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
            && let Some(ticket) = self.receipts.written(self.written)
        {
            receipt(io, ticket, Reason::None);
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
        let Some(event) = self.client.poll_event() else {
            return false;
        };
        match event {
            Event::Connected { session_present } => self.connected(io, session_present),
            Event::Refused(code) => self.refused(io, code),
            Event::Published { packet_id } => self.published(io, packet_id),
            Event::Subscribed { packet_id, granted } => {
                let granted = granted.map(wire_qos).ok();
                let asker = self.subscriptions.answered(packet_id, granted.is_none());
                answer(io, asker, granted.ok_or(Reason::RefusedByBroker));
            }
            Event::Unsubscribed { packet_id } => {
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
            } => {
                let message = event::Message {
                    topic,
                    payload,
                    retained: retain,
                    dup,
                    qos: wire_qos(qos),
                };
                match hand_over(&mut self.inbox, io, deliver, &message, packet_id) {
                    Handed::Over => {}
                    Handed::NotYet => {
                        self.client.keep_message();
                        return false;
                    }
                    Handed::Never(id) => self.acknowledge(id),
                }
            }
            Event::Discarded { topic, size, .. } => too_long(io, topic.unwrap_or("of a long name"), size),
            Event::Lost(cause) => self.failed(io, format_args!("{cause}")),
        }
        true
    }

    fn published<P: Platform>(&mut self, io: &mut Io<'_, P>, packet_id: PacketId) {
        if let Some(ticket) = self.receipts.acknowledged(packet_id) {
            receipt(io, ticket, Reason::None);
        }
    }

    /// Lets the client take the subscriptions that wait.
    fn request<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        while self.is_up() && io.outbox.has_room() {
            let sent = match self.subscriptions.next() {
                None => return,
                Some(Request::Subscribe { filter, qos }) => {
                    self.client.subscribe(io.now, filter, super::mqtt_qos(qos))
                }
                Some(Request::Unsubscribe { filter }) => self.client.unsubscribe(io.now, filter),
            };
            match sent {
                Ok(packet_id) => self.subscriptions.sent(packet_id),
                Err(fivewire_mqtt::Error::NoRoom) => return,
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
            && let Some(ticket) = self.receipts.failed()
        {
            receipt(io, ticket, Reason::NotConnected);
        }
    }

    /// Ends TCP, and the QoS 0 publications whose bytes went down with it.
    pub(super) fn close<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        io.platform.tcp_close();
        self.client.transport_closed();
        self.chunk.clear();
        self.receipts.connection_lost();
    }

    /// Lets the broker forget a message. One of an earlier connection it will send again instead.
    pub(super) fn acknowledge(&mut self, id: Option<MessageId>) {
        if let Some(id) = id {
            // An unknown id is of a connection that is gone; nothing is to be done.
            let _ = self.client.acknowledge(id);
        }
    }
}

/// Sends a publication's receipt.
fn receipt<P: Platform>(io: &mut Io<'_, P>, ticket: Ticket<reply::Publish>, reason: Reason) {
    let outcome = if reason == Reason::None {
        Outcome::Delivered
    } else {
        Outcome::Rejected
    };
    let delivered = outcome == Outcome::Delivered;
    io.platform.note(Note::Receipt {
        number: ticket.number(),
        delivered,
    });
    io.outbox
        .push(|writer| ticket.reply(&reply::Publish { outcome, reason }, writer));
}

/// Answers whoever asked for a subscription, or for its end. A refusal is a status as well.
fn answer<P: Platform>(io: &mut Io<'_, P>, asker: Option<Asker>, granted: Result<QoS, Reason>) {
    let reason = granted.err().unwrap_or(Reason::None);
    let granted = granted.unwrap_or(QoS::AtMostOnce);
    match asker {
        None => return,
        Some(Asker::Subscribe(ticket)) => {
            io.outbox
                .push(|writer| ticket.reply(&reply::Subscribe { granted, reason }, writer));
        }
        Some(Asker::Unsubscribe(ticket)) => {
            io.outbox
                .push(|writer| ticket.reply(&reply::Unsubscribe { reason }, writer));
        }
        Some(Asker::Renewal) => {}
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
    let bytes = message.topic.len() + message.payload.len();
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
