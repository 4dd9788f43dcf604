//! A TCP proxy between bridge and broker: it reads along, and it can be an outage.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::watch::{Packets, Watch};

/// What its threads share.
struct Shared {
    watch: Mutex<Watch>,
    away: AtomicBool,
    /// Both ends of the present connection.
    open: Mutex<Vec<TcpStream>>,
    broker: u16,
}

/// The proxy; its threads end with the program.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Between everyone who connects and the broker on this port.
    pub(crate) fn start(broker: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            watch: Mutex::default(),
            away: AtomicBool::new(false),
            open: Mutex::default(),
            broker,
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                accept(&accepting, stream);
            }
        });
        Ok(Self { port, shared })
    }

    /// What went through so far.
    pub(crate) fn watch(&self) -> MutexGuard<'_, Watch> {
        lock(&self.shared.watch)
    }

    /// Begins or ends an outage: connections break, and new ones are closed at once.
    pub(crate) fn set_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
        if away {
            close(&lock(&self.shared.open));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn close(streams: &[TcpStream]) {
    // The other end may have closed it first.
    streams
        .iter()
        .for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
}

fn accept(shared: &Arc<Shared>, bridge: TcpStream) {
    let Ok(broker) = TcpStream::connect(("127.0.0.1", shared.broker)) else {
        return;
    };
    let ends = [bridge.try_clone(), broker.try_clone()]
        .into_iter()
        .flatten()
        .collect();
    *lock(&shared.open) = ends;
    if shared.away.load(Ordering::SeqCst) {
        return close(&lock(&shared.open));
    }
    let _ = bridge.set_nodelay(true);
    let _ = broker.set_nodelay(true);
    let connection = lock(&shared.watch).connected();
    let (Ok(back), Ok(forth)) = (broker.try_clone(), bridge.try_clone()) else {
        return;
    };
    pump(shared, bridge, broker, move |watch, packet| {
        watch.bridge_said(connection, packet)
    });
    pump(shared, back, forth, move |watch, packet| {
        watch.broker_said(connection, packet)
    });
}

/// Copies one direction until either end closes. What is seen is noted before it goes on, so that no answer to it can be
/// noted first.
fn pump(
    shared: &Arc<Shared>,
    mut from: TcpStream,
    mut to: TcpStream,
    note: impl Fn(&mut Watch, &[u8]) + Send + 'static,
) {
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        let (mut buffer, mut packets) = ([0; 4096], Packets::default());
        while let Ok(len @ 1..) = from.read(&mut buffer) {
            let bytes = buffer.get(..len).unwrap_or_default();
            packets.push(bytes);
            let mut watch = lock(&shared.watch);
            while let Some(packet) = packets.next_packet() {
                note(&mut watch, &packet);
            }
            drop(watch);
            if to.write_all(bytes).is_err() {
                break;
            }
        }
        close(&[from, to]);
    });
}
