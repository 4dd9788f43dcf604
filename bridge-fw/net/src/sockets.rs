//! [`Sockets`]: both kinds together, as a board has them.

use embassy_futures::join::join;
use embassy_futures::select::select;
use embassy_net::Stack;

use crate::{Datagrams, Line, Patience, Secure};

/// The bridge's connection to the broker and its datagrams.
#[derive(Debug, Default)]
pub struct Sockets {
    /// TCP, with TLS over it where the board has that.
    pub tcp: Line,
    /// UDP.
    pub udp: Datagrams,
}

impl Sockets {
    /// Nothing open.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            tcp: Line::new(),
            udp: Datagrams::new(),
        }
    }

    /// The network is gone: whatever there is ends at once.
    pub fn break_off(&self) {
        self.tcp.break_off();
        self.udp.break_off();
    }

    /// Waits until there may be something new in either.
    pub async fn changed(&self) {
        select(self.tcp.changed(), self.udp.changed()).await;
    }

    /// The network's half of both, in one future. Of the stack it takes two sockets.
    pub async fn run(&self, stack: Stack<'_>, secure: &mut impl Secure) {
        join(
            self.tcp.run(stack, secure, Patience::DEFAULT),
            self.udp.run(stack),
        )
        .await;
    }
}
