//! A user's `fivewire.toml`: the keys of the spec go into the slot of a host's image, the table `[bridge]` into the
//! environment in which a bridge is compiled. Values are never shown here; errors are those of the host's own reader.
//!
//! ```toml
//! [bridge]
//! log = "debug"                                  # FIVEWIRE_BRIDGE_LOG
//! ca = "broker-ca.pem"                           # FIVEWIRE_BRIDGE_CA, whole path
//! certificate = "me.pem"                         # FIVEWIRE_BRIDGE_CERTIFICATE
//! key = "me.key"                                 # FIVEWIRE_BRIDGE_KEY
//! pins = { data_in = 4, heartbeat_led = "!8" }   # FIVEWIRE_BRIDGE_PINS="data_in=4,heartbeat_led=!8"
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use fivewire_host_fw_app::{SLOT_BYTES, Start, write_slot};
use fivewire_host_fw_desktop::{BRIDGE_TABLE, Settings};
use serde::Deserialize;

/// The file's usual name, below the root.
pub const FILE: &str = "fivewire.toml";

/// What a `fivewire.toml` says, or that there is none.
#[derive(Default)]
pub struct UserFile {
    /// For errors.
    name: String,
    settings: Option<Settings>,
    bridge: Bridge,
}

/// The table `[bridge]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Bridge {
    log: Option<Level>,
    ca: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    pins: BTreeMap<String, Pin>,
}

impl Bridge {
    /// Keys that name a file, with the file.
    fn files(&mut self) -> [(&'static str, &mut Option<PathBuf>); 3] {
        [
            ("ca", &mut self.ca),
            ("certificate", &mut self.certificate),
            ("key", &mut self.key),
        ]
    }
}

/// A pin's number, or `"!8"` for a lamp that is lit while the pin is low. Which pins a chip has, its firmware knows.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Pin {
    Number(u8),
    Text(String),
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// What a bridge logs.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
}

impl UserFile {
    /// Reads `given`, or the usual file where that is there.
    ///
    /// # Errors
    /// The file cannot be read, or what it says is not what the spec or a bridge knows.
    pub fn read(root: &Path, given: Option<&Path>) -> anyhow::Result<Self> {
        let usual = root.join(FILE);
        let (path, name) = match given {
            Some(path) => (path, path.display().to_string()),
            None if usual.is_file() => (usual.as_path(), FILE.to_owned()),
            None => return Ok(Self::default()),
        };
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        let folder = path.parent().unwrap_or(root);
        Self::parse(name, &text, folder)
    }

    fn parse(name: String, text: &str, folder: &Path) -> anyhow::Result<Self> {
        let mut settings = Settings::new();
        settings.add_toml(&name, text)?;
        settings.config()?;
        let mut bridge = bridge(&name, text)?;
        for (key, path) in bridge.files() {
            let Some(path) = path else { continue };
            *path = folder.join(&*path);
            ensure!(
                path.is_file(),
                "{name}:{}: [{BRIDGE_TABLE}] {key}: there is no file {}",
                line_of_key(text, key),
                path.display()
            );
            *path = path.canonicalize()?;
        }
        Ok(Self {
            name,
            settings: Some(settings),
            bridge,
        })
    }

    /// The file's name, if there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.settings.as_ref().map(|_| self.name.as_str())
    }

    /// The filled slot for a host's image; None where there is no file.
    ///
    /// # Errors
    /// The settings are too long for it.
    pub fn slot(&self, start: &Start) -> anyhow::Result<Option<[u8; SLOT_BYTES]>> {
        let Some(settings) = &self.settings else {
            return Ok(None);
        };
        let slot = write_slot(start, settings.pairs());
        slot.map(Some).with_context(|| self.name.clone())
    }

    /// Variables for the compiler of a bridge, with their values.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let Bridge {
            log,
            ca,
            certificate,
            key,
            pins,
        } = &self.bridge;
        let pins: Vec<_> = pins.iter().map(|(wire, pin)| format!("{wire}={pin}")).collect();
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let all = [
            (
                "FIVEWIRE_BRIDGE_PINS",
                Some(pins.join(",")).filter(|pins| !pins.is_empty()),
            ),
            (
                "FIVEWIRE_BRIDGE_LOG",
                log.map(|level| format!("{level:?}").to_lowercase()),
            ),
            ("FIVEWIRE_BRIDGE_CA", path(ca)),
            ("FIVEWIRE_BRIDGE_CERTIFICATE", path(certificate)),
            ("FIVEWIRE_BRIDGE_KEY", path(key)),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// The line of a place in a text.
fn line_at(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// The line of a key of the table, or of the table itself where it is written in another way.
fn line_of_key(text: &str, key: &str) -> usize {
    let lines = || text.lines().zip(1..);
    let table = lines().find(|(line, _)| line.trim() == format!("[{BRIDGE_TABLE}]"));
    let table = table.map_or(1, |(_, number)| number);
    let is_it = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
    let found = lines().skip(table).find(|(line, _)| is_it(line));
    found.map_or(table, |(_, number)| number)
}

fn bridge(name: &str, text: &str) -> anyhow::Result<Bridge> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        bridge: Bridge,
    }
    let File { bridge } = toml::from_str(text).map_err(|error| {
        // The whole error shows the line, which may be of a table that holds more than it should.
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        anyhow::anyhow!("{name}:{line}: [{BRIDGE_TABLE}]: {}", error.message())
    })?;
    // A comma or an equals sign would be taken for another pin.
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_!".contains(c))
    };
    let odd = bridge
        .pins
        .iter()
        .find(|(name, pin)| !plain(name) || !plain(&pin.to_string()));
    ensure!(
        odd.is_none(),
        "{name}:{}: [{BRIDGE_TABLE}] pins: {} is not of the form data_in = 4 or heartbeat_led = \"!8\"",
        line_of_key(text, "pins"),
        odd.map_or(Default::default(), |(name, pin)| format!("{name} = {pin}"))
    );
    Ok(bridge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use fivewire_host_fw_app::{DemoName, read_slot};

    const GOOD: &str = "ssid = \"net\"\npassword = \"hidden\"\nbroker = \"b\"\n";

    fn parse(text: &str) -> anyhow::Result<UserFile> {
        UserFile::parse(FILE.to_owned(), text, Path::new("/"))
    }

    fn error(text: &str, expected: Expect) {
        let error = parse(text).err().unwrap();
        expected.assert_eq(&format!("{error:#}"));
    }

    #[test]
    fn the_keys_of_the_spec_go_into_the_slot() {
        let start = Start {
            demo: DemoName::Range,
            ..Start::default()
        };
        let slot = parse(GOOD).unwrap().slot(&start).unwrap().unwrap();
        let (read, config) = read_slot(&slot).unwrap();
        assert_eq!(
            (read, config.ssid, config.password, config.broker),
            (start, "net", "hidden", "b")
        );
        assert_eq!(UserFile::default().slot(&start).unwrap(), None);
    }

    #[test]
    fn the_table_of_the_bridge_is_for_its_compiler() {
        let text =
            format!("{GOOD}[bridge]\nlog = \"debug\"\npins = {{ data_in = 4, broker_led = \"!5\" }}\n");
        let pins = ("FIVEWIRE_BRIDGE_PINS", "broker_led=!5,data_in=4".to_owned());
        let log = ("FIVEWIRE_BRIDGE_LOG", "debug".to_owned());
        assert_eq!(parse(&text).unwrap().variables(), [pins, log]);
        assert_eq!(parse(GOOD).unwrap().variables(), []);
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_is() {
        error(
            "ssid = \"net\"\npassword = 12345678\n",
            expect![[r#"
                fivewire.toml:2: password = <redacted>: not a text in quotes
                  help: Network key; empty for an open network. Up to 63 bytes."#]],
        );
        error(
            &format!("{GOOD}[bridge]\nlogs = \"debug\"\n"),
            expect![
                "fivewire.toml:5: [bridge]: unknown field `logs`, expected one of `log`, `ca`, `certificate`, `key`, `pins`"
            ],
        );
        error(
            &(GOOD.to_owned() + "[bridge]\npins = { data_in = \"4,5\" }\n"),
            expect![[
                r#"fivewire.toml:5: [bridge] pins: data_in = 4,5 is not of the form data_in = 4 or heartbeat_led = "!8""#
            ]],
        );
        error(
            &format!("{GOOD}[bridge]\nca = \"no/such.pem\"\n"),
            expect!["fivewire.toml:5: [bridge] ca: there is no file /no/such.pem"],
        );
    }
}
