//! The bridge's end: the whole of `fivewire-bridge` on a platform whose network is a broker that believes all it is told.
//!
//! On a computer it does nothing.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod board;
#[cfg(target_os = "none")]
mod broker;
#[cfg(target_os = "none")]
mod platform;

#[cfg(target_os = "none")]
#[rp2040_hal::entry]
fn entry() -> ! {
    let _ = run();
    loop {}
}

#[cfg(not(target_os = "none"))]
fn main() {}

/// Serves the host for ever. Ends when something fails.
#[cfg(target_os = "none")]
fn run() -> Option<()> {
    use embedded_hal::digital::OutputPin as _;
    use fivewire_bridge::StandardBridge;
    use fivewire_gpio::{Limits, Pace, Pins, Role};
    use rp2040_hal::gpio::{FunctionSioInput, FunctionSioOutput, PullDown};

    let (pins, clock) = board::start()?;
    let mut platform = platform::Emulated::new();
    let mut bridge = StandardBridge::new(2, 1);
    let mut wires = Pins::new(
        Role::Responder,
        pins.gpio20.reconfigure::<FunctionSioOutput, PullDown>(),
        pins.gpio19.reconfigure::<FunctionSioOutput, PullDown>(),
        pins.gpio18.reconfigure::<FunctionSioInput, PullDown>(),
        pins.gpio17.reconfigure::<FunctionSioInput, PullDown>(),
    );
    bridge.link_mut().start(clock.now_ms());
    wires.start(bridge.link_mut()).ok()?;
    // High while the link is being clocked.
    let mut mark = pins.gpio6.reconfigure::<FunctionSioOutput, PullDown>();
    let mut pace = Pace::new();
    loop {
        mark.set_high().ok()?;
        let burst = wires
            .burst(bridge.link_mut(), clock.now_ms(), Limits::DEFAULT)
            .ok()?;
        mark.set_low().ok()?;
        let moved = bridge.poll(clock.now_ms(), &mut platform);
        if !moved {
            clock.rest(pace.after(&burst));
        }
    }
}
