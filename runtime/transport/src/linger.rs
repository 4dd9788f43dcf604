//! The end of an open stream, in good order: the last words of each layer, and what was handed over before them.

use std::io;
use std::thread;
use std::time::Duration;

use crate::stream::Carrier;

/// How long what TCP does not take at once may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Says goodbye, the upper layer first, and closes. What does not go out at once is sent by a thread.
pub(crate) fn close(mut carrier: Carrier) {
    if let Carrier::WebSocket(channel) = &mut carrier {
        // A peer that is gone needs no goodbye; the same below.
        let _ = channel.say_goodbye();
    }
    if !carrier.has_unsent() {
        let _ = carrier.wire_mut().say_goodbye();
    }
    if carrier.has_unsent() {
        let body = move || finish(carrier);
        // Without a thread the rest is lost, as it is with a network that is gone.
        let _ = thread::Builder::new().name("linger".into()).spawn(body);
    } else {
        carrier.wire_mut().shut();
    }
}

/// Sends the rest. Blocks.
fn finish(mut carrier: Carrier) {
    if block(&carrier).is_ok() && carrier.push().is_ok() {
        let _ = carrier.wire_mut().say_goodbye();
    }
    let _ = carrier.wire().socket().set_nonblocking(true);
    carrier.wire_mut().shut();
}

fn block(carrier: &Carrier) -> io::Result<()> {
    let socket = carrier.wire().socket();
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.set_nonblocking(false)
}
