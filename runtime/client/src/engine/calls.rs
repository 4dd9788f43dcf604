//! What tasks ask of the engine. Nothing here waits: `None` means "not yet".
//!
//! Not here: the futures around it (see `client`).

use fivewire_mqtt::v5::{ReasonCode, SubscriptionOptions};
use fivewire_mqtt::{Error, QoS, Session, is_topic_filter, is_topic_name, matches};

use super::{Engine, Wish};
use crate::event::Cause;
use crate::message::{Head, ReceiveError};
use crate::probe::Question;
use crate::protocol::Protocol;
use crate::publish::{Publish, PublishError, Receipt};
use crate::publishes::PublishId;
use crate::subscriptions::SubscribeError;
use crate::time::Deadline;

/// Where a publish is after its first step.
pub(crate) enum Placed {
    /// The session has it.
    Open(PublishId),
    Ended(Receipt),
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
    /// Gives a publish to the session, unless that has no room for it, or QoS 0 no connection.
    pub(crate) fn place(
        &mut self,
        message: (&str, &[u8]),
        options: &Publish<'_, V>,
        deadline: &mut Deadline,
    ) -> Option<Result<Placed, PublishError>> {
        if self.wish == Wish::Closed {
            return Some(Err(PublishError::Closed));
        }
        if !is_topic_name(message.0) {
            return Some(Err(PublishError::Invalid(Error::BadTopic)));
        }
        if deadline.has_passed(&mut self.time) {
            return Some(Ok(Placed::Ended(Receipt::Expired)));
        }
        if options.qos != QoS::AtMostOnce && self.desk.publishes.is_full() {
            return None;
        }
        let now_ms = self.time.now_ms;
        let given = V::publish(&mut self.connection, &mut self.session, now_ms, message, options);
        let placed = match given {
            Ok(Some(packet_id)) => Placed::Open(self.desk.publishes.add(packet_id)),
            Ok(None) => Placed::Ended(Receipt::Delivered),
            Err(Error::NoRoom | Error::NotConnected) => return None,
            Err(Error::UnsupportedQos) => Placed::Ended(Receipt::Rejected(ReasonCode::QOS_NOT_SUPPORTED)),
            Err(Error::UnsupportedByBroker(reason)) => Placed::Ended(Receipt::Rejected(reason)),
            Err(error) => return Some(Err(PublishError::Invalid(error))),
        };
        self.time.kick = true;
        Some(Ok(placed))
    }

    /// How a publish ended that the session has, or what is to be said of it when its deadline passed.
    pub(crate) fn receipt(&mut self, id: PublishId, deadline: &mut Deadline) -> Option<Receipt> {
        if let Some(receipt) = self.desk.publishes.take_receipt(id) {
            // There is room for another one.
            self.time.changed = true;
            return Some(receipt);
        }
        if self.wish == Wish::Closed {
            self.desk.publishes.detach(id);
            return Some(Receipt::Unconfirmed);
        }
        deadline.has_passed(&mut self.time).then(|| self.give_up(id))
    }

    /// Takes a publish back, if that is still possible.
    fn give_up(&mut self, id: PublishId) -> Receipt {
        match self.desk.publishes.detach(id) {
            Some(packet_id) if self.session.withdraw(packet_id) => {
                self.desk.publishes.withdrawn(id);
                self.time.changed = true;
                self.time.kick = true;
                Receipt::Expired
            }
            Some(_) | None => Receipt::Unconfirmed,
        }
    }

    /// Nobody waits for the receipt any more.
    pub(crate) fn detach(&mut self, id: PublishId) {
        self.desk.publishes.detach(id);
        self.time.changed = true;
    }

    /// The filter is to be subscribed, or not.
    pub(crate) fn want(
        &mut self,
        filter: &str,
        options: Option<SubscriptionOptions>,
    ) -> Result<(), SubscribeError> {
        if self.wish == Wish::Closed {
            return Err(SubscribeError::Closed);
        }
        if !is_topic_filter(filter) {
            return Err(SubscribeError::Invalid(Error::BadFilter));
        }
        self.desk.subscriptions.want(filter, options)?;
        self.time.kick = true;
        self.time.changed = true;
        Ok(())
    }

    /// What became of a subscription.
    pub(crate) fn granted(&mut self, filter: &str) -> Option<Result<QoS, SubscribeError>> {
        let outcome = self.desk.subscriptions.outcome(filter);
        outcome.or((self.wish == Wish::Closed).then_some(Err(SubscribeError::Closed)))
    }

    /// Whether the filter is given up, or wanted again.
    pub(crate) fn left(&self, filter: &str) -> Option<Result<(), SubscribeError>> {
        if self.desk.subscriptions.is_left(filter) {
            return Some(Ok(()));
        }
        (self.wish == Wish::Closed).then_some(Err(SubscribeError::Closed))
    }

    /// The next message, of a topic that the filter matches. With the copy the application has it, and the broker may
    /// forget it.
    pub(crate) fn receive(
        &mut self,
        buffer: &mut [u8],
        filter: Option<&str>,
    ) -> Option<Result<Head, ReceiveError>> {
        match self.desk.inbox.take(buffer, |topic| is_for(filter, topic)) {
            Some(Ok((head, id))) => {
                self.taken(id);
                Some(Ok(head))
            }
            Some(Err(error)) => Some(Err(error)),
            None => (self.wish == Wish::Closed).then_some(Err(ReceiveError::Closed)),
        }
    }

    /// Takes it without a look at it.
    pub(crate) fn skip(&mut self, filter: Option<&str>) -> bool {
        let skipped = self.desk.inbox.skip(|topic| is_for(filter, topic));
        skipped.map(|id| self.taken(id)).is_some()
    }

    fn taken(&mut self, id: Option<fivewire_mqtt::MessageId>) {
        if let Some(id) = id {
            // Of an earlier connection: the broker sends it again, or has forgotten it.
            let _ = self.connection.acknowledge(&mut self.session, id);
        }
        self.time.kick = true;
    }

    /// Asks whether the broker is there.
    pub(crate) fn ask_broker(&mut self) -> Question {
        let question = self.probe.ask();
        if self.has_runner {
            self.time.kick = true;
        } else {
            self.probe.fail();
        }
        question
    }

    /// Whether it is, once that is known.
    pub(crate) const fn broker(&self, question: Question) -> Option<bool> {
        self.probe.answer(question)
    }

    /// Another session takes the place of this one and its connection.
    pub(crate) fn restore(&mut self, session: Session<TX, IN_FLIGHT>) {
        self.connection.transport_closed(&mut self.session);
        self.session = session;
        self.desk.publishes.forget();
        self.desk.subscriptions.forget();
        self.over = self.linked.then_some(Cause::Asked);
        self.time.kick = true;
        self.time.changed = true;
    }

    /// What the application wants from now on.
    pub(crate) fn wish(&mut self, wish: Wish) {
        self.wish = wish;
        self.time.kick = true;
        self.time.changed = true;
    }

    /// There is neither a transport nor an attempt to open one.
    pub(crate) const fn is_off(&self) -> bool {
        !self.linked
    }
}

fn is_for(filter: Option<&str>, topic: &str) -> bool {
    filter.is_none_or(|filter| matches(filter, topic))
}
