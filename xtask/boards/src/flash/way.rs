//! The ways in which an image comes onto a board, and where the board is. What a way does is one or two calls, which can be
//! printed without being made.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::{fs, io};

use anyhow::{Context as _, bail, ensure};

use super::{drive, serial};
use crate::board::{Board, Tool};
use crate::image;
use crate::machine::{self, Machine};
use crate::manifest::Manifest;
use crate::ui::Failure;

/// A way, and where the board is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// What does it.
    pub(super) tool: Tool,
    /// Mount point, port or USB id; None where no board was found.
    pub(super) place: Option<String>,
    /// The place is where the board would be: the system does not tell what is plugged in.
    is_guess: bool,
    /// What a person does, so that the board is found.
    help: String,
}

impl Way {
    /// To a drive that the user names.
    pub(super) fn to_drive(board: &Board, folder: &Path) -> anyhow::Result<Self> {
        ensure!(
            board.is.tools.contains(&Tool::Uf2Drive),
            "{} has no drive",
            board.name
        );
        ensure!(folder.is_dir(), "there is no folder {}", folder.display());
        if let Some(found) = machine::drive(folder) {
            let wanted = board.is.uf2_drive.as_deref().unwrap_or_default();
            ensure!(
                found.board_id == wanted,
                "{} is the drive of a {}, and {} has the drive of a {wanted}",
                folder.display(),
                found.board_id,
                board.name
            );
        }
        Ok(Self::at(Tool::Uf2Drive, folder.display().to_string()))
    }

    /// To a serial port that the user names.
    pub(super) fn to_port(board: &Board, port: &str) -> anyhow::Result<Self> {
        let serial = board.is.tools.contains(&Tool::Espflash);
        ensure!(
            serial,
            "{} is not flashed over a serial port; leave out --port",
            board.name
        );
        Ok(Self::at(Tool::Espflash, port.to_owned()))
    }

    /// The first of the board's ways on which it is found; else its usual way, with no place. None where it has no way.
    pub(super) fn found(board: &Board, machine: &Machine) -> Option<Self> {
        let ways = board.is.tools.iter().map(|tool| search(*tool, board, machine));
        // The first of the least: the order of the tools is that of how usual they are.
        ways.min_by_key(|way| (!way.is_seen(), way.place.is_none()))
    }

    /// The board is there.
    pub(super) fn is_seen(&self) -> bool {
        self.place.is_some() && !self.is_guess
    }

    fn at(tool: Tool, place: String) -> Self {
        Self {
            tool,
            place: Some(place),
            is_guess: false,
            help: String::new(),
        }
    }

    /// The file that it takes, below the root.
    pub(super) fn file(&self, image: &Manifest) -> String {
        let ending = match self.tool {
            Tool::Uf2Drive => ".uf2",
            Tool::DfuUtil => ".bin",
            Tool::ProbeRs | Tool::Espflash => ".elf",
        };
        format!("{}/{}{ending}", image::FOLDER, image.board)
    }

    /// What will be done, as a person would type or say it.
    pub(super) fn calls(&self, root: &Path, board: &Board, image: &Manifest) -> Vec<String> {
        let file = self.file(image);
        match self.tool {
            Tool::Uf2Drive => {
                let drive = format!("the drive {}", board.is.uf2_drive.as_deref().unwrap_or_default());
                vec![format!(
                    "cp {file} {}",
                    self.place.as_deref().map_or(drive, |place| format!("{place}/"))
                )]
            }
            Tool::Espflash => {
                let port = self.place.as_deref().unwrap_or("the board's port");
                let parts = "boot loader, partition table and application";
                vec![format!(
                    "write {parts} of {file} over {port}, and have the chip compare their MD5"
                )]
            }
            Tool::ProbeRs | Tool::DfuUtil => self
                .commands(board, &file, length(root, &file))
                .iter()
                .map(|words| shown(words))
                .collect(),
        }
    }

    /// Programs that are run for a file of so many bytes.
    fn commands(&self, board: &Board, file: &str, bytes: u64) -> Vec<Vec<String>> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let chip = board.is.probe_chip.as_deref().unwrap_or_default();
        match self.tool {
            Tool::ProbeRs => vec![
                words(&["probe-rs", "download", "--chip", chip, "--verify", file]),
                words(&["probe-rs", "reset", "--chip", chip]),
            ],
            Tool::DfuUtil => {
                let usual = board.is.usb.first().map(String::as_str).unwrap_or_default();
                let device = self.place.as_deref().unwrap_or(usual);
                let dfu = ["dfu-util", "--alt", "0", "--device", device, "--dfuse-address"];
                let start = format!("{:#010x}", board.is.flash.start);
                let back = format!("{start}:{bytes}:leave");
                vec![
                    words(&[&dfu[..], &[&start, "--download", file]].concat()),
                    words(&[&dfu[..], &[&back, "--upload", &read_back(file)]].concat()),
                ]
            }
            Tool::Uf2Drive | Tool::Espflash => vec![],
        }
    }

    /// Does it. Returns what is known of the result.
    pub(super) fn follow(&self, root: &Path, board: &Board, image: &Manifest) -> anyhow::Result<String> {
        let file = self.file(image);
        let place = self.place.as_ref().ok_or_else(|| self.not_found(board))?;
        match self.tool {
            Tool::Uf2Drive => drive::copy(&root.join(file), &PathBuf::from(place)),
            Tool::Espflash => serial::write(&root.join(file), &board.is, place),
            Tool::ProbeRs => self
                .run(root, board, &file)
                .map(|()| "probe-rs has compared the flash".to_owned()),
            Tool::DfuUtil => self.dfu(root, board, &file),
        }
    }

    fn run(&self, root: &Path, board: &Board, file: &str) -> anyhow::Result<()> {
        for words in self.commands(board, file, 0) {
            let status = called(root, &words)?;
            ensure!(status.success(), "`{}` ended with {status}", shown(&words));
        }
        Ok(())
    }

    /// Writes, reads back and starts.
    fn dfu(&self, root: &Path, board: &Board, file: &str) -> anyhow::Result<String> {
        let image = fs::read(root.join(file)).with_context(|| format!("cannot read {file}"))?;
        let commands = self.commands(board, file, length(root, file));
        let [download, upload] = &commands[..] else {
            bail!("dfu-util writes, then reads back");
        };
        let status = called(root, download)?;
        ensure!(status.success(), "`{}` ended with {status}", shown(download));
        compared(&image, &root.join(read_back(file)), || {
            Ok(format!(
                "`{}` ended with {}",
                shown(upload),
                called(root, upload)?
            ))
        })
    }

    fn not_found(&self, board: &Board) -> anyhow::Error {
        Failure::because(format!("no {} is plugged in", board.is.about), self.help.clone())
    }
}

/// Runs a program. What it says goes where messages go: the output is the answer's.
fn called(root: &Path, words: &[String]) -> anyhow::Result<ExitStatus> {
    let (program, arguments) = words.split_first().context("a command of no words")?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root).stdout(io::stderr());
    command.status().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(program),
        _ => anyhow::Error::new(error).context(format!("cannot start {program}")),
    })
}

/// Where dfu-util puts what it reads back.
fn read_back(file: &str) -> String {
    format!("{file}.read-back")
}

/// Whether `reading` puts the image into the file `back`. A boot loader that leaves does not answer any more, which some
/// versions of dfu-util take for a failure: so not its end decides, but what was read.
fn compared(
    image: &[u8],
    back: &Path,
    reading: impl FnOnce() -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    // dfu-util writes over no file.
    remove(back)?;
    let ended = reading()?;
    let read = fs::read(back).unwrap_or_default();
    remove(back)?;
    ensure!(!read.is_empty(), "nothing was read back: {ended}");
    ensure!(
        read == image,
        "the flash does not hold what was written; flash it again"
    );
    Ok("what was read back is the image, and the board starts".to_owned())
}

/// Bytes of a file; of one that is not there, none.
fn length(root: &Path, file: &str) -> u64 {
    fs::metadata(root.join(file)).map_or(0, |file| file.len())
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn shown(words: &[String]) -> String {
    words.join(" ")
}

/// How to get a program that is not there.
fn missing(program: &str) -> anyhow::Error {
    let mend = match program {
        "dfu-util" => "sudo apt-get install -y dfu-util   (or: brew install dfu-util)",
        "probe-rs" => "cargo install probe-rs-tools --locked",
        _ => "install it",
    };
    Failure::because(format!("the program {program} is missing"), mend)
}

fn search(tool: Tool, board: &Board, machine: &Machine) -> Way {
    let (place, help) = match tool {
        Tool::Uf2Drive => on_drive(board, machine),
        Tool::Espflash => on_port(board, machine),
        Tool::ProbeRs => on_probe(machine),
        Tool::DfuUtil => on_dfu(board, machine),
    };
    Way {
        tool,
        place,
        is_guess: tool == Tool::DfuUtil && machine.usb.is_none(),
        help,
    }
}

fn on_drive(board: &Board, machine: &Machine) -> (Option<String>, String) {
    let id = board.is.uf2_drive.as_deref().unwrap_or_default();
    let found = machine.drives.iter().find(|drive| drive.board_id == id);
    let help = format!(
        "hold the board's BOOTSEL button while it is plugged in, mount the drive {id} where that is not done by itself \
         (udisksctl mount -b /dev/disk/by-label/{id}), and the same command again"
    );
    (found.map(|drive| drive.folder.display().to_string()), help)
}

fn on_port(board: &Board, machine: &Machine) -> (Option<String>, String) {
    let ports = machine.ports_of(&board.is);
    let told = machine.ports_told();
    match ports.as_slice() {
        [port] => (Some(port.name.clone()), String::new()),
        [] => (None, format!("plug it in, or name its port with --port; {told}")),
        _ => (
            None,
            format!("several ports may be it: name one with --port; {told}"),
        ),
    }
}

fn on_probe(machine: &Machine) -> (Option<String>, String) {
    let place = machine.probe.then(|| "the debug probe".to_owned());
    (place, "plug in a debug probe".to_owned())
}

/// A board in its boot loader is seen by its USB id; the program may still be missing. Where the system does not tell what
/// is plugged in, dfu-util itself has to look.
fn on_dfu(board: &Board, machine: &Machine) -> (Option<String>, String) {
    let is_there = |id: &(u16, u16)| machine.usb.as_ref().is_none_or(|usb| usb.contains(id));
    let found = board.is.usb_ids().find(is_there);
    let place = found.map(|(vendor, product)| format!("{vendor:04x}:{product:04x}"));
    (
        place,
        "connect the DFU pin with 3V3, press reset, and the same command again".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::End;
    use crate::board::tests::{esp32c3, pico, pyboard};
    use crate::machine::Drive;
    use crate::machine::tests::port;
    use crate::manifest::tests::manifest;

    fn drive(board_id: &str) -> Machine {
        let drive = Drive {
            folder: "/media/x".into(),
            board_id: board_id.to_owned(),
        };
        Machine {
            drives: vec![drive],
            ..Machine::default()
        }
    }

    /// A system that tells that nothing is plugged in.
    fn nothing() -> Machine {
        Machine {
            usb: Some(Default::default()),
            ..Machine::default()
        }
    }

    #[test]
    fn a_boot_loader_is_where_its_usb_id_is_or_where_nobody_can_tell() {
        assert_eq!(found(&pyboard(), &nothing()).place, None);
        let mut seen = nothing();
        seen.usb.as_mut().unwrap().insert((0x0483, 0xdf11));
        for (machine, is_seen) in [(seen, true), (Machine::default(), false)] {
            let way = found(&pyboard(), &machine);
            assert_eq!(
                (way.place.as_deref(), way.is_seen()),
                (Some("0483:df11"), is_seen)
            );
        }
    }

    /// The call fails, as some versions do when the board leaves; only what was read back counts.
    #[test]
    fn what_dfu_util_wrote_is_compared() {
        let folder = std::env::temp_dir().join(format!("fivewire-dfu-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let judge = |read: Option<&str>| {
            let back = folder.join("x.bin.read-back");
            compared(b"image", &back, || {
                read.map(|read| fs::write(&back, read)).transpose()?;
                Ok("exit status: 74".to_owned())
            })
        };
        assert!(judge(Some("image")).is_ok());
        let [torn, none] = [judge(Some("imag")), judge(None)].map(|judged| judged.unwrap_err().to_string());
        assert!(torn.starts_with("the flash does not hold"), "{torn}");
        assert_eq!(none, "nothing was read back: exit status: 74");
        fs::remove_dir_all(&folder).unwrap();
    }

    fn found(board: &Board, machine: &Machine) -> Way {
        Way::found(board, machine).unwrap()
    }

    #[test]
    fn a_board_is_found_on_its_usual_way_first() {
        let both = Machine {
            probe: true,
            ..drive("RPI-RP2")
        };
        let usual = search(Tool::Uf2Drive, &pico(), &both);
        assert_eq!(found(&pico(), &both), usual);
        let probe = Machine {
            probe: true,
            ..drive("RP2350")
        };
        let way = found(&pico(), &probe);
        assert_eq!(
            (way.tool, way.place.as_deref()),
            (Tool::ProbeRs, Some("the debug probe"))
        );
    }

    #[test]
    fn calls_are_shown_as_they_are_made() {
        let image = manifest("pico", End::Host);
        let way = found(&pico(), &drive("RPI-RP2"));
        assert_eq!(
            way.calls(Path::new("/"), &pico(), &image),
            ["cp target/images/pico.uf2 /media/x/"]
        );
        let way = found(
            &pico(),
            &Machine {
                probe: true,
                ..Machine::default()
            },
        );
        let expected = [
            "probe-rs download --chip RP2040 --verify target/images/pico.elf",
            "probe-rs reset --chip RP2040",
        ];
        assert_eq!(way.calls(Path::new("/"), &pico(), &image), expected);
        let way = found(&pyboard(), &nothing());
        let image = manifest("pyboard", End::Host);
        let dfu = "dfu-util --alt 0 --device 0483:df11 --dfuse-address 0x08000000";
        let expected = [
            format!("{dfu} --download target/images/pyboard.bin"),
            format!("{dfu}:0:leave --upload target/images/pyboard.bin.read-back"),
        ];
        assert_eq!(way.calls(Path::new("/"), &pyboard(), &image), expected);
    }

    #[test]
    fn one_port_is_the_boards_and_of_several_none_is_guessed() {
        let one = Machine {
            ports: vec![port("/dev/ttyACM0", (0x303a, 0x1001))],
            ..Machine::default()
        };
        assert_eq!(found(&esp32c3(), &one).place.as_deref(), Some("/dev/ttyACM0"));
        let ports = vec![
            port("/dev/ttyACM0", (0x303a, 0x1001)),
            port("/dev/ttyACM1", (0x303a, 0x1001)),
        ];
        let way = found(
            &esp32c3(),
            &Machine {
                ports,
                ..Machine::default()
            },
        );
        assert_eq!(way.place, None);
        assert!(
            way.help
                .contains("name one with --port; the serial ports are /dev/ttyACM0"),
            "{}",
            way.help
        );
    }

    #[test]
    fn where_no_board_is_it_is_said_what_to_do() {
        let way = found(&pico(), &nothing());
        let error = way
            .follow(Path::new("/"), &pico(), &manifest("pico", End::Host))
            .unwrap_err();
        assert_eq!(error.to_string(), "no Raspberry Pi Pico (RP2040) is plugged in");
        assert!(crate::ui::mend(&error).unwrap().contains("BOOTSEL"));
    }

    #[test]
    fn a_missing_program_is_answered_with_what_installs_it() {
        let error = missing("dfu-util");
        assert_eq!(error.to_string(), "the program dfu-util is missing");
        assert!(
            crate::ui::mend(&error)
                .unwrap()
                .starts_with("sudo apt-get install")
        );
    }
}
