//! Espressif's images, by the library `espflash`: boot loader, partition table and application, each at its place in flash.

use anyhow::{Context as _, ensure};
use espflash::flasher::{FlashData, FlashSettings, FlashSize};
use espflash::image_format::idf::IdfBootloaderFormat;
use espflash::image_format::{ImageFormat, Segment};
use espflash::target::Chip;

use crate::board::Description;

/// A chip's image, made of an ELF file.
pub struct Image<'e>(IdfBootloaderFormat<'e>);

impl<'e> Image<'e> {
    /// Reads the ELF file as the boot loader wants it: with an application descriptor, and of this chip.
    ///
    /// # Errors
    /// It is not such a file, or larger than its partition.
    pub fn of(elf: &'e [u8], board: &Description) -> anyhow::Result<Self> {
        let chip = chip(board)?;
        let settings = FlashSettings::new(None, Some(flash_size(board)?), None);
        let data = FlashData::new(settings, 0, None, chip, chip.default_xtal_frequency());
        let image = IdfBootloaderFormat::new(elf, &data, None, None, None, None);
        image.map(Self).context("espflash does not take the image")
    }

    /// What is written and where: boot loader, partition table, application. What lies between them is left alone, so that
    /// what the bridge has stored there stays.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment<'e>> {
        ImageFormat::from(self.0.clone()).flash_segments()
    }

    /// The application alone, as an update writes it.
    ///
    /// # Errors
    /// There is more than one part, which this format does not have.
    pub fn application(&self) -> anyhow::Result<Vec<u8>> {
        let parts = ImageFormat::from(self.0.clone()).ota_segments();
        let [application] = parts.as_slice() else {
            anyhow::bail!("an application of {} parts", parts.len());
        };
        Ok(application.data().to_vec())
    }

    /// Everything from address 0, for tools that write one file; it erases what the bridge had stored.
    ///
    /// # Errors
    /// Two parts overlap.
    pub fn merged(&self) -> anyhow::Result<Vec<u8>> {
        let mut file = Vec::new();
        for segment in self.segments() {
            let start = segment.addr as usize;
            ensure!(
                start >= file.len(),
                "the part at {start:#x} overlaps the one before"
            );
            file.resize(start, 0xff);
            file.extend_from_slice(segment.data());
        }
        Ok(file)
    }
}

/// The chip, as the library calls it.
///
/// # Errors
/// It knows no such chip.
pub fn chip(board: &Description) -> anyhow::Result<Chip> {
    let name = board.chip.as_deref().context("the board names no chip")?;
    name.parse()
        .ok()
        .with_context(|| format!("espflash knows no chip {name}"))
}

/// The flash chip that has room for what the image may use; it decides the size of the partition.
fn flash_size(board: &Description) -> anyhow::Result<FlashSize> {
    let bytes = board.flash.bytes.next_power_of_two();
    let megabytes = format!("{}MB", bytes >> 20);
    megabytes
        .parse()
        .ok()
        .with_context(|| format!("there is no flash of {bytes} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Region;
    use crate::board::tests::pico;

    #[test]
    fn the_flash_chip_has_room_for_the_partition() {
        let mut board = pico().is;
        board.flash = Region {
            start: 0x4200_0000,
            bytes: 0x3f_0000,
        };
        assert_eq!(flash_size(&board).unwrap(), FlashSize::_4Mb);
        board.flash.bytes = 0x800;
        assert!(flash_size(&board).is_err());
    }

    #[test]
    fn a_chip_has_the_name_that_espressif_gives_it() {
        let mut board = pico().is;
        assert!(chip(&board).is_err(), "a Pico is none of theirs");
        board.chip = Some("esp32c3".to_owned());
        assert_eq!(chip(&board).unwrap(), Chip::Esp32c3);
    }
}
