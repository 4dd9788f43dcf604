//! What the host hears of a connection that cannot be opened. The machine above goes on trying meanwhile.

use fivewire_wire::config::ConfigKey;
use fivewire_wire::{LogLevel, Status};

use super::Broker;
use crate::io::Io;
use crate::platform::{Platform, TcpFailure, TlsFailure};

impl<const RX: usize, const TX: usize, const IN_FLIGHT: usize> Broker<RX, TX, IN_FLIGHT> {
    /// An attempt failed or the connection broke, and the platform knows why. What a person has to mend is told once,
    /// until the broker was connected or another configuration came.
    pub(super) fn tcp_failed<P: Platform>(&mut self, io: &mut Io<'_, P>, failure: TcpFailure) {
        if let Some((status, detail)) = finding(failure)
            && self.told.failure != Some((status, detail))
        {
            self.told.failure = Some((status, detail));
            io.status(status, detail);
            io.line(LogLevel::Warn, format_args!("{failure}"));
        }
        self.failed(io, format_args!("{failure}"));
    }
}

/// The status of a failure that a person has to mend, and its detail; `None` for those that time mends.
fn finding(failure: TcpFailure) -> Option<(Status, u8)> {
    match failure {
        TcpFailure::Tls(TlsFailure::UnknownCa) => Some((Status::TlsUnknownCa, 0)),
        TcpFailure::Tls(TlsFailure::WrongName) => Some((Status::TlsWrongName, 0)),
        // Whether it has expired nobody can tell without the time.
        TcpFailure::Tls(TlsFailure::Expired | TlsFailure::NoTime) => Some((Status::TlsExpired, 0)),
        TcpFailure::Tls(TlsFailure::Other(_)) => Some((Status::TlsFailed, 0)),
        TcpFailure::Tls(TlsFailure::Failed { alert }) => Some((Status::TlsFailed, alert)),
        TcpFailure::Setting(key) => Some((Status::ConfigRejected, key.id())),
        // The client's mistake, as HTTP has it: there is no WebSocket at that path.
        TcpFailure::WebSocketRefused(400..=499) => Some((Status::ConfigRejected, ConfigKey::Websocket.id())),
        TcpFailure::WebSocketRefused(_)
        | TcpFailure::NotOpened
        | TcpFailure::NameNotFound
        | TcpFailure::Refused
        | TcpFailure::Unreachable
        | TcpFailure::Lost => None,
    }
}
