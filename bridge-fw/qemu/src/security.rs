//! TLS as the ESP32-C3 speaks it, where the machine has an entropy device; without one only plain TCP.

use embassy_net::Stack;
use embassy_net::tcp::TcpSocket;
use fivewire_bridge::{ConfigKey, TcpFailure};
use fivewire_bridge_fw_net::{Credentials, Identity, Line, NoTls, Secure, Target, Tls};

use crate::chance::Chance;
use crate::files::{self, File};

/// What stands between TCP and MQTT.
#[expect(clippy::large_enum_variant, reason = "there is one, and it is a static")]
pub(crate) enum Security {
    /// Nothing.
    Plain,
    /// TLS, where the host asks for it.
    Tls(Tls<'static, Chance>),
}

impl Security {
    /// What this machine can do.
    pub(crate) fn new(stack: Stack<'static>) -> Self {
        match Chance::find() {
            Some(chance) => Self::Tls(Tls::new(stack, chance, credentials())),
            None => Self::Plain,
        }
    }

    /// Whether it has TLS.
    pub(crate) const fn is_secure(&self) -> bool {
        matches!(self, Self::Tls(_))
    }
}

/// What QEMU was started with.
fn credentials() -> Credentials {
    let identity = files::read(File::Certificate).zip(files::read(File::Key));
    Credentials {
        ca: "ca",
        authorities: files::read(File::Authority).map_or(&[], |ca| alloc::vec![ca].leak()),
        identity: identity.map(|(certificate, key)| Identity {
            certificate_name: "certificate",
            certificate,
            key_name: "key",
            key,
        }),
    }
}

impl Secure for Security {
    fn supports(key: ConfigKey) -> bool {
        Tls::<Chance>::supports(key)
    }

    async fn carry(&mut self, socket: &mut TcpSocket<'_>, target: &Target, line: &Line) -> TcpFailure {
        match self {
            Self::Plain => NoTls.carry(socket, target, line).await,
            Self::Tls(tls) => tls.carry(socket, target, line).await,
        }
    }
}
