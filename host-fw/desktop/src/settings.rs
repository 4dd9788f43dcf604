//! The configuration from `fivewire.toml` and the command line, held against the spec's table. An error names the
//! place, the key, the value and what to do; the values of secret keys are never shown.

use std::fmt;

use fivewire_host::wire::config::{ConfigKey, KEYS};
use fivewire_host::wire::{ConfigProblem, KeyInfo, KeyKind, REDACTED};
use fivewire_host::{Config, ConfigError};
use toml::de::{DeTable, DeValue};

/// The table of a `fivewire.toml` that is for whoever builds the firmware of a bridge. It is no key of the configuration.
pub const BRIDGE_TABLE: &str = "bridge";

/// Keys and their values as text, with where they come from. Later ones replace earlier ones.
#[derive(Default)]
pub struct Settings {
    entries: Vec<Entry>,
}

struct Entry {
    place: String,
    key: String,
    value: String,
}

/// What is wrong with a setting.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsError {
    place: String,
    what: String,
    help: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  help: {}", self.place, self.what, self.help)
    }
}

impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SettingsError {}

impl fmt::Debug for Settings {
    /// The keys alone: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.entries.iter().map(|entry| &entry.key))
            .finish()
    }
}

impl Settings {
    /// No settings: each key has its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what the text of a `fivewire.toml` says; `file` is its name for errors. [`BRIDGE_TABLE`] is passed over.
    ///
    /// # Errors
    /// It is not TOML, or a key is unknown or has a value of another type.
    pub fn add_toml(&mut self, file: &str, text: &str) -> Result<(), SettingsError> {
        let table = DeTable::parse(text).map_err(|error| not_toml(file, text, &error))?;
        let mut entries: Vec<_> = table.get_ref().iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let is_own = |value: &DeValue<'_>, key: &str| key != BRIDGE_TABLE || !value.is_table();
        entries.retain(|(key, value)| is_own(value.get_ref(), key.get_ref()));
        for (key, value) in entries {
            let place = format!("{file}:{}", line_of(text, key.span().start));
            let info = info_of(&place, key.get_ref())?;
            let value = text_of(value.get_ref(), info)
                .ok_or_else(|| wrong_type(&place, info, text.get(value.span()).unwrap_or_default()))?;
            self.set(place, key.get_ref(), value);
        }
        Ok(())
    }

    /// Adds one setting; `place` says where it comes from.
    pub fn set(&mut self, place: impl Into<String>, key: &str, value: impl Into<String>) {
        self.entries.retain(|entry| entry.key != key);
        self.entries.push(Entry {
            place: place.into(),
            key: key.to_owned(),
            value: value.into(),
        });
    }

    /// Adds one setting unless the key is set already.
    pub fn set_default(&mut self, key: &str, value: &str) {
        if !self.entries.iter().any(|entry| entry.key == key) {
            self.set("default", key, value);
        }
    }

    /// Each key that is set, and its value as text: the caller must not show it, it may be a secret.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|entry| (entry.key.as_str(), entry.value.as_str()))
    }

    /// The configuration that they make.
    ///
    /// # Errors
    /// A key is unknown, out of range or missing.
    pub fn config(&self) -> Result<Config<'_>, SettingsError> {
        let mut config = Config::DEFAULT;
        for Entry { place, key, value } in &self.entries {
            let info = info_of(place, key)?;
            config
                .set(key, value)
                .map_err(|error| refused(place, info, value, &error))?;
        }
        config.validate().map_err(|error| missing(&error))?;
        Ok(config)
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or(text).matches('\n').count()
}

fn not_toml(file: &str, text: &str, error: &toml::de::Error) -> SettingsError {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    SettingsError {
        place: format!("{file}:{line}"),
        what: format!(
            "not TOML: {}",
            error.message().lines().collect::<Vec<_>>().join(", ")
        ),
        help: "a line is `key = value`, with texts in quotes: broker = \"192.168.1.2\"".to_owned(),
    }
}

fn info_of(place: &str, key: &str) -> Result<&'static KeyInfo, SettingsError> {
    ConfigKey::from_name(key)
        .map(ConfigKey::info)
        .ok_or_else(|| SettingsError {
            place: place.to_owned(),
            what: format!("{key}: there is no such key"),
            help: format!(
                "the keys are {}",
                KEYS.iter().map(|info| info.name).collect::<Vec<_>>().join(", ")
            ),
        })
}

/// The value as text, if its type is the key's.
fn text_of(value: &DeValue<'_>, info: &KeyInfo) -> Option<String> {
    match (info.kind, value) {
        (KeyKind::Text | KeyKind::Choice(_), DeValue::String(text)) => Some(text.clone().into_owned()),
        (KeyKind::Bool, DeValue::Boolean(value)) => Some(value.to_string()),
        (KeyKind::Number, DeValue::Integer(number)) => Some(
            i128::from_str_radix(number.as_str(), number.radix())
                .ok()?
                .to_string(),
        ),
        (KeyKind::Text | KeyKind::Choice(_) | KeyKind::Bool | KeyKind::Number, _) => None,
    }
}

fn wrong_type(place: &str, info: &KeyInfo, value: &str) -> SettingsError {
    let expected = match info.kind {
        KeyKind::Text => "a text in quotes".to_owned(),
        KeyKind::Choice(words) => format!("one of \"{}\"", words.join("\", \"")),
        KeyKind::Bool => "true or false, without quotes".to_owned(),
        KeyKind::Number => "a whole number, without quotes".to_owned(),
    };
    SettingsError {
        place: place.to_owned(),
        what: format!("{} = {}: not {expected}", info.name, shown(info, value)),
        help: advice(info),
    }
}

fn refused(place: &str, info: &KeyInfo, value: &str, error: &ConfigError<'_>) -> SettingsError {
    SettingsError {
        place: place.to_owned(),
        what: format!("{} = {}: {}", info.name, shown(info, value), error.problem),
        help: advice(info),
    }
}

fn missing(error: &ConfigError<'_>) -> SettingsError {
    let info = ConfigKey::from_name(error.key).map(ConfigKey::info);
    let example = if error.problem == ConfigProblem::Missing {
        " = \"…\""
    } else {
        ""
    };
    SettingsError {
        place: "configuration".to_owned(),
        what: error.to_string(),
        help: format!(
            "{} Give it in fivewire.toml ({}{example}) or by --set.",
            info.map_or("", |info| info.doc),
            error.key
        ),
    }
}

fn shown<'t>(info: &KeyInfo, value: &'t str) -> &'t str {
    if info.secret { REDACTED } else { value }
}

fn advice(info: &KeyInfo) -> String {
    let range = match info.kind {
        KeyKind::Number if info.unit.is_empty() => format!(" {} to {}.", info.min, info.max),
        KeyKind::Number => format!(" {} to {} {}.", info.min, info.max, info.unit),
        KeyKind::Text => format!(" Up to {} bytes.", info.max_len),
        KeyKind::Choice(words) => format!(" One of {}.", words.join(", ")),
        KeyKind::Bool => String::new(),
    };
    let default = info
        .default
        .filter(|default| !default.is_empty())
        .map(|default| format!(" Left out, it is {default}."));
    format!("{}{range}{}", info.doc, default.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(toml: &str, expected: Expect) {
        let mut settings = Settings::new();
        let added = settings.add_toml("fivewire.toml", toml);
        let result = added.and_then(|()| settings.config().map(|config| format!("{config:?}")));
        expected.assert_eq(&result.unwrap_or_else(|error| error.to_string()));
    }

    #[test]
    fn a_good_file() {
        let mut settings = Settings::new();
        let toml = "ssid = \"net\"\npassword = \"\"\nbroker = \"b\"\nkeep_alive = 0x20\ndebug = true\nmqtt_version = \"v3_1_1\"\n";
        assert_eq!(settings.add_toml("fivewire.toml", toml), Ok(()));
        settings.set("--set", "broker", "c");
        settings.set_default("ssid", "other");
        settings.set_default("client_id", "me");
        let config = settings.config().expect("every value is within its bounds");
        assert_eq!((config.ssid, config.broker, config.client_id), ("net", "c", "me"));
        assert_eq!((config.keep_alive, config.debug, config.timeout), (32, true, 10));
    }

    #[test]
    fn errors_name_the_place_the_value_and_what_to_do() {
        check(
            "ssid = \"net\"\n\nkeep_alive = 4\n",
            expect![[r#"
            fivewire.toml:3: keep_alive = 4: 4 is not within 5 to 3600
              help: MQTT keep alive. 5 to 3600 s. Left out, it is 60."#]],
        );
        check(
            "keep_alive = \"60\"",
            expect![[r#"
            fivewire.toml:1: keep_alive = "60": not a whole number, without quotes
              help: MQTT keep alive. 5 to 3600 s. Left out, it is 60."#]],
        );
        check(
            "debug = 1",
            expect![[r#"
            fivewire.toml:1: debug = 1: not true or false, without quotes
              help: Log more on the bridge. Left out, it is false."#]],
        );
        check(
            "mqtt_version = \"v6\"",
            expect![[r#"
            fivewire.toml:1: mqtt_version = v6: `v6` is none of `v3_1_1` `v5_0`
              help: Protocol level spoken to the broker. One of v3_1_1, v5_0. Left out, it is v3_1_1."#]],
        );
        check(
            "brokre = \"b\"",
            expect![[r#"
                fivewire.toml:1: brokre: there is no such key
                  help: the keys are ssid, password, broker, port, mqtt_user, mqtt_password, client_id, keep_alive, ping_interval, response_time, max_repubs, clean, clean_init, mqtt_version, tls, use_default_net, timeserver, fast, debug, tls_verify, tls_ca, tls_certificate, tls_key, tls_server_name, tls_alpn, websocket, timeout, verbose, rtc_resync, local_time_offset"#]],
        );
        check(
            "ssid = net",
            expect![[r#"
            fivewire.toml:1: not TOML: invalid float, expected `nan`
              help: a line is `key = value`, with texts in quotes: broker = "192.168.1.2""#]],
        );
        check(
            "ssid = \"net\"",
            expect![[r#"
            configuration: broker: must be set
              help: Host name or address of the MQTT broker. Give it in fivewire.toml (broker = "…") or by --set."#]],
        );
        check(
            "[wifi]\nssid = \"net\"",
            expect![[r#"
                fivewire.toml:1: wifi: there is no such key
                  help: the keys are ssid, password, broker, port, mqtt_user, mqtt_password, client_id, keep_alive, ping_interval, response_time, max_repubs, clean, clean_init, mqtt_version, tls, use_default_net, timeserver, fast, debug, tls_verify, tls_ca, tls_certificate, tls_key, tls_server_name, tls_alpn, websocket, timeout, verbose, rtc_resync, local_time_offset"#]],
        );
    }

    #[test]
    fn the_bridges_table_is_passed_over() {
        let mut settings = Settings::new();
        let toml = "ssid = \"net\"\n[bridge]\nlog = \"debug\"\n";
        assert_eq!(settings.add_toml("fivewire.toml", toml), Ok(()));
        assert_eq!(settings.pairs().collect::<Vec<_>>(), [("ssid", "net")]);
    }

    #[test]
    fn secrets_are_never_shown() {
        let secret = "s".repeat(64);
        check(
            &format!("password = \"{secret}\""),
            expect![[r#"
            fivewire.toml:1: password = <redacted>: 64 bytes long, at most 63 are allowed
              help: Network key; empty for an open network. Up to 63 bytes."#]],
        );
        check(
            "password = 12345678",
            expect![[r#"
            fivewire.toml:1: password = <redacted>: not a text in quotes
              help: Network key; empty for an open network. Up to 63 bytes."#]],
        );
        check(
            "ssid = \"n\"\npassword = \"hidden\"\nbroker = \"b\"",
            expect![[
                r#"Config { ssid: "n", password: <redacted>, broker: "b", port: 0, mqtt_user: "", mqtt_password: <redacted>, client_id: "", keep_alive: 60, ping_interval: 0, response_time: 10, max_repubs: 4, clean: true, clean_init: true, mqtt_version: V3_1_1, tls: false, use_default_net: true, timeserver: "pool.ntp.org", fast: true, debug: false, tls_verify: true, tls_ca: "", tls_certificate: "", tls_key: "", tls_server_name: "", tls_alpn: "", websocket: "", timeout: 10, verbose: false, rtc_resync: -1, local_time_offset: 0 }"#
            ]],
        );
        let mut settings = Settings::new();
        settings.set("--set", "password", "hidden");
        assert_eq!(format!("{settings:?}"), "[\"password\"]");
    }
}
