//! What the runner does with the engine: time, input, output, the beginning and the end of connections.
//!
//! Not here: the transport itself (see `runner`).

use fivewire_mqtt::v5::Event as Mqtt;
use fivewire_mqtt::{Error, Session};

use super::{Engine, Wish};
use crate::clock::earlier;
use crate::desk::Heard;
use crate::event::Cause;
use crate::options::Options;
use crate::protocol::Protocol;
use crate::stats::count;

/// Bytes that are read or written at a time.
pub(crate) const CHUNK: usize = 512;

/// Bytes that the transport gave and the connection has not taken.
pub(crate) struct Input {
    bytes: [u8; CHUNK],
    start: usize,
    end: usize,
}

impl Input {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; CHUNK],
            start: 0,
            end: 0,
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// To be read into, when it is empty.
    pub(crate) const fn room(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// So much was read.
    pub(crate) fn fill(&mut self, len: usize) {
        self.start = 0;
        self.end = len.min(CHUNK);
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }
}

/// What the runner has to do after a turn.
pub(crate) struct Turn {
    /// Bytes of output to write.
    pub(crate) len: usize,
    /// When to come again at the latest.
    pub(crate) next_ms: Option<u32>,
    /// The connection is at its end, once the output is written.
    pub(crate) over: Option<Cause>,
}

impl<
    V: Protocol,
    const RX: usize,
    const TX: usize,
    const IN_FLIGHT: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<V, RX, TX, IN_FLIGHT, INBOX, SUBSCRIPTIONS>
{
    /// Which runner is in charge.
    pub(crate) const fn is_run_by(&self, runner: u32) -> bool {
        self.runner == runner
    }

    /// A new runner takes charge; an earlier one, should there be one, has nothing to say any more.
    pub(crate) fn appoint(&mut self, now_ms: u32, response_time_ms: u32) -> u32 {
        self.hang_up(Cause::NoRunner, now_ms);
        self.time.kick = true;
        self.runner = self.runner.wrapping_add(1);
        self.has_runner = true;
        self.response_time_ms = response_time_ms;
        if self.wish == Wish::Closed {
            self.wish = Wish::On;
        }
        self.runner
    }

    /// The runner is gone.
    pub(crate) fn dismiss(&mut self, runner: u32) {
        if runner == self.runner {
            self.hang_up(Cause::NoRunner, self.time.now_ms);
            self.has_runner = false;
        }
    }

    /// An attempt to connect begins: a transport is being opened.
    pub(crate) fn reach_out(&mut self) {
        self.linked = true;
        self.over = None;
    }

    /// Whether a connection has to come first that only makes the broker forget.
    pub(crate) const fn has_to_wipe(&self, options: &Options<'_>) -> bool {
        V::CLEAN_ENDS && options.clean_init && !options.clean && !self.desk.known
    }

    /// The transport is open.
    pub(crate) fn connect(&mut self, now_ms: u32, options: &Options<'_>) -> Result<(), Error> {
        let clean = if self.desk.known {
            options.clean
        } else {
            options.clean_init
        };
        let (connection, session) = (&mut self.connection, &mut self.session);
        let options = if options.client_id.is_empty() {
            Options {
                client_id: &self.desk.assigned_id,
                ..*options
            }
        } else {
            *options
        };
        V::connect(connection, session, now_ms, &options, clean)
    }

    /// Time passes. When to come again at the latest, or why to give up what `expected` wishes were for.
    pub(crate) fn tick(&mut self, runner: u32, now_ms: u32, expected: &[Wish]) -> Result<Option<u32>, Cause> {
        self.time.tick(now_ms);
        if runner != self.runner {
            return Err(Cause::NoRunner);
        }
        if !expected.contains(&self.wish) {
            return Err(Cause::Asked);
        }
        self.pursue(now_ms);
        self.over.map_or(Ok(self.next_ms()), Err)
    }

    /// Everything that there is to do with a connection.
    pub(crate) fn turn(&mut self, runner: u32, now_ms: u32, input: &mut Input, output: &mut [u8]) -> Turn {
        self.time.tick(now_ms);
        if runner != self.runner || self.wish == Wish::Closed {
            let cause = if runner == self.runner {
                Cause::Asked
            } else {
                Cause::NoRunner
            };
            return Turn {
                len: 0,
                next_ms: None,
                over: Some(cause),
            };
        }
        self.take_input(now_ms, input);
        self.pursue(now_ms);
        if self.wish == Wish::Off && self.over.is_none() {
            V::disconnect(&mut self.connection, &mut self.session);
            self.over = Some(Cause::Asked);
        }
        Turn {
            len: self.give_output(output),
            next_ms: self.next_ms(),
            over: self.over,
        }
    }

    fn take_input(&mut self, now_ms: u32, input: &mut Input) {
        self.drain(now_ms);
        while self.over.is_none() && !input.is_empty() {
            let taken = self.connection.handle_input(now_ms, input.rest());
            if taken == 0 {
                return;
            }
            input.start += taken;
            count(&mut self.desk.stats.bytes_in, taken);
            self.probe.heard(now_ms);
            self.drain(now_ms);
        }
    }

    /// What is due by time, and what the application wants.
    fn pursue(&mut self, now_ms: u32) {
        self.connection.handle_timeout(&mut self.session, now_ms);
        self.drain(now_ms);
        if !self.is_up() {
            self.probe.fail();
            return;
        }
        if self.probe.pursue(now_ms, self.response_time_ms) {
            self.connection.ping(&mut self.session, now_ms);
        }
        let (connection, session) = (&mut self.connection, &mut self.session);
        self.desk.subscriptions.pursue(|filter, options| match options {
            Some(options) => V::subscribe(connection, session, now_ms, filter, options),
            None => V::unsubscribe(connection, session, now_ms, filter),
        });
    }

    /// Takes the connection's events, up to a message that has to wait.
    fn drain(&mut self, now_ms: u32) {
        while self.over.is_none()
            && let Some(event) = V::poll_event(&mut self.connection, &mut self.session)
        {
            self.time.changed = true;
            match self.desk.hear(event, now_ms) {
                Heard::Done => {}
                Heard::Keep => {
                    self.connection.keep_message();
                    return;
                }
                Heard::Acknowledge(id) => {
                    let _ = self.connection.acknowledge(&mut self.session, id);
                }
                Heard::Over(cause) => self.over = Some(cause),
            }
        }
    }

    /// Copies what is to be written. It counts as sent from here on: whether a transport that fails had it nobody knows.
    fn give_output(&mut self, output: &mut [u8]) -> usize {
        let waiting = self.connection.output(&self.session);
        let len = waiting.len().min(output.len());
        if let (Some(to), Some(from)) = (output.get_mut(..len), waiting.get(..len)) {
            to.copy_from_slice(from);
        }
        if len > 0 {
            self.connection.consume_output(&mut self.session, len);
            count(&mut self.desk.stats.bytes_out, len);
            // There may be room for a publish that waits.
            self.time.changed = true;
        }
        len
    }

    fn next_ms(&self) -> Option<u32> {
        let tasks = earlier(self.time.alarm_ms(), self.probe.deadline_ms());
        earlier(tasks, self.connection.poll_timeout(&self.session))
    }

    /// The transport is gone, or did not come about. How long the connection stood, if it did.
    pub(crate) fn hang_up(&mut self, cause: Cause, now_ms: u32) -> Option<u32> {
        if !self.linked {
            return None;
        }
        self.linked = false;
        self.over = None;
        let session = &self.session;
        self.desk
            .publishes
            .suspend(|packet_id| session.is_unsent(packet_id));
        self.connection.transport_closed(&mut self.session);
        self.probe.fail();
        self.time.changed = true;
        self.desk.ended(cause, now_ms)
    }

    /// Bytes of a connection that only makes the broker forget, on a session of its own.
    pub(crate) fn wipe_output<const T: usize>(
        &mut self,
        scratch: &mut Session<T, IN_FLIGHT>,
        output: &mut [u8],
    ) -> usize {
        let waiting = self.connection.output(scratch);
        let len = waiting.len().min(output.len());
        if let (Some(to), Some(from)) = (output.get_mut(..len), waiting.get(..len)) {
            to.copy_from_slice(from);
        }
        self.connection.consume_output(scratch, len);
        count(&mut self.desk.stats.bytes_out, len);
        len
    }

    /// Takes input of such a connection. True once the broker has forgotten; DISCONNECT is the next output then.
    pub(crate) fn wipe_input<const T: usize>(
        &mut self,
        scratch: &mut Session<T, IN_FLIGHT>,
        now_ms: u32,
        bytes: &[u8],
    ) -> Result<bool, Cause> {
        self.connection.handle_input(now_ms, bytes);
        count(&mut self.desk.stats.bytes_in, bytes.len());
        match V::poll_event(&mut self.connection, scratch) {
            Some(Mqtt::Connected { .. }) => {
                V::disconnect(&mut self.connection, scratch);
                self.desk.known = true;
                Ok(true)
            }
            Some(Mqtt::Refused { reason, .. }) => Err(Cause::Refused(reason)),
            Some(Mqtt::Lost(cause)) => Err(Cause::Lost(cause)),
            Some(_) | None => Ok(false),
        }
    }
}
