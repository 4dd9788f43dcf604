//! `monitor`: what a board logs, as lines a person can read, until it is unplugged or the person has read enough.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use clap::builder::styling::Style;

use crate::board::{self, Board};
use crate::image;
use crate::log::{Decoder, Line};
use crate::machine::{Machine, Port};
use crate::ui::{self, Failure};

/// How long a read waits; nothing depends on it.
const WAIT: Duration = Duration::from_millis(200);

/// Show a board's log.
#[derive(Args)]
pub struct Monitor {
    /// Serial port; without it, the one port that may be a board's.
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Which board's image it is that logs; without it, the one whose USB ids the port has.
    #[arg(long)]
    board: Option<String>,
    /// Read this file instead of a port; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "port")]
    file: Option<PathBuf>,
    /// Symbols a second on the port.
    #[arg(long, value_name = "BAUD", default_value_t = 115_200)]
    baud: u32,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

impl Monitor {
    /// Reads and prints.
    ///
    /// # Errors
    /// No port is found, or it cannot be opened or read.
    pub fn run(&self, root: &Path) -> anyhow::Result<()> {
        let boards = board::all(root)?;
        let (mut source, found) = self.source(&boards)?;
        let board = match &self.board {
            Some(name) => Some(board::named(&boards, name)?),
            None => found,
        };
        let mut decoder = decoder(root, board)?;
        match self.follow(&mut source, &mut decoder) {
            // Whoever read along has read enough.
            Err(error) if error.downcast_ref().is_some_and(is_closed) => Ok(()),
            ended => ended,
        }
    }

    fn follow(&self, source: &mut dyn Read, decoder: &mut Decoder) -> anyhow::Result<()> {
        let mut bytes = [0; 1024];
        loop {
            match source.read(&mut bytes) {
                Ok(0) => break,
                Ok(count) => {
                    for line in decoder.feed(bytes.get(..count).unwrap_or_default()) {
                        self.show(&line)?;
                    }
                }
                Err(error) if [ErrorKind::TimedOut, ErrorKind::Interrupted].contains(&error.kind()) => {}
                Err(error) => bail!("the port is gone: {error}"),
            }
        }
        match decoder.finish() {
            Some(line) => self.show(&line),
            None => Ok(()),
        }
    }

    /// Where bytes come from, and the board that the port must be.
    fn source<'b>(&self, boards: &'b [Board]) -> anyhow::Result<(Box<dyn Read>, Option<&'b Board>)> {
        if let Some(path) = &self.file {
            return Ok((file(path)?, None));
        }
        let machine = Machine::look();
        let (name, board) = match &self.port {
            Some(name) => (
                name.clone(),
                machine
                    .ports
                    .iter()
                    .find(|port| port.name == *name)
                    .and_then(|port| owner(&boards.iter().collect::<Vec<_>>(), port)),
            ),
            None => the_port(&self.logging(boards)?, &machine)?,
        };
        ui::note(format_args!("{name}, {} baud; Ctrl-C ends it", self.baud));
        let port = serialport::new(&name, self.baud).timeout(WAIT).open();
        let port = port.with_context(|| format!("cannot open {name}; {}", machine.ports_told()))?;
        Ok((Box::new(port), board))
    }

    /// The boards of which one is to be read: the one that the user names, or any.
    fn logging<'b>(&self, boards: &'b [Board]) -> anyhow::Result<Vec<&'b Board>> {
        match &self.board {
            Some(name) => Ok(vec![board::named(boards, name)?]),
            None => Ok(boards.iter().collect()),
        }
    }

    fn show(&self, line: &Line) -> anyhow::Result<()> {
        let mut out = anstream::stdout().lock();
        if self.json {
            return Ok(writeln!(out, "{}", serde_json::to_string(line)?)?);
        }
        Ok(writeln!(out, "{}", ui::paint(style(line), line))?)
    }
}

fn style(line: &Line) -> Style {
    match line {
        Line::Damaged { .. } => ui::BAD,
        Line::Text { .. } => ui::PLAIN,
        Line::Message { level, .. } => match level {
            Some("error") => ui::BAD,
            Some("warn") => ui::WARN,
            Some("debug" | "trace") => ui::DIM,
            _ => ui::PLAIN,
        },
    }
}

fn is_closed(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}

fn file(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(file))
}

/// A decoder for the board's image; plain text only, and a word about it, where there is no image.
fn decoder(root: &Path, board: Option<&Board>) -> anyhow::Result<Decoder> {
    let Some(board) = board else {
        ui::note("which board it is cannot be told by the port: plain text only, unless --board names it");
        return Ok(Decoder::plain());
    };
    let path = image::path(root, &format!("{}.elf", board.name));
    let Ok(elf) = std::fs::read(&path) else {
        let mend = format!("cargo xtask build --only {}", board.name);
        return Err(Failure::because(
            format!(
                "there is no image for {}, whose messages could be read",
                board.name
            ),
            mend,
        ));
    };
    Decoder::new(&elf)
}

/// The board whose USB ids a port has.
fn owner<'b>(boards: &[&'b Board], port: &Port) -> Option<&'b Board> {
    let is_its = |board: &&&Board| {
        port.usb
            .is_some_and(|id| board.is.usb_ids().any(|known| known == id))
    };
    boards.iter().find(is_its).copied()
}

/// The one port that may be that of one of these boards.
fn the_port<'b>(boards: &[&'b Board], machine: &Machine) -> anyhow::Result<(String, Option<&'b Board>)> {
    let ports: Vec<_> = machine
        .ports
        .iter()
        .filter_map(|port| Some((port, owner(boards, port)?)))
        .collect();
    match ports.as_slice() {
        [(port, board)] => Ok((port.name.clone(), Some(*board))),
        [] => bail!(
            "no board's port is found; {}; name one with --port",
            machine.ports_told()
        ),
        _ => bail!(
            "several ports may be a board's: name one with --port; {}",
            machine.ports_told()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::{esp32c3, pico};
    use crate::machine::tests::port;

    #[test]
    fn the_port_is_found_by_its_board_and_several_are_listed() {
        let (pico, esp32c3) = (pico(), esp32c3());
        let boards = [&pico, &esp32c3];
        let (c3, other) = (port("/dev/ttyACM0", (0x303a, 0x1001)), port("/dev/ttyS0", (1, 2)));
        let machine = Machine {
            ports: vec![other.clone(), c3.clone()],
            ..Machine::default()
        };
        let (name, board) = the_port(&boards, &machine).unwrap();
        assert_eq!(
            (name.as_str(), board.unwrap().name.as_str()),
            ("/dev/ttyACM0", "esp32c3")
        );
        let none = the_port(
            &boards,
            &Machine {
                ports: vec![other],
                ..Machine::default()
            },
        )
        .unwrap_err();
        let expected = "no board's port is found; the serial ports are /dev/ttyS0 (USB serial 0001:0002); name one with --port";
        assert_eq!(none.to_string(), expected);
        let several = Machine {
            ports: vec![c3.clone(), c3],
            ..Machine::default()
        };
        assert!(
            the_port(&boards, &several)
                .unwrap_err()
                .to_string()
                .starts_with("several ports")
        );
        let both = Machine {
            ports: vec![
                port("/dev/ttyACM0", (0x303a, 0x1001)),
                port("/dev/ttyACM1", (0x2e8a, 3)),
            ],
            ..Machine::default()
        };
        let (name, _) = the_port(&[&pico], &both).unwrap();
        assert_eq!(name, "/dev/ttyACM1", "the one of the board that is named");
    }
}
