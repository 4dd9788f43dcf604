//! The MQTT client on TCP.
//!
//! Not here: what it does there (see `agent`).

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::Order;
use super::agent::{Agent, News, V5, V311};

/// A connection that the broker does not end is given up after this long.
const LONGEST: Duration = Duration::from_millis(1200);
/// How long a broker may take to end the connection from its side, so that what was sent last reaches it.
const FAREWELL: Duration = Duration::from_millis(100);

pub(crate) fn obey(order: &Order) -> anyhow::Result<()> {
    match order.version {
        5 => run(order, V5::default()),
        _ => run(order, V311::default()),
    }
}

fn run(order: &Order, mut agent: impl Agent) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, order.port))?;
    stream.set_nodelay(true)?;
    let start = Instant::now();
    let now_ms = || start.elapsed().as_millis() as u32;
    agent.connect(now_ms(), order.clean)?;
    let mut input = Vec::new();
    let mut over = false;
    while !over && start.elapsed() < LONGEST {
        flush(&mut agent, &mut stream)?;
        stream.set_read_timeout(Some(LONGEST.saturating_sub(start.elapsed()).max(FAREWELL)))?;
        over = !receive(&mut stream, &mut input)?;
        agent.handle_timeout(now_ms());
        loop {
            let taken = agent.handle_input(now_ms(), &input);
            input.drain(..taken);
            let ended = events(order, &mut agent, now_ms())?;
            over |= ended;
            flush(&mut agent, &mut stream)?;
            if ended || taken == 0 {
                break;
            }
        }
    }
    farewell(stream)
}

/// Takes all events; true when the connection is over.
fn events(order: &Order, agent: &mut impl Agent, now_ms: u32) -> anyhow::Result<bool> {
    while let Some(news) = agent.poll_news() {
        match news {
            News::Connected => {
                if let Some(command) = order.command {
                    agent.command(now_ms, command)?;
                }
            }
            News::Message(Some(id)) => agent.acknowledge(id)?,
            News::Message(None) | News::Other => {}
            News::Over => return Ok(true),
        }
    }
    Ok(false)
}

fn flush(agent: &mut impl Agent, stream: &mut TcpStream) -> anyhow::Result<()> {
    while !agent.output().is_empty() {
        let len = agent.output().len();
        stream.write_all(agent.output())?;
        agent.consume_output(len);
    }
    Ok(())
}

/// False at the end of the connection.
fn receive(stream: &mut TcpStream, input: &mut Vec<u8>) -> anyhow::Result<bool> {
    let mut chunk = [0; 4096];
    match stream.read(&mut chunk) {
        Ok(len) => {
            input.extend_from_slice(&chunk[..len]);
            Ok(len > 0)
        }
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Ends the connection so that what was sent last is not lost with bytes that nobody read.
fn farewell(mut stream: TcpStream) -> anyhow::Result<()> {
    if stream.shutdown(Shutdown::Write).is_ok() {
        stream.set_read_timeout(Some(FAREWELL))?;
        while receive(&mut stream, &mut Vec::new()).unwrap_or(false) {}
    }
    Ok(())
}
