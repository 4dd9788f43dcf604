//! [`Bridge`]: the link to the host, the machines, and the order in which they get their turn. What a machine does is
//! in its own module; pins, clocks and sockets are the caller's.

use core::fmt;

use fivewire_link::{Event, Hello, Link, Messages, Settings as LinkSettings};
use fivewire_wire::{
    DecodeError, DispatchError, LogLevel, MAX_COMMAND_BODY, MIN_REVISION, REVISION, Reason, WIRE_HASH,
    Writer, dispatch_command, event,
};

use crate::broker::Broker;
use crate::clock::Clock;
use crate::commands::{Commands, Machines};
use crate::io::Io;
use crate::network::Network;
use crate::note::Note;
use crate::outbox::{BODY_BYTES, Outbox};
use crate::platform::Platform;
use crate::settings::Settings;
use crate::time::{Random, earlier, reached};

/// How often the heartbeat lamp changes, in milliseconds.
pub const HEARTBEAT_MS: u32 = 500;
/// Most rounds of one [`Bridge::poll`]: what is left has its turn in the next, so that the wires never wait long.
const ROUNDS: usize = 8;

/// A bridge with the buffers that a Wi-Fi board or a computer gives it: less than 32 KiB in all.
pub type StandardBridge = StandardBridgeOn<Link<4096, 4096>>;
/// As [`StandardBridge`], on another link.
pub type StandardBridgeOn<L> = Bridge<L, 2048, 8192, 36>;

/// The bridge end of a link: joins the network, connects to the broker, and does what the host's commands say.
///
/// `L` is the link: [`Link`] with its buffers in bytes, or one that also speaks to hosts of the MicroPython system.
/// `MQTT_RX` must hold the longest message and the longest CONNECT (1,400 bytes do); `MQTT_TX` holds publications until the
/// broker acknowledged them, and with `IN_FLIGHT` bounds how many and how much of them the host may send ahead.
///
/// Drive it so: exchange bits through [`link_mut`](Self::link_mut), and call [`poll`](Self::poll) whenever the link
/// has input, the platform may have something new, or [`poll_timeout`](Self::poll_timeout) is reached. As sockets and Wi-Fi
/// do not call back, that means every few milliseconds while a connection is up.
pub struct Bridge<L, const MQTT_RX: usize, const MQTT_TX: usize, const IN_FLIGHT: usize> {
    link: L,
    machines: Machines<MQTT_RX, MQTT_TX, IN_FLIGHT>,
    outbox: Outbox,
    random: Random,
    heartbeat: Heartbeat,
}

/// The lamp that shows that the program runs.
#[derive(Clone, Copy, Debug, Default)]
struct Heartbeat {
    lit: bool,
    next: Option<u32>,
}

/// How a bridge's link is set up: what it says of this protocol. `epoch` must differ from start to start, so that the
/// host notices a restart (best random).
#[must_use]
pub const fn link_settings(epoch: u16) -> LinkSettings {
    LinkSettings::new(Hello::new(
        REVISION,
        MIN_REVISION,
        WIRE_HASH,
        MAX_COMMAND_BODY as u16,
        epoch,
    ))
}

impl<const LINK_TX: usize, const LINK_RX: usize, const RX: usize, const TX: usize, const IN_FLIGHT: usize>
    Bridge<Link<LINK_TX, LINK_RX>, RX, TX, IN_FLIGHT>
{
    const LINK_IS_USABLE: () = assert!(
        LINK_RX >= MAX_COMMAND_BODY + 2 + 64,
        "the link's receive buffer is too small for the longest command"
    );

    /// A bridge that has just been switched on. `epoch` as in [`link_settings`]; `seed` as in
    /// [`with_link`](Self::with_link).
    #[must_use]
    pub const fn new(epoch: u16, seed: u32) -> Self {
        let () = Self::LINK_IS_USABLE;
        Self::with_link(Link::new(link_settings(epoch)), seed)
    }
}

impl<L: Messages, const RX: usize, const TX: usize, const IN_FLIGHT: usize> Bridge<L, RX, TX, IN_FLIGHT> {
    /// Topic, properties and payload.
    const LONGEST: usize = 128 + 224 + 1024;
    const BUFFERS_ARE_USABLE: () = {
        let window = Broker::<RX, TX, IN_FLIGHT>::WINDOW;
        assert!(window.messages >= 1, "IN_FLIGHT leaves no room for a publication");
        assert!(
            window.bytes as usize >= Self::LONGEST,
            "MQTT_TX is too small for the longest publication"
        );
        assert!(
            RX >= Self::LONGEST + 11,
            "MQTT_RX is too small for the longest message"
        );
    };

    /// A bridge that has just been switched on, on this link; [`link_settings`] says how one is set up. `seed` spreads the
    /// waiting times of many bridges and makes time queries hard to forge.
    #[must_use]
    pub const fn with_link(link: L, seed: u32) -> Self {
        let () = Self::BUFFERS_ARE_USABLE;
        Self {
            link,
            machines: Machines {
                settings: Settings::new(),
                network: Network::new(),
                broker: Broker::new(),
                clock: Clock::new(),
            },
            outbox: Outbox::new(),
            random: Random::new(seed),
            heartbeat: Heartbeat {
                lit: false,
                next: None,
            },
        }
    }

    /// The link, for whoever drives the pins.
    pub fn link_mut(&mut self) -> &mut L {
        &mut self.link
    }

    /// Whether the broker is connected.
    #[must_use]
    pub fn broker_up(&self) -> bool {
        self.machines.broker.is_up()
    }

    /// Whether Wi-Fi is joined.
    #[must_use]
    pub fn wifi_up(&self) -> bool {
        self.machines.network.is_up()
    }

    /// Does everything that can be done now: link, commands, network, broker, time, lamps. Never blocks as long as
    /// the platform does not. True when something moved: call again soon.
    pub fn poll<P: Platform>(&mut self, now_ms: u32, platform: &mut P) -> bool {
        self.link.handle_timeout(now_ms);
        self.beat(now_ms, platform);
        self.link_news(now_ms, platform);
        (0..ROUNDS).take_while(|_| self.round(now_ms, platform)).count() > 0
    }

    /// When [`poll`](Self::poll) has something to do, even if neither the link nor the platform changes.
    #[must_use]
    pub fn poll_timeout(&self, now_ms: u32) -> Option<u32> {
        let Machines {
            network,
            broker,
            clock,
            ..
        } = &self.machines;
        [
            self.link.poll_timeout(),
            self.heartbeat.next,
            network.poll_timeout(now_ms),
            broker.poll_timeout(now_ms),
            clock.poll_timeout(now_ms),
        ]
        .into_iter()
        .fold(None, |first, next| earlier(now_ms, first, next))
    }

    fn round<P: Platform>(&mut self, now: u32, platform: &mut P) -> bool {
        let flushed = self.flush();
        let commands = self.commands(now, platform);
        let machines = self.turn(now, platform);
        flushed | commands | machines | self.flush()
    }

    fn beat<P: Platform>(&mut self, now: u32, platform: &mut P) {
        let due = self.heartbeat.next.is_none_or(|next| reached(now, next));
        if due {
            self.heartbeat = Heartbeat {
                lit: !self.heartbeat.lit,
                next: Some(now.wrapping_add(HEARTBEAT_MS)),
            };
            platform.set_heartbeat_led(self.heartbeat.lit);
        }
    }

    /// A host that came or went: everything begins anew for the next one.
    fn link_news<P: Platform>(&mut self, now: u32, platform: &mut P) {
        while let Some(event) = self.link.poll_event() {
            let up = match event {
                Event::Up(_) if self.link.is_text() => {
                    tell_up(platform, format_args!("a host of the MicroPython system"));
                    true
                }
                Event::Up(Hello { revision, .. }) => {
                    tell_up(platform, format_args!("the host speaks revision {revision}"));
                    true
                }
                Event::Down(cause) => {
                    platform.note(Note::Link {
                        up: false,
                        why: format_args!("{cause}"),
                    });
                    false
                }
            };
            self.outbox.clear();
            if !up {
                self.forget(now, platform);
            }
        }
    }

    fn forget<P: Platform>(&mut self, now: u32, platform: &mut P) {
        let (mut io, machines) = self.split(now, platform);
        machines.settings = Settings::new();
        machines.broker.forget(&mut io);
        machines.clock.stop(&mut io);
        machines.network.stop(&mut io);
        // What the machines said about it is for nobody.
        self.outbox.clear();
    }

    /// Does the commands that came, as long as their answers have room.
    fn commands<P: Platform>(&mut self, now: u32, platform: &mut P) -> bool {
        let mut moved = false;
        while self.outbox.has_room() && self.command(now, platform) {
            moved = true;
        }
        moved
    }

    fn command<P: Platform>(&mut self, now: u32, platform: &mut P) -> bool {
        let debug = self.machines.settings.debug();
        let Some((number, body)) = self.link.receive() else {
            return false;
        };
        let io = Io {
            now,
            platform,
            outbox: &mut self.outbox,
            random: &mut self.random,
            debug,
        };
        let mut commands = Commands {
            io,
            machines: &mut self.machines,
        };
        let mut reply = [0; BODY_BYTES];
        let mut writer = Writer::new(&mut reply);
        match dispatch_command(body, number, &mut commands, &mut writer) {
            Ok(true) => commands.io.outbox.push_body(writer.written()),
            Ok(false) => {}
            Err(error) => refuse(&mut commands.io, body, number, error),
        }
        self.link.release();
        true
    }

    /// Gives each machine its turn. True when bytes moved.
    fn turn<P: Platform>(&mut self, now: u32, platform: &mut P) -> bool {
        if !self.outbox.has_room() {
            return false;
        }
        let Self {
            link,
            machines,
            outbox,
            random,
            ..
        } = self;
        let Machines {
            settings,
            network,
            broker,
            clock,
        } = machines;
        let Some(config) = settings.config() else {
            return false;
        };
        let mut io = Io {
            now,
            platform,
            outbox,
            random,
            debug: config.debug,
        };
        network.poll(&mut io, &config);
        clock.poll(&mut io, &config);
        broker.poll(&mut io, settings, network.is_up(), &mut |message| {
            link.send(|body| encode(body, |writer| message.encode(writer)))
                .ok()
        })
    }

    /// Hands what waits to the link, log lines last.
    fn flush(&mut self) -> bool {
        let mut moved = false;
        while let Some(body) = self.outbox.front() {
            if !self.link.can_send(body.len()) {
                return moved;
            }
            // A body that the link does not take as a message can never be sent.
            let _ = self.link.send(|out| encode(out, |writer| writer.raw(body)));
            self.outbox.pop();
            moved = true;
        }
        while let Some(log) = self.outbox.front_line() {
            if self
                .link
                .send(|out| encode(out, |writer| log.encode(writer)))
                .is_err()
            {
                return moved;
            }
            self.outbox.pop_line();
            moved = true;
        }
        moved
    }

    fn split<'a, P: Platform>(
        &'a mut self,
        now: u32,
        platform: &'a mut P,
    ) -> (Io<'a, P>, &'a mut Machines<RX, TX, IN_FLIGHT>) {
        let io = Io {
            now,
            platform,
            outbox: &mut self.outbox,
            random: &mut self.random,
            debug: false,
        };
        (io, &mut self.machines)
    }
}

fn tell_up<P: Platform>(platform: &mut P, why: fmt::Arguments<'_>) {
    platform.note(Note::Link { up: true, why });
}

/// Answers what is no command of this revision.
fn refuse<P: Platform>(io: &mut Io<'_, P>, body: &[u8], number: u8, error: DispatchError) {
    let reason = match error {
        DispatchError::Decode(DecodeError::UnknownOp(_)) => Reason::Unsupported,
        DispatchError::Decode(_) => Reason::Malformed,
        // A reply is shorter than the buffer it is written to; the tests hold that.
        DispatchError::Encode(_) => Reason::NoRoom,
    };
    let op = body.first().copied().unwrap_or(0);
    io.line(
        LogLevel::Debug,
        format_args!("command {op:#04x} #{number}: {error}"),
    );
    io.outbox
        .push(|writer| event::Error { op, number, reason }.encode(writer));
}

/// Writes a body and says how long it became.
fn encode<E>(body: &mut [u8], write: impl FnOnce(&mut Writer<'_>) -> Result<(), E>) -> Result<usize, E> {
    let mut writer = Writer::new(body);
    write(&mut writer)?;
    Ok(writer.len())
}

impl<L, const RX: usize, const TX: usize, const IN_FLIGHT: usize> fmt::Debug
    for Bridge<L, RX, TX, IN_FLIGHT>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bridge")
            .field("settings", &self.machines.settings)
            .field("network", &self.machines.network)
            .field("broker_up", &self.machines.broker.is_up())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a board has to give; most of it are the five buffers.
    #[test]
    fn a_standard_bridge_takes_less_than_32_kib() {
        let bytes = core::mem::size_of::<StandardBridge>();
        assert!(bytes <= 32 * 1024, "{bytes} bytes");
    }
}
