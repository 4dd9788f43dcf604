//! The delivery contract, held against everything that happens: each publication the host accepted, each message
//! the broker had, and what became of it. It only judges; what happens is the world's business.
//!
//! A payload names its message: a letter, a number, and bytes that follow from both, all 256 values among them.

use std::collections::BTreeMap;

use fivewire_host::{MessageView, Publish, PublishId, Receipt, SubscriptionId};
use fivewire_wire::QoS;

use crate::broker::{Message, matches};

/// Why a run failed.
pub type Verdict = Result<(), String>;

/// A publication of the host's application.
#[derive(Debug)]
struct Publication {
    message: Message,
    latest_only: bool,
    /// Virtual time before which it must not expire.
    expires_ms: Option<u64>,
    receipt: Option<Receipt>,
    /// Times it came to the broker, those left out that the broker knew for repetitions.
    arrived: u32,
    /// The session of the broker in which it came last.
    session: u32,
    /// The packet identifier it came under; 0 before it did.
    packet_id: u16,
    /// The host that had it is gone, and nobody waits for its receipt.
    orphan: bool,
}

/// A message of another client of the broker.
#[derive(Debug)]
struct Parcel {
    message: Message,
    /// How often each subscription took it.
    taken: BTreeMap<u32, u32>,
    /// How often it came as the topic's retained message.
    retained: u32,
    /// A host that restarted had it, so that it may come again unflagged and whatever its QoS.
    orphan: bool,
    /// The broker promised to deliver it.
    promised: bool,
    acknowledged: u32,
}

/// A subscription of the application.
#[derive(Debug)]
struct Subscribed {
    filter: String,
    qos: QoS,
    /// The first message that was sent after it was made. Of earlier ones it may see some, in any order.
    since: usize,
}

/// How a run went, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Publications that the host accepted.
    pub accepted: u32,
    /// Of those, with the receipt `Delivered`.
    pub delivered: u32,
    /// With the receipt `Expired`.
    pub expired: u32,
    /// With the receipt `Superseded`.
    pub superseded: u32,
    /// With the receipt `Rejected`.
    pub rejected: u32,
    /// Without receipt, because the host itself restarted.
    pub orphaned: u32,
    /// Publications that came to the broker, repetitions included.
    pub arrived: u32,
    /// Messages that other clients published.
    pub sent: u32,
    /// Messages that the application took, repetitions included.
    pub taken: u32,
    /// Messages acknowledged to the broker.
    pub acknowledged: u32,
}

impl Parcel {
    /// What is wrong with the message that the application took.
    fn fault(&self, message: &MessageView<'_>, by: &Subscribed, alone: bool) -> Option<&'static str> {
        let own = self.message.qos;
        let Message {
            topic,
            payload,
            properties,
            ..
        } = &self.message;
        if (topic.as_str(), &payload[..], &properties[..])
            != (message.topic, message.payload, message.properties)
        {
            Some("changed on its way to the application")
        } else if !matches(&by.filter, message.topic) {
            Some("came by a subscription of another topic")
        } else if message.qos.number() > own || (alone && message.qos.number() != own.min(by.qos.number())) {
            Some("came with another QoS than its own")
        } else if message.retained && !self.message.retain {
            Some("came as retained and was not")
        } else {
            None
        }
    }

    /// Counts it; true when this subscription took it before. A retained message comes as often as the filter is
    /// subscribed again, and besides the copy that came when it was published.
    fn count(&mut self, id: SubscriptionId, message: &MessageView<'_>) -> bool {
        if message.retained {
            self.retained += 1;
            return false;
        }
        let times = self.taken.entry(id.number()).or_default();
        *times += 1;
        *times > 1
    }
}

/// The books.
#[derive(Debug, Default)]
pub struct Ledger {
    publications: Vec<Publication>,
    open: BTreeMap<u32, usize>,
    parcels: Vec<Parcel>,
    /// The last first arrival per topic, QoS (1 and 2) and direction.
    last_out: BTreeMap<(String, u8), usize>,
    last_in: BTreeMap<(u32, String, u8), usize>,
    /// Which publication came last under each packet identifier.
    packet_ids: BTreeMap<u16, usize>,
    /// How often the broker had no session for the bridge.
    sessions: u32,
    /// What the application is subscribed to.
    filters: BTreeMap<u32, Subscribed>,
    /// Filters that it gave up, or that a host had that is gone.
    former: Vec<String>,
    tally: Tally,
}

/// Out of the host.
const OUT: char = 'o';
/// Into the host.
const IN: char = 'i';

fn payload(letter: char, number: usize, length: usize) -> Vec<u8> {
    let mut bytes = format!("{letter}{number}:").into_bytes();
    let start = bytes.len();
    bytes.extend((start..length).map(|at| (at as u8).wrapping_mul(37).wrapping_add(number as u8)));
    bytes
}

fn number(letter: char, payload: &[u8]) -> Option<usize> {
    let head = payload.split(|byte| *byte == b':').next()?;
    std::str::from_utf8(head).ok()?.strip_prefix(letter)?.parse().ok()
}

impl Ledger {
    /// The numbers so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Publications without a receipt.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }

    // ------------------------------------------------------------------------------------------- host to broker

    /// The payload of the next publication, at least `length` bytes.
    #[must_use]
    pub fn next_payload(&self, length: usize) -> Vec<u8> {
        payload(OUT, self.publications.len(), length)
    }

    /// The host accepted a publication.
    pub fn accepted(
        &mut self,
        id: PublishId,
        message: Message,
        expires_ms: Option<u64>,
        latest_only: bool,
    ) -> Verdict {
        let index = self.publications.len();
        self.tally.accepted += 1;
        self.publications.push(Publication {
            message,
            latest_only,
            expires_ms,
            receipt: None,
            arrived: 0,
            session: 0,
            packet_id: 0,
            orphan: false,
        });
        match self.open.insert(id.number(), index) {
            None => Ok(()),
            Some(other) => Err(format!("publications {other} and {index} have the same id")),
        }
    }

    /// The application took a receipt.
    pub fn receipt(&mut self, now_ms: u64, id: PublishId, receipt: Receipt) -> Verdict {
        let found = self.open.remove(&id.number());
        let index = found.ok_or(format!("a second receipt for id {}: {receipt}", id.number()))?;
        let Some(publication) = self.publications.get_mut(index) else {
            return Ok(());
        };
        publication.receipt = Some(receipt);
        let fault = match receipt {
            Receipt::Delivered => {
                self.tally.delivered += 1;
                (publication.message.qos > 0 && publication.arrived == 0)
                    .then_some("the broker does not have it")
            }
            Receipt::Expired => {
                self.tally.expired += 1;
                (publication.expires_ms.is_none_or(|at| now_ms < at))
                    .then_some("its time to live was not over")
            }
            Receipt::Superseded => {
                self.tally.superseded += 1;
                (!publication.latest_only).then_some("every one of its kind counts")
            }
            // Without a connection a QoS 0 publication is lost, as it may be; nothing else is ever refused here.
            Receipt::Rejected(_) => {
                self.tally.rejected += 1;
                (publication.message.qos > 0).then_some("there is nothing wrong with it")
            }
        };
        fault.map_or(Ok(()), |fault| {
            Err(format!("publication {index}: receipt {receipt}, but {fault}"))
        })
    }

    /// The host restarted and forgot what it had.
    pub fn host_restarted(&mut self) {
        for index in std::mem::take(&mut self.open).into_values() {
            if let Some(publication) = self.publications.get_mut(index) {
                publication.orphan = true;
                self.tally.orphaned += 1;
            }
        }
        for parcel in &mut self.parcels {
            parcel.orphan = true;
        }
        self.former.extend(
            std::mem::take(&mut self.filters)
                .into_values()
                .map(|subscribed| subscribed.filter),
        );
    }

    /// The broker has no session for the bridge, or had to forget it: packet identifiers mean nothing any more.
    pub fn session_lost(&mut self) {
        self.sessions += 1;
    }

    /// The broker got a publication, under this packet identifier (0 with QoS 0). `again`: it knew it for a repetition.
    pub fn arrived(&mut self, message: &Message, packet_id: u16, again: bool) -> Verdict {
        self.tally.arrived += 1;
        let stranger = "the broker got a publication that nobody made";
        let index = number(OUT, &message.payload).ok_or(stranger)?;
        let publication = self.publications.get(index).ok_or(stranger)?;
        if publication.message != *message {
            return Err(format!("publication {index} changed on its way to the broker"));
        }
        self.check_packet_id(index, publication, packet_id)?;
        self.packet_ids.insert(packet_id, index);
        let Some(publication) = self.publications.get_mut(index) else {
            return Ok(());
        };
        publication.packet_id = packet_id;
        let first = publication.arrived == 0;
        if message.qos == 2 && !again && !first && publication.session == self.sessions {
            return Err(format!("publication {index}, exactly once, came twice"));
        }
        publication.session = self.sessions;
        publication.arrived += u32::from(!again);
        if first && message.qos > 0 {
            self.check_order(index, message)
        } else {
            Ok(())
        }
    }

    /// A publication keeps its packet identifier, and shares it with none that is under way.
    fn check_packet_id(&self, index: usize, publication: &Publication, packet_id: u16) -> Verdict {
        if packet_id == 0 {
            return Ok(());
        }
        if publication.packet_id != 0 && publication.packet_id != packet_id {
            return Err(format!(
                "publication {index} came as packet {packet_id}, before as {}",
                publication.packet_id
            ));
        }
        let other = self.packet_ids.get(&packet_id).filter(|other| **other != index);
        let open = |other: &usize| {
            let other = self.publications.get(*other);
            other.is_some_and(|other| other.receipt.is_none() && !other.orphan)
        };
        match other.filter(|other| open(other)) {
            Some(other) => Err(format!(
                "publications {other} and {index} are both packet {packet_id}"
            )),
            None => Ok(()),
        }
    }

    fn check_order(&mut self, index: usize, message: &Message) -> Verdict {
        let key = (message.topic.clone(), message.qos);
        match self.last_out.insert(key, index) {
            Some(last) if last > index => Err(format!(
                "publication {index} came to the broker after {last} of the same topic"
            )),
            Some(_) | None => Ok(()),
        }
    }

    // ------------------------------------------------------------------------------------------- broker to host

    /// The application subscribed.
    pub fn subscribed(&mut self, id: SubscriptionId, filter: &str, qos: QoS) {
        let (filter, since) = (filter.to_owned(), self.parcels.len());
        self.filters
            .insert(id.number(), Subscribed { filter, qos, since });
    }

    /// The application gave a subscription up.
    pub fn unsubscribed(&mut self, id: SubscriptionId) {
        self.former.extend(
            self.filters
                .remove(&id.number())
                .map(|subscribed| subscribed.filter),
        );
    }

    /// Another client publishes; this is the message.
    pub fn send(
        &mut self,
        topic: &str,
        length: usize,
        qos: u8,
        retain: bool,
        properties: Vec<u8>,
    ) -> Message {
        let payload = payload(IN, self.parcels.len(), length);
        let message = Message {
            topic: topic.to_owned(),
            payload,
            qos,
            retain,
            properties,
        };
        self.parcels.push(Parcel {
            message: message.clone(),
            taken: BTreeMap::new(),
            retained: 0,
            orphan: false,
            promised: false,
            acknowledged: 0,
        });
        self.tally.sent += 1;
        message
    }

    /// The broker has the last message for a client, at least once.
    pub fn promised(&mut self) {
        if let Some(parcel) = self.parcels.last_mut() {
            parcel.promised = true;
        }
    }

    /// The broker forgot what it had for its clients.
    pub fn forgotten(&mut self) {
        self.session_lost();
        for parcel in self.parcels.iter_mut().filter(|parcel| parcel.acknowledged == 0) {
            parcel.promised = false;
        }
    }

    /// The application took a message by one of its subscriptions.
    pub fn taken(&mut self, id: SubscriptionId, message: &MessageView<'_>) -> Verdict {
        self.tally.taken += 1;
        let stranger = || "the application got a message that nobody sent".to_owned();
        let index = number(IN, message.payload).ok_or_else(stranger)?;
        let parcel = self.parcels.get_mut(index).ok_or_else(stranger)?;
        let by = self
            .filters
            .get(&id.number())
            .ok_or("a subscription that was given up got a message")?;
        let alone = self.filters.len() == 1 && self.former.is_empty();
        let fault = parcel.fault(message, by, alone);
        let again = parcel.count(id, message) && !parcel.orphan;
        let order = if again || message.qos == QoS::AtMostOnce || message.retained || index < by.since {
            None
        } else {
            self.last_in
                .insert(
                    (id.number(), message.topic.to_owned(), message.qos.number()),
                    index,
                )
                .filter(|last| *last > index)
        };
        match (fault, order) {
            (Some(fault), _) => Err(format!("message {index} {fault}")),
            (None, Some(last)) => Err(format!(
                "message {index} came to the application after {last} of one topic"
            )),
            (None, None) if again && !message.dup && message.qos == QoS::AtLeastOnce => {
                Err(format!("message {index} came again without being flagged"))
            }
            (None, None) if again && message.qos == QoS::ExactlyOnce => {
                Err(format!("message {index}, exactly once, came twice"))
            }
            (None, None) => Ok(()),
        }
    }

    /// The broker was told that a message arrived.
    pub fn acknowledged(&mut self, message: &Message) -> Verdict {
        self.tally.acknowledged += 1;
        let Some(index) = number(IN, &message.payload) else {
            return Ok(());
        };
        let Some(parcel) = self.parcels.get_mut(index) else {
            return Ok(());
        };
        parcel.acknowledged += 1;
        if parcel.retained > 0 || self.former.iter().any(|filter| matches(filter, &message.topic)) {
            return Ok(());
        }
        let wanted = self
            .filters
            .iter()
            .filter(|(_, by)| by.since <= index && matches(&by.filter, &message.topic));
        match wanted.into_iter().find(|(id, _)| !parcel.taken.contains_key(id)) {
            None => Ok(()),
            Some((_, by)) => Err(format!(
                "message {index} was acknowledged to the broker, and the subscription {} did not take it",
                by.filter
            )),
        }
    }

    /// The run is over and everything should have ended.
    pub fn finish(&self) -> Verdict {
        let without = |publication: &Publication| publication.receipt.is_none() && !publication.orphan;
        if let Some(index) = self.publications.iter().position(without) {
            return Err(format!("publication {index} has no receipt"));
        }
        let lost = |parcel: &Parcel| parcel.promised && parcel.taken.is_empty() && parcel.retained == 0;
        let wanted = |parcel: &Parcel| {
            !self
                .former
                .iter()
                .any(|filter| matches(filter, &parcel.message.topic))
        };
        match self
            .parcels
            .iter()
            .position(|parcel| lost(parcel) && wanted(parcel))
        {
            None => Ok(()),
            Some(index) => Err(format!("message {index} never came to the application")),
        }
    }

    /// How often a message of another client came to the application, by all its subscriptions.
    #[must_use]
    pub fn times_taken(&self, number: usize) -> u32 {
        self.parcels
            .get(number)
            .map_or(0, |parcel| parcel.taken.values().sum())
    }

    /// Messages of other clients that never came to the application, from this number on. Whoever asks knows from
    /// when on the application was subscribed.
    #[must_use]
    pub fn never_taken(&self, from: u32) -> Vec<usize> {
        let never = |parcel: &Parcel| parcel.taken.is_empty() && parcel.retained == 0;
        let parcels = self.parcels.iter().enumerate().skip(from as usize);
        parcels
            .filter(|(_, parcel)| never(parcel))
            .map(|(index, _)| index)
            .collect()
    }
}

/// The options of a publication, from the seed's choices.
pub(crate) fn options(qos: u8, retain: bool, ttl_ms: Option<u32>, latest_only: bool) -> Publish {
    let mut options = match qos {
        0 => Publish::qos0(),
        1 => Publish::qos1(),
        _ => Publish::qos2(),
    };
    if retain {
        options = options.retain();
    }
    if let Some(ms) = ttl_ms {
        options = options.ttl(std::time::Duration::from_millis(ms.into()));
    }
    if latest_only {
        options = options.latest_only();
    }
    options
}

#[cfg(test)]
mod tests;
