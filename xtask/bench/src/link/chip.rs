//! An RP2040 without its boot ROM, started from a program's ELF file.
//!
//! It counts the chip's own cycles, so what comes out repeats exactly. Flash costs what the chip's cache does when it
//! hits, a cycle; a real board is slower wherever it misses.

use std::{fs, path::Path};

use anyhow::{Context as _, ensure};
use object::read::elf::{ElfFile32, ProgramHeader as _};
use rp2040_emu::{Emulator, EmulatorBuilder};

const FLASH: usize = 0x1000_0000;
const FLASH_BYTES: usize = 2 << 20;
const ERASED: u8 = 0xFF;

/// A chip with a program in its flash.
pub(crate) struct Chip {
    emulator: Emulator,
}

impl Chip {
    /// About to run the program at `path`. `inputs` are the pins that others drive, a bit each.
    pub(crate) fn new(path: &Path, inputs: u32) -> anyhow::Result<Self> {
        let config = rp2040_emu::Config::default();
        let mut emulator = EmulatorBuilder::new(config)
            .step_quantum(1)
            .build()
            .context("the emulator does not start")?;
        emulator.load_flash(&flash(path)?);
        emulator.reset();
        emulator.direct_boot_from_flash(0);
        emulator.bus.external_gpio_in_mask = inputs;
        Ok(Self { emulator })
    }

    /// Cycles since the start.
    pub(crate) fn cycles(&self) -> u64 {
        self.emulator.cycles()
    }

    /// The next instruction; the pins that others drive have these levels meanwhile.
    pub(crate) fn step(&mut self, inputs: u32) -> anyhow::Result<()> {
        self.emulator.bus.external_gpio_in_override = inputs;
        let cycles = self.emulator.step()?;
        ensure!(cycles > 0, "the program stopped at {:#x}", self.at());
        Ok(())
    }

    /// Levels of the pins that the program drives; the others are 0.
    pub(crate) fn outputs(&self) -> u32 {
        let sio = &self.emulator.bus.sio;
        sio.gpio_out & sio.gpio_oe
    }

    /// Where the program is.
    pub(crate) fn at(&self) -> u32 {
        self.emulator.core(0).regs.pc()
    }
}

/// The whole flash as the program wants it.
fn flash(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: ElfFile32<'_> =
        ElfFile32::parse(&*bytes).with_context(|| format!("{} is no program", path.display()))?;
    let endian = file.endian();
    let mut flash = vec![ERASED; FLASH_BYTES];
    for header in file.elf_program_headers() {
        let data = header
            .data(endian, &*bytes)
            .ok()
            .with_context(|| format!("{} is cut", path.display()))?;
        if header.p_type(endian) == object::elf::PT_LOAD && !data.is_empty() {
            let at = (header.p_paddr(endian) as usize).checked_sub(FLASH);
            let slot = at.and_then(|at| flash.get_mut(at..at + data.len()));
            slot.with_context(|| format!("{} is not for flash", path.display()))?
                .copy_from_slice(data);
        }
    }
    Ok(flash)
}
