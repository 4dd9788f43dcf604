//! A plain image: the bytes of the flash from its first address to the last that is written.

use anyhow::{Context as _, ensure};

use crate::board::Region;
use crate::elf::Load;

/// The bytes for what is loaded into the flash; gaps read as erased flash.
///
/// # Errors
/// Something is to be loaded elsewhere.
pub fn file(loads: &[Load<'_>], flash: Region) -> anyhow::Result<Vec<u8>> {
    let mut file = Vec::new();
    for Load { address, bytes } in loads {
        let outside = || format!("the image is to be loaded at {address:#010x}, which is outside the flash");
        let start = usize::try_from(address.checked_sub(flash.start).with_context(outside)?)?;
        let end = start + bytes.len();
        ensure!(end as u64 <= u64::from(flash.bytes), outside());
        file.resize(file.len().max(end), 0xff);
        file.get_mut(start..end)
            .with_context(outside)?
            .copy_from_slice(bytes);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLASH: Region = Region {
        start: 0x0800_0000,
        bytes: 0x1000,
    };

    #[test]
    fn gaps_are_erased_flash() {
        let loads = [
            Load {
                address: 0x0800_0000,
                bytes: &[1, 2],
            },
            Load {
                address: 0x0800_0004,
                bytes: &[3],
            },
        ];
        assert_eq!(file(&loads, FLASH).unwrap(), [1, 2, 0xff, 0xff, 3]);
    }

    #[test]
    fn what_is_not_for_the_flash_is_refused() {
        for address in [0x07ff_ffff, 0x0800_0fff, 0x2000_0000] {
            assert!(
                file(
                    &[Load {
                        address,
                        bytes: &[1, 2]
                    }],
                    FLASH
                )
                .is_err(),
                "{address:#x}"
            );
        }
    }
}
