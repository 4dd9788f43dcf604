//! The application's subscriptions: made, ended, looked at, and the messages that came for them. What the bridge is told
//! of them goes out with everything else (see `send`).

use fivewire_wire::QoS;

use super::Engine;
use crate::inbox::MessageView;
use crate::subscriptions::{SubscribeError, SubscriptionId, SubscriptionState};
use crate::text::TextLimit;

impl<
    const PUBLISHES: usize,
    const QUEUE: usize,
    const MESSAGES: usize,
    const INBOX: usize,
    const SUBSCRIPTIONS: usize,
> Engine<'_, PUBLISHES, QUEUE, MESSAGES, INBOX, SUBSCRIPTIONS>
{
    /// Subscribes. The subscription is kept over every reset of the bridge, until it is given up.
    ///
    /// # Errors
    /// The table is full, the filter is invalid or too long, a bridge of the MicroPython system cannot be told it, or the
    /// host was closed.
    pub fn subscribe(&mut self, filter: &str, qos: QoS) -> Result<SubscriptionId, SubscribeError> {
        if self.is_closed() {
            return Err(SubscribeError::Closed);
        }
        if let Some(limit) = self.text_limit(|| TextLimit::of_bytes(filter.as_bytes())) {
            return Err(SubscribeError::NotInText(limit));
        }
        self.subscriptions.add(filter, qos)
    }

    /// Ends a subscription: the broker is told, it gets no more messages, and those that waited for it alone are
    /// accepted.
    ///
    /// # Errors
    /// The bridge is one of the MicroPython system, which cannot; it is still subscribed.
    /// [`give_up`](Self::give_up) is the next best.
    pub fn unsubscribe(&mut self, id: SubscriptionId) -> Result<(), SubscribeError> {
        self.can_unsubscribe()?;
        self.give_up(id);
        Ok(())
    }

    /// As [`unsubscribe`](Self::unsubscribe), but a bridge of the MicroPython system is not told, as it cannot be: its
    /// messages are dropped here until it is reset, and then no longer subscribed to.
    pub fn give_up(&mut self, id: SubscriptionId) {
        self.inbox.forget(self.subscriptions.mask(id));
        self.subscriptions.leave(id);
        self.changed = true;
    }

    /// As [`unsubscribe`](Self::unsubscribe), with MQTT 5.0 properties of UNSUBSCRIBE, as in
    /// [`publish_with`](Self::publish_with). The broker gets none when it need not be told, or when the bridge is of
    /// revision 1 of the protocol.
    ///
    /// # Errors
    /// The properties are too long, another unsubscription with properties is on its way, or as
    /// [`unsubscribe`](Self::unsubscribe); it is still subscribed.
    pub fn unsubscribe_with(&mut self, id: SubscriptionId, properties: &[u8]) -> Result<(), SubscribeError> {
        self.can_unsubscribe()?;
        let place = self.subscriptions.mask(id);
        self.subscriptions.leave_with(id, properties)?;
        self.inbox.forget(place);
        self.changed = true;
        Ok(())
    }

    /// Gives up a filter that is not in the table, because an earlier life of this program left it in the broker's session.
    /// `properties` as in [`unsubscribe_with`](Self::unsubscribe_with).
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe) and [`unsubscribe_with`](Self::unsubscribe_with).
    pub fn unsubscribe_filter(&mut self, filter: &str, properties: &[u8]) -> Result<(), SubscribeError> {
        if self.is_closed() {
            return Err(SubscribeError::Closed);
        }
        self.can_unsubscribe()?;
        self.subscriptions.leave_filter(filter, properties)?;
        self.changed = true;
        Ok(())
    }

    /// How far a subscription is; none once it ended.
    #[must_use]
    pub fn subscription(&self, id: SubscriptionId) -> Option<SubscriptionState> {
        self.subscriptions.state(id)
    }

    /// The oldest message that this subscription has not taken.
    #[must_use]
    pub fn message(&self, id: SubscriptionId) -> Option<MessageView<'_>> {
        self.inbox.peek(self.subscriptions.mask(id))
    }

    /// This subscription took the message that [`message`](Self::message) shows. Once every subscription that it
    /// matched took it, the bridge may acknowledge it to the broker and send another.
    pub fn take_message(&mut self, id: SubscriptionId) {
        self.inbox.take(self.subscriptions.mask(id));
    }

    /// Messages that wait for the application.
    #[must_use]
    pub fn waiting_messages(&self) -> usize {
        self.inbox.waiting()
    }

    fn can_unsubscribe(&self) -> Result<(), SubscribeError> {
        let limit = self.text_limit(|| Some(TextLimit::Unsubscribe));
        limit.map_or(Ok(()), |limit| Err(SubscribeError::NotInText(limit)))
    }
}
