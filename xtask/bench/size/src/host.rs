//! A program that publishes at QoS 1, subscribes, passes on what it receives and clocks four pins: what a board needs of the
//! host library, in the smallest bounds that a message of 1 KB and its topic fit in.
//!
//! It is only ever linked; on a computer it does nothing.
#![cfg_attr(target_os = "none", no_std, no_main)]

mod board;
mod pin;

#[cfg(target_os = "none")]
use core::mem::MaybeUninit;

use fivewire_gpio::{Limits, Pins, ResetPin, Role};
use fivewire_host::link::Link;
use fivewire_host::{Config, Host, Publish, QoS};

use board::{now_ms, read, write};
use pin::Pin;

/// Topic and payload of the largest publication.
const LARGEST: usize = fivewire_host::MAX_TOPIC + fivewire_host::MAX_PAYLOAD;
/// One frame each way, the largest.
const TX: usize = fivewire_host::min_tx(LARGEST);
const RX: usize = fivewire_host::min_rx(LARGEST);

type Small = Host<'static, Link<TX, RX>, 4, LARGEST, 4, LARGEST, 2>;
type Wires = Pins<Pin, Pin, Pin, Pin>;

#[cfg(target_os = "none")]
#[cortex_m_rt::entry]
fn entry() -> ! {
    // Without an initial value, which would lie in flash as well.
    static mut HOST: MaybeUninit<Small> = MaybeUninit::uninit();
    loop {
        if let Ok(host) = Host::new(config(), 1, now_ms()) {
            let _ = run(HOST.write(host));
        }
    }
}

#[cfg(not(target_os = "none"))]
fn main() {
    // Compiled everywhere, so that no change of the host leaves it behind unnoticed.
    let _: fn(&mut Small) -> Option<()> = run;
    let _: fn() -> Config<'static> = config;
}

/// What a board is told of its network.
fn config() -> Config<'static> {
    Config {
        ssid: "network",
        password: "secret",
        broker: "broker",
        keep_alive: now_ms() as u16,
        ..Config::DEFAULT
    }
}

/// Until a pin fails.
fn run(host: &mut Small) -> Option<()> {
    let mut pins = Pins::new(Role::Initiator, Pin, Pin, Pin, Pin);
    let (mut reset, mut in_reset) = (ResetPin::new(Pin), false);
    let green = host.subscribe("green", QoS::AtLeastOnce).ok()?;
    loop {
        if in_reset != host.reset_asserted() {
            in_reset = !in_reset;
            follow(host, in_reset, &mut pins, &mut reset)?;
        }
        if !in_reset {
            let burst = pins.burst(host.link_mut(), now_ms(), Limits::DEFAULT).ok()?;
            write(&burst.bits.to_le_bytes());
        }
        host.handle_timeout(now_ms());
        if let Some(message) = host.message(green) {
            write(message.payload);
            host.take_message(green);
        }
        publish(host);
    }
}

fn follow(host: &mut Small, in_reset: bool, pins: &mut Wires, reset: &mut ResetPin<Pin>) -> Option<()> {
    if in_reset {
        reset.assert().ok()?;
        pins.stop().ok()
    } else {
        pins.start(host.link_mut()).ok()?;
        reset.release().ok()
    }
}

fn publish(host: &mut Small) {
    let mut bytes = [0; 64];
    let payload = read(&mut bytes);
    let accepted = host.publish("result", payload, Publish::qos1());
    // One that was not taken the application offers again.
    write(&[u8::from(accepted.is_ok())]);
    while let Some((_, receipt)) = host.poll_receipt() {
        write(&[u8::from(receipt == fivewire_host::Receipt::Delivered)]);
    }
    while let Some(event) = host.poll_event() {
        write(&[u8::from(matches!(event, fivewire_host::Event::Started { .. }))]);
    }
}
