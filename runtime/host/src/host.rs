//! A host for programs without an executor: the engine together with its link.

use core::ops::{Deref, DerefMut};

use fivewire_link::{Link, Messages};
use fivewire_wire::ConfigError;
use fivewire_wire::config::Config;

use crate::engine::Engine;
use crate::opaque::opaque;
use crate::time::earlier;

/// A host, sans-IO. The application's calls are those of [`Engine`]; this adds the link, of type `L`: [`Link`] with its
/// buffers in bytes, or one that also speaks to the MicroPython system's bridges. The other parameters are the bounds
/// of [`Engine`].
///
/// One turn of a program: clock the pins with [`link_mut`](Self::link_mut) (but for
/// [`reset_asserted`](Engine::reset_asserted)), call [`handle_timeout`](Self::handle_timeout), set reset wire and LED,
/// take events, receipts and messages.
pub struct Host<
    'a,
    L = Link<2560, 2560>,
    const PUBLISHES: usize = 32,
    const QUEUE: usize = 4096,
    const MESSAGES: usize = 8,
    const INBOX: usize = 4096,
    const SUBSCRIPTIONS: usize = 8,
> {
    link: L,
    engine: Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>,
}

impl<
    'a,
    const TX: usize,
    const RX: usize,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Host<'a, Link<TX, RX>, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    /// A host that has just begun to reset its bridge. `epoch` should differ from start to start, best random, so that
    /// a bridge notices each.
    ///
    /// # Errors
    /// A key of the configuration is missing or out of range.
    pub fn new(config: Config<'a>, epoch: u16, now_ms: u32) -> Result<Self, ConfigError<'static>> {
        const { crate::assert_holds(TX, RX, QUEUE, INBOX) };
        Self::with_link(config, Link::new(crate::link_settings(&config, epoch)), now_ms)
    }
}

impl<
    'a,
    L: Messages,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Host<'a, L, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    /// A host that has just begun to reset its bridge, on this link; [`link_settings`](crate::link_settings) says how one
    /// is set up.
    ///
    /// # Errors
    /// A key of the configuration is missing or out of range.
    pub fn with_link(config: Config<'a>, link: L, now_ms: u32) -> Result<Self, ConfigError<'static>> {
        let mut engine = Engine::new();
        engine.start(config, now_ms)?;
        Ok(Self { link, engine })
    }

    /// The link, for whoever clocks the pins.
    pub fn link_mut(&mut self) -> &mut L {
        opaque(&mut self.link)
    }

    /// The link, to look at.
    #[must_use]
    pub const fn link(&self) -> &L {
        &self.link
    }

    /// Does everything there is to do at `now_ms`, as [`Engine::service`].
    pub fn handle_timeout(&mut self, now_ms: u32) {
        opaque(&mut self.engine).service(opaque(&mut self.link), now_ms);
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do at the latest, should nothing else happen.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u32> {
        let own = self.engine.poll_timeout()?;
        earlier(self.engine.now(), Some(own), self.link.poll_timeout())
    }
}

impl<
    'a,
    L,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Deref for Host<'a, L, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    type Target = Engine<'a, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>;

    fn deref(&self) -> &Self::Target {
        opaque(&self.engine)
    }
}

impl<
    L,
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> DerefMut for Host<'_, L, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    fn deref_mut(&mut self) -> &mut Self::Target {
        opaque(&mut self.engine)
    }
}
