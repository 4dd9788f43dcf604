//! What the tools look for in an image: which protocol it speaks, and the slot for its configuration. Deliberately only
//! the bytes; the linker script `fivewire.x` keeps their sections.

use fivewire_host::wire::IDENTITY;
use fivewire_host_fw_app::{EMPTY_SLOT, SLOT_BYTES};

/// Read by tools, never by the program.
#[expect(unsafe_code, reason = "the tools find it by its section")]
#[used]
#[unsafe(link_section = ".fivewire")]
static WHO: [u8; IDENTITY.len()] = IDENTITY;

/// Filled by tools behind the linker.
#[expect(unsafe_code, reason = "the tools find it by its section")]
#[used]
#[unsafe(link_section = ".fivewire_config")]
static SLOT: [u8; SLOT_BYTES] = EMPTY_SLOT;

/// The slot as it is in the image. The compiler knows but the empty one, so it must not follow where this comes from.
pub(crate) fn slot() -> &'static [u8] {
    core::hint::black_box(&SLOT)
}
