// @generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
//! One handler method per message, and the functions that call them.

use super::{command, event, reply};
use ::fivewire_wire as wire;

/// Whoever carries out commands; each has its method.
pub trait CommandHandler {
    /// Publish a message.
    fn publish(
        &mut self,
        ticket: wire::Ticket<reply::Publish>,
        command: command::Publish<'_>,
    ) -> wire::Answer<reply::Publish>;

    /// Subscribe to a topic filter.
    fn subscribe(
        &mut self,
        ticket: wire::Ticket<reply::Subscribe>,
        command: command::Subscribe<'_>,
    ) -> wire::Answer<reply::Subscribe>;

    /// Give a subscription up.
    fn unsubscribe(
        &mut self,
        ticket: wire::Ticket<reply::Unsubscribe>,
        command: command::Unsubscribe<'_>,
    ) -> wire::Answer<reply::Unsubscribe>;

    /// Store the last will that the broker publishes when this client vanishes. Sent before configure.
    fn will(
        &mut self,
        ticket: wire::Ticket<reply::Will>,
        command: command::Will<'_>,
    ) -> wire::Answer<reply::Will>;

    /// Give the bridge its whole configuration; it then joins the network and the broker.
    fn configure(
        &mut self,
        ticket: wire::Ticket<reply::Configure>,
        command: command::Configure<'_>,
    ) -> wire::Answer<reply::Configure>;

    /// The host noted that the broker received a QoS 2 publication (outcome received); it may now be released. Since revision 2.
    fn release(
        &mut self,
        ticket: wire::Ticket<reply::Release>,
        command: command::Release,
    ) -> wire::Answer<reply::Release>;

    /// The host noted that the broker released a QoS 2 message (event released); the broker may now forget it. Since revision 2.
    fn complete(&mut self, command: command::Complete);

    /// The application took an incoming message; the bridge may acknowledge it to the broker and send one more.
    fn accept(&mut self, command: command::Accept);

    /// Ask for the time of day.
    fn get_time(
        &mut self,
        ticket: wire::Ticket<reply::GetTime>,
        command: command::GetTime,
    ) -> wire::Answer<reply::GetTime>;

    /// Ask how much memory the bridge has.
    fn memory(
        &mut self,
        ticket: wire::Ticket<reply::Memory>,
        command: command::Memory,
    ) -> wire::Answer<reply::Memory>;

    /// Ask for a sign of life of the whole bridge program.
    fn ping(
        &mut self,
        ticket: wire::Ticket<reply::Ping>,
        command: command::Ping,
    ) -> wire::Answer<reply::Ping>;

    /// Answer to specified_network; whether the bridge may join the configured network and store it.
    fn join_network(&mut self, command: command::JoinNetwork);

    /// Restart the bridge program; the link comes up afresh.
    fn restart(&mut self, command: command::Restart);
}

/// Decodes a command's body and calls its handler method. True when a reply was written to `out`; a one-way
/// command, and one whose handler kept the ticket, has none now.
///
/// # Errors
/// The body is not one of a command (no method was called), or the reply could not be written.
pub fn dispatch_command<H: CommandHandler +? Sized>(
    body: &[u8],
    number: u8,
    handler: &mut H,
    out: &mut wire::Writer<'_>,
) -> Result<bool, wire::DispatchError> {
    let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
    let input = &mut wire::Reader::new(fields);
    match op {
        0x20..=0x2f => {
            let ticket = wire::Ticket::new(number);
            match handler.publish(ticket, command::Publish::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x30..=0x37 => {
            let ticket = wire::Ticket::new(number);
            match handler.subscribe(ticket, command::Subscribe::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x12..=0x13 => {
            let ticket = wire::Ticket::new(number);
            match handler.unsubscribe(ticket, command::Unsubscribe::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x10 => {
            let ticket = wire::Ticket::new(number);
            match handler.will(ticket, command::Will::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x11 => {
            let ticket = wire::Ticket::new(number);
            match handler.configure(ticket, command::Configure::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x1b => {
            let ticket = wire::Ticket::new(number);
            match handler.release(ticket, command::Release::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x1c => {
            handler.complete(command::Complete::read(op, input)?);
            Ok(false)
        }
        0x14 => {
            handler.accept(command::Accept::read(op, input)?);
            Ok(false)
        }
        0x15 => {
            let ticket = wire::Ticket::new(number);
            match handler.get_time(ticket, command::GetTime::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x16 => {
            let ticket = wire::Ticket::new(number);
            match handler.memory(ticket, command::Memory::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x17 => {
            let ticket = wire::Ticket::new(number);
            match handler.ping(ticket, command::Ping::read(op, input)?) {
                wire::Answer::Now(reply) => {
                    ticket.reply(&reply, out)?;
                    Ok(true)
                }
                wire::Answer::Later => Ok(false),
            }
        }
        0x18 => {
            handler.join_network(command::JoinNetwork::read(op, input)?);
            Ok(false)
        }
        0x19 => {
            handler.restart(command::Restart::read(op, input)?);
            Ok(false)
        }
        _ => Err(wire::DecodeError::UnknownOp(op).into()),
    }
}

/// Whoever listens to events; each has its method.
pub trait EventHandler {
    /// A command that the bridge does not know or cannot decode; every such command gets one.
    fn error(&mut self, event: event::Error);

    /// A line of the bridge's log.
    fn log(&mut self, event: event::Log<'_>);

    /// A message of a subscribed topic. The host answers with accept once the application took it.
    fn message(&mut self, event: event::Message<'_>);

    /// The broker released a QoS 2 message. The host forgets its packet identifier and says complete. Since revision 2.
    fn released(&mut self, event: event::Released);

    /// Something changed at the bridge.
    fn status(&mut self, event: event::Status);

    /// The bridge learned the time of day.
    fn time(&mut self, event: event::Time);
}

/// Decodes an event's body and calls its handler method.
///
/// # Errors
/// The body is not one of an event; no method was called.
pub fn dispatch_event<H: EventHandler +? Sized>(
    body: &[u8],
    handler: &mut H,
) -> Result<(), wire::DecodeError> {
    let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
    let input = &mut wire::Reader::new(fields);
    match op {
        0x08 => handler.error(event::Error::read(op, input)?),
        0x09 => handler.log(event::Log::read(op, input)?),
        0x40..=0x5f => handler.message(event::Message::read(op, input)?),
        0x62 => handler.released(event::Released::read(op, input)?),
        0x60 => handler.status(event::Status::read(op, input)?),
        0x61 => handler.time(event::Time::read(op, input)?),
        _ => return Err(wire::DecodeError::UnknownOp(op)),
    }
    Ok(())
}

/// Whoever waits for replies; each has its method. `number` is that of the command it answers.
pub trait ReplyHandler {
    /// Answer to `publish`: Publish a message.
    fn publish(&mut self, number: u8, reply: reply::Publish);

    /// Answer to `subscribe`: Subscribe to a topic filter.
    fn subscribe(&mut self, number: u8, reply: reply::Subscribe);

    /// Answer to `unsubscribe`: Give a subscription up.
    fn unsubscribe(&mut self, number: u8, reply: reply::Unsubscribe);

    /// Answer to `will`: Store the last will that the broker publishes when this client vanishes. Sent before configure.
    fn will(&mut self, number: u8, reply: reply::Will);

    /// Answer to `configure`: Give the bridge its whole configuration; it then joins the network and the broker.
    fn configure(&mut self, number: u8, reply: reply::Configure);

    /// Answer to `release`: The host noted that the broker received a QoS 2 publication (outcome received); it may now be released.
    fn release(&mut self, number: u8, reply: reply::Release);

    /// Answer to `get_time`: Ask for the time of day.
    fn get_time(&mut self, number: u8, reply: reply::GetTime);

    /// Answer to `memory`: Ask how much memory the bridge has.
    fn memory(&mut self, number: u8, reply: reply::Memory);

    /// Answer to `ping`: Ask for a sign of life of the whole bridge program.
    fn ping(&mut self, number: u8, reply: reply::Ping);
}

/// Decodes a reply's body and calls its handler method.
///
/// # Errors
/// The body is not one of a reply; no method was called.
pub fn dispatch_reply<H: ReplyHandler +? Sized>(
    body: &[u8],
    handler: &mut H,
) -> Result<(), wire::DecodeError> {
    let (&op, fields) = body.split_first().ok_or(wire::DecodeError::Empty)?;
    let input = &mut wire::Reader::new(fields);
    let number = input.u8("number")?;
    match op {
        0xa0 => handler.publish(number, reply::Publish::read(op, input)?),
        0xb0 => handler.subscribe(number, reply::Subscribe::read(op, input)?),
        0x92 => handler.unsubscribe(number, reply::Unsubscribe::read(op, input)?),
        0x90 => handler.will(number, reply::Will::read(op, input)?),
        0x91 => handler.configure(number, reply::Configure::read(op, input)?),
        0x9b => handler.release(number, reply::Release::read(op, input)?),
        0x95 => handler.get_time(number, reply::GetTime::read(op, input)?),
        0x96 => handler.memory(number, reply::Memory::read(op, input)?),
        0x97 => handler.ping(number, reply::Ping::read(op, input)?),
        _ => return Err(wire::DecodeError::UnknownOp(op)),
    }
    Ok(())
}
