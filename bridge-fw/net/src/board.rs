//! [`Board`]: what a board has beside sockets; and the bridge's platform made of both. When Wi-Fi goes, its sockets go:
//! that rule is here, once for all boards.

use fivewire_bridge::{
    ClientId, ConfigKey, Endpoint, Memory, Note, Platform, ResetCause, Tcp, TcpFailure, Wifi,
};

use crate::Sockets;

/// A board without its sockets. What the methods of [`Platform`]'s names do is said there; nothing blocks.
pub trait Board {
    /// See [`Platform::join_stored`].
    fn join_stored(&mut self);
    /// See [`Platform::join`].
    fn join(&mut self, ssid: &str, password: &str);
    /// See [`Platform::leave`].
    fn leave(&mut self);
    /// See [`Platform::wifi`]: joined means that there is an address too.
    fn wifi(&mut self) -> Wifi;
    /// See [`Platform::supports`]; as a rule what the board's [`Secure`](crate::Secure) says.
    fn supports(&self, key: ConfigKey) -> bool;

    /// See [`Platform::set_broker_led`].
    fn set_broker_led(&mut self, lit: bool);
    /// See [`Platform::set_heartbeat_led`].
    fn set_heartbeat_led(&mut self, lit: bool);
    /// See [`Platform::set_fast`].
    fn set_fast(&mut self, fast: bool);

    /// See [`Platform::memory`].
    fn memory(&mut self) -> Memory;
    /// See [`Platform::client_id`].
    fn client_id(&self) -> ClientId;
    /// Restarts the program, if the board can; where it returns, the bridge begins a new life within the program.
    fn restart(&mut self);
    /// See [`Platform::note`].
    fn note(&mut self, note: Note<'_>);

    /// Whether the host holds the bridge in reset, as a level that the program sees. A board whose reset wire resets
    /// its chip is never asked while that is so.
    fn is_in_reset(&mut self) -> bool;
    /// Bits that nobody can foresee.
    fn random(&mut self) -> u64;
    /// The program is alive: called in each turn of its loop, every few milliseconds. For a watchdog.
    fn alive(&mut self);
}

/// What comes after a network that is to be left.
#[derive(Clone, Copy, Debug)]
enum Next {
    Nothing,
    Stored,
}

/// The platform of one life of the bridge, from reset to reset.
pub(crate) struct BoardPlatform<'a, B> {
    pub(crate) board: &'a mut B,
    sockets: &'a Sockets,
    cause: ResetCause,
    restart: bool,
    /// The network is to be left, but not before the broker has what was handed over.
    leaving: Option<Next>,
}

impl<'a, B: Board> BoardPlatform<'a, B> {
    pub(crate) fn new(board: &'a mut B, sockets: &'a Sockets, cause: ResetCause) -> Self {
        Self {
            board,
            sockets,
            cause,
            restart: false,
            leaving: None,
        }
    }

    /// The host asked for a restart.
    pub(crate) fn wants_restart(&self) -> bool {
        self.restart
    }

    /// The network is to be left.
    pub(crate) fn wants_to_leave(&self) -> bool {
        self.leaving.is_some()
    }

    /// Leaves it.
    pub(crate) fn depart(&mut self) {
        self.sockets.break_off();
        match self.leaving.take() {
            Some(Next::Stored) => self.board.join_stored(),
            Some(Next::Nothing) => self.board.leave(),
            None => {}
        }
    }

    /// Sees to it that nothing goes over a network that is not there.
    fn is_joined(&mut self) -> bool {
        self.wifi() == Wifi::Joined
    }
}

impl<B: Board> Platform for BoardPlatform<'_, B> {
    fn join_stored(&mut self) {
        if self.wants_to_leave() {
            self.leaving = Some(Next::Stored);
        } else {
            self.sockets.break_off();
            self.board.join_stored();
        }
    }

    fn join(&mut self, ssid: &str, password: &str) {
        self.leaving = None;
        self.sockets.break_off();
        self.board.join(ssid, password);
    }

    fn leave(&mut self) {
        self.leaving = Some(Next::Nothing);
    }

    fn wifi(&mut self) -> Wifi {
        let wifi = match self.leaving {
            None => self.board.wifi(),
            // For the bridge it is left already.
            Some(Next::Nothing) => return Wifi::Off,
            Some(Next::Stored) => return Wifi::Joining,
        };
        if wifi != Wifi::Joined {
            self.sockets.break_off();
        }
        wifi
    }

    fn supports(&self, key: ConfigKey) -> bool {
        self.board.supports(key)
    }

    fn tcp_open(&mut self, broker: &Endpoint<'_>) {
        if self.is_joined() {
            self.sockets.tcp.open(broker);
        } else {
            self.sockets.tcp.fail(TcpFailure::Unreachable);
        }
    }

    fn tcp(&mut self) -> Tcp {
        self.sockets.tcp.state()
    }

    fn tcp_read(&mut self, buffer: &mut [u8]) -> usize {
        self.sockets.tcp.read(buffer)
    }

    fn tcp_write(&mut self, data: &[u8]) -> usize {
        self.sockets.tcp.write(data)
    }

    fn tcp_close(&mut self) {
        self.sockets.tcp.close();
    }

    fn udp_send(&mut self, host: &str, port: u16, data: &[u8]) {
        if self.is_joined() {
            self.sockets.udp.send(host, port, data);
        }
    }

    fn udp_receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        self.sockets.udp.receive(buffer)
    }

    fn set_broker_led(&mut self, lit: bool) {
        self.board.set_broker_led(lit);
    }

    fn set_heartbeat_led(&mut self, lit: bool) {
        self.board.set_heartbeat_led(lit);
    }

    fn set_fast(&mut self, fast: bool) {
        self.board.set_fast(fast);
    }

    fn memory(&mut self) -> Memory {
        self.board.memory()
    }

    fn client_id(&self) -> ClientId {
        self.board.client_id()
    }

    fn reset_cause(&self) -> ResetCause {
        self.cause
    }

    fn restart(&mut self) {
        self.restart = true;
    }

    fn note(&mut self, note: Note<'_>) {
        self.board.note(note);
    }
}
