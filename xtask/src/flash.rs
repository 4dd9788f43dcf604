//! `cargo xtask flash`: says what it would flash and with what, and fails until there is firmware for a board.
//!
//! It touches no port: pretending to flash would be worse than not flashing.

use clap::{Args, ValueEnum};

use crate::{failure::Failure, ui};

/// Say which board would be flashed and with what tool. Fails: this revision has no firmware for boards yet.
///
/// The Linux processes (`cargo xtask build`) and the demonstration (`cargo xtask sim`) need no board.
#[derive(Args)]
pub(crate) struct Flash {
    /// Which end's firmware.
    end: End,
    /// Board; without it, the usual one of that end.
    #[arg(long)]
    board: Option<Board>,
    /// Serial port or mount point; without it, the tool looks for the board.
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Only say what would be done. There is nothing else to do yet, so it changes nothing today.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum End {
    /// The microcontroller without a network.
    Host,
    /// The Wi-Fi board.
    Bridge,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Board {
    /// Raspberry Pi Pico (RP2040), a host.
    Pico,
    /// Pyboard (STM32F405), a host.
    Pyboard,
    /// ESP32-C3, a bridge.
    Esp32c3,
}

impl Board {
    const fn end(self) -> End {
        match self {
            Self::Pico | Self::Pyboard => End::Host,
            Self::Esp32c3 => End::Bridge,
        }
    }

    const fn usual(end: End) -> Self {
        match end {
            End::Host => Self::Pico,
            End::Bridge => Self::Esp32c3,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Pico => "Raspberry Pi Pico (RP2040, thumbv6m-none-eabi)",
            Self::Pyboard => "Pyboard (STM32F405, thumbv7em-none-eabihf)",
            Self::Esp32c3 => "ESP32-C3 (riscv32imc-unknown-none-elf)",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Pico => "host-fw/pico",
            Self::Pyboard => "host-fw/pyboard",
            Self::Esp32c3 => "bridge-fw/esp32c3",
        }
    }

    /// The tool and how it reaches the board.
    const fn tool(self) -> &'static str {
        match self {
            Self::Pico => "a UF2 file copied to the drive that the Pico shows while BOOTSEL is held",
            Self::Pyboard => "dfu-util over USB, with the DFU pin held while it starts",
            Self::Esp32c3 => "espflash over the board's USB serial port",
        }
    }
}

impl Flash {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let board = self.board.unwrap_or_else(|| Board::usual(self.end));
        if board.end() != self.end {
            let message = format!("{} is the other end's board", board.name());
            return Err(Failure::because(message, "cargo xtask flash --help"));
        }
        anstream::println!("{}    {}", ui::paint(ui::BOLD, "board:"), board.name());
        anstream::println!("{} {}", ui::paint(ui::BOLD, "firmware:"), board.folder());
        anstream::println!("{}     {}", ui::paint(ui::BOLD, "tool:"), board.tool());
        let port = self.port.as_deref().unwrap_or("the tool looks for the board");
        anstream::println!("{}     {port}", ui::paint(ui::BOLD, "port:"));
        let what = if self.dry_run {
            "nothing could be flashed"
        } else {
            "nothing was flashed"
        };
        let message = format!("{what}: {} does not exist yet", board.folder());
        Err(Failure::because(message, "cargo xtask sim   (needs no board)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flash(end: End, board: Option<Board>) -> String {
        let command = Flash {
            end,
            board,
            port: None,
            dry_run: false,
        };
        command
            .run()
            .expect_err("there is no firmware for boards")
            .to_string()
    }

    #[test]
    fn it_never_claims_success_and_names_the_missing_firmware() {
        assert_eq!(
            flash(End::Host, None),
            "nothing was flashed: host-fw/pico does not exist yet"
        );
        assert_eq!(
            flash(End::Bridge, None),
            "nothing was flashed: bridge-fw/esp32c3 does not exist yet"
        );
    }

    #[test]
    fn a_board_of_the_other_end_is_refused() {
        assert!(flash(End::Bridge, Some(Board::Pico)).contains("the other end's board"));
    }
}
