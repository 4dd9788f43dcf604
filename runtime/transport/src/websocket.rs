//! MQTT over WebSocket: each write is a binary frame [MQTT-6.0.0-1], what comes is taken as one stream of bytes
//! whatever its frames [MQTT-6.0.0-2], and the subprotocol is `mqtt` [MQTT-6.0.0-3, MQTT-6.0.0-4].

use tungstenite::client::IntoClientRequest as _;
use tungstenite::error::ProtocolError;
use tungstenite::handshake::client::Request;
use tungstenite::handshake::{HandshakeError, MidHandshake};
use tungstenite::http::Uri;
use tungstenite::{Bytes, ClientHandshake, ClientRequestBuilder, Error, Message, WebSocket};

use crate::endpoint::{Endpoint, default_port};
use crate::failure::{Failure, Setting, is_passing};
use crate::wire::Wire;

/// The name of MQTT among subprotocols.
const SUBPROTOCOL: &str = "mqtt";
/// How much of what is written goes into one frame; also how much may wait for TCP.
const FRAME_BYTES: usize = 16 * 1024;

/// The upgrade under way. Boxed, because it is as large as its buffers.
pub(crate) struct Upgrade(Box<MidHandshake<ClientHandshake<Wire>>>);

/// The upgrade after a look at it.
pub(crate) enum Upgraded {
    NotYet(Upgrade),
    Done(Channel),
}

impl Upgrade {
    pub(crate) fn start(endpoint: &Endpoint, path: &str, wire: Wire) -> Result<Self, Failure> {
        let request = request(endpoint, path).map_err(|error| {
            Setting::WebSocketPath.useless(path, format_args!("not the path of an URL: {error}"))
        })?;
        let handshake = ClientHandshake::start(wire, request, None).map_err(of_error)?;
        Ok(Self(Box::new(handshake)))
    }

    pub(crate) fn wire(&self) -> &Wire {
        self.0.get_ref().get_ref()
    }

    /// Goes on with it.
    pub(crate) fn go_on(self) -> Result<Upgraded, Failure> {
        match self.0.handshake() {
            Ok((socket, _)) => Ok(Upgraded::Done(Channel::new(socket))),
            Err(HandshakeError::Interrupted(handshake)) => Ok(Upgraded::NotYet(Self(Box::new(handshake)))),
            Err(HandshakeError::Failure(error)) => Err(of_error(error)),
        }
    }
}

/// The request, to the name that TLS asks for, which is whom the server plays.
fn request(endpoint: &Endpoint, path: &str) -> Result<Request, Error> {
    let tls = endpoint.tls.is_some();
    let (name, slash) = (
        endpoint.server_name(),
        if path.starts_with('/') { "" } else { "/" },
    );
    let name = if name.contains(':') {
        format!("[{name}]")
    } else {
        name.to_owned()
    };
    let authority = if endpoint.port == default_port(tls, true) {
        name
    } else {
        format!("{name}:{}", endpoint.port)
    };
    let uri = Uri::builder()
        .scheme(if tls { "wss" } else { "ws" })
        .authority(authority)
        .path_and_query(format!("{slash}{path}"))
        .build()?;
    ClientRequestBuilder::new(uri)
        .with_sub_protocol(SUBPROTOCOL)
        .into_client_request()
}

/// An open WebSocket as a stream of bytes.
#[derive(Debug)]
pub(crate) struct Channel {
    socket: Box<WebSocket<Wire>>,
    /// The rest of the frame that is being read.
    received: Bytes,
    /// Frames that TCP has not taken all of.
    unsent: bool,
}

impl Channel {
    fn new(socket: WebSocket<Wire>) -> Self {
        Self {
            socket: Box::new(socket),
            received: Bytes::new(),
            unsent: false,
        }
    }

    pub(crate) fn wire(&self) -> &Wire {
        self.socket.get_ref()
    }

    pub(crate) fn wire_mut(&mut self) -> &mut Wire {
        self.socket.get_mut()
    }

    pub(crate) fn has_unsent(&self) -> bool {
        self.unsent || self.wire().has_unsent()
    }

    /// Reads what is there; 0 when nothing is.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        while self.received.is_empty() {
            let Some(message) = passing(self.socket.read())? else {
                return self.push().map(|()| 0);
            };
            match message {
                Message::Binary(bytes) => self.received = bytes,
                Message::Text(_) => {
                    return Err(Failure::WebSocket(
                        "the broker sent text [MQTT-6.0.0-1]".to_owned(),
                    ));
                }
                Message::Close(_) => {
                    // The answer to it, and no waiting for a server that then leaves TCP open.
                    self.push()?;
                    return Err(Failure::Ended);
                }
                // Answered by tungstenite, in the next call of `read` or `flush`.
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
        let length = self.received.len().min(buffer.len());
        let taken = self.received.split_to(length);
        if let Some(room) = buffer.get_mut(..length) {
            room.copy_from_slice(&taken);
        }
        Ok(length)
    }

    /// Takes as much as goes into a frame; nothing while TCP has not taken all of the one before.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result<usize, Failure> {
        self.push()?;
        let data = data.get(..FRAME_BYTES).unwrap_or(data);
        if data.is_empty() || self.has_unsent() {
            return Ok(0);
        }
        passing(self.socket.write(Message::Binary(Bytes::copy_from_slice(data))))?;
        self.push().map(|()| data.len())
    }

    /// Sends what TCP takes now of what waits.
    pub(crate) fn push(&mut self) -> Result<(), Failure> {
        self.unsent = passing(self.socket.flush())?.is_none();
        Ok(())
    }

    /// Queues the close frame, and sends what it can of all there is.
    pub(crate) fn say_goodbye(&mut self) -> Result<(), Failure> {
        passing(self.socket.close(None))?;
        self.push()
    }
}

/// `None` for "not now".
fn passing<T>(result: Result<T, Error>) -> Result<Option<T>, Failure> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Io(error)) if is_passing(&error) => Ok(None),
        Err(error) => Err(of_error(error)),
    }
}

fn of_error(error: Error) -> Failure {
    match error {
        Error::Io(error) => Failure::of_io(&error),
        Error::ConnectionClosed | Error::AlreadyClosed => Failure::Ended,
        Error::Http(response) => Failure::WebSocketRefused(response.status().as_u16()),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake | ProtocolError::HandshakeIncomplete) => {
            Failure::Lost
        }
        error => Failure::WebSocket(error.to_string()),
    }
}
