//! A world in one thread: virtual time, tasks that are polled by hand and only when woken, and a network of one link to the
//! [`Broker`], which moves few bytes at a time so that there are many points to be dropped at.
//!
//! A wake-up that is lost ends in a stuck world, one too many in one that never rests; both fail the test. Not here: what
//! the broker does (see `broker`).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embedded_io_async::{ErrorType, Read, Write};
use fivewire_client::{Client, Clock, Connect, Engine, Options, Runner, Shared, V311};

use crate::broker::Broker;

pub(crate) type Mqtt = Engine<V311, 128, 256, 4, 128, 3>;
pub(crate) type Memory = Shared<NoopRawMutex, Mqtt>;
pub(crate) type Handle = Client<'static, NoopRawMutex, Mqtt>;

/// Polls after which a world that never rests is one too busy.
const BUSY: usize = 100_000;
/// Virtual milliseconds after which something that did not happen never will.
const NEVER_MS: u32 = 1_000_000;

/// Virtual time, and who sleeps until when.
#[derive(Clone, Default)]
pub(crate) struct Time {
    now_ms: Rc<Cell<u32>>,
    sleepers: Rc<RefCell<Vec<(u32, Waker)>>>,
}

impl Clock for Time {
    fn now_ms(&self) -> u32 {
        self.now_ms.get()
    }

    async fn sleep_until(&self, at_ms: u32) {
        poll_fn(|context| {
            if self.now_ms.get() >= at_ms {
                return Poll::Ready(());
            }
            self.sleepers.borrow_mut().push((at_ms, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

/// One link at a time to one broker.
pub(crate) struct Net {
    pub(crate) broker: RefCell<Broker>,
    /// Nobody answers.
    pub(crate) unreachable: Cell<bool>,
    /// Opening a transport never ends.
    pub(crate) hanging: Cell<bool>,
    /// Attempts to open one, by their time.
    pub(crate) attempts: RefCell<Vec<u32>>,
    /// Bytes that the transport takes or gives at a time.
    chunk: Cell<usize>,
    /// Which link is the present one; none: it was cut.
    link: Cell<Option<u32>>,
    links: Cell<u32>,
    reader: RefCell<Option<Waker>>,
    time: Time,
}

impl Net {
    /// The link breaks: the broker notices as little as the client asked for.
    pub(crate) fn cut(&self) {
        self.link.set(None);
        self.broker.borrow_mut().gone();
        self.wake_reader();
    }

    /// The broker has a message for its client.
    pub(crate) fn deliver(&self, topic: &str, payload: &[u8], qos: u8) {
        self.broker.borrow_mut().deliver(topic, payload, qos);
        self.wake_reader();
    }

    fn wake_reader(&self) {
        if let Some(waker) = self.reader.borrow_mut().take() {
            waker.wake();
        }
    }
}

/// Opens links.
pub(crate) struct Port(pub(crate) Rc<Net>);

impl Connect for Port {
    type Stream<'s> = Link;
    type Error = ();

    async fn connect(&mut self) -> Result<Link, ()> {
        let net = &self.0;
        net.attempts.borrow_mut().push(net.time.now_ms.get());
        yield_once().await;
        if net.hanging.get() {
            std::future::pending::<()>().await;
        }
        if net.unreachable.get() {
            return Err(());
        }
        let id = net.links.get() + 1;
        net.links.set(id);
        net.link.set(Some(id));
        net.broker.borrow_mut().opened();
        Ok(Link { net: net.clone(), id })
    }
}

/// A transport.
pub(crate) struct Link {
    net: Rc<Net>,
    id: u32,
}

impl Link {
    fn is_open(&self) -> bool {
        self.net.link.get() == Some(self.id)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.is_open() {
            self.net.link.set(None);
            self.net.broker.borrow_mut().gone();
        }
    }
}

impl ErrorType for Link {
    type Error = Infallible;
}

impl Read for Link {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        yield_once().await;
        poll_fn(|context| {
            if !self.is_open() {
                return Poll::Ready(Ok(0));
            }
            let queue: &mut VecDeque<u8> = &mut self.net.broker.borrow_mut().output;
            let len = out.len().min(self.net.chunk.get()).min(queue.len());
            if len == 0 {
                *self.net.reader.borrow_mut() = Some(context.waker().clone());
                return Poll::Pending;
            }
            out.iter_mut()
                .zip(queue.drain(..len))
                .for_each(|(to, byte)| *to = byte);
            Poll::Ready(Ok(len))
        })
        .await
    }
}

impl Write for Link {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        yield_once().await;
        let len = bytes.len().min(self.net.chunk.get());
        if self.is_open() && !self.net.broker.borrow_mut().input(&bytes[..len]) {
            self.net.cut();
        }
        self.net.wake_reader();
        Ok(len)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Task {
    future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    flag: Arc<Flag>,
    polls: usize,
}

/// A task and, once it is done, what came out.
pub(crate) struct Spawned<T> {
    id: usize,
    output: Rc<RefCell<Option<T>>>,
}

pub(crate) struct World {
    pub(crate) net: Rc<Net>,
    pub(crate) time: Time,
    pub(crate) memory: &'static Memory,
    pub(crate) client: Handle,
    tasks: Vec<Task>,
}

impl World {
    /// With links that move `chunk` bytes at a time, and no runner.
    pub(crate) fn new(chunk: usize) -> Self {
        let time = Time::default();
        let net = Net {
            broker: RefCell::new(Broker::default()),
            unreachable: Cell::new(false),
            hanging: Cell::new(false),
            attempts: RefCell::default(),
            chunk: Cell::new(chunk),
            link: Cell::new(None),
            links: Cell::new(0),
            reader: RefCell::default(),
            time: time.clone(),
        };
        let memory: &'static Memory = Box::leak(Box::new(Shared::new()));
        Self {
            net: Rc::new(net),
            time,
            memory,
            client: memory.client(),
            tasks: Vec::new(),
        }
    }

    /// A runner of its own for this world's client.
    pub(crate) fn run(
        &mut self,
        options: Options<'static>,
    ) -> Spawned<Result<(), fivewire_client::mqtt::Error>> {
        let (memory, port, time) = (self.memory, Port(self.net.clone()), self.time.clone());
        self.spawn(async move { Runner::new(memory, options, port, time, 7).run().await })
    }

    pub(crate) fn spawn<T: 'static>(&mut self, future: impl Future<Output = T> + 'static) -> Spawned<T> {
        let output = Rc::new(RefCell::new(None));
        let place = output.clone();
        self.tasks.push(Task {
            future: Some(Box::pin(async move { *place.borrow_mut() = Some(future.await) })),
            flag: Arc::new(Flag(AtomicBool::new(true))),
            polls: 0,
        });
        let id = self.tasks.len() - 1;
        Spawned { id, output }
    }

    /// Drops its future, wherever that is.
    pub(crate) fn drop_task<T>(&mut self, spawned: &Spawned<T>) {
        self.tasks[spawned.id].future = None;
    }

    pub(crate) fn polls<T>(&self, spawned: &Spawned<T>) -> usize {
        self.tasks[spawned.id].polls
    }

    /// Polls every task that was woken; false when none was.
    fn round(&mut self) -> bool {
        let mut progress = false;
        for id in 0..self.tasks.len() {
            progress |= self.poll(id);
        }
        progress
    }

    fn poll(&mut self, id: usize) -> bool {
        let task = &mut self.tasks[id];
        let Some(future) = &mut task.future else {
            return false;
        };
        if !task.flag.0.swap(false, Ordering::Relaxed) {
            return false;
        }
        task.polls += 1;
        let waker = Waker::from(task.flag.clone());
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            task.future = None;
        }
        true
    }

    /// Lets time go on to the next instant that anybody sleeps until, at most to `limit_ms`; false when that is reached.
    fn sleep(&mut self, limit_ms: u32) -> bool {
        let now_ms = self.time.now_ms.get();
        let mut sleepers = self.time.sleepers.borrow_mut();
        let next_ms = sleepers.iter().map(|&(at_ms, _)| at_ms).min();
        let next_ms = next_ms.unwrap_or(limit_ms).min(limit_ms).max(now_ms);
        self.time.now_ms.set(next_ms);
        for (_, waker) in sleepers.extract_if(.., |&mut (at_ms, _)| at_ms <= next_ms) {
            waker.wake();
        }
        next_ms < limit_ms
    }

    /// Lets everything happen that happens within so many milliseconds.
    pub(crate) fn pass(&mut self, ms: u32) {
        self.until_or(ms, |_| false);
    }

    /// Goes on until it is so.
    pub(crate) fn until(&mut self, it_is_so: impl FnMut(&mut Self) -> bool) {
        assert!(self.until_or(NEVER_MS, it_is_so), "it never happened");
    }

    fn until_or(&mut self, ms: u32, mut it_is_so: impl FnMut(&mut Self) -> bool) -> bool {
        let limit_ms = self.time.now_ms.get() + ms;
        for _ in 0..BUSY {
            if it_is_so(self) {
                return true;
            }
            if !self.round() && !self.sleep(limit_ms) {
                // What wakes at the limit itself still happens.
                while self.round() {}
                return it_is_so(self);
            }
        }
        panic!("the world never rests");
    }

    /// Goes on until the task is done.
    pub(crate) fn finish<T>(&mut self, spawned: &Spawned<T>) -> T {
        self.until(|_| spawned.output.borrow().is_some());
        spawned.output.borrow_mut().take().unwrap()
    }

    /// What came out of it, if it is done.
    pub(crate) fn output<T>(&self, spawned: &Spawned<T>) -> Option<T> {
        spawned.output.borrow_mut().take()
    }

    /// Goes on until the task is done or was polled so often, and drops it then. What came out, if it was done.
    pub(crate) fn finish_or_drop<T>(&mut self, spawned: &Spawned<T>, polls: usize) -> Option<T> {
        self.until(|world| world.polls(spawned) >= polls || spawned.output.borrow().is_some());
        self.drop_task(spawned);
        self.output(spawned)
    }

    /// What a future has without waiting.
    pub(crate) fn now<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    pub(crate) fn now_ms(&self) -> u32 {
        self.time.now_ms.get()
    }

    /// Nothing is left of any publish, subscribe or unsubscribe.
    pub(crate) fn assert_clean(&self) {
        let (mut bytes, mut empty) = ([0; 400], [0; 400]);
        let len = self.memory.save(&mut bytes).unwrap();
        assert_eq!(
            len,
            Memory::new().save(&mut empty).unwrap(),
            "the session is not empty"
        );
        assert_eq!(self.client.open_publishes(), 0);
    }
}
