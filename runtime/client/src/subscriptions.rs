//! The filters that the application wants, and what the broker said to each: what is wanted is asked for until the
//! two agree.
//!
//! Not here: the requests on their way, which the session keeps over connections, and messages (see `inbox`).

use core::fmt;

use fivewire_mqtt::v5::{ReasonCode, SubscriptionOptions};
use fivewire_mqtt::{Error, PacketId, QoS};
use heapless::{String, Vec};

/// Longest topic filter, in bytes.
pub const MAX_FILTER: usize = 128;

/// How far a subscription is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// The broker has not answered.
    Asked,
    /// The broker granted it, with this quality of service at most.
    Granted(QoS),
    /// The broker refused it. It is not asked again, unless the application subscribes again.
    Refused(ReasonCode),
}

/// Why there is no subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeError {
    /// The broker does not grant it. The connection stays.
    Refused(ReasonCode),
    /// Someone unsubscribed the filter meanwhile.
    Unsubscribed,
    /// Not a topic filter, or longer than [`MAX_FILTER`].
    Invalid(Error),
    /// The table is full.
    Full,
    /// The client was closed.
    Closed,
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) => write!(f, "the broker refused: {reason}"),
            Self::Unsubscribed => f.write_str("unsubscribed meanwhile"),
            Self::Invalid(error) => error.fmt(f),
            Self::Full => f.write_str("the table of subscriptions is full"),
            Self::Closed => f.write_str("the client is closed"),
        }
    }
}

impl core::error::Error for SubscribeError {}

#[derive(Debug)]
struct Entry {
    filter: String<MAX_FILTER>,
    /// None: it is to go.
    wanted: Option<SubscriptionOptions>,
    /// The request on its way.
    asked: Option<PacketId>,
    /// The broker was not asked for what is wanted now.
    due: bool,
    answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    None,
    Granted(QoS),
    Refused(ReasonCode),
}

impl Entry {
    const fn is_settled(&self) -> bool {
        self.asked.is_none() && !self.due
    }

    /// Wanted, and refused for good.
    fn is_refused(&self) -> bool {
        self.is_settled() && matches!(self.answer, Answer::Refused(_))
    }

    const fn state(&self) -> SubscriptionState {
        match self.answer {
            Answer::Granted(qos) if self.is_settled() => SubscriptionState::Granted(qos),
            Answer::Refused(reason) if self.is_settled() => SubscriptionState::Refused(reason),
            Answer::Granted(_) | Answer::Refused(_) | Answer::None => SubscriptionState::Asked,
        }
    }
}

/// At most `N` filters.
#[derive(Debug)]
pub(crate) struct Subscriptions<const N: usize> {
    entries: Vec<Entry, N>,
}

impl<const N: usize> Subscriptions<N> {
    pub(crate) const NEW: Self = Self { entries: Vec::new() };

    fn find(&self, filter: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.filter == filter)
    }

    /// The filter is to be subscribed (`options`), or not.
    pub(crate) fn want(
        &mut self,
        filter: &str,
        options: Option<SubscriptionOptions>,
    ) -> Result<(), SubscribeError> {
        let position = match self.find(filter) {
            Some(position) => position,
            None => self.insert(filter)?,
        };
        if let Some(entry) = self.entries.get_mut(position) {
            entry.wanted = options;
            entry.due = true;
            entry.answer = Answer::None;
        }
        Ok(())
    }

    /// A place for a new filter; one that was refused and not looked at makes room.
    fn insert(&mut self, filter: &str) -> Result<usize, SubscribeError> {
        let filter = String::try_from(filter).map_err(|_| SubscribeError::Invalid(Error::TooLarge))?;
        if self.entries.is_full()
            && let Some(position) = self.entries.iter().position(Entry::is_refused)
        {
            self.entries.swap_remove(position);
        }
        let entry = Entry {
            filter,
            wanted: None,
            asked: None,
            due: false,
            answer: Answer::None,
        };
        self.entries.push(entry).map_err(|_| SubscribeError::Full)?;
        Ok(self.entries.len() - 1)
    }

    /// Asks the broker for everything that is due, as far as `ask` takes it.
    pub(crate) fn pursue(
        &mut self,
        mut ask: impl FnMut(&str, Option<SubscriptionOptions>) -> Result<PacketId, Error>,
    ) {
        let due = |entry: &&mut Entry| entry.due && entry.asked.is_none();
        for entry in self.entries.iter_mut().filter(due) {
            match ask(&entry.filter, entry.wanted) {
                Ok(packet_id) => {
                    entry.asked = Some(packet_id);
                    entry.due = false;
                }
                Err(Error::NoRoom | Error::NotConnected) => {}
                Err(error) => {
                    entry.due = false;
                    entry.answer = Answer::Refused(why(error));
                }
            }
        }
        self.entries
            .retain(|entry| entry.wanted.is_some() || !entry.is_settled());
    }

    /// The broker answered a request. The reason comes back when a subscription is lost by it that was granted before.
    pub(crate) fn answered(&mut self, packet_id: PacketId, reason: ReasonCode) -> Option<ReasonCode> {
        let asked = |entry: &&mut Entry| entry.asked == Some(packet_id);
        let entry = self.entries.iter_mut().find(asked)?;
        entry.asked = None;
        let before = entry.answer;
        if !entry.due {
            entry.answer = match QoS::from_number(reason.number()) {
                Some(qos) => Answer::Granted(qos),
                None => Answer::Refused(reason),
            };
        }
        let lost = matches!((before, entry.answer), (Answer::Granted(_), Answer::Refused(_)));
        self.entries
            .retain(|entry| entry.wanted.is_some() || !entry.is_settled());
        lost.then_some(reason)
    }

    /// A connection stands. When the broker does not have the session, all that was granted is due again; what is on its
    /// way is sent again by the session.
    pub(crate) fn restart(&mut self, session_present: bool) {
        for entry in self.entries.iter_mut().filter(|_| !session_present) {
            entry.due |= entry.asked.is_none() && matches!(entry.answer, Answer::Granted(_));
        }
    }

    /// The session that had the requests under way is gone.
    pub(crate) fn forget(&mut self) {
        for entry in &mut self.entries {
            entry.due |= entry.asked.take().is_some();
        }
    }

    /// What became of a subscription that a task waits for; a refusal is forgotten with this.
    pub(crate) fn outcome(&mut self, filter: &str) -> Option<Result<QoS, SubscribeError>> {
        let position = self.find(filter);
        let entry = position.and_then(|position| self.entries.get(position));
        match entry.map(|entry| (entry.wanted, entry.state())) {
            None | Some((None, _)) => Some(Err(SubscribeError::Unsubscribed)),
            Some((Some(_), SubscriptionState::Asked)) => None,
            Some((Some(_), SubscriptionState::Granted(qos))) => Some(Ok(qos)),
            Some((Some(_), SubscriptionState::Refused(reason))) => {
                position.map(|position| self.entries.swap_remove(position));
                Some(Err(SubscribeError::Refused(reason)))
            }
        }
    }

    /// Whether the filter is gone, or wanted again.
    pub(crate) fn is_left(&self, filter: &str) -> bool {
        let position = self.find(filter);
        let entry = position.and_then(|position| self.entries.get(position));
        entry.is_none_or(|entry| entry.wanted.is_some())
    }

    pub(crate) fn state(&self, filter: &str) -> Option<SubscriptionState> {
        let entry = self
            .find(filter)
            .and_then(|position| self.entries.get(position))?;
        entry.wanted.map(|_| entry.state())
    }
}

/// A request that this end knows to be refused.
const fn why(error: Error) -> ReasonCode {
    match error {
        Error::UnsupportedByBroker(reason) => reason,
        Error::BadFilter => ReasonCode::TOPIC_FILTER_INVALID,
        Error::TooLarge => ReasonCode::PACKET_TOO_LARGE,
        _ => ReasonCode::IMPLEMENTATION_SPECIFIC_ERROR,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::String;
    use std::vec::Vec;

    use fivewire_mqtt::v5::{ReasonCode, Subscription, SubscriptionOptions};
    use fivewire_mqtt::{Error, PacketId, QoS};

    use super::{SubscribeError, SubscriptionState, Subscriptions};

    fn options(qos: QoS) -> SubscriptionOptions {
        Subscription::new("x", qos).options
    }

    fn packet(number: u16) -> PacketId {
        PacketId::new(number).unwrap()
    }

    /// Asks for all that is due, under packet identifiers from `first` on; what was asked.
    fn pursue(table: &mut Subscriptions<2>, first: u16) -> Vec<(String, bool)> {
        let mut asked = Vec::new();
        table.pursue(|filter, wanted| {
            asked.push((filter.into(), wanted.is_some()));
            Ok(packet(first + asked.len() as u16 - 1))
        });
        asked
    }

    const ONE: Option<Result<QoS, SubscribeError>> = Some(Ok(QoS::AtLeastOnce));

    #[test]
    fn asked_again_only_when_the_broker_lost_the_session() {
        let mut table = Subscriptions::<2>::NEW;
        table.want("a", Some(options(QoS::AtLeastOnce))).unwrap();
        assert_eq!(pursue(&mut table, 1), [("a".into(), true)]);
        assert_eq!(table.outcome("a"), None);
        table.restart(false);
        assert_eq!(pursue(&mut table, 5), [], "the session sends it again");
        assert_eq!(table.answered(packet(1), ReasonCode::GRANTED_QOS_1), None);
        assert_eq!(table.outcome("a"), ONE);
        table.restart(true);
        assert_eq!(pursue(&mut table, 5), []);
        table.restart(false);
        assert_eq!(pursue(&mut table, 5), [("a".into(), true)]);
        let lost = table.answered(packet(5), ReasonCode::NOT_AUTHORIZED);
        assert_eq!(lost, Some(ReasonCode::NOT_AUTHORIZED));
        let refused = SubscriptionState::Refused(ReasonCode::NOT_AUTHORIZED);
        assert_eq!(table.state("a"), Some(refused));
        table.restart(false);
        assert_eq!(pursue(&mut table, 7), [], "a refusal is an answer");
    }

    #[test]
    fn the_latest_wish_counts() {
        let mut table = Subscriptions::<2>::NEW;
        table.want("a", Some(options(QoS::AtLeastOnce))).unwrap();
        pursue(&mut table, 1);
        table.want("a", None).unwrap();
        assert_eq!(pursue(&mut table, 2), [], "one at a time");
        table.answered(packet(1), ReasonCode::GRANTED_QOS_1);
        assert_eq!(table.outcome("a"), Some(Err(SubscribeError::Unsubscribed)));
        assert_eq!(pursue(&mut table, 2), [("a".into(), false)]);
        table.want("a", Some(options(QoS::AtMostOnce))).unwrap();
        assert!(table.is_left("a"));
        table.answered(packet(2), ReasonCode::SUCCESS);
        assert_eq!(pursue(&mut table, 3), [("a".into(), true)]);
        table.answered(packet(3), ReasonCode::SUCCESS);
        assert_eq!(table.outcome("a"), Some(Ok(QoS::AtMostOnce)));
    }

    #[test]
    fn an_entry_is_free_once_unsubscribed_or_refused_and_told() {
        let mut table = Subscriptions::<2>::NEW;
        for filter in ["a", "b"] {
            table.want(filter, Some(options(QoS::AtLeastOnce))).unwrap();
        }
        assert_eq!(table.want("c", None), Err(SubscribeError::Full));
        pursue(&mut table, 1);
        table.answered(packet(1), ReasonCode::UNSPECIFIED_ERROR);
        table.want("c", None).unwrap();
        assert!(!table.is_left("c"));
        assert_eq!(pursue(&mut table, 3), [("c".into(), false)]);
        table.answered(packet(3), ReasonCode::SUCCESS);
        assert!(table.is_left("c"));
        table.answered(packet(2), ReasonCode::UNSPECIFIED_ERROR);
        let refused = Err(SubscribeError::Refused(ReasonCode::UNSPECIFIED_ERROR));
        assert_eq!(table.outcome("b"), Some(refused));
        assert!(table.entries.is_empty());
    }

    #[test]
    fn what_can_never_be_asked_is_refused_here() {
        let mut table = Subscriptions::<2>::NEW;
        table.want("a#", Some(options(QoS::AtMostOnce))).unwrap();
        table.pursue(|_, _| Err(Error::NoRoom));
        assert_eq!(table.outcome("a#"), None);
        table.pursue(|_, _| Err(Error::BadFilter));
        let refused = Err(SubscribeError::Refused(ReasonCode::TOPIC_FILTER_INVALID));
        assert_eq!(table.outcome("a#"), Some(refused));
        let long = "x".repeat(super::MAX_FILTER + 1);
        assert_eq!(
            table.want(&long, None),
            Err(SubscribeError::Invalid(Error::TooLarge))
        );
    }
}
