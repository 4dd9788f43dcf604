//! A board's ELF file: what is loaded where, what it says of its protocol, how much memory it takes, and its slot for the
//! configuration, which is filled here. Deliberately no format of any boot loader: those are made of what is loaded.

use anyhow::{Context as _, ensure};
use fivewire_host_fw_app::{EMPTY_SLOT, SLOT_BYTES, SLOT_SECTION};
use fivewire_wire::{IDENTITY_MAGIC, IDENTITY_SECTION};
use object::elf::{FileHeader32, PT_LOAD, SHF_ALLOC, SHF_WRITE, SHT_NULL};
use object::read::elf::{ElfFile32, FileHeader as _, ProgramHeader as _, SectionHeader as _};
use object::{Endianness, Object as _, ObjectSection as _, ObjectSymbol as _};
use serde::{Deserialize, Serialize};

use crate::board::Description;

/// What an image says of the protocol that it was built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Of the spec.
    pub wire_hash: u32,
    /// Of the protocol.
    pub revision: u8,
    /// The oldest that it talks to.
    pub min_revision: u8,
}

/// Bytes of memory that an image takes and leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Sizes {
    /// Of flash.
    pub flash: u64,
    /// Of RAM: all variables, without the stack.
    pub ram: u64,
    /// Of RAM between the start of the stack and the variable that it would meet first.
    pub stack_left: u64,
}

/// Bytes that are loaded at an address of the flash or, by a boot loader, of the RAM.
#[derive(Debug, PartialEq, Eq)]
pub struct Load<'e> {
    /// Where it lies before the program runs.
    pub address: u32,
    /// What lies there.
    pub bytes: &'e [u8],
}

/// An ELF file that was linked for a board.
pub struct Elf<'e> {
    bytes: &'e [u8],
    file: ElfFile32<'e, Endianness>,
}

impl<'e> Elf<'e> {
    /// Reads a little-endian ELF file of 32 bits.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(bytes: &'e [u8]) -> anyhow::Result<Self> {
        let file = ElfFile32::parse(bytes).context("not an ELF file of 32 bits")?;
        ensure!(
            file.endian() == Endianness::Little,
            "not a little-endian ELF file"
        );
        Ok(Self { bytes, file })
    }

    /// What must be loaded, by address.
    ///
    /// # Errors
    /// The file is cut off.
    pub fn loads(&self) -> anyhow::Result<Vec<Load<'e>>> {
        let header: &FileHeader32<Endianness> = self.file.elf_header();
        let mut loads = Vec::new();
        for segment in header.program_headers(Endianness::Little, self.bytes)? {
            let bytes = segment.data(Endianness::Little, self.bytes);
            let bytes = bytes.ok().context("a segment lies outside the file")?;
            if segment.p_type(Endianness::Little) == PT_LOAD && !bytes.is_empty() {
                loads.push(Load {
                    address: segment.p_paddr(Endianness::Little),
                    bytes,
                });
            }
        }
        loads.sort_by_key(|load| load.address);
        Ok(loads)
    }

    /// What the image says of its protocol.
    ///
    /// # Errors
    /// It has no such section: it is no firmware of this project.
    pub fn identity(&self) -> anyhow::Result<Identity> {
        let missing =
            || format!("the image has no section {IDENTITY_SECTION}, which says what protocol it speaks");
        let section = self
            .file
            .section_by_name(IDENTITY_SECTION)
            .with_context(missing)?;
        let said = section.data()?.strip_prefix(&IDENTITY_MAGIC);
        let [a, b, c, d, revision, min_revision, ..] = *said.with_context(missing)? else {
            anyhow::bail!("the section {IDENTITY_SECTION} is cut off");
        };
        let wire_hash = u32::from_le_bytes([a, b, c, d]);
        Ok(Identity {
            wire_hash,
            revision,
            min_revision,
        })
    }

    /// Memory that it takes on a board. Flash is what must be loaded; the image that is made of it may add a head.
    ///
    /// # Errors
    /// The file is cut off.
    pub fn sizes(&self, board: &Description) -> anyhow::Result<Sizes> {
        let flash = self.loads()?.iter().map(|load| load.bytes.len() as u64).sum();
        let top = self.stack_start().unwrap_or(board.ram.end());
        let (mut ram, mut floor) = (0, u64::from(board.ram.start));
        for (address, size) in self.variables(board) {
            ram += size;
            if address < top {
                floor = floor.max(address + size);
            }
        }
        Ok(Sizes {
            flash,
            ram,
            stack_left: top.saturating_sub(floor),
        })
    }

    /// Where the stack begins, from which it grows downwards, as the start-up code of Arm and RISC-V calls it.
    fn stack_start(&self) -> Option<u64> {
        self.file
            .symbol_by_name("_stack_start")
            .map(|symbol| symbol.address())
    }

    /// Address and size of each section of variables. Where the program itself lies in RAM, only what can be written is one;
    /// a section for the stack is what is left.
    fn variables(&self, board: &Description) -> impl Iterator<Item = (u64, u64)> {
        let board = (board.flash, board.ram);
        self.file.sections().filter_map(move |section| {
            let header = section.elf_section_header();
            let flags = header.sh_flags(Endianness::Little);
            let (address, size) = (section.address(), section.size());
            let kept = header.sh_type(Endianness::Little) != SHT_NULL && flags & SHF_ALLOC != 0;
            let (flash, ram) = board;
            let variable = ram.has(address) && (flags & SHF_WRITE != 0 || !flash.has(address));
            let stack = section.name().is_ok_and(|name| name.starts_with(".stack"));
            (kept && variable && !stack).then_some((address, size))
        })
    }

    /// Where in the file the slot for the configuration is; None in an image without one (a bridge's).
    ///
    /// # Errors
    /// The section is there but is no empty slot.
    pub fn slot(&self) -> anyhow::Result<Option<usize>> {
        let Some(section) = self.file.section_by_name(SLOT_SECTION) else {
            return Ok(None);
        };
        let range = section
            .file_range()
            .with_context(|| format!("{SLOT_SECTION} has no bytes"))?;
        ensure!(
            section.data()? == EMPTY_SLOT,
            "{SLOT_SECTION} is not an empty slot of {SLOT_BYTES} bytes: build the image again"
        );
        Ok(Some(usize::try_from(range.0)?))
    }
}

/// Puts a filled slot at the place that [`Elf::slot`] gave.
///
/// # Errors
/// It is not within the file.
pub fn fill(elf: &mut [u8], at: usize, slot: &[u8; SLOT_BYTES]) -> anyhow::Result<()> {
    let place = elf.get_mut(at..).and_then(|rest| rest.first_chunk_mut());
    *place.context("the slot lies outside the file")? = *slot;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::pico;
    use crate::sample::{self, Section};
    use fivewire_wire::IDENTITY;

    #[test]
    fn what_is_loaded_lies_where_it_is_loaded_and_not_where_it_runs() {
        let elf = sample::host(&IDENTITY);
        let loads = Elf::parse(&elf).unwrap().loads().unwrap();
        let addresses: Vec<_> = loads
            .iter()
            .map(|load| (load.address, load.bytes.len()))
            .collect();
        assert_eq!(
            addresses,
            [
                (0x1000_0000, 300),
                (0x1000_0200, 16),
                (0x1000_0300, SLOT_BYTES),
                (0x1000_1000, 8)
            ]
        );
    }

    #[test]
    fn an_image_says_what_it_speaks() {
        let elf = sample::host(&IDENTITY);
        let identity = Elf::parse(&elf).unwrap().identity().unwrap();
        let wire = (
            fivewire_wire::WIRE_HASH,
            fivewire_wire::REVISION,
            fivewire_wire::MIN_REVISION,
        );
        assert_eq!(
            (identity.wire_hash, identity.revision, identity.min_revision),
            wire
        );
        let other = sample::elf(&[Section::flash(".text", 0x1000_0000, vec![1; 4])], &[]);
        let error = Elf::parse(&other).unwrap().identity().unwrap_err();
        assert!(error.to_string().contains("no section .fivewire,"), "{error}");
    }

    #[test]
    fn variables_are_counted_with_their_first_values_and_the_stack_is_what_is_left() {
        let elf = sample::host(&IDENTITY);
        let sizes = Elf::parse(&elf).unwrap().sizes(&pico().is).unwrap();
        let flash = 300 + 16 + SLOT_BYTES as u64 + 8;
        assert_eq!(
            sizes,
            Sizes {
                flash,
                ram: 8 + 100,
                stack_left: 0x42000 - 108
            }
        );
    }

    #[test]
    fn a_stack_below_the_variables_has_what_lies_below_its_start() {
        let sections = [Section::zeros(".bss", 0x2000_8000, 100)];
        let elf = sample::elf(&sections, &[("_stack_start", 0x2000_8000)]);
        let sizes = Elf::parse(&elf).unwrap().sizes(&pico().is).unwrap();
        assert_eq!((sizes.ram, sizes.stack_left), (100, 0x8000));
    }

    #[test]
    fn only_an_empty_slot_is_filled() {
        let mut elf = sample::host(&IDENTITY);
        let at = Elf::parse(&elf).unwrap().slot().unwrap().unwrap();
        fill(&mut elf, at, &[7; SLOT_BYTES]).unwrap();
        assert!(
            Elf::parse(&elf)
                .unwrap()
                .slot()
                .unwrap_err()
                .to_string()
                .contains("not an empty slot")
        );
        assert!(fill(&mut elf, usize::MAX, &[7; SLOT_BYTES]).is_err());
    }

    #[test]
    fn what_is_no_elf_file_is_refused() {
        assert!(Elf::parse(b"UF2\n").is_err());
    }
}
