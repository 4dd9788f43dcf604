//! What each command does. Decoding and numbering happened before; whatever takes time is begun here and answered
//! later, so that nothing waits behind it.

use fivewire_wire::{Answer, CommandHandler, Outcome, QoS, Reason, Status, Ticket, command, reply};

use crate::broker::{Broker, Window};
use crate::clock::Clock;
use crate::io::Io;
use crate::network::Network;
use crate::note::Note;
use crate::platform::Platform;
use crate::settings::{Change, Rejected, Settings};

/// Everything that thinks.
pub(crate) struct Machines<const RX: usize, const TX: usize, const IN_FLIGHT: usize> {
    pub(crate) settings: Settings,
    pub(crate) network: Network,
    pub(crate) broker: Broker<RX, TX, IN_FLIGHT>,
    pub(crate) clock: Clock,
}

/// The handler of one step's commands.
pub(crate) struct Commands<'a, P, const RX: usize, const TX: usize, const IN_FLIGHT: usize> {
    pub(crate) io: Io<'a, P>,
    pub(crate) machines: &'a mut Machines<RX, TX, IN_FLIGHT>,
}

impl<P: Platform, const RX: usize, const TX: usize, const IN_FLIGHT: usize>
    Commands<'_, P, RX, TX, IN_FLIGHT>
{
    fn note(&mut self, name: &'static str, number: u8) {
        self.io.platform.note(Note::Command { name, number });
    }

    fn is_configured(&self) -> bool {
        self.machines.settings.is_configured()
    }

    /// A configuration was stored: begins anew what it touches.
    fn apply(&mut self, change: Change) {
        let Machines {
            settings,
            network,
            broker,
            ..
        } = &mut *self.machines;
        let Some(config) = settings.config() else { return };
        self.io.debug = config.debug;
        self.io.platform.set_fast(config.fast);
        match change {
            Change::Nothing => {}
            Change::Live => broker.reconsider(&config),
            Change::Broker => broker.restart(&mut self.io),
            Change::Network => {
                broker.restart(&mut self.io);
                network.start(&mut self.io, &config);
            }
        }
    }
}

impl<P: Platform, const RX: usize, const TX: usize, const IN_FLIGHT: usize> CommandHandler
    for Commands<'_, P, RX, TX, IN_FLIGHT>
{
    fn publish(
        &mut self,
        ticket: Ticket<reply::Publish>,
        publish: command::Publish<'_>,
    ) -> Answer<reply::Publish> {
        self.note(command::Publish::NAME, ticket.number());
        if !self.is_configured() {
            return Answer::Now(reply::Publish {
                outcome: Outcome::Rejected,
                reason: Reason::NotConfigured,
            });
        }
        self.machines.broker.publish(self.io.now, ticket, &publish)
    }

    fn subscribe(
        &mut self,
        ticket: Ticket<reply::Subscribe>,
        subscribe: command::Subscribe<'_>,
    ) -> Answer<reply::Subscribe> {
        self.note(command::Subscribe::NAME, ticket.number());
        let taken = if self.is_configured() {
            self.machines.broker.subscribe(ticket, &subscribe)
        } else {
            Err(Reason::NotConfigured)
        };
        match taken {
            Ok(()) => Answer::Later,
            Err(reason) => Answer::Now(reply::Subscribe {
                granted: QoS::AtMostOnce,
                reason,
            }),
        }
    }

    fn unsubscribe(
        &mut self,
        ticket: Ticket<reply::Unsubscribe>,
        unsubscribe: command::Unsubscribe<'_>,
    ) -> Answer<reply::Unsubscribe> {
        self.note(command::Unsubscribe::NAME, ticket.number());
        let taken = if self.is_configured() {
            self.machines
                .broker
                .unsubscribe(self.io.now, ticket, &unsubscribe)
        } else {
            Err(Reason::NotConfigured)
        };
        taken.map_or_else(
            |reason| Answer::Now(reply::Unsubscribe { reason }),
            |()| Answer::Later,
        )
    }

    fn will(&mut self, ticket: Ticket<reply::Will>, will: command::Will<'_>) -> Answer<reply::Will> {
        self.note(command::Will::NAME, ticket.number());
        let reason = if !fivewire_mqtt::is_topic_name(will.topic) {
            Reason::BadTopic
        } else if self.machines.settings.set_will(&will) {
            Reason::None
        } else {
            Reason::NoRoom
        };
        // The answer goes before the news.
        self.io
            .outbox
            .push(|writer| ticket.reply(&reply::Will { reason }, writer));
        if reason == Reason::None {
            self.io.status(Status::WillOk, 0);
        }
        Answer::Later
    }

    fn configure(
        &mut self,
        ticket: Ticket<reply::Configure>,
        configure: command::Configure<'_>,
    ) -> Answer<reply::Configure> {
        self.note(command::Configure::NAME, ticket.number());
        self.machines.broker.configure(&configure);
        let platform = &*self.io.platform;
        let stored = self
            .machines
            .settings
            .configure(&configure.settings, &|key| platform.supports(key));
        let Window { messages, bytes } = Broker::<RX, TX, IN_FLIGHT>::window(configure.settings.mqtt_version);
        let reply = reply::Configure {
            publish_messages: messages,
            publish_bytes: bytes,
            cause: self.io.platform.reset_cause(),
            reason: match stored {
                Ok(_) => Reason::None,
                Err(Rejected::Invalid(_)) => Reason::Malformed,
                Err(Rejected::Unsupported(_)) => Reason::Unsupported,
            },
        };
        // The answer goes before the news.
        self.io.outbox.push(|writer| ticket.reply(&reply, writer));
        match stored {
            Ok(change) => self.apply(change),
            Err(Rejected::Invalid(key) | Rejected::Unsupported(key)) => {
                self.io.status(Status::ConfigRejected, key.id());
            }
        }
        Answer::Later
    }

    fn release(
        &mut self,
        ticket: Ticket<reply::Release>,
        release: command::Release,
    ) -> Answer<reply::Release> {
        self.note(command::Release::NAME, ticket.number());
        if !self.is_configured() {
            return Answer::Now(reply::Release {
                outcome: Outcome::Rejected,
                reason: Reason::NotConfigured,
            });
        }
        self.machines
            .broker
            .release(self.io.now, ticket, release.packet_id)
    }

    fn complete(&mut self, complete: command::Complete) {
        self.machines.broker.complete(complete);
    }

    fn accept(&mut self, accept: command::Accept) {
        self.note(command::Accept::NAME, accept.number);
        self.machines.broker.accept(accept.number);
    }

    fn get_time(&mut self, ticket: Ticket<reply::GetTime>, _: command::GetTime) -> Answer<reply::GetTime> {
        self.note(command::GetTime::NAME, ticket.number());
        let Machines {
            settings,
            network,
            clock,
            ..
        } = &mut *self.machines;
        let config = settings.config().filter(|_| network.is_up());
        let asked = config.is_some_and(|config| clock.ask(&mut self.io, &config, ticket));
        if asked {
            Answer::Later
        } else {
            Answer::Now(reply::GetTime { unix_time: 0 })
        }
    }

    fn memory(&mut self, ticket: Ticket<reply::Memory>, _: command::Memory) -> Answer<reply::Memory> {
        self.note(command::Memory::NAME, ticket.number());
        let memory = self.io.platform.memory();
        Answer::Now(reply::Memory {
            free: memory.free,
            used: memory.used,
        })
    }

    fn ping(&mut self, ticket: Ticket<reply::Ping>, ping: command::Ping) -> Answer<reply::Ping> {
        self.note(command::Ping::NAME, ticket.number());
        Answer::Now(reply::Ping { nonce: ping.nonce })
    }

    fn join_network(&mut self, join: command::JoinNetwork) {
        let Machines {
            settings, network, ..
        } = &mut *self.machines;
        let Some(config) = settings.config() else { return };
        network.consent(&mut self.io, &config, join.consent);
    }

    fn restart(&mut self, _: command::Restart) {
        // The host wants it: no reason to publish its will.
        self.machines.broker.goodbye(&mut self.io);
        self.io.platform.restart();
    }
}
