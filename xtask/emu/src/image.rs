//! The Pico's flash as a tool would have written it: what the ELF file loads, and the slot filled. Deliberately a copy in
//! memory: the file stays as it was built.

use anyhow::{Context as _, ensure};
use fivewire_host_fw_app::{EMPTY_SLOT, SLOT_BYTES, SLOT_SECTION};
use object::elf::{FileHeader32, PT_LOAD};
use object::read::elf::{ElfFile32, FileHeader as _, ProgramHeader as _};
use object::{Endianness, Object as _, ObjectSection as _};

/// Where flash begins in the chip's memory.
const FLASH: u64 = 0x1000_0000;
/// A Pico has 2 MiB of it.
const FLASH_BYTES: usize = 2 << 20;
/// The vectors lie behind the second stage of the boot loader.
const VECTORS: &str = ".vector_table";

/// The contents of the flash.
pub(crate) struct Image {
    pub(crate) flash: Vec<u8>,
    /// Where in it the vectors are.
    pub(crate) vectors: u32,
}

impl Image {
    /// What `elf` loads, with `slot` in place of its empty slot.
    pub(crate) fn of(elf: &[u8], slot: &[u8; SLOT_BYTES]) -> anyhow::Result<Self> {
        let file = ElfFile32::<Endianness>::parse(elf).context("not an ELF file of 32 bits")?;
        let mut image = Self {
            flash: vec![0xff; FLASH_BYTES],
            vectors: u32::try_from(section(&file, VECTORS)?)?,
        };
        let header: &FileHeader32<Endianness> = file.elf_header();
        for segment in header.program_headers(file.endian(), elf)? {
            let bytes = segment.data(file.endian(), elf).ok();
            let bytes = bytes.context("a segment lies outside the file")?;
            if segment.p_type(file.endian()) == PT_LOAD && !bytes.is_empty() {
                let place = offset(segment.p_paddr(file.endian()).into())?;
                image.at(place, bytes.len())?.copy_from_slice(bytes);
            }
        }
        image.fill(section(&file, SLOT_SECTION)?, slot)?;
        Ok(image)
    }

    fn fill(&mut self, at: usize, slot: &[u8; SLOT_BYTES]) -> anyhow::Result<()> {
        let place = self.at(at, SLOT_BYTES)?;
        ensure!(
            place == EMPTY_SLOT,
            "{SLOT_SECTION} is not an empty slot of {SLOT_BYTES} bytes: build the image again"
        );
        place.copy_from_slice(slot);
        Ok(())
    }

    fn at(&mut self, offset: usize, len: usize) -> anyhow::Result<&mut [u8]> {
        let place = self.flash.get_mut(offset..).and_then(|rest| rest.get_mut(..len));
        place.with_context(|| format!("{len} bytes at {offset:#x} of the flash, which has {FLASH_BYTES:#x}"))
    }
}

/// Where in the flash a section lies.
fn section(file: &ElfFile32<'_>, name: &str) -> anyhow::Result<usize> {
    let section = file.section_by_name(name);
    offset(
        section
            .with_context(|| format!("the image has no section {name}"))?
            .address(),
    )
}

/// Data that is loaded at its place in RAM cannot be flashed.
fn offset(address: u64) -> anyhow::Result<usize> {
    let offset = address
        .checked_sub(FLASH)
        .and_then(|offset| usize::try_from(offset).ok());
    offset.with_context(|| format!("{address:#x} is not in the flash"))
}
