//! The broker machine: TCP, CONNECT, and again with growing pauses when that fails. What flows over the connection
//! is in `exchange`, what the host asks for in `requests`.

mod exchange;
mod failure;
mod requests;

use fivewire_mqtt::ConnectOptions;
use fivewire_mqtt::v5::ReasonCode;
use fivewire_wire::config::Config;
use fivewire_wire::{LogLevel, MqttVersion, QoS, Status, command};

use crate::broker::exchange::Chunk;
use crate::client::{Client, Wish};
use crate::endpoint::Endpoint;
use crate::inbox::Inbox;
use crate::io::Io;
use crate::note::Machine;
use crate::numbers::Numbers;
use crate::platform::{Platform, Tcp};
use crate::receipts::Receipts;
use crate::settings::{Settings, Will};
use crate::subscriptions::Subscriptions;
use crate::time::{Backoff, earlier, reached, spread};

pub(crate) use exchange::Deliver;
pub(crate) use requests::Window;

/// How long name lookup and TCP may take.
const OPEN_MS: u32 = 20_000;
/// Waiting between attempts.
const FIRST_WAIT_MS: u32 = 500;
const MAX_WAIT_MS: u32 = 30_000;
/// Waiting after the broker refused: a person has to mend something first.
const REFUSED_WAIT_MS: u32 = 30_000;
/// A connection that lasted this long was a good one: the next failure is the first.
const GOOD_MS: u32 = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No configuration or no network.
    Off,
    /// Between attempts.
    Resting { until: u32 },
    /// Name lookup and TCP.
    Opening { until: u32 },
    /// CONNECT is on its way; the MQTT client watches the time. `clearing`: only to make the broker forget an old session.
    Connecting { clearing: bool },
    /// The broker accepted the connection.
    Up { since: u32 },
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Resting { .. } => "resting",
            Self::Opening { .. } => "opening",
            Self::Connecting { clearing: false } => "connecting",
            Self::Connecting { clearing: true } => "clearing",
            Self::Up { .. } => "up",
        }
    }
}

/// What the host knows already and is not told twice.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// `broker_check` of this attempt and those that follow it in vain.
    check: bool,
    /// `broker_down` of this outage.
    down: bool,
    /// `broker_refused` with this code.
    refused: Option<u8>,
    /// What a person has to mend before TLS or WebSocket can come about.
    failure: Option<(Status, u8)>,
    /// `running`: there was a connection since the configuration came.
    running: bool,
}

/// How far the session at the broker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    /// There was no connection yet: `clean_init` says how to start.
    New,
    /// The broker was made to forget what it had, so that a lasting session begins anew.
    Cleared,
    /// There was a connection, in this life of the bridge or an earlier one: `clean` says how to start.
    Begun,
}

/// The connection to the broker and all that is under way over it.
pub(crate) struct Broker<const RX: usize, const TX: usize, const IN_FLIGHT: usize> {
    state: State,
    told: Told,
    life: Life,
    /// The host says that it was connected to this broker before.
    resumed: bool,
    backoff: Backoff,
    numbers: Numbers,
    client: Client<RX, TX, IN_FLIGHT>,
    chunk: Chunk,
    /// Bytes handed to TCP over this connection, modulo 2^32.
    written: u32,
    receipts: Receipts,
    subscriptions: Subscriptions,
    inbox: Inbox,
}

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Broker<RX, TX, IN_FLIGHT> {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Off,
            told: Told {
                check: false,
                down: false,
                refused: None,
                failure: None,
                running: false,
            },
            life: Life::New,
            resumed: false,
            backoff: Backoff::new(FIRST_WAIT_MS, MAX_WAIT_MS),
            numbers: Numbers::new(),
            client: Client::new(),
            chunk: Chunk::new(),
            written: 0,
            receipts: Receipts::new(),
            subscriptions: Subscriptions::new(),
            inbox: Inbox::new(),
        }
    }

    /// True while the broker is connected.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    /// The configuration is gone, and the host that wanted all this. The connection ends as if power had failed: the
    /// broker publishes the will.
    pub(crate) fn forget<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        self.client.forget();
        self.receipts.clear();
        self.subscriptions.clear();
        self.inbox.clear();
        self.told = Told::default();
        self.life = Life::New;
        self.backoff.reset();
        if self.state != State::Off {
            io.platform.tcp_close();
            self.transition(io, State::Off, format_args!("the link went down"));
        }
    }

    /// What of `configure` is not about the network: the host's room, its count of packet identifiers, and whether it was
    /// here before.
    pub(crate) fn configure(&mut self, configure: &command::Configure<'_>) {
        self.inbox
            .set_room(configure.inbox_messages, configure.inbox_bytes);
        self.numbers.set(configure.next_packet_id);
        self.resumed = configure.resumed;
        if self.resumed && self.life == Life::New {
            self.life = Life::Begun;
        }
    }

    /// Speaks this version from now on; what was under way in the other one is the host's to send again.
    fn speak(&mut self, version: MqttVersion) {
        if self.client.version() != version {
            self.client.speak(version);
            self.receipts.all_lost();
            self.subscriptions.take_back();
        }
    }

    /// Ends the connection in good order, and begins anew with what is configured now.
    pub(crate) fn restart<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        self.goodbye(io);
        if self.state != State::Off {
            self.lose(io);
            self.transition(
                io,
                State::Resting { until: io.now },
                format_args!("new configuration"),
            );
        }
        self.told = Told {
            down: self.told.down,
            ..Told::default()
        };
        if !self.resumed {
            self.life = Life::New;
        }
        self.backoff.reset();
    }

    /// Keys that apply to the connection there is changed.
    pub(crate) fn reconsider(&mut self, config: &Config<'_>) {
        let (response_time_ms, puback_time_ms) = time_limits(config);
        self.client.set_time_limits(response_time_ms, puback_time_ms);
    }

    /// Tells the broker that this end goes on purpose: it does not publish the will.
    pub(crate) fn goodbye<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        if self.is_up() {
            self.client.disconnect();
            self.write(io);
        }
    }

    /// Looks at the network, at TCP and at the time, and moves bytes. True when something moved.
    pub(crate) fn poll<P: Platform>(
        &mut self,
        io: &mut Io<'_, P>,
        settings: &Settings,
        network_up: bool,
        deliver: &mut Deliver<'_>,
    ) -> bool {
        let Some(config) = settings.config() else {
            return false;
        };
        self.report_failed(io);
        if !network_up {
            self.network_lost(io);
            return false;
        }
        match self.state {
            State::Off => self.open(io, &config, format_args!("the network is up")),
            State::Resting { until } if reached(io.now, until) => {
                self.open(io, &config, format_args!("once more"));
            }
            State::Resting { .. } => {}
            State::Opening { until } => self.poll_opening(io, &config, settings.will(), until),
            State::Connecting { .. } | State::Up { .. } => return self.poll_connection(io, deliver),
        }
        false
    }

    /// When [`poll`](Self::poll) has something to do even if nothing comes.
    pub(crate) fn poll_timeout(&self, now: u32) -> Option<u32> {
        match self.state {
            State::Off => None,
            State::Resting { until } | State::Opening { until } => Some(until),
            State::Connecting { .. } | State::Up { .. } => earlier(now, self.client.poll_timeout(), None),
        }
    }

    fn open<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>, why: core::fmt::Arguments<'_>) {
        if !self.told.check {
            self.told.check = true;
            io.status(Status::BrokerCheck, 0);
        }
        io.platform.tcp_open(&Endpoint::of(config));
        self.transition(
            io,
            State::Opening {
                until: io.now.wrapping_add(OPEN_MS),
            },
            why,
        );
    }

    fn poll_opening<P: Platform>(
        &mut self,
        io: &mut Io<'_, P>,
        config: &Config<'_>,
        will: Option<&Will>,
        until: u32,
    ) {
        match io.platform.tcp() {
            Tcp::Open => self.connect(io, config, will),
            Tcp::Closed(failure) => self.tcp_failed(io, failure),
            Tcp::Opening if reached(io.now, until) => self.failed(io, format_args!("no answer")),
            Tcp::Opening => {}
        }
    }

    /// TCP is open: CONNECT.
    fn connect<P: Platform>(&mut self, io: &mut Io<'_, P>, config: &Config<'_>, will: Option<&Will>) {
        let own_id = io.platform.client_id();
        let id = if config.client_id.is_empty() {
            &own_id
        } else {
            config.client_id
        };
        self.speak(config.mqtt_version);
        let clearing = self.is_to_clear(config);
        let (response_time_ms, puback_time_ms) = time_limits(config);
        let common = ConnectOptions {
            user: Some(config.mqtt_user).filter(|user| !user.is_empty()),
            // A password without a user cannot be sent [MQTT-3.1.2-22].
            password: Some(config.mqtt_password.as_bytes()).filter(|_| !config.mqtt_user.is_empty()),
            clean_session: self.is_clean(config),
            keep_alive_s: config.keep_alive,
            ping_interval_ms: u32::from(config.ping_interval) * 1_000,
            response_time_ms,
            puback_time_ms,
            will: will.map(mqtt_will).filter(|_| !clearing),
            ..ConnectOptions::new(id)
        };
        let wish = Wish {
            common,
            lasting: !config.clean,
            receive_maximum: self.inbox.max_messages(),
        };
        self.chunk.clear();
        self.written = 0;
        match self.client.connect(io.now, &wish) {
            Ok(()) => self.transition(io, State::Connecting { clearing }, format_args!("TCP is open")),
            Err(error) => {
                io.line(
                    LogLevel::Error,
                    format_args!("cannot connect with these settings: {error}"),
                );
                self.failed(io, format_args!("{error}"));
            }
        }
    }

    /// Whether the broker is to forget what it has for this client.
    fn is_clean(&self, config: &Config<'_>) -> bool {
        match self.life {
            Life::New => config.clean_init,
            Life::Cleared | Life::Begun => config.clean,
        }
    }

    /// In MQTT 3.1.1 a session that begins clean ends with its connection (3.1.2.4). So one that is to begin clean and to
    /// last takes two connections.
    fn is_to_clear(&self, config: &Config<'_>) -> bool {
        let lasting = config.clean_init && !config.clean;
        self.life == Life::New && lasting && config.mqtt_version == MqttVersion::V3_1_1
    }

    /// The broker accepted.
    fn connected<P: Platform>(&mut self, io: &mut Io<'_, P>, session_present: bool) {
        if self.state == (State::Connecting { clearing: true }) {
            return self.cleared(io);
        }
        if !session_present {
            self.subscriptions.session_lost(&mut self.numbers);
        }
        let first = !self.told.running;
        self.life = Life::Begun;
        self.told = Told {
            running: true,
            ..Told::default()
        };
        io.status(Status::BrokerOk, session_present.into());
        if first {
            io.status(Status::Running, 0);
        }
        let why = if session_present {
            "session present"
        } else {
            "new session"
        };
        self.transition(io, State::Up { since: io.now }, format_args!("{why}"));
    }

    /// The broker forgot what it had: at once again, for a session that lasts.
    fn cleared<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        self.life = Life::Cleared;
        self.client.disconnect();
        self.write(io);
        self.close(io);
        self.transition(
            io,
            State::Resting { until: io.now },
            format_args!("old session cleared"),
        );
    }

    /// The broker refused. It is asked again, but slowly.
    fn refused<P: Platform>(&mut self, io: &mut Io<'_, P>, reason: ReasonCode) {
        let detail = reason.number();
        let name = fivewire_mqtt::ConnectReturnCode::from_number(detail);
        match name.filter(|_| self.client.version() == MqttVersion::V3_1_1) {
            Some(code) => self.rest_refused(io, detail, format_args!("{code}")),
            None => self.rest_refused(io, detail, format_args!("{reason}")),
        }
    }

    fn rest_refused<P: Platform>(&mut self, io: &mut Io<'_, P>, detail: u8, why: core::fmt::Arguments<'_>) {
        if self.told.refused != Some(detail) {
            self.told.refused = Some(detail);
            io.status(Status::BrokerRefused, detail);
            io.line(LogLevel::Warn, format_args!("the broker refused: {why}"));
        }
        self.close(io);
        let until = io.now.wrapping_add(spread(REFUSED_WAIT_MS, io.random));
        self.transition(io, State::Resting { until }, why);
    }

    /// The broker ended the connection and said why (MQTT 5.0).
    fn disconnected<P: Platform>(&mut self, io: &mut Io<'_, P>, reason: ReasonCode) {
        if reason == ReasonCode::SESSION_TAKEN_OVER {
            // Two of one name would throw each other out without end.
            self.rest_refused(io, reason.number(), format_args!("{reason}"));
        } else {
            self.failed(io, format_args!("the broker says: {reason}"));
        }
    }

    /// An attempt failed or the connection broke.
    fn failed<P: Platform>(&mut self, io: &mut Io<'_, P>, why: core::fmt::Arguments<'_>) {
        if matches!(self.state, State::Up { since } if reached(io.now, since.wrapping_add(GOOD_MS))) {
            self.backoff.reset();
        }
        self.lose(io);
        let until = io.now.wrapping_add(self.backoff.next(io.random));
        self.transition(io, State::Resting { until }, why);
    }

    /// Every socket died with the network. That alone is no failure of the broker, and no reason to wait once the
    /// network is back.
    fn network_lost<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        match self.state {
            State::Off => return,
            State::Resting { .. } | State::Opening { .. } | State::Connecting { .. } => self.close(io),
            State::Up { .. } => self.lose(io),
        }
        self.transition(io, State::Off, format_args!("no network"));
        self.told.check = false;
        self.backoff.reset();
    }

    /// There is no connection now; the host hears of it once.
    fn lose<P: Platform>(&mut self, io: &mut Io<'_, P>) {
        self.close(io);
        if !self.told.down {
            self.told.down = true;
            io.status(Status::BrokerDown, 0);
        }
    }

    fn transition<P: Platform>(&mut self, io: &mut Io<'_, P>, to: State, why: core::fmt::Arguments<'_>) {
        io.transition(Machine::Broker, self.state.name(), to.name(), why);
        self.state = to;
        io.platform.set_broker_led(self.is_up());
    }
}

/// How long the broker may take to answer, and how long publications may go without any answer.
fn time_limits(config: &Config<'_>) -> (u32, u32) {
    let response_ms = u32::from(config.response_time) * 1_000;
    (response_ms, response_ms * (1 + u32::from(config.max_repubs)))
}

fn mqtt_will(will: &Will) -> fivewire_mqtt::Will<'_> {
    fivewire_mqtt::Will {
        topic: &will.topic,
        payload: &will.payload,
        qos: mqtt_qos(will.qos),
        retain: will.retain,
    }
}

fn mqtt_qos(qos: QoS) -> fivewire_mqtt::QoS {
    match qos {
        QoS::AtMostOnce => fivewire_mqtt::QoS::AtMostOnce,
        QoS::AtLeastOnce => fivewire_mqtt::QoS::AtLeastOnce,
        QoS::ExactlyOnce => fivewire_mqtt::QoS::ExactlyOnce,
    }
}

fn wire_qos(qos: fivewire_mqtt::QoS) -> QoS {
    match qos {
        fivewire_mqtt::QoS::AtMostOnce => QoS::AtMostOnce,
        fivewire_mqtt::QoS::AtLeastOnce => QoS::AtLeastOnce,
        fivewire_mqtt::QoS::ExactlyOnce => QoS::ExactlyOnce,
    }
}
