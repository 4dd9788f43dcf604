//! Commands that the application sends itself (`memory`, `ping`, `restart`, any other), each with a deadline, until
//! their replies were taken. Publications, subscriptions and the time of day have books of their own.

use core::fmt;

use fivewire_wire::command::Command;
use fivewire_wire::reply::Reply;
use fivewire_wire::{EncodeError, OnOutage, Reason, Writer};
use heapless::Vec;

use crate::bytes::Bytes;
use crate::time::{earlier, reached};

/// Most commands under way at a time.
const CALLS: usize = 8;
/// Most bytes of them in all. Commands that can be long are not among them: they have books of their own.
const BYTES: usize = 256;
/// How long a command may take when the spec does not say so, in milliseconds.
const TIMEOUT_MS: u32 = 20_000;

/// Names a command under way until its outcome was taken. Counts up and wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallId(u32);

/// Why a command had no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// Too many commands are under way.
    Busy,
    /// The bridge is older than the command.
    Unsupported,
    /// The host keeps the books of this command itself; use its own method.
    Reserved,
    /// A field is beyond the spec's bounds.
    Invalid(EncodeError),
    /// The bridge is not there, and the spec says that this command does not wait.
    Down,
    /// No reply came within the spec's time, waiting for the bridge included.
    TimedOut,
    /// The bridge was lost while it had the command, and the spec allows no (further) retry.
    LinkLost,
    /// The bridge did not understand it, and why.
    Refused(Reason),
    /// The host was closed.
    Closed,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too many commands are under way"),
            Self::Unsupported => f.write_str("the bridge is older than this command"),
            Self::Reserved => f.write_str("the host sends this command itself; use its own method"),
            Self::Invalid(error) => error.fmt(f),
            Self::Down => f.write_str("the bridge is not there now"),
            Self::TimedOut => f.write_str("the bridge did not answer in time"),
            Self::LinkLost => f.write_str("the bridge was lost meanwhile"),
            Self::Refused(reason) => write!(f, "the bridge refused it: {}", reason.name()),
            Self::Closed => f.write_str("the host is closed"),
        }
    }
}

impl core::error::Error for CallError {}

/// How a command ended; a one-way command has no reply.
pub type CallResult = Result<Option<Reply>, CallError>;

#[derive(Clone, Copy, Debug)]
enum Place {
    Waiting,
    AtBridge { number: u8 },
    Done(CallResult),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    id: CallId,
    since: u8,
    one_way: bool,
    retries: u8,
    deadline: u32,
    /// Bytes of the body; 0 once it will not be sent again.
    len: u16,
    place: Place,
}

/// A command to send.
#[derive(Debug)]
pub(crate) struct Next<'a> {
    pub(crate) index: usize,
    pub(crate) body: &'a [u8],
    pub(crate) since: u8,
}

/// The commands under way.
#[derive(Debug)]
pub(crate) struct Calls {
    entries: Vec<Entry, CALLS>,
    bytes: Bytes<BYTES>,
    next_id: u32,
}

impl Calls {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            bytes: Bytes::new(),
            next_id: 0,
        }
    }

    /// Takes a command in, or says why not. `is_up`: the bridge can take commands now.
    pub(crate) fn accept(
        &mut self,
        now: u32,
        command: &Command<'_>,
        is_up: bool,
    ) -> Result<CallId, CallError> {
        if is_reserved(command) {
            return Err(CallError::Reserved);
        }
        let info = command.info();
        if !is_up && info.on_outage == Some(OnOutage::Fail) {
            return Err(CallError::Down);
        }
        if self.entries.is_full() {
            return Err(CallError::Busy);
        }
        let len = self.store(command)?;
        let entry = Entry {
            id: CallId(self.next_id),
            since: info.since,
            one_way: info.one_way,
            retries: info.retry,
            deadline: now.wrapping_add(info.timeout_ms.unwrap_or(TIMEOUT_MS)),
            len,
            place: Place::Waiting,
        };
        self.entries.push(entry).map_err(|_| CallError::Busy)?;
        self.next_id = self.next_id.wrapping_add(1);
        Ok(entry.id)
    }

    fn store(&mut self, command: &Command<'_>) -> Result<u16, CallError> {
        let stored = self.bytes.push_with(|room| {
            let mut writer = Writer::new(room);
            command.encode(&mut writer)?;
            Ok(writer.len())
        });
        match stored {
            Ok(len) => Ok(len as u16),
            // Where nothing else is in the way it never fits.
            Err(EncodeError::Full) if self.bytes.free() < BYTES => Err(CallError::Busy),
            Err(error) => Err(CallError::Invalid(error)),
        }
    }

    fn start(&self, index: usize) -> usize {
        self.entries
            .iter()
            .take(index)
            .map(|entry| usize::from(entry.len))
            .sum()
    }

    /// The command to send next.
    pub(crate) fn next(&self) -> Option<Next<'_>> {
        let index = self
            .entries
            .iter()
            .position(|entry| matches!(entry.place, Place::Waiting))?;
        let entry = self.entries.get(index)?;
        Some(Next {
            index,
            body: self.bytes.get(self.start(index), entry.len.into()),
            since: entry.since,
        })
    }

    /// The link took the one at `index` as its frame `number`.
    pub(crate) fn sent(&mut self, index: usize, number: u8) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        if entry.one_way {
            self.finish(index, Ok(None));
        } else {
            entry.place = Place::AtBridge { number };
        }
    }

    /// The one at `index` cannot be sent.
    pub(crate) fn fail(&mut self, index: usize, error: CallError) {
        self.finish(index, Err(error));
    }

    /// The bridge answered frame `number`. False when no command waits for that.
    pub(crate) fn answer(&mut self, number: u8, result: CallResult) -> bool {
        let waits = |entry: &Entry| matches!(entry.place, Place::AtBridge { number: sent } if sent == number);
        let index = self.entries.iter().position(waits);
        index.map(|index| self.finish(index, result)).is_some()
    }

    /// The bridge forgot everything: what it had is sent again if the spec allows, or fails.
    pub(crate) fn link_lost(&mut self) {
        for index in (0..self.entries.len()).rev() {
            let Some(entry) = self.entries.get_mut(index) else {
                continue;
            };
            let Place::AtBridge { .. } = entry.place else {
                continue;
            };
            match entry.retries.checked_sub(1) {
                Some(left) => (entry.retries, entry.place) = (left, Place::Waiting),
                None => self.finish(index, Err(CallError::LinkLost)),
            }
        }
    }

    /// Ends those whose time is up. True when there were any.
    pub(crate) fn expire(&mut self, now: u32) -> bool {
        self.fail_where(CallError::TimedOut, |entry| reached(now, entry.deadline))
    }

    /// Ends all.
    pub(crate) fn close(&mut self) {
        self.fail_where(CallError::Closed, |_| true);
    }

    fn fail_where(&mut self, error: CallError, which: impl Fn(&Entry) -> bool) -> bool {
        let mut any = false;
        for index in (0..self.entries.len()).rev() {
            let open = |entry: &&Entry| !matches!(entry.place, Place::Done(_)) && which(entry);
            if self.entries.get(index).filter(open).is_some() {
                self.finish(index, Err(error));
                any = true;
            }
        }
        any
    }

    /// When the next one's time is up.
    pub(crate) fn next_deadline(&self, now: u32) -> Option<u32> {
        let open = self
            .entries
            .iter()
            .filter(|entry| !matches!(entry.place, Place::Done(_)));
        open.fold(None, |first, entry| earlier(now, first, Some(entry.deadline)))
    }

    fn finish(&mut self, index: usize, result: CallResult) {
        let start = self.start(index);
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        self.bytes.remove(start, entry.len.into());
        entry.len = 0;
        entry.place = Place::Done(result);
    }

    fn index_of(&self, id: CallId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id)
    }

    /// The outcome of `id`, once.
    pub(crate) fn take(&mut self, id: CallId) -> Option<CallResult> {
        let index = self.index_of(id)?;
        let Place::Done(result) = self.entries.get(index)?.place else {
            return None;
        };
        self.entries.remove(index);
        Some(result)
    }

    /// Nobody waits for the outcome of `id` any longer: it is not sent if it has not been.
    pub(crate) fn forget(&mut self, id: CallId) {
        let Some(index) = self.index_of(id) else { return };
        self.finish(index, Err(CallError::Closed));
        self.entries.remove(index);
    }
}

/// True for commands whose books the host keeps.
fn is_reserved(command: &Command<'_>) -> bool {
    let info = command.info();
    let books = matches!(
        command,
        Command::Publish(_)
            | Command::Release(_)
            | Command::Complete(_)
            | Command::Unsubscribe(_)
            | Command::Accept(_)
            | Command::JoinNetwork(_)
    );
    books || info.replay
}
