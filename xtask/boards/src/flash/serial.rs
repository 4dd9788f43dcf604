//! Writing to an Espressif chip over its serial boot loader, by the library `espflash`, so that no tool need be installed.
//! Boot loader, partition table and application are written; what lies between them, such as a stored network, stays.

use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::Context as _;
use espflash::Error;
use espflash::connection::Connection;
use espflash::flasher::Flasher;
use espflash::target::ProgressCallbacks;
use serialport::{FlowControl, SerialPortType, UsbPortInfo};

use crate::board::Description;
use crate::image::esp;

/// How boot loaders are spoken to at first.
const BAUD: u32 = 115_200;
/// And how once they answer.
const FAST_BAUD: u32 = 460_800;

/// Writes the image in this ELF file, and has the chip compare the checksums of all that was written.
pub(super) fn write(elf: &Path, board: &Description, port: &str) -> anyhow::Result<String> {
    let elf = fs::read(elf).with_context(|| format!("cannot read {}", elf.display()))?;
    let image = esp::Image::of(&elf, board)?;
    let chip = esp::chip(board)?;
    let connection = connect(port)?;
    let flasher = Flasher::connect(connection, true, true, true, Some(chip), Some(FAST_BAUD));
    let mut flasher = flasher.map_err(|error| unanswered(error, port, &board.about))?;
    let written = flasher.write_bins_to_flash(&image.segments(), &mut Progress::default());
    written.context("the chip did not take the image")?;
    flasher
        .connection()
        .reset()
        .context("the image is written, but the chip could not be restarted")?;
    Ok("the chip has compared what was written, and starts".to_owned())
}

/// Another chip has answered well; only silence is a matter of the BOOT button.
fn unanswered(error: Error, port: &str, board: &str) -> anyhow::Error {
    let what = match &error {
        Error::ChipMismatch(_, found) => {
            format!("at {port} is a {found} and no {board}: choose its board with --board, or another port")
        }
        _ => format!("no {board} answers at {port}: hold its BOOT button while it starts"),
    };
    anyhow::Error::new(error).context(what)
}

fn connect(port: &str) -> anyhow::Result<Connection> {
    let found = serialport::available_ports()
        .unwrap_or_default()
        .into_iter()
        .find(|found| found.port_name == port);
    let usb = match found.map(|found| found.port_type) {
        Some(SerialPortType::UsbPort(usb)) => usb,
        // The reset is chosen by the product; zero is that of any other converter.
        _ => UsbPortInfo {
            vid: 0,
            pid: 0,
            serial_number: None,
            manufacturer: None,
            product: None,
        },
    };
    let opened = serialport::new(port, BAUD)
        .flow_control(FlowControl::None)
        .open_native();
    let opened = opened.with_context(|| format!("cannot open {port}"))?;
    // The ways of resetting before and after have names that the library keeps to itself; the usual ones are meant.
    let (before, after) = (Default::default(), Default::default());
    Ok(Connection::new(opened, usb, after, before, BAUD))
}

/// A line that is written over on a terminal, and a line for each part elsewhere.
#[derive(Default)]
struct Progress {
    address: u32,
    total: usize,
}

impl Progress {
    fn say(&self, what: std::fmt::Arguments<'_>, ended: bool) {
        match (std::io::stderr().is_terminal(), ended) {
            (true, false) => eprint!("\r{:#08x}: {what}   ", self.address),
            (true, true) => eprintln!("\r{:#08x}: {what}   ", self.address),
            (false, true) => eprintln!("{:#08x}: {what}", self.address),
            (false, false) => {}
        }
    }
}

impl ProgressCallbacks for Progress {
    fn init(&mut self, address: u32, total: usize) {
        *self = Self { address, total };
    }

    fn update(&mut self, current: usize) {
        self.say(format_args!("{:3} %", 100 * current / self.total.max(1)), false);
    }

    fn verifying(&mut self) {
        self.say(format_args!("comparing"), false);
    }

    fn finish(&mut self, skipped: bool) {
        let what = if skipped {
            "is there already"
        } else {
            "written and compared"
        };
        self.say(format_args!("{what}"), true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_chip_is_not_taken_for_silence() {
        let mismatch = Error::ChipMismatch("esp32c3".to_owned(), "esp32c6".to_owned());
        let told = unanswered(mismatch, "/dev/ttyACM0", "ESP32-C3").to_string();
        let expected =
            "at /dev/ttyACM0 is a esp32c6 and no ESP32-C3: choose its board with --board, or another port";
        assert_eq!(told, expected);
        let silent = unanswered(Error::FlashConnect, "/dev/ttyACM0", "ESP32-C3");
        assert!(
            silent
                .to_string()
                .ends_with("hold its BOOT button while it starts"),
            "{silent}"
        );
    }
}
