//! The loop around a bridge: pins, platform, reset wire, pace. One call of [`run`] is one program; within it the
//! bridge lives from reset to reset, and each life knows nothing of the one before.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use embedded_hal::digital::OutputPin as _;
use fivewire_bridge::link::Messages as _;
use fivewire_bridge::{ClientId, LogLevel, Note, Platform as _, ResetCause, StandardBridgeOn, link_settings};
use fivewire_gpio::{Limits, Pace, Pause, PinFault, Pins, Role};
use fivewire_text::{AnyLink, StockHost};
use fivewire_wires::{Input, Output, Wires};

use crate::platform::LinuxPlatform;
use crate::report::{Report, Reporter};

/// How often the reset wire is looked at while it is low.
const HELD_STEP: Duration = Duration::from_millis(1);

/// What a bridge is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its MQTT client identifier unless the host configures one.
    pub client_id: ClientId,
}

/// A client identifier for the bridge at this wires file: the same each time, so that a broker knows its session
/// again, and another one for another file.
#[must_use]
pub fn client_id_of(wires: &Path) -> ClientId {
    let path = wires.canonicalize().unwrap_or_else(|_| wires.to_owned());
    let bytes = path.as_os_str().as_encoded_bytes();
    // FNV-1a: the standard library's hash may change from one version to the next.
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    heapless::format!("fivewire-{:012x}", hash >> 16).unwrap_or_default()
}

/// Why a life of the bridge ended.
enum End {
    Stopped,
    Reset,
    Restart,
}

/// On a link to a host of either kind.
type LinuxBridge = StandardBridgeOn<AnyLink<StockHost, 4096, 4096>>;

type BridgePins = Pins<Output, Output, Input, Input>;

/// Runs a bridge on these wires until `stop` is set, and tells `on_report` what happens, with the milliseconds
/// since the start. While the reset wire is low there is no bridge: clock and data are low, lamps dark, sockets closed.
/// Runs at full speed while symbols flow, and in steps of a millisecond while nothing happens.
///
/// # Errors
/// [`PinFault`], which wires in a file or in memory never have.
pub fn run(
    wires: &Wires,
    options: &Options,
    stop: &AtomicBool,
    on_report: &mut dyn FnMut(u32, &Report<'_>),
) -> Result<(), PinFault> {
    let mut reporter = Reporter::new(on_report);
    let fivewire_wires::Pins {
        clock_out,
        data_out,
        clock_in,
        data_in,
    } = wires.bridge_pins();
    let mut pins = Pins::new(Role::Responder, clock_out, data_out, clock_in, data_in);
    let mut cause = ResetCause::PowerOn;
    go_dark(wires, &mut pins)?;
    while !stop.load(Ordering::Relaxed) {
        if wires.is_in_reset() {
            cause = ResetCause::ResetWire;
            reporter.tell(&Report::Held);
            wait_for_release(wires, stop);
            continue;
        }
        let end = live(wires, &mut pins, options, cause, stop, &mut reporter)?;
        go_dark(wires, &mut pins)?;
        match end {
            End::Stopped | End::Reset => {}
            End::Restart => cause = ResetCause::Restart,
        }
    }
    Ok(())
}

fn wait_for_release(wires: &Wires, stop: &AtomicBool) {
    while wires.is_in_reset() && !stop.load(Ordering::Relaxed) {
        thread::sleep(HELD_STEP);
    }
}

/// One life, from start to reset.
fn live(
    wires: &Wires,
    pins: &mut BridgePins,
    options: &Options,
    cause: ResetCause,
    stop: &AtomicBool,
    reporter: &mut Reporter<'_>,
) -> Result<End, PinFault> {
    reporter.tell(&Report::Started {
        cause,
        client_id: &options.client_id,
    });
    let mut bridge = new_bridge();
    bridge.link_mut().start(reporter.now_ms());
    pins.start(bridge.link_mut())?;
    let mut platform = LinuxPlatform::new(wires, reporter, options.client_id.clone(), cause);
    let mut pace = Pace::new();
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(End::Stopped);
        } else if wires.is_in_reset() {
            return Ok(End::Reset);
        } else if platform.wants_restart() {
            return Ok(End::Restart);
        }
        let burst = pins.burst(bridge.link_mut(), platform.now_ms(), Limits::DEFAULT)?;
        let moved = bridge.poll(platform.now_ms(), &mut platform);
        tell_what_text_lacks(&mut bridge, &mut platform);
        rest(pace.after(&burst), moved);
    }
}

/// A bridge whose epoch no other start has, as far as chance goes.
fn new_bridge() -> Box<LinuxBridge> {
    let [a, b, c, d, e, f, ..] = RandomState::new().build_hasher().finish().to_le_bytes();
    let epoch = u16::from_le_bytes([a, b]).max(1);
    let link = AnyLink::new(link_settings(epoch), StockHost::new());
    Box::new(LinuxBridge::with_link(link, u32::from_le_bytes([c, d, e, f])))
}

/// What a host of the MicroPython system could not be told: somebody should know.
fn tell_what_text_lacks(bridge: &mut LinuxBridge, platform: &mut LinuxPlatform<'_, '_>) {
    if let Some(note) = bridge.link_mut().translator_mut().poll_note() {
        platform.note(Note::Line {
            level: LogLevel::Warn,
            line: format_args!("{note}"),
        });
    }
}

/// Nobody sleeps while the broker's bytes still move.
fn rest(pause: Pause, moved: bool) {
    match pause {
        Pause::None => {}
        Pause::Yield => thread::yield_now(),
        Pause::Sleep { .. } if moved => thread::yield_now(),
        Pause::Sleep { us } => thread::sleep(Duration::from_micros(us.into())),
    }
}

/// What a chip in reset shows.
fn go_dark(wires: &Wires, pins: &mut BridgePins) -> Result<(), PinFault> {
    pins.stop()?;
    let Ok(()) = wires.broker_led().set_low();
    let Ok(()) = wires.heartbeat_led().set_low();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_belongs_to_its_file() {
        let [one, two] = ["/tmp/a.wires", "/tmp/b.wires"].map(|path| client_id_of(Path::new(path)));
        assert_eq!(one, client_id_of(Path::new("/tmp/a.wires")));
        assert_ne!(one, two);
        assert_eq!((one.len(), one.starts_with("fivewire-")), (21, true));
    }
}
