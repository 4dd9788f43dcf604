//! The runner: the one that owns the link. Whoever clocks the pins gives it the time; it moves frames between link
//! and engine and wakes the tasks. It neither waits nor knows pins.

use core::future::poll_fn;
use core::task::Poll;

use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_link::{Link, Messages};

use crate::client::Shared;

/// Levels of the host's outputs, and when to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// The reset wire must be asserted (driven low), and the link must rest.
    pub reset_asserted: bool,
    /// Level of the heartbeat LED.
    pub led: bool,
    /// When to call again at the latest, in the caller's milliseconds; none while the host is off.
    pub next_ms: Option<u32>,
}

/// Owns the link, of type `L`, of a [`Shared`] host; see [`Shared::start`]. The other parameters are those of [`Shared`].
pub struct Runner<
    'a,
    M: RawMutex,
    L = Link<2560, 2560>,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    shared: &'a Shared<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
    link: L,
}

impl<
    'a,
    M: RawMutex,
    L: Messages,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Runner<'a, M, L, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    pub(crate) const fn new(
        shared: &'a Shared<'a, M, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
        link: L,
    ) -> Self {
        Self { shared, link }
    }

    /// The link, for whoever clocks the pins. No lock is held.
    pub const fn link_mut(&mut self) -> &mut L {
        &mut self.link
    }

    /// Moves frames, lets time act, wakes the tasks that have something to look at. Call it after each burst of bits,
    /// when [`work`](Self::work) is ready, and when `next_ms` is reached.
    pub fn service(&mut self, now_ms: u32) -> Outputs {
        let link = &mut self.link;
        let (outputs, changed) = self.shared.with(|inner| {
            inner.kicked = false;
            let engine = &mut inner.engine;
            engine.service(link, now_ms);
            let outputs = Outputs {
                reset_asserted: engine.reset_asserted(),
                led: engine.led(),
                next_ms: engine.poll_timeout(),
            };
            (outputs, engine.take_changed())
        });
        if changed {
            self.shared.wake_waiters();
        }
        outputs
    }

    /// Ready when the application did something since the last [`service`](Self::service). For loops that sleep
    /// while the link is idle; a loop that comes every millisecond anyway does not need it.
    pub async fn work(&self) {
        poll_fn(|context| {
            self.shared.with(|inner| {
                if inner.kicked {
                    return Poll::Ready(());
                }
                inner.runner.register(context.waker());
                Poll::Pending
            })
        })
        .await;
    }
}
