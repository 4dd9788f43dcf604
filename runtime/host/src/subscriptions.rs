//! The subscription table: what the application wants, and how far the bridge got with it. It outlives the link, so
//! that a bridge that forgot everything can be told again. Messages are kept in `inbox`.

use core::fmt;

use fivewire_wire::{QoS, Reason};
use heapless::{String, Vec};

use crate::inbox::Mask;
use crate::queue::MAX_PROPERTIES;
use crate::text::TextLimit;
use crate::topic::{MAX_TOPIC, is_valid_filter, matches};

/// Names a subscription until it is given up. Never the same twice, until 2^32 were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SubscriptionId(u32);

impl SubscriptionId {
    /// The number, for a log.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Why a subscription was not made, or is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SubscribeError {
    /// The table has no room; give one up first.
    Full,
    /// Not a filter that MQTT allows.
    FilterInvalid,
    /// The filter, or the properties, are longer than the spec allows.
    TooLong {
        /// Most bytes.
        max: usize,
    },
    /// The broker or the bridge refused it.
    Refused(Reason),
    /// Another unsubscription with properties is on its way.
    Busy,
    /// The bridge is one of the MicroPython system, and cannot be told this.
    NotInText(TextLimit),
    /// The host was closed.
    Closed,
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the subscription table is full"),
            Self::FilterInvalid => {
                f.write_str("not a topic filter: # must be the whole last level, + a whole level")
            }
            Self::TooLong { max } => write!(f, "filter or properties are longer than {max} bytes"),
            Self::Refused(reason) => write!(f, "the subscription was refused: {}", reason.name()),
            Self::Busy => f.write_str("another unsubscription with properties is on its way"),
            Self::NotInText(limit) => limit.fmt(f),
            Self::Closed => f.write_str("the host is closed"),
        }
    }
}

impl core::error::Error for SubscribeError {}

/// How far a subscription is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// Not known to this bridge yet.
    Wanted,
    /// The bridge has not answered yet.
    Asked,
    /// In force, with this quality of service.
    Granted(QoS),
    /// Refused. It is asked for again when a bridge has to be told everything anew.
    Refused(Reason),
    /// Being given up.
    Leaving,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Wanted,
    Asked { number: u8 },
    Granted(QoS),
    Refused(Reason),
    LeaveWanted,
    LeaveAsked { number: u8 },
}

#[derive(Debug)]
struct Entry {
    id: SubscriptionId,
    filter: String<MAX_TOPIC>,
    qos: QoS,
    stage: Stage,
    /// Some bridge was told once, so the broker may know it.
    told: bool,
}

impl Entry {
    fn is_live(&self) -> bool {
        !matches!(self.stage, Stage::LeaveWanted | Stage::LeaveAsked { .. })
    }
}

/// What to tell the bridge next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<'a> {
    Subscribe {
        place: usize,
        filter: &'a str,
        qos: QoS,
    },
    Unsubscribe {
        place: usize,
        filter: &'a str,
        properties: &'a [u8],
    },
}

/// What an answer of the bridge meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    Granted(SubscriptionId, QoS),
    Refused(SubscriptionId, Reason),
}

/// Up to `SUBSCRIPTIONS` (at most 32) subscriptions.
#[derive(Debug)]
pub(crate) struct Subscriptions<const SUBSCRIPTIONS: usize> {
    /// A subscription keeps its place until it ends; the inbox names it by that.
    places: Vec<Option<Entry>, SUBSCRIPTIONS>,
    next_id: u32,
    /// The properties of the unsubscription that has some, and its place.
    parting: Option<(usize, Vec<u8, MAX_PROPERTIES>)>,
}

impl<const SUBSCRIPTIONS: usize> Subscriptions<SUBSCRIPTIONS> {
    pub(crate) const fn new() -> Self {
        const { assert!(SUBSCRIPTIONS <= Mask::BITS as usize, "at most 32 subscriptions") };
        Self {
            places: Vec::new(),
            next_id: 0,
            parting: None,
        }
    }

    /// Notes a subscription down, or says why not.
    pub(crate) fn add(&mut self, filter: &str, qos: QoS) -> Result<SubscriptionId, SubscribeError> {
        if !is_valid_filter(filter) {
            return Err(SubscribeError::FilterInvalid);
        }
        let filter = String::try_from(filter).map_err(|_| SubscribeError::TooLong { max: MAX_TOPIC })?;
        let id = SubscriptionId(self.next_id);
        let entry = Entry {
            id,
            filter,
            qos,
            stage: Stage::Wanted,
            told: false,
        };
        match self.places.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(entry),
            None => self.places.push(Some(entry)).map_err(|_| SubscribeError::Full)?,
        }
        self.next_id = self.next_id.wrapping_add(1);
        Ok(id)
    }

    fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.places
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| entry.as_ref().map(|entry| (place, entry)))
    }

    fn entry_mut(&mut self, place: usize) -> Option<&mut Entry> {
        self.places.get_mut(place)?.as_mut()
    }

    fn place(&self, id: SubscriptionId) -> Option<usize> {
        self.entries()
            .find(|(_, entry)| entry.id == id)
            .map(|(place, _)| place)
    }

    /// The place of a subscription that has not been given up, as a set of one.
    pub(crate) fn mask(&self, id: SubscriptionId) -> Mask {
        self.entries()
            .find(|(_, entry)| entry.id == id && entry.is_live())
            .map_or(0, |(place, _)| 1 << place)
    }

    /// The places that a message published under `topic` belongs to.
    pub(crate) fn matching(&self, topic: &str) -> Mask {
        let matching = self
            .entries()
            .filter(|(_, entry)| entry.is_live() && matches(&entry.filter, topic));
        matching.fold(0, |mask, (place, _)| mask | 1 << place)
    }

    /// How far `id` is; none once it ended.
    pub(crate) fn state(&self, id: SubscriptionId) -> Option<SubscriptionState> {
        let (_, entry) = self.entries().find(|(_, entry)| entry.id == id)?;
        Some(match entry.stage {
            Stage::Wanted => SubscriptionState::Wanted,
            Stage::Asked { .. } => SubscriptionState::Asked,
            Stage::Granted(qos) => SubscriptionState::Granted(qos),
            Stage::Refused(reason) => SubscriptionState::Refused(reason),
            Stage::LeaveWanted | Stage::LeaveAsked { .. } => SubscriptionState::Leaving,
        })
    }

    /// Gives `id` up. It keeps its place until the bridge confirmed, unless the bridge need not be told: because it
    /// never was, because it refused it, or because another subscription has the same filter.
    pub(crate) fn leave(&mut self, id: SubscriptionId) {
        let Some(place) = self.place(id) else { return };
        let shared = self.is_shared(place);
        let Some(entry) = self.entry_mut(place) else {
            return;
        };
        if shared || !entry.told || matches!(entry.stage, Stage::Refused(_)) {
            self.free(place);
        } else if entry.is_live() {
            entry.stage = Stage::LeaveWanted;
        }
    }

    /// As [`leave`](Self::leave), with properties for the broker, should it have to be told.
    pub(crate) fn leave_with(&mut self, id: SubscriptionId, properties: &[u8]) -> Result<(), SubscribeError> {
        let properties =
            Vec::from_slice(properties).map_err(|_| SubscribeError::TooLong { max: MAX_PROPERTIES })?;
        if self.parting.is_some() {
            return Err(SubscribeError::Busy);
        }
        let Some(place) = self.place(id) else {
            return Ok(());
        };
        self.leave(id);
        self.parting = self.place(id).map(|_| (place, properties));
        Ok(())
    }

    /// Gives up a filter that this table does not know, because an earlier life of the host left it in the broker's session.
    pub(crate) fn leave_filter(&mut self, filter: &str, properties: &[u8]) -> Result<(), SubscribeError> {
        if self.parting.is_some() {
            return Err(SubscribeError::Busy);
        }
        let id = self.add(filter, QoS::AtMostOnce)?;
        if let Some(entry) = self.places.iter_mut().flatten().find(|entry| entry.id == id) {
            entry.told = true;
        }
        self.leave_with(id, properties).inspect_err(|_| {
            self.places
                .iter_mut()
                .for_each(|place| _ = place.take_if(|entry| entry.id == id))
        })
    }

    fn is_shared(&self, place: usize) -> bool {
        let Some(Some(own)) = self.places.get(place) else {
            return false;
        };
        self.entries()
            .any(|(other, entry)| other != place && entry.is_live() && entry.filter == own.filter)
    }

    fn free(&mut self, place: usize) {
        if let Some(entry) = self.places.get_mut(place) {
            *entry = None;
        }
        self.parting.take_if(|(of, _)| *of == place);
    }

    /// Ends what was given up without a word: this bridge cannot be told.
    pub(crate) fn leave_silently(&mut self) {
        for place in 0..self.places.len() {
            if self.entries().any(|(at, entry)| at == place && !entry.is_live()) {
                self.free(place);
            }
        }
    }

    /// What the bridge does not know yet. What is left goes first: a filter may have been subscribed again since.
    pub(crate) fn next(&self) -> Option<Next<'_>> {
        let left = self
            .entries()
            .find(|(_, entry)| entry.stage == Stage::LeaveWanted);
        let (place, entry) =
            left.or_else(|| self.entries().find(|(_, entry)| entry.stage == Stage::Wanted))?;
        Some(if entry.is_live() {
            Next::Subscribe {
                place,
                filter: &entry.filter,
                qos: entry.qos,
            }
        } else {
            let parting = self.parting.as_ref().filter(|(of, _)| *of == place);
            Next::Unsubscribe {
                place,
                filter: &entry.filter,
                properties: parting.map_or(&[], |(_, properties)| properties),
            }
        })
    }

    /// The bridge was told, by frame `number`.
    pub(crate) fn told(&mut self, place: usize, number: u8) {
        let Some(entry) = self.entry_mut(place) else {
            return;
        };
        entry.told = true;
        entry.stage = if entry.is_live() {
            Stage::Asked { number }
        } else {
            Stage::LeaveAsked { number }
        };
    }

    /// The bridge answered frame `number`, a subscription. None when nothing waits for that.
    pub(crate) fn answer(&mut self, number: u8, granted: QoS, reason: Reason) -> Option<Answered> {
        let asked = |entry: &Entry| entry.stage == Stage::Asked { number };
        let entry = self.places.iter_mut().flatten().find(|entry| asked(entry))?;
        Some(if reason == Reason::None {
            entry.stage = Stage::Granted(granted);
            Answered::Granted(entry.id, granted)
        } else {
            entry.stage = Stage::Refused(reason);
            Answered::Refused(entry.id, reason)
        })
    }

    /// The bridge answered frame `number`, an unsubscription: it ended. False when nothing waits for that.
    pub(crate) fn left(&mut self, number: u8) -> bool {
        let place = self
            .entries()
            .find(|(_, entry)| entry.stage == Stage::LeaveAsked { number });
        place
            .map(|(place, _)| place)
            .map(|place| self.free(place))
            .is_some()
    }

    /// The bridge gave frame `number` back for a reason that passes; it is told again. False when nothing waits for
    /// that.
    pub(crate) fn give_back(&mut self, number: u8) -> bool {
        let waits = |entry: &&mut Entry| matches!(entry.stage, Stage::Asked { number: n } | Stage::LeaveAsked { number: n } if n == number);
        self.places
            .iter_mut()
            .flatten()
            .find(waits)
            .map(Entry::tell_again)
            .is_some()
    }

    /// The bridge forgot everything: all that is wanted is asked for again, and what was left is left again, because
    /// the broker may have kept it.
    pub(crate) fn give_back_all(&mut self) {
        self.places.iter_mut().flatten().for_each(Entry::tell_again);
    }
}

impl Entry {
    fn tell_again(&mut self) {
        self.stage = if self.is_live() {
            Stage::Wanted
        } else {
            Stage::LeaveWanted
        };
    }
}
