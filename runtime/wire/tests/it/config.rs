//! Settings: sparse on the wire, strict from text.

use crate::encoded;
use fivewire_wire::config::{Config, ConfigKey, KEYS};
use fivewire_wire::{ConfigError, ConfigProblem, DecodeError, EncodeError, MqttVersion, Scope, Writer};

fn usual() -> Config<'static> {
    Config {
        ssid: "lab",
        password: "secret-word",
        broker: "10.0.0.1",
        ..Config::default()
    }
}

#[test]
fn only_what_differs_from_its_default_is_sent() {
    assert_eq!(encoded(|out| Config::default().encode(out)), [0; 0]);
    let settings = Config {
        ssid: "lab",
        keep_alive: 300,
        clean: false,
        ..Config::default()
    };
    // Tags: id times four, plus the kind of length. A false is a zero byte that is not sent.
    let bytes = [1 << 2 | 3, 3, b'l', b'a', b'b', 8 << 2 | 2, 0xAC, 0x02, 12 << 2];
    assert_eq!(encoded(|out| settings.encode(out)), bytes);
    assert_eq!(Config::decode(&bytes), Ok(settings));
}

#[test]
fn keys_of_the_host_stay_there() {
    let settings = Config {
        timeout: 99,
        verbose: true,
        rtc_resync: 5,
        local_time_offset: -60,
        ..Config::default()
    };
    assert_eq!(encoded(|out| settings.encode(out)), [0; 0]);
    let host_key = [0x81, 0x02, 99];
    assert_eq!(
        Config::decode(&host_key),
        Ok(Config::default()),
        "and none is taken from the wire"
    );
}

#[test]
fn keys_of_a_newer_peer_are_skipped() {
    let bytes = [0xA3, 0x06, 3, 1, 2, 3, 1 << 2 | 3, 3, b'l', b'a', b'b'];
    assert_eq!(
        Config::decode(&bytes),
        Ok(Config {
            ssid: "lab",
            ..Config::default()
        })
    );
}

#[test]
fn entries_keep_to_their_bounds() {
    assert_eq!(
        Config::decode(&[8 << 2 | 1, 4]),
        Err(DecodeError::OutOfRange { field: "keep_alive" })
    );
    assert_eq!(
        Config::decode(&[8 << 2 | 1]),
        Err(DecodeError::Truncated { field: "value" })
    );
    assert_eq!(
        Config::decode(&[8 << 2 | 3, 5, 1]),
        Err(DecodeError::Truncated { field: "value" })
    );
    let mut buffer = [0; 64];
    let settings = Config {
        keep_alive: 4,
        ..Config::default()
    };
    let beyond = EncodeError::OutOfRange { field: "keep_alive" };
    assert_eq!(settings.encode(&mut Writer::new(&mut buffer)), Err(beyond));
}

#[test]
fn the_longest_settings_fit_what_is_promised() {
    let text = "x".repeat(128);
    let settings = Config {
        ssid: &text[..32],
        password: &text[..63],
        broker: &text[..64],
        port: u16::MAX,
        mqtt_user: &text[..64],
        mqtt_password: &text[..64],
        client_id: &text[..64],
        keep_alive: 3600,
        ping_interval: 3600,
        response_time: 300,
        max_repubs: 20,
        clean: false,
        clean_init: false,
        mqtt_version: MqttVersion::V5_0,
        tls: true,
        tls_verify: false,
        tls_ca: &text[..96],
        tls_certificate: &text[..96],
        tls_key: &text[..96],
        tls_server_name: &text[..64],
        tls_alpn: &text[..32],
        websocket: &text[..64],
        use_default_net: false,
        timeserver: &text[..64],
        fast: false,
        debug: true,
        ..Config::default()
    };
    let len = encoded(|out| settings.encode(out)).len();
    assert!(
        len <= Config::MAX_ENCODED && len + 16 > Config::MAX_ENCODED,
        "{len} of {}",
        Config::MAX_ENCODED
    );
}

#[test]
fn required_keys_must_be_set_but_an_open_network_has_no_password() {
    assert_eq!(usual().validate(), Ok(()));
    let open = Config {
        password: "",
        ..usual()
    };
    assert_eq!(open.validate(), Ok(()));
    let nameless = Config { ssid: "", ..usual() };
    assert_eq!(
        nameless.validate(),
        Err(ConfigError {
            key: "ssid",
            problem: ConfigProblem::Missing
        })
    );
}

#[test]
fn bounds_are_checked_on_both_ways_into_a_config() {
    let problem = ConfigProblem::OutOfRange {
        value: 3601,
        min: 5,
        max: 3600,
    };
    let settings = Config {
        keep_alive: 3601,
        ..usual()
    };
    assert_eq!(
        settings.validate(),
        Err(ConfigError {
            key: "keep_alive",
            problem
        })
    );
    assert_eq!(
        usual().set("keep_alive", "3601"),
        Err(ConfigError {
            key: "keep_alive",
            problem
        })
    );
    let mut settings = usual();
    assert_eq!(
        settings.set("keep_alive", "65541"),
        Err(ConfigError {
            key: "keep_alive",
            problem: ConfigProblem::OutOfRange {
                value: 65541,
                min: 5,
                max: 3600
            },
        })
    );
    assert_eq!(settings, usual(), "a rejected value changes nothing");
}

#[test]
fn every_kind_is_read_from_text() {
    let mut settings = Config::default();
    let given = [
        ("ssid", "lab"),
        ("port", "8883"),
        ("tls", "true"),
        ("mqtt_version", "v5_0"),
        ("local_time_offset", "-90"),
    ];
    for (name, value) in given {
        assert_eq!(settings.set(name, value), Ok(()));
    }
    let expected = Config {
        ssid: "lab",
        port: 8883,
        tls: true,
        mqtt_version: MqttVersion::V5_0,
        local_time_offset: -90,
        ..Config::default()
    };
    assert_eq!(settings, expected);
}

#[test]
fn errors_name_the_key_the_value_and_what_is_allowed() {
    let said = |name, value| usual().set(name, value).map_err(|error| error.to_string());
    let long = "x".repeat(33);
    assert_eq!(
        said("ssidd", "lab"),
        Err("ssidd: there is no such key".to_owned())
    );
    assert_eq!(
        said("port", "http"),
        Err("port: `http` is not a whole number".to_owned())
    );
    assert_eq!(
        said("port", "70000"),
        Err("port: 70000 is not within 0 to 65535".to_owned())
    );
    assert_eq!(
        said("tls", "yes"),
        Err("tls: `yes` is neither `true` nor `false`".to_owned())
    );
    assert_eq!(
        said("mqtt_version", "5"),
        Err("mqtt_version: `5` is none of `v3_1_1` `v5_0`".to_owned())
    );
    assert_eq!(
        said("ssid", &long),
        Err("ssid: 33 bytes long, at most 32 are allowed".to_owned())
    );
}

#[test]
fn the_table_tells_what_the_struct_holds() {
    assert!(KEYS.iter().any(|key| key.scope == Scope::Host));
    for info in KEYS {
        let key = ConfigKey::from_name(info.name).expect("each has its key");
        assert_eq!((key.info(), ConfigKey::from_id(info.id)), (info, Some(key)));
        if let Some(default) = info.default {
            let mut settings = Config::default();
            assert_eq!(
                settings.set(info.name, default),
                Ok(()),
                "the default of {}",
                info.name
            );
            assert_eq!(settings, Config::default());
        }
    }
}
