//! The caller: its books, and the client of the present life.

use std::collections::VecDeque;

use fivewire_mqtt::packet::Publish;
use fivewire_mqtt::{Client, ConnectOptions, Error, Event, Number, PacketId, QoS};

/// How far a publication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// To be published.
    Publish,
    /// The broker has it and is to release it.
    Release,
}

/// A line of the books.
#[derive(Clone, Copy, Debug)]
struct Line {
    id: PacketId,
    publication: u8,
    qos: QoS,
    step: Step,
    /// The present client has been told of the step.
    offered: bool,
    /// An earlier client had it.
    again: bool,
}

/// Who outlives the client.
#[derive(Debug, Default)]
pub(super) struct Caller {
    client: Life,
    books: Vec<Line>,
    /// Packet ids that the broker received, and that are not noted yet.
    received: VecDeque<PacketId>,
    next_id: u16,
    published: u8,
}

/// One life of the client.
struct Life(Client<128, 192, 4>);

impl Default for Life {
    fn default() -> Self {
        let mut client = Client::new();
        client.defer_qos2();
        Self(client)
    }
}

impl std::fmt::Debug for Life {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Caller {
    pub(super) fn connect(&mut self) {
        let options = ConnectOptions {
            clean_session: false,
            ..ConnectOptions::new("me")
        };
        self.client.0.connect(0, &options).expect("sound options");
    }

    pub(super) fn transport_closed(&mut self) {
        self.client.0.transport_closed();
    }

    /// The client is gone with all that it knew; what it told and nobody noted, too.
    pub(super) fn crash(&mut self) {
        self.client = Life::default();
        self.received.clear();
        for line in &mut self.books {
            line.again |= line.offered;
            line.offered = false;
        }
    }

    pub(super) fn take_output(&mut self, len: usize) -> Vec<u8> {
        let output = self.client.0.output();
        let bytes = output[..len.min(output.len())].to_vec();
        self.client.0.consume_output(bytes.len());
        bytes
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let taken = self.client.0.handle_input(0, rest);
            rest = &rest[taken..];
            let before = rest.len();
            while let Some(event) = self.client.0.poll_event() {
                match event {
                    Event::Connected { .. } => {}
                    Event::Published { packet_id } => Self::end(&mut self.books, packet_id),
                    Event::Received { packet_id } => self.received.push_back(packet_id),
                    other => unreachable!("nothing led to {other:?}"),
                }
            }
            if before == 0 {
                return;
            }
        }
    }

    fn end(books: &mut Vec<Line>, id: PacketId) {
        let place = books.iter().position(|line| line.id == id);
        let line = books.remove(place.unwrap_or_else(|| unreachable!("{id} ended twice")));
        assert_eq!(
            line.qos == QoS::ExactlyOnce,
            line.step == Step::Release,
            "{line:?} ended"
        );
    }

    /// Another publication for the books, with QoS 1 or 2.
    pub(super) fn publish(&mut self, choice: u8) {
        if self.published == u8::MAX || self.books.len() >= 20 {
            return;
        }
        self.next_id = self.next_id % 30 + 1;
        let id = PacketId::new(self.next_id).expect("not 0");
        if self.books.iter().any(|line| line.id == id) {
            return;
        }
        self.books.push(Line {
            id,
            publication: self.published,
            qos: if choice & 1 == 0 {
                QoS::ExactlyOnce
            } else {
                QoS::AtLeastOnce
            },
            step: Step::Publish,
            offered: false,
            again: false,
        });
        self.published += 1;
    }

    /// Notes what the broker received; only then it is to be released.
    pub(super) fn note(&mut self) {
        while let Some(id) = self.received.pop_front() {
            let line = self.books.iter_mut().find(|line| line.id == id);
            let line = line.unwrap_or_else(|| unreachable!("{id} is in no book"));
            (line.step, line.offered) = (Step::Release, false);
        }
    }

    /// Tells the client what the books say, in their order, as far as it has room.
    pub(super) fn offer(&mut self) {
        let mut over = Vec::new();
        for line in self.books.iter_mut().filter(|line| !line.offered) {
            let outcome = match line.step {
                Step::Publish => publish(&mut self.client.0, line).map(|_| true),
                Step::Release => self.client.0.release(0, line.id),
            };
            match outcome {
                Ok(goes_on) => {
                    line.offered = true;
                    over.extend((!goes_on).then_some(line.id));
                }
                Err(Error::NoRoom) => break,
                Err(error) => unreachable!("{line:?}: {error}"),
            }
        }
        over.into_iter().for_each(|id| Self::end(&mut self.books, id));
    }

    pub(super) fn is_done(&self) -> bool {
        self.books.is_empty()
    }

    pub(super) const fn published(&self) -> u8 {
        self.published
    }
}

fn publish(client: &mut Client<128, 192, 4>, line: &Line) -> Result<Option<PacketId>, Error> {
    let number = if line.again {
        Number::Again(line.id)
    } else {
        Number::New(line.id)
    };
    let packet = Publish {
        dup: false,
        qos: line.qos,
        retain: false,
        topic: "t",
        packet_id: Some(line.id),
        payload: &[line.publication],
    };
    client.publish_numbered(0, number, packet)
}
