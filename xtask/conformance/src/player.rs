//! The broker's side: plays sequences to client processes, one after the other to each, and starts one again when it died.
//!
//! Not here: whether a packet is the expected one (see `verdict`).

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::client::Way;
use crate::sequence::{Sequence, Step};
use crate::verdict::{Failure, Tally, is_same};

/// How long the client may take to connect, and to send what is expected.
const PATIENCE: Duration = Duration::from_secs(4);
/// Sequences that are played at the same time.
const STAGES: usize = 6;
/// First byte of DISCONNECT.
const DISCONNECT: u8 = 0xe0;

/// The client process, and where it connects to.
struct Stage<'a> {
    program: (&'a Path, Way),
    listener: TcpListener,
    client: Child,
    deaths: usize,
}

/// How a sequence ended, and where in the order of all it was.
type Outcome = (usize, Result<(), Failure>);

/// Plays all sequences, some at a time, for most of them wait for something not to happen. They are counted in their order.
pub(crate) fn play_all(
    program: (&Path, Way),
    sequences: &[Sequence],
    verbose: bool,
) -> anyhow::Result<Tally> {
    let next = AtomicUsize::new(0);
    let played: anyhow::Result<Vec<_>> = thread::scope(|scope| {
        let stages: Vec<_> = (0..STAGES)
            .map(|_| scope.spawn(|| play_some(program, sequences, &next)))
            .collect();
        let ended = stages.into_iter().map(|stage| stage.join());
        ended
            .map(|played| played.unwrap_or_else(|_| Err(anyhow::anyhow!("a stage of the player died"))))
            .collect()
    });
    let (outcomes, deaths): (Vec<Vec<Outcome>>, Vec<usize>) = played?.into_iter().unzip();
    let outcomes: BTreeMap<_, _> = outcomes.into_iter().flatten().collect();
    let mut tally = Tally::default();
    for (sequence, outcome) in sequences.iter().zip(outcomes.into_values()) {
        tally.count(sequence, outcome, verbose);
    }
    tally.deaths = deaths.iter().sum();
    Ok(tally)
}

/// Plays those that nobody else took, with a client of its own.
fn play_some(
    program: (&Path, Way),
    sequences: &[Sequence],
    next: &AtomicUsize,
) -> anyhow::Result<(Vec<Outcome>, usize)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let mut stage = Stage {
        program,
        listener,
        client: start(program)?,
        deaths: 0,
    };
    let mut outcomes = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(sequence) = sequences.get(index) else {
            break;
        };
        let outcome = match stage.invite(sequence)? {
            Some(stream) => play(stream, sequence),
            None => Err(Failure::new("the client did not connect")),
        };
        outcomes.push((index, outcome));
    }
    // At the end of its orders the client ends by itself.
    drop(stage.client.stdin.take());
    stage.client.wait()?;
    Ok((outcomes, stage.deaths))
}

fn start((program, way): (&Path, Way)) -> anyhow::Result<Child> {
    Command::new(program)
        .args(way.arguments())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start the client process")
}

impl Stage<'_> {
    /// Orders the client to connect; `None` when it does not, not even after a restart.
    fn invite(&mut self, sequence: &Sequence) -> anyhow::Result<Option<TcpStream>> {
        let port = self.listener.local_addr()?.port();
        let clean = u8::from(sequence.clean);
        let command = sequence.command.as_deref().unwrap_or_default();
        let order = format!("{port} {} {clean} {command}", sequence.version);
        for _ in 0..2 {
            if self.client.try_wait()?.is_some() {
                self.deaths += 1;
                self.client = start(self.program)?;
            }
            let told = match &mut self.client.stdin {
                Some(stdin) => writeln!(stdin, "{}", order.trim_end()).and_then(|()| stdin.flush()),
                None => Err(ErrorKind::BrokenPipe.into()),
            };
            if told.is_ok()
                && let Some(stream) = self.accept()?
            {
                return Ok(Some(stream));
            }
            // A client that is stuck counts as dead.
            let _ = self.client.kill();
            self.client.wait()?;
        }
        Ok(None)
    }

    fn accept(&self) -> anyhow::Result<Option<TcpStream>> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    stream.set_read_timeout(Some(PATIENCE))?;
                    stream.set_nodelay(true)?;
                    return Ok(Some(stream));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}

fn play(mut stream: TcpStream, sequence: &Sequence) -> Result<(), Failure> {
    for step in &sequence.steps {
        match step {
            Step::Send(bytes) => match stream.write_all(bytes) {
                // It may have dropped the connection at an earlier byte already.
                Err(_) if sequence.offence => return Ok(()),
                sent => sent?,
            },
            Step::Expect(bytes) => {
                if expect(&mut stream, sequence, bytes)? {
                    return Ok(());
                }
            }
        }
    }
    match (is_alive(&mut stream, sequence.version), sequence.offence) {
        (true, true) => Err(Failure::new("still connected after the offence")),
        (false, false) => Err(Failure::new("connection gone though nothing was wrong")),
        (true, false) | (false, true) => Ok(()),
    }
}

/// Waits for a packet; true when the sequence is over by it. To an offence any DISCONNECT, and none, is an answer: the standard
/// says that the client should send one, and leaves the reason to it.
fn expect(stream: &mut TcpStream, sequence: &Sequence, expected: &[u8]) -> Result<bool, Failure> {
    let goodbye = sequence.offence && expected.first() == Some(&DISCONNECT);
    let got = match read_packet(stream) {
        Err(error) if goodbye && error.kind() != ErrorKind::WouldBlock => return Ok(true),
        got => got?,
    };
    if goodbye && matches!(got.first(), None | Some(&DISCONNECT)) {
        return Ok(true);
    }
    if is_same(sequence.version, &got, expected) {
        return Ok(false);
    }
    Err(Failure::unexpected(&got, expected))
}

/// Whether the client still acknowledges a QoS 1 message.
fn is_alive(stream: &mut TcpStream, version: u8) -> bool {
    let properties: &[u8] = if version == 5 { &[0] } else { &[] };
    let body = [b"\0\x0bstill there\xff\xff".as_slice(), properties, b"?"].concat();
    let packet = [&[0x32, body.len() as u8], body.as_slice()].concat();
    if stream.write_all(&packet).is_err() {
        return false;
    }
    loop {
        match read_packet(stream) {
            Ok(got) if got.first() == Some(&0xc0) => {}
            Ok(got) => return got.first() == Some(&0x40) && got.get(2..4) == Some(&[0xff, 0xff]),
            Err(_) => return false,
        }
    }
}

/// The next packet; as much of it as came before the end of the connection.
fn read_packet(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut packet = Vec::new();
    let mut length = 0;
    let mut byte = [0; 1];
    for position in 0..5 {
        if stream.read(&mut byte)? == 0 {
            return Ok(packet);
        }
        packet.push(byte[0]);
        if position > 0 {
            length |= u64::from(byte[0] & 0x7f) << (7 * (position - 1));
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
    }
    stream.take(length).read_to_end(&mut packet)?;
    Ok(packet)
}
