//! Where a board's program hands over.

use core::convert::Infallible;

use embedded_hal::digital::OutputPin;

use crate::board::{Board, Port, Time, Wires};
use crate::log::PortLog;
use crate::run::{Host, fail, serve};
use crate::wake::Flag;
use crate::{image, panic};

static WOKEN: Flag = Flag::new();

/// Runs the host that the image's slot configures, for ever. Without a usable configuration it tells so in the log,
/// blinks and touches no wire.
pub fn run<W: Wires, Led: OutputPin, Heartbeat: OutputPin, T: Time, P: Port>(
    host: &'static Host,
    board: Board<W, Led, Heartbeat, T, P>,
) -> ! {
    let Board {
        name,
        wires,
        led,
        heartbeat,
        time,
        log,
        epoch,
    } = board;
    let mut board = Board {
        name,
        wires,
        led,
        heartbeat,
        time,
        log: PortLog::new(log),
        epoch,
    };
    panic::begin::<P>();
    let served: Result<Infallible, _> = serve(host, image::slot(), &mut board, &WOKEN);
    match served {
        Ok(never) => match never {},
        Err(failure) => fail(&failure, &mut board),
    }
}
