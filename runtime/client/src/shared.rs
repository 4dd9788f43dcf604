//! [`Shared`]: the engine for any number of tasks or threads, and who waits for it.
//!
//! The lock is held for single steps, never over an `await` nor while code of the application runs; wakers are called outside
//! of it. Not here: what the steps do (see `engine`).

use core::cell::RefCell;
use core::future::poll_fn;
use core::mem;
use core::task::Poll;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::RawMutex;
use embassy_sync::waitqueue::MultiWakerRegistration;
use fivewire_mqtt::Session;
use fivewire_mqtt::packet::EncodeError;

use crate::client::Client;
use crate::engine::Engine;
use crate::protocol::Protocol;

/// Tasks that can wait at a time. With more it all works, but they wake one another without end.
const WAITERS: usize = 16;

/// A client for any number of tasks. `M` says who they are: `NoopRawMutex` for tasks of one executor,
/// `CriticalSectionRawMutex` for threads, cores and interrupts. `E` is an [`Engine`], which says how much memory it takes.
///
/// Up to 16 tasks may wait for something at a time; more of them keep the processor busy.
///
/// ```
/// use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
/// use fivewire_client::{Engine, Shared, V311};
///
/// type Mqtt = Engine<V311, 512, 2048, 8, 1024, 4>;
/// static MQTT: Shared<CriticalSectionRawMutex, Mqtt> = Shared::new();
/// let client = MQTT.client();
/// assert!(!client.is_connected());
/// ```
pub struct Shared<M: RawMutex, E> {
    inner: Mutex<M, RefCell<Inner<E>>>,
}

pub(crate) struct Inner<E> {
    pub(crate) engine: E,
    waiters: MultiWakerRegistration<WAITERS>,
    /// The runner has something to do.
    pub(crate) kicked: bool,
    pub(crate) runner: MultiWakerRegistration<1>,
}

impl<
    M: RawMutex,
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Shared<M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>
{
    /// A client that no runner drives yet.
    #[must_use]
    pub const fn new() -> Self {
        let inner = Inner {
            engine: Engine::NEW,
            waiters: MultiWakerRegistration::new(),
            kicked: false,
            runner: MultiWakerRegistration::new(),
        };
        Self {
            inner: Mutex::new(RefCell::new(inner)),
        }
    }

    /// A handle for a task.
    pub const fn client(&self) -> Client<'_, M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>> {
        Client::new(self)
    }

    /// Goes on with a session of an earlier life of this program: publishes that were not confirmed go out again, QoS 2
    /// messages do not arrive twice. Best before a runner is started, and with `clean_init = false`, so that the broker goes
    /// on with it too. Subscriptions are not in it; who subscribes again gets an answer as ever.
    ///
    /// The session that was here is forgotten: publishes that tasks wait for are
    /// [unconfirmed](crate::Receipt::Unconfirmed), and a connection ends.
    pub fn restore(&self, session: Session<TX, IN_FLIGHT>) {
        self.act(|inner| inner.engine.restore(session));
    }

    /// Writes the session down for [`Session::restore`]: publishes that the broker has not confirmed, QoS 2 messages that it
    /// has not released. The length comes back.
    ///
    /// # Errors
    /// [`EncodeError::Full`] when it does not fit.
    pub fn save(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        self.with(|inner| inner.engine.session.save(out))
    }

    pub(crate) fn with<R>(
        &self,
        f: impl FnOnce(&mut Inner<Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>) -> R,
    ) -> R {
        self.inner.lock(|inner| f(&mut inner.borrow_mut()))
    }

    /// One step, and then the bells that it rang.
    pub(crate) fn act<R>(
        &self,
        f: impl FnOnce(&mut Inner<Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>) -> R,
    ) -> R {
        let (result, runner, tasks) = self.with(|inner| {
            let result = f(inner);
            let (runner, tasks) = inner.rung();
            (result, runner, tasks)
        });
        if let Some(mut wakers) = runner {
            wakers.wake();
        }
        if let Some(mut wakers) = tasks {
            wakers.wake();
        }
        result
    }

    /// Waits until `ready` has something.
    pub(crate) async fn wait<R>(
        &self,
        mut ready: impl FnMut(&mut Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>) -> Option<R>,
    ) -> R {
        poll_fn(|context| {
            self.act(|inner| match ready(&mut inner.engine) {
                Some(result) => Poll::Ready(result),
                None => {
                    inner.waiters.register(context.waker());
                    Poll::Pending
                }
            })
        })
        .await
    }

    /// Ready when this runner has something to do since it last looked, or is in charge no more.
    pub(crate) async fn work(&self, runner: u32) {
        poll_fn(|context| {
            self.with(|inner| {
                if inner.kicked || !inner.engine.is_run_by(runner) {
                    return Poll::Ready(());
                }
                inner.runner.register(context.waker());
                Poll::Pending
            })
        })
        .await;
    }
}

impl<
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Inner<Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>
{
    /// Takes out who has to be woken: the runner, and the tasks.
    fn rung(
        &mut self,
    ) -> (
        Option<MultiWakerRegistration<1>>,
        Option<MultiWakerRegistration<WAITERS>>,
    ) {
        let (kick, changed) = self.engine.take_bells();
        self.kicked |= kick;
        let runner = kick.then(|| mem::replace(&mut self.runner, MultiWakerRegistration::new()));
        let tasks = changed.then(|| mem::replace(&mut self.waiters, MultiWakerRegistration::new()));
        (runner, tasks)
    }
}

impl<
    M: RawMutex,
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Default for Shared<M, Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>>
{
    fn default() -> Self {
        Self::new()
    }
}
