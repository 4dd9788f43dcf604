//! The bridge's messages on the wire: what a peer of any revision may send, and what must never happen.

mod config;
mod evolution;
mod primitives;
mod robust;
mod secrets;
mod status;
mod text;
mod vectors;

use fivewire_wire::Writer;

/// The bytes that `encode` writes into a buffer that is large enough for any body.
fn encoded<R>(encode: impl FnOnce(&mut Writer<'_>) -> R) -> Vec<u8> {
    let mut buffer = [0; fivewire_wire::MAX_BODY];
    let mut out = Writer::new(&mut buffer);
    encode(&mut out);
    out.finish().expect("it fits");
    out.written().to_vec()
}
