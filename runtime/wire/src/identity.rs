//! What an image says of the protocol that it was built with: firmware keeps these bytes in a section of their own, so that
//! a tool can tell which two images can talk before anything is flashed. The link says the same at run time, in its hello.

use crate::{MIN_REVISION, REVISION, WIRE_HASH};

/// How the bytes begin, in an ELF file, a UF2 file or a plain image.
pub const IDENTITY_MAGIC: [u8; 8] = *b"fivewire";

/// The section of an image that holds [`IDENTITY`] and nothing else.
pub const IDENTITY_SECTION: &str = ".fivewire";

/// [`IDENTITY_MAGIC`], [`WIRE_HASH`] (little-endian), [`REVISION`], [`MIN_REVISION`], two zeros.
pub const IDENTITY: [u8; 16] = {
    let [a, b, c, d, e, f, g, h] = IDENTITY_MAGIC;
    let [i, j, k, l] = WIRE_HASH.to_le_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, l, REVISION, MIN_REVISION, 0, 0]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_tell_hash_and_revisions() {
        let (magic, rest) = IDENTITY.split_at(8);
        assert_eq!(magic, IDENTITY_MAGIC);
        assert_eq!(rest[..4], WIRE_HASH.to_le_bytes());
        assert_eq!(rest[4..], [REVISION, MIN_REVISION, 0, 0]);
    }
}
