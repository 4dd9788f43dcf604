//! The loop with everything around it: a host at wires in memory, a board of paper, and a peer that plays the broker.

use std::cell::Cell;
use std::pin::pin;

use embassy_futures::select::{Either, select};
use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;
use embassy_time::{Instant, Timer};
use embedded_hal::digital::OutputPin as _;
use embedded_io_async::{Read as _, Write as _};
use fivewire_bridge::{ClientId, ConfigKey, JoinFailure, Memory, Note, ResetCause, Wifi};
use fivewire_bridge_fw_net::{Board, NoTls, Secure as _, Sockets, run};
use fivewire_gpio::{Limits, Pins, Role};
use fivewire_host::wire::{Command, command};
use fivewire_host::{Config, Host, Publish, Receipt};
use fivewire_wires::{Input, Output, Wires};

use crate::world::{PEER_TEXT, accept, with_world};

/// With it the broker does not publish the will [MQTT-3.14].
const DISCONNECT: [u8; 2] = [0xe0, 0];

/// A board whose radio and lamps are fields.
struct Paper<'a> {
    wires: &'a Wires,
    station: Wifi,
    restarts: &'a Cell<u32>,
}

impl Board for Paper<'_> {
    fn join_stored(&mut self) {
        self.station = Wifi::Joining;
    }

    fn join(&mut self, _: &str, _: &str) {
        self.station = Wifi::Joining;
    }

    fn leave(&mut self) {
        self.station = Wifi::Off;
    }

    fn wifi(&mut self) -> Wifi {
        self.station = match (self.station, self.wires.is_access_point_on_air()) {
            (Wifi::Joining, true) => Wifi::Joined,
            (Wifi::Joined, false) => Wifi::Failed(JoinFailure::NoNetwork),
            (other, _) => other,
        };
        self.station
    }

    fn supports(&self, key: ConfigKey) -> bool {
        NoTls::supports(key)
    }

    fn set_broker_led(&mut self, lit: bool) {
        let Ok(()) = self.wires.broker_led().set_state(lit.into());
    }

    fn set_heartbeat_led(&mut self, _: bool) {}

    fn set_fast(&mut self, _: bool) {}

    fn memory(&mut self) -> Memory {
        Memory::default()
    }

    fn client_id(&self) -> ClientId {
        ClientId::try_from("paper").unwrap()
    }

    fn restart(&mut self) {
        self.restarts.set(self.restarts.get() + 1);
    }

    fn note(&mut self, _: Note<'_>) {}

    fn is_in_reset(&mut self) -> bool {
        self.wires.is_in_reset()
    }

    fn random(&mut self) -> u64 {
        Instant::now().as_ticks()
    }

    fn alive(&mut self) {}
}

/// What happened beside the wires.
#[derive(Debug, Default)]
struct Counts {
    restarts: Cell<u32>,
    goodbyes: Cell<u32>,
}

/// A host on these wires.
struct Rig {
    host: Host<'static>,
    pins: Pins<Output, Output, Input, Input>,
    wires: Wires,
}

/// A network and the broker in it.
const CONFIG: Config<'_> = Config {
    ssid: "paper",
    password: "",
    broker: PEER_TEXT,
    rtc_resync: 0,
    ..Config::DEFAULT
};

impl Rig {
    fn new(wires: &Wires) -> Self {
        let ends = wires.host_pins();
        Self {
            host: Host::new(CONFIG, 1, now_ms()).unwrap(),
            pins: Pins::new(
                Role::Initiator,
                ends.clock_out,
                ends.data_out,
                ends.clock_in,
                ends.data_in,
            ),
            wires: wires.clone(),
        }
    }

    /// Runs until this is so.
    async fn until(&mut self, mut condition: impl FnMut(&mut Host<'static>) -> bool) {
        let mut in_reset = self.wires.is_in_reset();
        while !condition(&mut self.host) {
            if !in_reset {
                self.pins
                    .burst(self.host.link_mut(), now_ms(), Limits::DEFAULT)
                    .unwrap();
            }
            self.host.handle_timeout(now_ms());
            if self.host.reset_asserted() != in_reset {
                in_reset = !in_reset;
                self.reset(in_reset);
            }
            Timer::after_micros(100).await;
        }
    }

    fn reset(&mut self, assert: bool) {
        if assert {
            self.pins.stop().unwrap();
        } else {
            self.pins.start(self.host.link_mut()).unwrap();
        }
        let level = (!assert).into();
        let Ok(()) = self.wires.reset_out().set_state(level);
    }

    async fn publishes(&mut self, payload: &[u8]) {
        self.host.publish("paper", payload, Publish::qos1()).unwrap();
        let mut receipt = None;
        self.until(|host| {
            receipt = host.poll_receipt();
            receipt.is_some()
        })
        .await;
        assert_eq!(receipt.map(|(_, receipt)| receipt), Some(Receipt::Delivered));
    }
}

fn now_ms() -> u32 {
    Instant::now().as_millis() as u32
}

/// Takes one connection after the other, acknowledges what is published over it, and counts the goodbyes.
async fn broker(peer: Stack<'_>, goodbyes: &Cell<u32>) -> ! {
    loop {
        // It ends when the bridge does.
        let _ = accept(peer, 1883, async |socket| serve(socket, goodbyes).await).await;
    }
}

async fn serve(socket: &mut TcpSocket<'_>, goodbyes: &Cell<u32>) -> Result<(), ()> {
    loop {
        let (mut header, mut body) = ([0; 2], [0; 127]);
        socket.read_exact(&mut header).await.map_err(drop)?;
        if header == DISCONNECT {
            goodbyes.set(goodbyes.get() + 1);
        }
        let body = &mut body[..header[1].into()];
        socket.read_exact(body).await.map_err(drop)?;
        let answer: &[u8] = match header[0] >> 4 {
            1 => &[0x20, 2, 0, 0],
            3 => {
                let id = 2 + usize::from(body[1]);
                &[0x40, 2, body[id], body[id + 1]]
            }
            _ => &[],
        };
        socket.write_all(answer).await.map_err(drop)?;
    }
}

/// Runs `scenario` with a host, beside a bridge on a board of paper that was just switched on.
fn with_bridge(scenario: impl AsyncFnOnce(&mut Rig, &Wires, &Counts)) {
    with_world(NoTls, async |sockets: &Sockets, peer| {
        let (wires, counts) = (Wires::in_memory(), Counts::default());
        let ends = wires.bridge_pins();
        let mut pins = Pins::new(
            Role::Responder,
            ends.clock_out,
            ends.data_out,
            ends.clock_in,
            ends.data_in,
        );
        let mut board = Paper {
            wires: &wires,
            station: Wifi::Off,
            restarts: &counts.restarts,
        };
        let mut rig = Rig::new(&wires);
        let bridge = Box::pin(run(&mut pins, &mut board, sockets, ResetCause::PowerOn));
        let test = scenario(&mut rig, &wires, &counts);
        match select(pin!(test), select(bridge, pin!(broker(peer, &counts.goodbyes)))).await {
            Either::First(()) => {}
            Either::Second(_) => panic!("the bridge or the broker ended"),
        }
    });
}

#[test]
fn a_publication_goes_all_the_way_and_back_again_after_an_outage() {
    with_bridge(async |rig, wires, _| {
        rig.publishes(b"one").await;
        assert!(wires.is_broker_led_lit());
        wires.set_access_point_on_air(false);
        rig.until(|host| !host.wifi()).await;
        assert!(!wires.is_broker_led_lit());
        wires.set_access_point_on_air(true);
        rig.publishes(b"two").await;
    });
}

/// Each life says why it began; the host's own reset at its start is the first reason.
#[test]
fn a_reset_and_a_restart_are_lives_of_their_own() {
    with_bridge(async |rig, wires, counts| {
        rig.publishes(b"one").await;
        assert_eq!(rig.host.reset_cause(), Some(ResetCause::ResetWire));
        rig.host.call(&Command::Restart(command::Restart)).unwrap();
        rig.until(|host| host.reset_cause() == Some(ResetCause::Restart))
            .await;
        assert_eq!((counts.restarts.get(), counts.goodbyes.get()), (1, 1));
        rig.publishes(b"two").await;
        rig.host.reset_bridge();
        rig.until(|host| host.reset_asserted()).await;
        rig.until(|_| !wires.is_broker_led_lit()).await;
        rig.publishes(b"three").await;
        assert_eq!(rig.host.reset_cause(), Some(ResetCause::ResetWire));
    });
}

/// Network and connection go in the same step; the broker hears of it all the same.
#[test]
fn a_broker_is_told_before_its_network_is_left() {
    for use_default_net in [true, false] {
        with_bridge(async |rig, _, counts| {
            rig.publishes(b"one").await;
            let other = Config {
                ssid: "another",
                use_default_net,
                ..CONFIG
            };
            rig.host.reconfigure(other).unwrap();
            rig.until(|host| !host.wifi()).await;
            rig.publishes(b"two").await;
            assert_eq!(counts.goodbyes.get(), 1, "use_default_net {use_default_net}");
        });
    }
}
