//! The network and the clock of a Linux box, as the client wants them.
//!
//! Not here: anything that only examples need (see `mod`); the tests against a broker use this file too.

use std::time::{Duration, Instant};

use async_io::Timer;
use fivewire_client::{Clock, Connect};
use fivewire_transport::{AsyncStream, Endpoint, Failure};

/// TCP, TLS or WebSocket, as the endpoint says.
pub(crate) struct Network(pub(crate) Endpoint);

impl Connect for Network {
    type Stream<'s> = AsyncStream;
    type Error = Failure;

    async fn connect(&mut self) -> Result<AsyncStream, Failure> {
        let stream = AsyncStream::connect(&self.0).await;
        if let Err(failure) = &stream {
            eprintln!("{}:{}: {failure}", self.0.host, self.0.port);
        }
        stream
    }
}

/// Milliseconds since its making.
pub(crate) struct Uptime(Instant);

impl Uptime {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Uptime {
    fn now_ms(&self) -> u32 {
        // They may wrap.
        self.0.elapsed().as_millis() as u32
    }

    async fn sleep_until(&self, at_ms: u32) {
        let left_ms = at_ms.wrapping_sub(self.now_ms()) as i32;
        Timer::after(Duration::from_millis(left_ms.max(0) as u64)).await;
    }
}
