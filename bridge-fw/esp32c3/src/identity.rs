//! Which protocol this image speaks, where tools find it.
#![allow(unsafe_code, reason = "a linker section has to be named")]

use fivewire_bridge::IDENTITY;

/// The section is kept by `identity.x`; nobody reads it here.
// SAFETY: a section of its own, of plain bytes.
#[unsafe(link_section = ".fivewire")]
#[used]
static IMAGE: [u8; IDENTITY.len()] = IDENTITY;
