//! One byte stream to an MQTT broker that never blocks: TCP, TLS on it, MQTT over WebSocket [MQTT-6.0.0] on either.
//!
//! [`Stream`] is for a loop that polls, [`AsyncStream`] the same for tasks of any executor. Both say why there is no
//! connection in a [`Failure`] that tells a wrong certificate from an unknown CA and a refused upgrade from a lost
//! network. Certificates are verified unless the [`Endpoint`] says in so many words that they are not to be.
//!
//! It is deliberately no MQTT: bytes are bytes here, and nothing reconnects. And it is for computers (std): a board
//! brings its own sockets and its own TLS.

mod asynchronous;
mod dial;
mod endpoint;
mod failure;
mod linger;
mod pem;
mod secured;
mod stream;
mod tls;
mod websocket;
mod wire;

pub use asynchronous::AsyncStream;
pub use endpoint::{ClientCertificate, Endpoint, OPEN_TIMEOUT, Tls, default_port};
pub use failure::{Failure, Setting, TlsFailure};
pub use stream::{State, Stream, Wait};
