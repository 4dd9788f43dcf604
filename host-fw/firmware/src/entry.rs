//! Where a board's program hands over.

use embedded_hal::digital::OutputPin;

use crate::board::{Board, Port, Time, Wires};
use crate::log::PortLog;
use crate::run::{Host, fail, serve};
use crate::{image, panic};

/// Runs the host that the image's slot configures, for ever. Without a usable configuration it tells so in the log,
/// blinks and moves no wire.
pub fn run<W: Wires, Led: OutputPin, Heartbeat: OutputPin, T: Time, P: Port>(
    host: &'static Host,
    board: Board<W, Led, Heartbeat, T, P>,
) -> ! {
    panic::begin::<P>();
    let mut board = board.with_log(PortLog::new);
    // Neither of the two comes back.
    loop {
        if let Err(failure) = serve(host, image::slot(), &mut board, || true) {
            fail(&failure, &mut board, || true);
        }
    }
}
