//! The contestant: `runtime/mqtt` in both versions over a blocking socket, as a program of its user's would drive it.
//!
//! Bytes in, events, bytes out: everything that was published since the last write goes out in one, and one read may bring
//! many acknowledgements. A window is filled again when half of it is free, so that a write carries more than what one
//! acknowledgement made room for. The time limits are kept as well: a read that takes long asks the client what is due.

use std::{
    hint::black_box,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{bail, ensure};
use fivewire_mqtt::{
    Client, ConnectOptions, Error, Event, QoS,
    v5::{self, Publication},
};

use super::job::{Clock, Job, Mode, PAYLOAD, Report, TOPIC};

/// Of the receive buffer and of one read.
const RX: usize = 1024;
const TX: usize = 8192;
/// The largest window that is asked of it.
const IN_FLIGHT: usize = 20;
/// How long a read may take before the client's time limits are looked at.
const TICK: Duration = Duration::from_secs(1);

type Plain = Client<RX, TX, IN_FLIGHT>;
type Five = v5::Client<RX, TX, IN_FLIGHT>;

/// Does the job with the client of MQTT 3.1.1.
pub(crate) fn run(job: &Job) -> anyhow::Result<Report> {
    let mut client = Box::new(Plain::new());
    client.connect(0, &ConnectOptions::new("fivewire"))?;
    drive(client, job)
}

/// Does the job with the client of MQTT 5.0.
pub(crate) fn run_v5(job: &Job) -> anyhow::Result<Report> {
    let mut client = Box::new(Five::new());
    client.connect(0, &v5::ConnectOptions::new("fivewire"))?;
    drive(client, job)
}

/// What the two versions spell differently.
trait Mqtt {
    fn publish(&mut self, now_ms: u32, qos: QoS) -> Result<(), Error>;
    /// The next event in the words of 3.1.1.
    fn next(&mut self) -> Option<Event<'_>>;
    fn output(&self) -> &[u8];
    fn consume_output(&mut self, len: usize);
    fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize;
    fn handle_timeout(&mut self, now_ms: u32);
    fn in_flight(&self) -> usize;
    fn is_connected(&self) -> bool;
}

macro_rules! as_both {
    ($client:ty, $publish:expr) => {
        impl Mqtt for $client {
            fn publish(&mut self, now_ms: u32, qos: QoS) -> Result<(), Error> {
                let publish: fn(&mut Self, u32, QoS) -> Result<(), Error> = $publish;
                publish(self, now_ms, qos)
            }
            fn next(&mut self) -> Option<Event<'_>> {
                self.poll_event().map(Event::from)
            }
            fn output(&self) -> &[u8] {
                self.output()
            }
            fn consume_output(&mut self, len: usize) {
                self.consume_output(len);
            }
            fn handle_input(&mut self, now_ms: u32, bytes: &[u8]) -> usize {
                self.handle_input(now_ms, bytes)
            }
            fn handle_timeout(&mut self, now_ms: u32) {
                self.handle_timeout(now_ms);
            }
            fn in_flight(&self) -> usize {
                self.in_flight()
            }
            fn is_connected(&self) -> bool {
                self.is_connected()
            }
        }
    };
}

// Behind `black_box`, as a program's topics and payloads come from elsewhere: else the compiler checks and encodes them.
as_both!(Plain, |client, now_ms, qos| {
    let (topic, payload) = (black_box(TOPIC), black_box(PAYLOAD));
    client.publish(now_ms, topic, payload, qos, false).map(drop)
});
as_both!(Five, |client, now_ms, qos| {
    let publication = Publication::new(black_box(TOPIC), black_box(PAYLOAD), qos);
    client.publish(now_ms, &publication).map(drop)
});

fn drive(client: Box<impl Mqtt>, job: &Job) -> anyhow::Result<Report> {
    ensure!(job.window <= IN_FLIGHT, "a window of {IN_FLIGHT} at most");
    let socket = TcpStream::connect(("127.0.0.1", job.port))?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(TICK))?;
    let mut connection = Connection {
        client,
        socket,
        start: Instant::now(),
    };
    while !connection.client.is_connected() {
        connection.turn()?;
    }
    let mut clock = Clock::start(job);
    match job.mode {
        Mode::Qos0 => once(&mut connection, job)?,
        Mode::Qos1 => acknowledged(&mut connection, job, &mut clock)?,
    }
    Ok(clock.stop(job))
}

fn once(connection: &mut Connection<impl Mqtt>, job: &Job) -> anyhow::Result<()> {
    let mut now_ms = connection.now_ms();
    for _ in 0..job.count {
        while let Err(error) = connection.client.publish(now_ms, QoS::AtMostOnce) {
            ensure!(error == Error::NoRoom, error);
            connection.write()?;
            now_ms = connection.now_ms();
        }
    }
    connection.write()?;
    connection.client.publish(now_ms, QoS::AtLeastOnce)?;
    while connection.turn()? == 0 {}
    Ok(())
}

fn acknowledged(connection: &mut Connection<impl Mqtt>, job: &Job, clock: &mut Clock) -> anyhow::Result<()> {
    let (mut sent, mut done) = (0, 0);
    while done < job.count {
        if job.is_to_refill(connection.client.in_flight()) {
            let now_ms = connection.now_ms();
            while sent < job.count && connection.client.in_flight() < job.window {
                connection.client.publish(now_ms, QoS::AtLeastOnce)?;
                sent += 1;
            }
        }
        let more = connection.turn()?;
        done += more;
        if job.is_sequential() && more > 0 {
            clock.lap();
        }
    }
    Ok(())
}

/// A client and its transport.
struct Connection<C> {
    client: Box<C>,
    socket: TcpStream,
    start: Instant,
}

impl<C: Mqtt> Connection<C> {
    fn now_ms(&self) -> u32 {
        self.start.elapsed().as_millis() as u32
    }

    /// Sends what waits, then waits for input; how many publishes it acknowledged.
    fn turn(&mut self) -> anyhow::Result<usize> {
        self.write()?;
        let mut bytes = [0; RX];
        let len = match self.socket.read(&mut bytes) {
            Ok(0) => bail!("the broker closed the connection"),
            Ok(len) => len,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                self.client.handle_timeout(self.now_ms());
                0
            }
            Err(error) => return Err(error.into()),
        };
        self.take(&bytes[..len])
    }

    fn write(&mut self) -> anyhow::Result<()> {
        while !self.client.output().is_empty() {
            let len = self.socket.write(self.client.output())?;
            ensure!(len > 0, "the broker takes nothing");
            self.client.consume_output(len);
        }
        Ok(())
    }

    fn take(&mut self, mut bytes: &[u8]) -> anyhow::Result<usize> {
        let now_ms = self.now_ms();
        let mut published = 0;
        loop {
            let taken = self.client.handle_input(now_ms, bytes);
            bytes = &bytes[taken..];
            published += published_of(&mut *self.client)?;
            if bytes.is_empty() {
                return Ok(published);
            }
        }
    }
}

/// Looks at all events; how many say that a publish was acknowledged.
fn published_of(client: &mut impl Mqtt) -> anyhow::Result<usize> {
    let mut published = 0;
    while let Some(event) = client.next() {
        match event {
            Event::Published { .. } => published += 1,
            Event::Connected { .. } => {}
            other => bail!("unexpected: {other:?}"),
        }
    }
    Ok(published)
}
