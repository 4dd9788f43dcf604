//! Other clients of the broker, made of the product's MQTT client and a socket: one that says what arrives, one that
//! publishes.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use fivewire_mqtt::{Client, ConnectOptions, Event, QoS};

use crate::contract;
use crate::judge::Arrivals;

/// How long a read may wait.
const STEP: Duration = Duration::from_millis(10);
/// Before the broker is tried again.
const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(60);

/// A client over a socket.
struct Peer {
    client: Client<8192, 16384, 64>,
    stream: TcpStream,
    begun: Instant,
}

impl Peer {
    fn connect(port: u16, client_id: &str, clean: bool) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(STEP))?;
        stream.set_nodelay(true)?;
        let mut client = Client::new();
        let options = ConnectOptions {
            clean_session: clean,
            ..ConnectOptions::new(client_id)
        };
        client.connect(0, &options)?;
        Ok(Self {
            client,
            stream,
            begun: Instant::now(),
        })
    }

    fn now_ms(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }

    /// Writes what there is, waits for a moment for what comes, and tells it.
    fn turn(&mut self, mut tell: impl FnMut(Event<'_>)) -> anyhow::Result<()> {
        self.client.handle_timeout(self.now_ms());
        self.write()?;
        let mut buffer = [0; 4096];
        let len = self.read(&mut buffer)?;
        let mut rest = buffer.get(..len).unwrap_or_default();
        loop {
            let taken = self.client.handle_input(self.now_ms(), rest);
            rest = rest.get(taken..).unwrap_or_default();
            self.take_events(&mut tell)?;
            if rest.is_empty() {
                return self.write();
            }
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> anyhow::Result<usize> {
        match self.stream.read(buffer) {
            Ok(0) => anyhow::bail!("the broker closed the connection"),
            Ok(len) => Ok(len),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Tells what came; a message is acknowledged once it was told.
    fn take_events(&mut self, tell: &mut impl FnMut(Event<'_>)) -> anyhow::Result<()> {
        while let Some(event) = self.client.poll_event() {
            tell(event);
            match event {
                Event::Message {
                    packet_id: Some(id), ..
                } => self.client.acknowledge(id)?,
                Event::Lost(cause) => anyhow::bail!("{cause}"),
                _ => {}
            }
        }
        Ok(())
    }

    fn write(&mut self) -> anyhow::Result<()> {
        while !self.client.output().is_empty() {
            let len = self.stream.write(self.client.output())?;
            self.client.consume_output(len);
        }
        Ok(())
    }
}

/// The second client: subscribed, over any restart of the broker, on a thread that ends with this.
pub(crate) struct Subscriber {
    arrivals: Arc<Mutex<Arrivals>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Subscriber {
    /// Subscribed to all topics of this first level when it returns.
    pub(crate) fn start(port: u16, level: &str, qos: QoS) -> anyhow::Result<Self> {
        let mut peer = Peer::connect(port, "soak-subscriber", false)?;
        peer.client.subscribe(0, &contract::filter(level), qos)?;
        let (begun, mut granted) = (Instant::now(), false);
        while !granted {
            anyhow::ensure!(begun.elapsed() < PATIENCE, "no SUBACK");
            peer.turn(|event| granted |= matches!(event, Event::Subscribed { granted: Ok(_), .. }))?;
        }
        let (arrivals, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let thread = thread::spawn({
            let (arrivals, stop) = (Arc::clone(&arrivals), Arc::clone(&stop));
            move || listen(port, peer, &arrivals, &stop)
        });
        Ok(Self {
            arrivals,
            stop,
            thread: Some(thread),
        })
    }

    /// What arrived so far.
    pub(crate) fn arrivals(&self) -> std::sync::MutexGuard<'_, Arrivals> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of it has been printed.
            let _ = thread.join();
        }
    }
}

fn listen(port: u16, mut peer: Peer, arrivals: &Mutex<Arrivals>, stop: &AtomicBool) {
    let judge = |event: Event<'_>| {
        if let Event::Message { topic, payload, .. } = event {
            let mut arrivals = arrivals.lock().unwrap_or_else(PoisonError::into_inner);
            match contract::read(topic, payload) {
                Some((number, count)) => arrivals.arrived(number, count),
                None => arrivals.stranger(topic),
            }
        }
    };
    while !stop.load(Ordering::Relaxed) {
        if peer.turn(judge).is_err() {
            thread::sleep(PAUSE);
            // With its QoS 2 messages that the broker has not released.
            if let Ok(mut next) = Peer::connect(port, "soak-subscriber", false) {
                std::mem::swap(&mut next.client, &mut peer.client);
                let options = ConnectOptions {
                    clean_session: false,
                    ..ConnectOptions::new("soak-subscriber")
                };
                if next.client.connect(0, &options).is_ok() {
                    peer = next;
                }
            }
        }
    }
}

/// Publishes messages with QoS 1, and returns when the broker has them all.
pub(crate) fn publish(
    port: u16,
    count: u32,
    retain: bool,
    message: impl Fn(u32) -> (String, String),
) -> anyhow::Result<()> {
    let mut peer = Peer::connect(port, "soak-publisher", true)?;
    let (begun, mut next, mut open) = (Instant::now(), 0, BTreeSet::new());
    while next < count || !open.is_empty() {
        anyhow::ensure!(
            begun.elapsed() < PATIENCE,
            "{} of {count} were published",
            next as usize - open.len()
        );
        while next < count {
            let (topic, payload) = message(next);
            let now_ms = peer.now_ms();
            match peer
                .client
                .publish(now_ms, &topic, payload.as_bytes(), QoS::AtLeastOnce, retain)
            {
                Ok(id) => open.extend(id),
                Err(fivewire_mqtt::Error::NoRoom) => break,
                Err(error) => return Err(error.into()),
            }
            next += 1;
        }
        peer.turn(|event| {
            if let Event::Published { packet_id } = event {
                open.remove(&packet_id);
            }
        })?;
    }
    Ok(())
}
