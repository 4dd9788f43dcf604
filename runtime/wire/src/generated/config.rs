// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! Settings: the struct, the table of keys, the reader from text.

use super::types;
use ::fivewire_wire as wire;

/// All settings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Config<'a> {
    /// Name of the Wi-Fi network. At most 32 bytes. Required.
    pub ssid: &'a str,
    /// Network key; empty for an open network. At most 63 bytes. Required.
    pub password: &'a str,
    /// Host name or address of the MQTT broker. At most 64 bytes. Required.
    pub broker: &'a str,
    /// TCP port of the broker; 0 means 1883, 8883 with TLS, and over a WebSocket 80, or 443 with TLS. Default 0.
    pub port: u16,
    /// MQTT user name; empty for none. At most 64 bytes, default empty.
    pub mqtt_user: &'a str,
    /// MQTT password. At most 64 bytes, default empty.
    pub mqtt_password: &'a str,
    /// MQTT client identifier; empty means the bridge's chip id. At most 64 bytes, default empty.
    pub client_id: &'a str,
    /// MQTT keep alive. In seconds, 5 to 3600, default 60.
    pub keep_alive: u16,
    /// Silence after which the broker is pinged; 0 means a quarter of keep_alive. In seconds, 0 to 3600, default 0.
    pub ping_interval: u16,
    /// How long the broker may take to answer. In seconds, 1 to 300, default 10.
    pub response_time: u16,
    /// An unacknowledged publication ends the connection after (1 + this) x response_time; it is then sent again with DUP. 0 to 20, default 4.
    pub max_repubs: u8,
    /// Start connections after the first with a clean session. Default true.
    pub clean: bool,
    /// Start the first connection with a clean session. Default true.
    pub clean_init: bool,
    /// Protocol level spoken to the broker. Default `v3_1_1`.
    pub mqtt_version: types::MqttVersion,
    /// Connect to the broker with TLS; the keys that begin with tls_ say how. Default false.
    pub tls: bool,
    /// Try the network stored in the bridge first. Default true.
    pub use_default_net: bool,
    /// SNTP server. At most 64 bytes, default `pool.ntp.org`.
    pub timeserver: &'a str,
    /// Run the bridge's processor at its full clock. Default true.
    pub fast: bool,
    /// Log more on the bridge. Default false.
    pub debug: bool,
    /// Verify the broker's certificate; without, whoever is in between can read and change everything. Default true.
    pub tls_verify: bool,
    /// PEM file on the bridge with the authorities to trust, and no others; empty for those of its system. At most 96 bytes, default empty.
    pub tls_ca: &'a str,
    /// PEM file on the bridge with the certificate that it shows to the broker; empty for none. At most 96 bytes, default empty.
    pub tls_certificate: &'a str,
    /// PEM file on the bridge with the private key to tls_certificate; the key itself never crosses the wires. At most 96 bytes, default empty.
    pub tls_key: &'a str,
    /// Name that the broker's certificate must have; empty for what broker says. At most 64 bytes, default empty.
    pub tls_server_name: &'a str,
    /// Protocol name to offer to the broker (ALPN); empty for none. At most 32 bytes, default empty.
    pub tls_alpn: &'a str,
    /// Path of the broker's WebSocket, as /mqtt; empty for MQTT without one. At most 64 bytes, default empty.
    pub websocket: &'a str,
    /// Watchdog: a bridge silent for longer is reset. In seconds, 1 to 600, default 10.
    pub timeout: u16,
    /// Print each status. Default false.
    pub verbose: bool,
    /// Ask for the time: -1 once, 0 never, else every so many seconds. In seconds, -1 to 604800, default -1.
    pub rtc_resync: i32,
    /// Added to UTC for local time. In minutes, -1440 to 1440, default 0.
    pub local_time_offset: i16,
}

impl Config<'static> {
    /// Each key's default; required texts are empty, required numbers zero.
    pub const DEFAULT: Self = Self {
        ssid: "",
        password: "",
        broker: "",
        port: 0,
        mqtt_user: "",
        mqtt_password: "",
        client_id: "",
        keep_alive: 60,
        ping_interval: 0,
        response_time: 10,
        max_repubs: 4,
        clean: true,
        clean_init: true,
        mqtt_version: types::MqttVersion::V3_1_1,
        tls: false,
        use_default_net: true,
        timeserver: "pool.ntp.org",
        fast: true,
        debug: false,
        tls_verify: true,
        tls_ca: "",
        tls_certificate: "",
        tls_key: "",
        tls_server_name: "",
        tls_alpn: "",
        websocket: "",
        timeout: 10,
        verbose: false,
        rtc_resync: -1,
        local_time_offset: 0,
    };
}

impl<'a> Default for Config<'a> {
    fn default() -> Self {
        Config::DEFAULT
    }
}

impl core::fmt::Debug for Config<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Config").field("ssid", &self.ssid).field(
            "password",
            &format_args!("{}", wire::REDACTED),
        ).field("broker", &self.broker).field("port", &self.port).field(
            "mqtt_user",
            &self.mqtt_user,
        ).field("mqtt_password", &format_args!("{}", wire::REDACTED)).field(
            "client_id",
            &self.client_id,
        ).field("keep_alive", &self.keep_alive).field("ping_interval", &self.ping_interval).field(
            "response_time",
            &self.response_time,
        ).field("max_repubs", &self.max_repubs).field("clean", &self.clean).field(
            "clean_init",
            &self.clean_init,
        ).field("mqtt_version", &self.mqtt_version).field("tls", &self.tls).field(
            "use_default_net",
            &self.use_default_net,
        ).field("timeserver", &self.timeserver).field("fast", &self.fast).field(
            "debug",
            &self.debug,
        ).field("tls_verify", &self.tls_verify).field("tls_ca", &self.tls_ca).field(
            "tls_certificate",
            &self.tls_certificate,
        ).field("tls_key", &self.tls_key).field("tls_server_name", &self.tls_server_name).field(
            "tls_alpn",
            &self.tls_alpn,
        ).field("websocket", &self.websocket).field("timeout", &self.timeout).field(
            "verbose",
            &self.verbose,
        ).field("rtc_resync", &self.rtc_resync).field(
            "local_time_offset",
            &self.local_time_offset,
        ).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Config<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(
            f,
            "Config {{ ssid: {}, password: <redacted>, broker: {}, port: {}, mqtt_user: {}, mqtt_password: <redacted>, client_id: {}, keep_alive: {}, ping_interval: {}, response_time: {}, max_repubs: {}, clean: {}, clean_init: {}, mqtt_version: {}, tls: {}, use_default_net: {}, timeserver: {}, fast: {}, debug: {}, tls_verify: {}, tls_ca: {}, tls_certificate: {}, tls_key: {}, tls_server_name: {}, tls_alpn: {}, websocket: {}, timeout: {}, verbose: {}, rtc_resync: {}, local_time_offset: {} }}",
            self.ssid,
            self.broker,
            self.port,
            self.mqtt_user,
            self.client_id,
            self.keep_alive,
            self.ping_interval,
            self.response_time,
            self.max_repubs,
            self.clean,
            self.clean_init,
            self.mqtt_version,
            self.tls,
            self.use_default_net,
            self.timeserver,
            self.fast,
            self.debug,
            self.tls_verify,
            self.tls_ca,
            self.tls_certificate,
            self.tls_key,
            self.tls_server_name,
            self.tls_alpn,
            self.websocket,
            self.timeout,
            self.verbose,
            self.rtc_resync,
            self.local_time_offset,
        );
    }
}

impl Config<'_> {
    /// Most bytes that [`Self::encode`] writes.
    pub const MAX_ENCODED: usize = 927;

    /// Writes the keys that go to the bridge and differ from their defaults.
    ///
    /// # Errors
    /// The buffer is too small, or a value is beyond its bounds.
    pub fn encode(&self, out: &mut wire::Writer<'_>) -> Result<(), wire::EncodeError> {
        self.write(out);
        out.finish()
    }

    pub(super) fn write(&self, out: &mut wire::Writer<'_>) {
        if !self.ssid.is_empty() {
            out.text_entry(1, "ssid", self.ssid, 32);
        }
        if !self.password.is_empty() {
            out.text_entry(2, "password", self.password, 63);
        }
        if !self.broker.is_empty() {
            out.text_entry(3, "broker", self.broker, 64);
        }
        if self.port != 0 {
            out.number_entry(4, self.port.into());
        }
        if !self.mqtt_user.is_empty() {
            out.text_entry(5, "mqtt_user", self.mqtt_user, 64);
        }
        if !self.mqtt_password.is_empty() {
            out.text_entry(6, "mqtt_password", self.mqtt_password, 64);
        }
        if !self.client_id.is_empty() {
            out.text_entry(7, "client_id", self.client_id, 64);
        }
        if self.keep_alive != 60 {
            out.in_range("keep_alive", self.keep_alive, 5, 3600);
            out.number_entry(8, self.keep_alive.into());
        }
        if self.ping_interval != 0 {
            out.in_range("ping_interval", self.ping_interval, 0, 3600);
            out.number_entry(9, self.ping_interval.into());
        }
        if self.response_time != 10 {
            out.in_range("response_time", self.response_time, 1, 300);
            out.number_entry(10, self.response_time.into());
        }
        if self.max_repubs != 4 {
            out.in_range("max_repubs", self.max_repubs, 0, 20);
            out.byte_entry(11, self.max_repubs);
        }
        if !self.clean {
            out.byte_entry(12, u8::from(self.clean));
        }
        if !self.clean_init {
            out.byte_entry(13, u8::from(self.clean_init));
        }
        if self.mqtt_version != types::MqttVersion::V3_1_1 {
            out.byte_entry(14, self.mqtt_version.number());
        }
        if self.tls {
            out.byte_entry(15, u8::from(self.tls));
        }
        if !self.use_default_net {
            out.byte_entry(16, u8::from(self.use_default_net));
        }
        if self.timeserver != "pool.ntp.org" {
            out.text_entry(17, "timeserver", self.timeserver, 64);
        }
        if !self.fast {
            out.byte_entry(18, u8::from(self.fast));
        }
        if self.debug {
            out.byte_entry(19, u8::from(self.debug));
        }
        if !self.tls_verify {
            out.byte_entry(20, u8::from(self.tls_verify));
        }
        if !self.tls_ca.is_empty() {
            out.text_entry(21, "tls_ca", self.tls_ca, 96);
        }
        if !self.tls_certificate.is_empty() {
            out.text_entry(22, "tls_certificate", self.tls_certificate, 96);
        }
        if !self.tls_key.is_empty() {
            out.text_entry(23, "tls_key", self.tls_key, 96);
        }
        if !self.tls_server_name.is_empty() {
            out.text_entry(24, "tls_server_name", self.tls_server_name, 64);
        }
        if !self.tls_alpn.is_empty() {
            out.text_entry(25, "tls_alpn", self.tls_alpn, 32);
        }
        if !self.websocket.is_empty() {
            out.text_entry(26, "websocket", self.websocket, 64);
        }
    }
}

impl<'a> Config<'a> {
    /// Reads what [`Self::encode`] wrote; unknown keys are skipped, absent ones have their defaults.
    ///
    /// # Errors
    /// A value is beyond its bounds, or an entry is cut off.
    pub fn decode(entries: &'a [u8]) -> Result<Self, wire::DecodeError> {
        Self::read(&mut wire::Reader::new(entries))
    }

    pub(super) fn read(input: &mut wire::Reader<'a>) -> Result<Self, wire::DecodeError> {
        let mut settings = Config::DEFAULT;
        while !input.is_empty() {
            let (id, mut value) = input.entry()?;
            let input = &mut value;
            match id {
                1 => settings.ssid = input.rest_str("ssid", 32)?,
                2 => settings.password = input.rest_str("password", 63)?,
                3 => settings.broker = input.rest_str("broker", 64)?,
                4 => settings.port = input.u16("port")?,
                5 => settings.mqtt_user = input.rest_str("mqtt_user", 64)?,
                6 => settings.mqtt_password = input.rest_str("mqtt_password", 64)?,
                7 => settings.client_id = input.rest_str("client_id", 64)?,
                8 => settings.keep_alive = wire::Reader::in_range(
                    "keep_alive",
                    input.u16("keep_alive")?,
                    5,
                    3600,
                )?,
                9 => settings.ping_interval = wire::Reader::in_range(
                    "ping_interval",
                    input.u16("ping_interval")?,
                    0,
                    3600,
                )?,
                10 => settings.response_time = wire::Reader::in_range(
                    "response_time",
                    input.u16("response_time")?,
                    1,
                    300,
                )?,
                11 => settings.max_repubs = wire::Reader::in_range(
                    "max_repubs",
                    input.u8("max_repubs")?,
                    0,
                    20,
                )?,
                12 => settings.clean = input.bool("clean")?,
                13 => settings.clean_init = input.bool("clean_init")?,
                14 => settings.mqtt_version = types::MqttVersion::checked(
                    "mqtt_version",
                    input.u8("mqtt_version")?,
                )?,
                15 => settings.tls = input.bool("tls")?,
                16 => settings.use_default_net = input.bool("use_default_net")?,
                17 => settings.timeserver = input.rest_str("timeserver", 64)?,
                18 => settings.fast = input.bool("fast")?,
                19 => settings.debug = input.bool("debug")?,
                20 => settings.tls_verify = input.bool("tls_verify")?,
                21 => settings.tls_ca = input.rest_str("tls_ca", 96)?,
                22 => settings.tls_certificate = input.rest_str("tls_certificate", 96)?,
                23 => settings.tls_key = input.rest_str("tls_key", 96)?,
                24 => settings.tls_server_name = input.rest_str("tls_server_name", 64)?,
                25 => settings.tls_alpn = input.rest_str("tls_alpn", 32)?,
                26 => settings.websocket = input.rest_str("websocket", 64)?,
                _ => {}
            }
        }
        Ok(settings)
    }
}

impl Config<'_> {
    /// Holds every value against the spec's bounds.
    ///
    /// # Errors
    /// The first key that is beyond them, or required and empty.
    pub fn validate(&self) -> Result<(), wire::ConfigError<'static>> {
        key::SSID.check_text(self.ssid)?;
        key::PASSWORD.check_text(self.password)?;
        key::BROKER.check_text(self.broker)?;
        key::MQTT_USER.check_text(self.mqtt_user)?;
        key::MQTT_PASSWORD.check_text(self.mqtt_password)?;
        key::CLIENT_ID.check_text(self.client_id)?;
        key::KEEP_ALIVE.check_number(self.keep_alive.into())?;
        key::PING_INTERVAL.check_number(self.ping_interval.into())?;
        key::RESPONSE_TIME.check_number(self.response_time.into())?;
        key::MAX_REPUBS.check_number(self.max_repubs.into())?;
        key::TIMESERVER.check_text(self.timeserver)?;
        key::TLS_CA.check_text(self.tls_ca)?;
        key::TLS_CERTIFICATE.check_text(self.tls_certificate)?;
        key::TLS_KEY.check_text(self.tls_key)?;
        key::TLS_SERVER_NAME.check_text(self.tls_server_name)?;
        key::TLS_ALPN.check_text(self.tls_alpn)?;
        key::WEBSOCKET.check_text(self.websocket)?;
        key::TIMEOUT.check_number(self.timeout.into())?;
        key::RTC_RESYNC.check_number(self.rtc_resync.into())?;
        key::LOCAL_TIME_OFFSET.check_number(self.local_time_offset.into())?;
        Ok(())
    }
}

impl<'a> Config<'a> {
    /// Sets a key from its name and its value as text, as they stand in a configuration file.
    ///
    /// # Errors
    /// There is no such key, or the value does not fit it; the settings are unchanged then.
    pub fn set<'k>(
        &mut self,
        name: &'k str,
        value: &'a str,
    ) -> Result<(), wire::ConfigError<'k>> where 'a: 'k {
        match name {
            "ssid" => {
                key::SSID.check_text(value)?;
                self.ssid = value;
            }
            "password" => {
                key::PASSWORD.check_text(value)?;
                self.password = value;
            }
            "broker" => {
                key::BROKER.check_text(value)?;
                self.broker = value;
            }
            "port" => self.port = key::PORT.parse_number(value)? as u16,
            "mqtt_user" => {
                key::MQTT_USER.check_text(value)?;
                self.mqtt_user = value;
            }
            "mqtt_password" => {
                key::MQTT_PASSWORD.check_text(value)?;
                self.mqtt_password = value;
            }
            "client_id" => {
                key::CLIENT_ID.check_text(value)?;
                self.client_id = value;
            }
            "keep_alive" => self.keep_alive = key::KEEP_ALIVE.parse_number(value)? as u16,
            "ping_interval" => self.ping_interval = key::PING_INTERVAL.parse_number(value)? as u16,
            "response_time" => self.response_time = key::RESPONSE_TIME.parse_number(value)? as u16,
            "max_repubs" => self.max_repubs = key::MAX_REPUBS.parse_number(value)? as u8,
            "clean" => self.clean = key::CLEAN.parse_bool(value)?,
            "clean_init" => self.clean_init = key::CLEAN_INIT.parse_bool(value)?,
            "mqtt_version" => self.mqtt_version = types::MqttVersion::from_name(value).ok_or_else(
                || key::MQTT_VERSION.not_a_choice(value)
            )?,
            "tls" => self.tls = key::TLS.parse_bool(value)?,
            "use_default_net" => self.use_default_net = key::USE_DEFAULT_NET.parse_bool(value)?,
            "timeserver" => {
                key::TIMESERVER.check_text(value)?;
                self.timeserver = value;
            }
            "fast" => self.fast = key::FAST.parse_bool(value)?,
            "debug" => self.debug = key::DEBUG.parse_bool(value)?,
            "tls_verify" => self.tls_verify = key::TLS_VERIFY.parse_bool(value)?,
            "tls_ca" => {
                key::TLS_CA.check_text(value)?;
                self.tls_ca = value;
            }
            "tls_certificate" => {
                key::TLS_CERTIFICATE.check_text(value)?;
                self.tls_certificate = value;
            }
            "tls_key" => {
                key::TLS_KEY.check_text(value)?;
                self.tls_key = value;
            }
            "tls_server_name" => {
                key::TLS_SERVER_NAME.check_text(value)?;
                self.tls_server_name = value;
            }
            "tls_alpn" => {
                key::TLS_ALPN.check_text(value)?;
                self.tls_alpn = value;
            }
            "websocket" => {
                key::WEBSOCKET.check_text(value)?;
                self.websocket = value;
            }
            "timeout" => self.timeout = key::TIMEOUT.parse_number(value)? as u16,
            "verbose" => self.verbose = key::VERBOSE.parse_bool(value)?,
            "rtc_resync" => self.rtc_resync = key::RTC_RESYNC.parse_number(value)? as i32,
            "local_time_offset" => self.local_time_offset = key::LOCAL_TIME_OFFSET.parse_number(
                value
            )? as i16,
            _ => {
                return Err(wire::ConfigError { key: name, problem: wire::ConfigProblem::UnknownKey });
            }
        }
        Ok(())
    }
}

/// The name of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum ConfigKey {
    /// Name of the Wi-Fi network.
    Ssid = 1,
    /// Network key; empty for an open network.
    Password = 2,
    /// Host name or address of the MQTT broker.
    Broker = 3,
    /// TCP port of the broker; 0 means 1883, 8883 with TLS, and over a WebSocket 80, or 443 with TLS.
    Port = 4,
    /// MQTT user name; empty for none.
    MqttUser = 5,
    /// MQTT password.
    MqttPassword = 6,
    /// MQTT client identifier; empty means the bridge's chip id.
    ClientId = 7,
    /// MQTT keep alive.
    KeepAlive = 8,
    /// Silence after which the broker is pinged; 0 means a quarter of keep_alive.
    PingInterval = 9,
    /// How long the broker may take to answer.
    ResponseTime = 10,
    /// An unacknowledged publication ends the connection after (1 + this) x response_time; it is then sent again with DUP.
    MaxRepubs = 11,
    /// Start connections after the first with a clean session.
    Clean = 12,
    /// Start the first connection with a clean session.
    CleanInit = 13,
    /// Protocol level spoken to the broker.
    MqttVersion = 14,
    /// Connect to the broker with TLS; the keys that begin with tls_ say how.
    Tls = 15,
    /// Try the network stored in the bridge first.
    UseDefaultNet = 16,
    /// SNTP server.
    Timeserver = 17,
    /// Run the bridge's processor at its full clock.
    Fast = 18,
    /// Log more on the bridge.
    Debug = 19,
    /// Verify the broker's certificate; without, whoever is in between can read and change everything.
    TlsVerify = 20,
    /// PEM file on the bridge with the authorities to trust, and no others; empty for those of its system.
    TlsCa = 21,
    /// PEM file on the bridge with the certificate that it shows to the broker; empty for none.
    TlsCertificate = 22,
    /// PEM file on the bridge with the private key to tls_certificate; the key itself never crosses the wires.
    TlsKey = 23,
    /// Name that the broker's certificate must have; empty for what broker says.
    TlsServerName = 24,
    /// Protocol name to offer to the broker (ALPN); empty for none.
    TlsAlpn = 25,
    /// Path of the broker's WebSocket, as /mqtt; empty for MQTT without one.
    Websocket = 26,
    /// Watchdog: a bridge silent for longer is reset.
    Timeout = 64,
    /// Print each status.
    Verbose = 65,
    /// Ask for the time: -1 once, 0 never, else every so many seconds.
    RtcResync = 66,
    /// Added to UTC for local time.
    LocalTimeOffset = 67,
}

impl ConfigKey {
    /// Number on the wire.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// The key of that number.
    pub const fn from_id(id: u8) -> Option<Self> {
        match id {
            1 => Some(Self::Ssid),
            2 => Some(Self::Password),
            3 => Some(Self::Broker),
            4 => Some(Self::Port),
            5 => Some(Self::MqttUser),
            6 => Some(Self::MqttPassword),
            7 => Some(Self::ClientId),
            8 => Some(Self::KeepAlive),
            9 => Some(Self::PingInterval),
            10 => Some(Self::ResponseTime),
            11 => Some(Self::MaxRepubs),
            12 => Some(Self::Clean),
            13 => Some(Self::CleanInit),
            14 => Some(Self::MqttVersion),
            15 => Some(Self::Tls),
            16 => Some(Self::UseDefaultNet),
            17 => Some(Self::Timeserver),
            18 => Some(Self::Fast),
            19 => Some(Self::Debug),
            20 => Some(Self::TlsVerify),
            21 => Some(Self::TlsCa),
            22 => Some(Self::TlsCertificate),
            23 => Some(Self::TlsKey),
            24 => Some(Self::TlsServerName),
            25 => Some(Self::TlsAlpn),
            26 => Some(Self::Websocket),
            64 => Some(Self::Timeout),
            65 => Some(Self::Verbose),
            66 => Some(Self::RtcResync),
            67 => Some(Self::LocalTimeOffset),
            _ => None,
        }
    }

    /// The key of that name in the spec.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "ssid" => Some(Self::Ssid),
            "password" => Some(Self::Password),
            "broker" => Some(Self::Broker),
            "port" => Some(Self::Port),
            "mqtt_user" => Some(Self::MqttUser),
            "mqtt_password" => Some(Self::MqttPassword),
            "client_id" => Some(Self::ClientId),
            "keep_alive" => Some(Self::KeepAlive),
            "ping_interval" => Some(Self::PingInterval),
            "response_time" => Some(Self::ResponseTime),
            "max_repubs" => Some(Self::MaxRepubs),
            "clean" => Some(Self::Clean),
            "clean_init" => Some(Self::CleanInit),
            "mqtt_version" => Some(Self::MqttVersion),
            "tls" => Some(Self::Tls),
            "use_default_net" => Some(Self::UseDefaultNet),
            "timeserver" => Some(Self::Timeserver),
            "fast" => Some(Self::Fast),
            "debug" => Some(Self::Debug),
            "tls_verify" => Some(Self::TlsVerify),
            "tls_ca" => Some(Self::TlsCa),
            "tls_certificate" => Some(Self::TlsCertificate),
            "tls_key" => Some(Self::TlsKey),
            "tls_server_name" => Some(Self::TlsServerName),
            "tls_alpn" => Some(Self::TlsAlpn),
            "websocket" => Some(Self::Websocket),
            "timeout" => Some(Self::Timeout),
            "verbose" => Some(Self::Verbose),
            "rtc_resync" => Some(Self::RtcResync),
            "local_time_offset" => Some(Self::LocalTimeOffset),
            _ => None,
        }
    }

    /// Everything the spec says about it.
    pub const fn info(self) -> &'static wire::KeyInfo {
        match self {
            Self::Ssid => &key::SSID,
            Self::Password => &key::PASSWORD,
            Self::Broker => &key::BROKER,
            Self::Port => &key::PORT,
            Self::MqttUser => &key::MQTT_USER,
            Self::MqttPassword => &key::MQTT_PASSWORD,
            Self::ClientId => &key::CLIENT_ID,
            Self::KeepAlive => &key::KEEP_ALIVE,
            Self::PingInterval => &key::PING_INTERVAL,
            Self::ResponseTime => &key::RESPONSE_TIME,
            Self::MaxRepubs => &key::MAX_REPUBS,
            Self::Clean => &key::CLEAN,
            Self::CleanInit => &key::CLEAN_INIT,
            Self::MqttVersion => &key::MQTT_VERSION,
            Self::Tls => &key::TLS,
            Self::UseDefaultNet => &key::USE_DEFAULT_NET,
            Self::Timeserver => &key::TIMESERVER,
            Self::Fast => &key::FAST,
            Self::Debug => &key::DEBUG,
            Self::TlsVerify => &key::TLS_VERIFY,
            Self::TlsCa => &key::TLS_CA,
            Self::TlsCertificate => &key::TLS_CERTIFICATE,
            Self::TlsKey => &key::TLS_KEY,
            Self::TlsServerName => &key::TLS_SERVER_NAME,
            Self::TlsAlpn => &key::TLS_ALPN,
            Self::Websocket => &key::WEBSOCKET,
            Self::Timeout => &key::TIMEOUT,
            Self::Verbose => &key::VERBOSE,
            Self::RtcResync => &key::RTC_RESYNC,
            Self::LocalTimeOffset => &key::LOCAL_TIME_OFFSET,
        }
    }
}

/// Everything the spec says about each key, in its order.
pub const KEYS: &[wire::KeyInfo] = &[
    key::SSID,
    key::PASSWORD,
    key::BROKER,
    key::PORT,
    key::MQTT_USER,
    key::MQTT_PASSWORD,
    key::CLIENT_ID,
    key::KEEP_ALIVE,
    key::PING_INTERVAL,
    key::RESPONSE_TIME,
    key::MAX_REPUBS,
    key::CLEAN,
    key::CLEAN_INIT,
    key::MQTT_VERSION,
    key::TLS,
    key::USE_DEFAULT_NET,
    key::TIMESERVER,
    key::FAST,
    key::DEBUG,
    key::TLS_VERIFY,
    key::TLS_CA,
    key::TLS_CERTIFICATE,
    key::TLS_KEY,
    key::TLS_SERVER_NAME,
    key::TLS_ALPN,
    key::WEBSOCKET,
    key::TIMEOUT,
    key::VERBOSE,
    key::RTC_RESYNC,
    key::LOCAL_TIME_OFFSET,
];

/// One constant per key.
pub mod key {
    use ::fivewire_wire as wire;

    /// What the spec says about `ssid`.
    pub const SSID: wire::KeyInfo = wire::KeyInfo {
        name: "ssid",
        id: 1,
        kind: wire::KeyKind::Text,
        default: None,
        min: 0,
        max: 0,
        max_len: 32,
        unit: "",
        secret: false,
        required: true,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Name of the Wi-Fi network.",
    };
    /// What the spec says about `password`.
    pub const PASSWORD: wire::KeyInfo = wire::KeyInfo {
        name: "password",
        id: 2,
        kind: wire::KeyKind::Text,
        default: None,
        min: 0,
        max: 0,
        max_len: 63,
        unit: "",
        secret: true,
        required: true,
        allow_empty: true,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Network key; empty for an open network.",
    };
    /// What the spec says about `broker`.
    pub const BROKER: wire::KeyInfo = wire::KeyInfo {
        name: "broker",
        id: 3,
        kind: wire::KeyKind::Text,
        default: None,
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: false,
        required: true,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Host name or address of the MQTT broker.",
    };
    /// What the spec says about `port`.
    pub const PORT: wire::KeyInfo = wire::KeyInfo {
        name: "port",
        id: 4,
        kind: wire::KeyKind::Number,
        default: Some("0"),
        min: 0,
        max: 65535,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "TCP port of the broker; 0 means 1883, 8883 with TLS, and over a WebSocket 80, or 443 with TLS.",
    };
    /// What the spec says about `mqtt_user`.
    pub const MQTT_USER: wire::KeyInfo = wire::KeyInfo {
        name: "mqtt_user",
        id: 5,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "MQTT user name; empty for none.",
    };
    /// What the spec says about `mqtt_password`.
    pub const MQTT_PASSWORD: wire::KeyInfo = wire::KeyInfo {
        name: "mqtt_password",
        id: 6,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: true,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "MQTT password.",
    };
    /// What the spec says about `client_id`.
    pub const CLIENT_ID: wire::KeyInfo = wire::KeyInfo {
        name: "client_id",
        id: 7,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "MQTT client identifier; empty means the bridge's chip id.",
    };
    /// What the spec says about `keep_alive`.
    pub const KEEP_ALIVE: wire::KeyInfo = wire::KeyInfo {
        name: "keep_alive",
        id: 8,
        kind: wire::KeyKind::Number,
        default: Some("60"),
        min: 5,
        max: 3600,
        max_len: 0,
        unit: "s",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "MQTT keep alive.",
    };
    /// What the spec says about `ping_interval`.
    pub const PING_INTERVAL: wire::KeyInfo = wire::KeyInfo {
        name: "ping_interval",
        id: 9,
        kind: wire::KeyKind::Number,
        default: Some("0"),
        min: 0,
        max: 3600,
        max_len: 0,
        unit: "s",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Silence after which the broker is pinged; 0 means a quarter of keep_alive.",
    };
    /// What the spec says about `response_time`.
    pub const RESPONSE_TIME: wire::KeyInfo = wire::KeyInfo {
        name: "response_time",
        id: 10,
        kind: wire::KeyKind::Number,
        default: Some("10"),
        min: 1,
        max: 300,
        max_len: 0,
        unit: "s",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Live,
        doc: "How long the broker may take to answer.",
    };
    /// What the spec says about `max_repubs`.
    pub const MAX_REPUBS: wire::KeyInfo = wire::KeyInfo {
        name: "max_repubs",
        id: 11,
        kind: wire::KeyKind::Number,
        default: Some("4"),
        min: 0,
        max: 20,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Live,
        doc: "An unacknowledged publication ends the connection after (1 + this) x response_time; it is then sent again with DUP.",
    };
    /// What the spec says about `clean`.
    pub const CLEAN: wire::KeyInfo = wire::KeyInfo {
        name: "clean",
        id: 12,
        kind: wire::KeyKind::Bool,
        default: Some("true"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Start connections after the first with a clean session.",
    };
    /// What the spec says about `clean_init`.
    pub const CLEAN_INIT: wire::KeyInfo = wire::KeyInfo {
        name: "clean_init",
        id: 13,
        kind: wire::KeyKind::Bool,
        default: Some("true"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Start the first connection with a clean session.",
    };
    /// What the spec says about `mqtt_version`.
    pub const MQTT_VERSION: wire::KeyInfo = wire::KeyInfo {
        name: "mqtt_version",
        id: 14,
        kind: wire::KeyKind::Choice(&["v3_1_1", "v5_0"]),
        default: Some("v3_1_1"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Protocol level spoken to the broker.",
    };
    /// What the spec says about `tls`.
    pub const TLS: wire::KeyInfo = wire::KeyInfo {
        name: "tls",
        id: 15,
        kind: wire::KeyKind::Bool,
        default: Some("false"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Connect to the broker with TLS; the keys that begin with tls_ say how.",
    };
    /// What the spec says about `use_default_net`.
    pub const USE_DEFAULT_NET: wire::KeyInfo = wire::KeyInfo {
        name: "use_default_net",
        id: 16,
        kind: wire::KeyKind::Bool,
        default: Some("true"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reboot,
        doc: "Try the network stored in the bridge first.",
    };
    /// What the spec says about `timeserver`.
    pub const TIMESERVER: wire::KeyInfo = wire::KeyInfo {
        name: "timeserver",
        id: 17,
        kind: wire::KeyKind::Text,
        default: Some("pool.ntp.org"),
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Live,
        doc: "SNTP server.",
    };
    /// What the spec says about `fast`.
    pub const FAST: wire::KeyInfo = wire::KeyInfo {
        name: "fast",
        id: 18,
        kind: wire::KeyKind::Bool,
        default: Some("true"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reboot,
        doc: "Run the bridge's processor at its full clock.",
    };
    /// What the spec says about `debug`.
    pub const DEBUG: wire::KeyInfo = wire::KeyInfo {
        name: "debug",
        id: 19,
        kind: wire::KeyKind::Bool,
        default: Some("false"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Live,
        doc: "Log more on the bridge.",
    };
    /// What the spec says about `tls_verify`.
    pub const TLS_VERIFY: wire::KeyInfo = wire::KeyInfo {
        name: "tls_verify",
        id: 20,
        kind: wire::KeyKind::Bool,
        default: Some("true"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Verify the broker's certificate; without, whoever is in between can read and change everything.",
    };
    /// What the spec says about `tls_ca`.
    pub const TLS_CA: wire::KeyInfo = wire::KeyInfo {
        name: "tls_ca",
        id: 21,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 96,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "PEM file on the bridge with the authorities to trust, and no others; empty for those of its system.",
    };
    /// What the spec says about `tls_certificate`.
    pub const TLS_CERTIFICATE: wire::KeyInfo = wire::KeyInfo {
        name: "tls_certificate",
        id: 22,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 96,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "PEM file on the bridge with the certificate that it shows to the broker; empty for none.",
    };
    /// What the spec says about `tls_key`.
    pub const TLS_KEY: wire::KeyInfo = wire::KeyInfo {
        name: "tls_key",
        id: 23,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 96,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "PEM file on the bridge with the private key to tls_certificate; the key itself never crosses the wires.",
    };
    /// What the spec says about `tls_server_name`.
    pub const TLS_SERVER_NAME: wire::KeyInfo = wire::KeyInfo {
        name: "tls_server_name",
        id: 24,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Name that the broker's certificate must have; empty for what broker says.",
    };
    /// What the spec says about `tls_alpn`.
    pub const TLS_ALPN: wire::KeyInfo = wire::KeyInfo {
        name: "tls_alpn",
        id: 25,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 32,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Protocol name to offer to the broker (ALPN); empty for none.",
    };
    /// What the spec says about `websocket`.
    pub const WEBSOCKET: wire::KeyInfo = wire::KeyInfo {
        name: "websocket",
        id: 26,
        kind: wire::KeyKind::Text,
        default: Some(""),
        min: 0,
        max: 0,
        max_len: 64,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Bridge,
        apply: wire::Apply::Reconnect,
        doc: "Path of the broker's WebSocket, as /mqtt; empty for MQTT without one.",
    };
    /// What the spec says about `timeout`.
    pub const TIMEOUT: wire::KeyInfo = wire::KeyInfo {
        name: "timeout",
        id: 64,
        kind: wire::KeyKind::Number,
        default: Some("10"),
        min: 1,
        max: 600,
        max_len: 0,
        unit: "s",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Host,
        apply: wire::Apply::Live,
        doc: "Watchdog: a bridge silent for longer is reset.",
    };
    /// What the spec says about `verbose`.
    pub const VERBOSE: wire::KeyInfo = wire::KeyInfo {
        name: "verbose",
        id: 65,
        kind: wire::KeyKind::Bool,
        default: Some("false"),
        min: 0,
        max: 0,
        max_len: 0,
        unit: "",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Host,
        apply: wire::Apply::Live,
        doc: "Print each status.",
    };
    /// What the spec says about `rtc_resync`.
    pub const RTC_RESYNC: wire::KeyInfo = wire::KeyInfo {
        name: "rtc_resync",
        id: 66,
        kind: wire::KeyKind::Number,
        default: Some("-1"),
        min: -1,
        max: 604800,
        max_len: 0,
        unit: "s",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Host,
        apply: wire::Apply::Live,
        doc: "Ask for the time: -1 once, 0 never, else every so many seconds.",
    };
    /// What the spec says about `local_time_offset`.
    pub const LOCAL_TIME_OFFSET: wire::KeyInfo = wire::KeyInfo {
        name: "local_time_offset",
        id: 67,
        kind: wire::KeyKind::Number,
        default: Some("0"),
        min: -1440,
        max: 1440,
        max_len: 0,
        unit: "min",
        secret: false,
        required: false,
        allow_empty: false,
        scope: wire::Scope::Host,
        apply: wire::Apply::Live,
        doc: "Added to UTC for local time.",
    };
}
