//! What is plugged into this computer: serial ports, drives of boot loaders, USB devices and debug probes. It only looks; nothing is opened.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serialport::SerialPortType;

use crate::board::Description;

/// A drive of a UF2 boot loader has this file.
pub(crate) const INFO: &str = "INFO_UF2.TXT";

/// What was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    /// Every serial port.
    pub(crate) ports: Vec<Port>,
    /// Mounted drives with an [`INFO`] file, and what it calls the board.
    pub(crate) drives: Vec<Drive>,
    /// USB ids (vendor, product) of all devices; none where the system does not tell them.
    pub(crate) usb: Option<BTreeSet<(u16, u16)>>,
    /// probe-rs sees a debug probe.
    pub(crate) probe: bool,
}

/// A serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Port {
    /// What opens it.
    pub(crate) name: String,
    /// Its USB ids, if it is one of USB.
    pub(crate) usb: Option<(u16, u16)>,
    /// What it calls itself.
    pub(crate) product: String,
}

/// The drive of a boot loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drive {
    /// Where it is mounted.
    pub(crate) folder: PathBuf,
    /// `Board-ID` of its [`INFO`] file.
    pub(crate) board_id: String,
}

impl Machine {
    /// Looks.
    pub(crate) fn look() -> Self {
        Self {
            ports: ports(),
            drives: mounts().iter().filter_map(|folder| drive(folder)).collect(),
            usb: usb(),
            probe: probe(),
        }
    }

    /// The serial ports whose USB ids a board may have.
    pub(crate) fn ports_of(&self, board: &Description) -> Vec<&Port> {
        let ids: Vec<_> = board.usb_ids().collect();
        self.ports
            .iter()
            .filter(|port| port.usb.is_some_and(|id| ids.contains(&id)))
            .collect()
    }

    /// All serial ports in a sentence.
    pub(crate) fn ports_told(&self) -> String {
        let told = |port: &Port| match port.usb {
            Some((vendor, product)) => format!("{} ({} {vendor:04x}:{product:04x})", port.name, port.product),
            None => port.name.clone(),
        };
        match self.ports.iter().map(told).collect::<Vec<_>>() {
            ports if ports.is_empty() => "there is no serial port at all".to_owned(),
            ports => format!("the serial ports are {}", ports.join(", ")),
        }
    }
}

fn ports() -> Vec<Port> {
    let found = serialport::available_ports().unwrap_or_default();
    let port = |port: serialport::SerialPortInfo| {
        let (usb, product) = match port.port_type {
            SerialPortType::UsbPort(usb) => (Some((usb.vid, usb.pid)), usb.product.unwrap_or_default()),
            SerialPortType::PciPort | SerialPortType::BluetoothPort | SerialPortType::Unknown => {
                (None, String::new())
            }
        };
        Port {
            name: port.port_name,
            usb,
            product,
        }
    };
    found.into_iter().map(port).collect()
}

/// Where drives are mounted: Linux says it in a file, macOS has a folder for them.
fn mounts() -> Vec<PathBuf> {
    let linux = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let linux = linux
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .map(unescaped);
    let volumes = fs::read_dir("/Volumes")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    linux.chain(volumes).collect()
}

/// `/media/me/RPI\040RP2` → `/media/me/RPI RP2`.
fn unescaped(text: &str) -> PathBuf {
    text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\134", "\\")
        .into()
}

/// The folder as a boot loader's drive, if it is one.
pub(crate) fn drive(folder: &Path) -> Option<Drive> {
    let info = fs::read_to_string(folder.join(INFO)).ok()?;
    let board_id = info.lines().find_map(|line| line.strip_prefix("Board-ID:"));
    Some(Drive {
        folder: folder.to_owned(),
        board_id: board_id.unwrap_or_default().trim().to_owned(),
    })
}

/// Linux tells them in files.
fn usb() -> Option<BTreeSet<(u16, u16)>> {
    let devices = fs::read_dir("/sys/bus/usb/devices").ok()?.flatten();
    let number = |folder: &Path, name: &str| {
        let text = fs::read_to_string(folder.join(name)).ok()?;
        u16::from_str_radix(text.trim(), 16).ok()
    };
    let ids = devices.filter_map(|entry| {
        let folder = entry.path();
        Some((number(&folder, "idVendor")?, number(&folder, "idProduct")?))
    });
    Some(ids.collect())
}

/// Whether `probe-rs list`, where that is installed, has an entry: `[0]: CMSIS-DAP -- …`.
fn probe() -> bool {
    let listed = Command::new("probe-rs").arg("list").output();
    listed.is_ok_and(|listed| String::from_utf8_lossy(&listed.stdout).contains("[0]"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::board::tests::pico;

    pub(crate) fn port(name: &str, usb: (u16, u16)) -> Port {
        Port {
            name: name.to_owned(),
            usb: Some(usb),
            product: "USB serial".to_owned(),
        }
    }

    #[test]
    fn a_port_is_a_boards_by_its_usb_ids() {
        let ports = vec![
            port("/dev/ttyACM0", (0x2e8a, 3)),
            port("/dev/ttyUSB0", (0x10c4, 0xea60)),
        ];
        let machine = Machine {
            ports,
            ..Machine::default()
        };
        let names: Vec<_> = machine
            .ports_of(&pico().is)
            .iter()
            .map(|port| port.name.as_str())
            .collect();
        assert_eq!(names, ["/dev/ttyACM0"]);
        let told = machine.ports_told();
        assert!(told.ends_with("/dev/ttyUSB0 (USB serial 10c4:ea60)"), "{told}");
        assert_eq!(Machine::default().ports_told(), "there is no serial port at all");
    }

    #[test]
    fn a_drive_says_whose_it_is() {
        let folder = std::env::temp_dir().join(format!("fivewire-drive-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        assert_eq!(drive(&folder), None, "any other drive");
        fs::write(
            folder.join(INFO),
            "UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n",
        )
        .unwrap();
        assert_eq!(drive(&folder).unwrap().board_id, "RPI-RP2");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_mount_point_may_have_spaces() {
        assert_eq!(
            unescaped("/media/me/RPI\\040RP2"),
            PathBuf::from("/media/me/RPI RP2")
        );
    }
}
