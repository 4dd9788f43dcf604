//! The yardstick: the packets of MQTT 3.1.1 as constant bytes over a blocking socket, with nothing of a client around
//! them. One write for each message, or many messages gathered for one write.
//!
//! It checks nothing of what the broker says but its length, so it is no client and may be faster than any.

use std::{
    io::{BufWriter, Read, Write},
    net::TcpStream,
};

use anyhow::ensure;

use super::job::{Clock, Job, Mode, PAYLOAD, Report, TOPIC};

const PUBACK: usize = 4;
/// What [`run`] gathers when it is to gather: as many as a usual buffered stream.
const GATHERED: usize = 8192;

/// Does the job. `gather`: several messages go out in one write.
pub(crate) fn run(job: &Job, gather: bool) -> anyhow::Result<Report> {
    let stream = connect(job.port)?;
    let capacity = if gather { GATHERED } else { 0 };
    let mut socket = Socket {
        output: BufWriter::with_capacity(capacity, stream.try_clone()?),
        input: stream,
        part: 0,
        gathers: gather,
    };
    let mut clock = Clock::start(job);
    match job.mode {
        Mode::Qos0 => once(&mut socket, job)?,
        Mode::Qos1 => acknowledged(&mut socket, job, &mut clock)?,
    }
    Ok(clock.stop(job))
}

fn once(socket: &mut Socket, job: &Job) -> anyhow::Result<()> {
    let packet = publish(0);
    for _ in 0..job.count {
        socket.output.write_all(&packet)?;
    }
    socket.output.write_all(numbered(&mut publish(1), 0))?;
    socket.output.flush()?;
    while socket.acknowledgements()? == 0 {}
    Ok(())
}

fn acknowledged(socket: &mut Socket, job: &Job, clock: &mut Clock) -> anyhow::Result<()> {
    let mut packet = publish(1);
    let (mut sent, mut done) = (0, 0);
    while done < job.count {
        if !socket.gathers || job.is_to_refill(sent - done) {
            while sent < job.count && sent - done < job.window {
                socket.output.write_all(numbered(&mut packet, sent))?;
                sent += 1;
            }
        }
        socket.output.flush()?;
        let more = socket.acknowledgements()?;
        done += more;
        if job.is_sequential() && more > 0 {
            clock.lap();
        }
    }
    Ok(())
}

struct Socket {
    output: BufWriter<TcpStream>,
    input: TcpStream,
    /// Bytes of an acknowledgement that is not complete.
    part: usize,
    /// Several messages go out in one write.
    gathers: bool,
}

impl Socket {
    /// Waits for input; how many acknowledgements it completed.
    fn acknowledgements(&mut self) -> anyhow::Result<usize> {
        let len = self.input.read(&mut [0; 1024])?;
        ensure!(len > 0, "the broker closed the connection");
        let bytes = self.part + len;
        self.part = bytes % PUBACK;
        Ok(bytes / PUBACK)
    }
}

fn connect(port: u16) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.write_all(b"\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04bare")?;
    let mut connack = [0; 4];
    stream.read_exact(&mut connack)?;
    ensure!(connack == [0x20, 2, 0, 0], "the broker answered {connack:?}");
    Ok(stream)
}

/// A PUBLISH; with QoS 1 its packet identifier is to be set.
fn publish(qos: u8) -> Vec<u8> {
    let mut rest = vec![0, TOPIC.len() as u8];
    rest.extend(TOPIC.as_bytes());
    if qos > 0 {
        rest.extend([0, 0]);
    }
    rest.extend(PAYLOAD);
    let mut packet = vec![0x30 | qos << 1, rest.len() as u8];
    packet.append(&mut rest);
    packet
}

fn numbered(packet: &mut [u8], index: usize) -> &[u8] {
    let id = (index % usize::from(u16::MAX)) as u16 + 1;
    packet[4 + TOPIC.len()..][..2].copy_from_slice(&id.to_be_bytes());
    packet
}

#[cfg(test)]
mod tests {
    use fivewire_mqtt::{QoS, packet};

    use super::*;

    #[test]
    fn the_constant_bytes_are_a_publish() {
        let mut bytes = publish(1);
        numbered(&mut bytes, 65_535 + 6);
        let header = packet::FixedHeader::decode(&bytes)
            .expect("sound")
            .expect("complete");
        let publish = packet::Publish::decode(header.flags, &bytes[header.size..]).expect("sound");
        assert_eq!(header.total(), bytes.len());
        assert_eq!((publish.topic, publish.payload), (TOPIC, PAYLOAD.as_slice()));
        assert_eq!(
            (publish.qos, publish.packet_id.map(|id| id.get())),
            (QoS::AtLeastOnce, Some(7))
        );
    }
}
