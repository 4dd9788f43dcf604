//! A bridge on the other ends of the wires: it answers each edge at once and agrees to everything.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::rc::Rc;

use embedded_hal::digital::{ErrorType, InputPin, OutputPin, PinState};
use fivewire_host::Status;
use fivewire_host::link::{Event, Hello, Link, Settings};
use fivewire_host::wire::command::Command;
use fivewire_host::wire::reply::{self, Reply};
use fivewire_host::wire::{
    EncodeError, MAX_BODY, MIN_REVISION, Outcome, QoS, REVISION, Reason, ResetCause, WIRE_HASH, Writer, event,
};

/// The bridge, what it was told, and the levels of the wires.
pub(crate) struct Peer {
    link: RefCell<Link<4096, 4096>>,
    pending: RefCell<Vec<Vec<u8>>>,
    told: RefCell<Vec<String>>,
    pub(crate) now_ms: Cell<u32>,
    pub(crate) edges: Cell<u32>,
    pub(crate) resets: Cell<u32>,
    /// When it was last let go.
    pub(crate) released_ms: Cell<u32>,
    held: Cell<bool>,
    clock: Cell<bool>,
    data_out: Cell<bool>,
    data_in: Cell<bool>,
}

impl Peer {
    pub(crate) fn new() -> Rc<Self> {
        let hello = Hello::new(REVISION, MIN_REVISION, WIRE_HASH, MAX_BODY as u16, 9);
        Rc::new(Self {
            link: RefCell::new(Link::new(Settings::new(hello))),
            pending: RefCell::default(),
            told: RefCell::default(),
            now_ms: Cell::default(),
            edges: Cell::default(),
            resets: Cell::default(),
            released_ms: Cell::default(),
            held: Cell::default(),
            clock: Cell::default(),
            data_out: Cell::default(),
            data_in: Cell::default(),
        })
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.told.borrow().clone()
    }

    /// Nothing is under way in either direction.
    pub(crate) fn is_quiet(&self) -> bool {
        self.link.borrow().is_quiet()
    }

    pub(crate) fn say(&self, payload: &[u8]) {
        self.push(|out| {
            event::Message {
                topic: "green",
                payload,
                retained: false,
                dup: false,
                qos: QoS::AtLeastOnce,
                packet_id: 0,
                properties: b"",
            }
            .encode(out)
        });
        self.service();
    }

    fn hold(&self, hold: bool) {
        if hold {
            self.resets.set(self.resets.get() + 1);
        } else if self.held.get() {
            self.released_ms.set(self.now_ms.get());
            self.link.borrow_mut().start(self.now_ms.get());
        }
        self.held.set(hold);
    }

    /// The host's clock moved.
    fn edge(&self, clock: bool) {
        self.edges.set(self.edges.get() + 1);
        self.clock.set(clock);
        if self.held.get() {
            return;
        }
        let mut link = self.link.borrow_mut();
        link.input_bit(self.data_out.get());
        self.data_in.set(link.output_bit());
        drop(link);
        self.service();
    }

    fn push(&self, encode: impl FnOnce(&mut Writer<'_>) -> Result<(), EncodeError>) {
        let mut buffer = [0; MAX_BODY];
        let mut writer = Writer::new(&mut buffer);
        encode(&mut writer).expect("what the bridge says is valid");
        self.pending.borrow_mut().push(writer.written().to_vec());
    }

    fn service(&self) {
        let mut link = self.link.borrow_mut();
        link.handle_timeout(self.now_ms.get());
        while let Some(Event::Up(_) | Event::Down(_)) = link.poll_event() {}
        while let Some((number, body)) = link.receive() {
            let body = body.to_vec();
            link.release();
            self.take(
                number,
                &Command::decode(&body).expect("the host sends valid commands"),
            );
        }
        let mut pending = self.pending.borrow_mut();
        while let Some(body) = pending.first() {
            let sent = link.send(|buffer| {
                buffer.get_mut(..body.len()).ok_or(())?.copy_from_slice(body);
                Ok::<_, ()>(body.len())
            });
            if sent.is_err() {
                return;
            }
            pending.remove(0);
        }
    }

    fn take(&self, number: u8, command: &Command<'_>) {
        let reason = Reason::None;
        match command {
            Command::Publish(publish) => {
                let text = String::from_utf8_lossy(publish.payload);
                self.told.borrow_mut().push(format!("{} {text}", publish.topic));
                let outcome = Outcome::Delivered;
                self.reply(number, reply::Publish { outcome, reason });
            }
            Command::Will(will) => {
                let text = String::from_utf8_lossy(will.payload);
                self.told.borrow_mut().push(format!("will {text}"));
                self.reply(number, reply::Will { reason });
            }
            Command::Configure(_) => self.configure(number),
            Command::Subscribe(_) => {
                let granted = QoS::AtLeastOnce;
                self.reply(number, reply::Subscribe { granted, reason });
            }
            Command::Ping(ping) => self.reply(number, reply::Ping { nonce: ping.nonce }),
            other => self.told.borrow_mut().push(other.name().to_owned()),
        }
    }

    fn configure(&self, number: u8) {
        self.reply(
            number,
            reply::Configure {
                publish_messages: 32,
                publish_bytes: 4096,
                cause: ResetCause::ResetWire,
                reason: Reason::None,
            },
        );
        for status in [Status::WifiUp, Status::BrokerOk, Status::Running] {
            self.push(|out| event::Status { status, detail: 0 }.encode(out));
        }
    }

    fn reply(&self, number: u8, reply: impl Into<Reply>) {
        let reply = reply.into();
        self.push(|out| reply.encode(number, out));
    }
}

/// The host's pins.
pub(crate) enum Pin {
    ClockOut(Rc<Peer>),
    DataOut(Rc<Peer>),
    ClockIn(Rc<Peer>),
    DataIn(Rc<Peer>),
    Reset(Rc<Peer>),
}

impl ErrorType for Pin {
    type Error = Infallible;
}

impl OutputPin for Pin {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.set_state(PinState::Low)
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.set_state(PinState::High)
    }

    fn set_state(&mut self, state: PinState) -> Result<(), Infallible> {
        let high = state == PinState::High;
        match self {
            Self::ClockOut(peer) if peer.clock.get() != high => peer.edge(high),
            Self::DataOut(peer) => peer.data_out.set(high),
            Self::Reset(peer) => peer.hold(!high),
            Self::ClockOut(_) | Self::ClockIn(_) | Self::DataIn(_) => {}
        }
        Ok(())
    }
}

impl InputPin for Pin {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(match self {
            Self::ClockIn(peer) => peer.clock.get() && !peer.held.get(),
            Self::DataIn(peer) => peer.data_in.get(),
            Self::ClockOut(_) | Self::DataOut(_) | Self::Reset(_) => false,
        })
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        self.is_high().map(|high| !high)
    }
}
