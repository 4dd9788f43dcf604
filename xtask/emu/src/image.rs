//! The Pico's flash as a tool would have written it: what the ELF file loads, with its slot filled. Deliberately a copy in
//! memory: the file stays as it was built.

use anyhow::Context as _;
use fivewire_host_fw_app::{SLOT_BYTES, SLOT_SECTION};
use fivewire_xtask_boards::elf::{self, Elf, Load};

/// Where flash begins in the chip's memory.
const FLASH: u32 = 0x1000_0000;
/// A Pico has 2 MiB of it.
const FLASH_BYTES: usize = 2 << 20;
/// Behind the second stage of the boot loader, which hands over to them.
pub(crate) const VECTORS: u32 = 0x100;

/// The contents of the flash: what `elf` loads, with `slot` in place of its empty slot.
pub(crate) fn flash(elf: &[u8], slot: &[u8; SLOT_BYTES]) -> anyhow::Result<Vec<u8>> {
    let at = Elf::parse(elf)?.slot()?;
    let mut filled = elf.to_vec();
    elf::fill(
        &mut filled,
        at.with_context(|| format!("the image has no section {SLOT_SECTION}: is it a host's?"))?,
        slot,
    )?;
    let mut flash = vec![0xff; FLASH_BYTES];
    for load in Elf::parse(&filled)?.loads()? {
        write(&mut flash, &load)?;
    }
    Ok(flash)
}

fn write(flash: &mut [u8], load: &Load<'_>) -> anyhow::Result<()> {
    let offset = load
        .address
        .checked_sub(FLASH)
        .and_then(|offset| usize::try_from(offset).ok());
    let place = offset.and_then(|offset| flash.get_mut(offset..)?.get_mut(..load.bytes.len()));
    place
        .with_context(|| {
            format!(
                "{} bytes at {:#x} are not in a Pico's flash",
                load.bytes.len(),
                load.address
            )
        })?
        .copy_from_slice(load.bytes);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_to_their_physical_address() {
        let mut flash = vec![0xff; 16];
        write(
            &mut flash,
            &Load {
                address: FLASH + 2,
                bytes: &[1, 2, 3],
            },
        )
        .unwrap();
        assert_eq!(flash.get(..6), Some(&[0xff, 0xff, 1, 2, 3, 0xff][..]));
    }

    #[test]
    fn what_is_not_in_flash_is_refused() {
        let mut flash = vec![0xff; 16];
        for address in [0x2000_0000, FLASH - 1, FLASH + 14] {
            let error = write(
                &mut flash,
                &Load {
                    address,
                    bytes: &[1, 2, 3],
                },
            )
            .unwrap_err();
            assert!(error.to_string().contains("not in a Pico's flash"), "{error}");
        }
        assert!(flash.iter().all(|byte| *byte == 0xff));
    }
}
