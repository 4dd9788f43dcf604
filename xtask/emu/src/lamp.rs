//! Orders for the firmware's LED: `green` says on and off in turn, and the pin must follow each before the next is given.
//! Deliberately without a broker: it says what to publish.

use std::time::{Duration, Instant};

/// From one order that was followed to the next.
const PAUSE: Duration = Duration::from_secs(2);
/// So long an order may take, an outage in between included.
const PATIENCE: Duration = Duration::from_secs(120);
/// The first order is given again: it may have come before the subscription.
const AGAIN: Duration = Duration::from_secs(2);

/// Until the broker is tried again.
const LATER: Duration = Duration::from_millis(200);

/// The orders, and the LED.
#[derive(Debug)]
pub(crate) struct Lamp {
    lit: bool,
    /// What was ordered last and when it was first said, until it was followed.
    open: Option<(bool, Instant)>,
    /// When the next thing is to be said.
    due: Instant,
    pub(crate) ordered: u32,
    pub(crate) followed: u32,
}

impl Lamp {
    /// A dark LED, and no order yet.
    pub(crate) const fn new(now: Instant) -> Self {
        Self {
            lit: false,
            open: None,
            due: now,
            ordered: 0,
            followed: 0,
        }
    }

    /// The LED is seen; true when it has just followed an order.
    pub(crate) fn is(&mut self, lit: bool, now: Instant) -> bool {
        self.lit = lit;
        let follows = self.open.is_some_and(|(wanted, _)| wanted == lit);
        if follows {
            self.open = None;
            self.followed += 1;
            self.due = now + PAUSE;
        }
        follows
    }

    /// What to order now, if anything; [`given`](Self::given) says that it was.
    pub(crate) fn order(&self, now: Instant) -> Option<bool> {
        let is_first = self.ordered <= 1;
        let wanted = match self.open {
            Some((wanted, _)) => is_first.then_some(wanted),
            None => Some(!self.lit),
        };
        wanted.filter(|_| now >= self.due)
    }

    /// The order is with the broker.
    pub(crate) fn given(&mut self, wanted: bool, now: Instant) {
        if self.open.is_none() {
            self.ordered += 1;
            self.open = Some((wanted, now));
        }
        self.due = now + AGAIN;
    }

    /// The broker was not there to take the order.
    pub(crate) fn put_off(&mut self, now: Instant) {
        self.due = now + LATER;
    }

    /// Whether an order is open.
    pub(crate) const fn is_waiting(&self) -> bool {
        self.open.is_some()
    }

    /// An order has not been followed for too long.
    pub(crate) fn is_stuck(&self, now: Instant) -> bool {
        self.open
            .is_some_and(|(_, since)| now.duration_since(since) > PATIENCE)
    }
}

/// An order's text.
pub(crate) const fn word(lit: bool) -> &'static str {
    if lit { "on" } else { "off" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_and_off_take_turns_and_each_waits_for_the_one_before() {
        let start = Instant::now();
        let mut lamp = Lamp::new(start);
        assert_eq!(lamp.order(start), Some(true));
        lamp.put_off(start);
        assert_eq!((lamp.order(start), lamp.order(start + LATER)), (None, Some(true)));
        lamp.given(true, start);
        assert!(lamp.order(start).is_none() && lamp.is(true, start) && !lamp.is_waiting());
        assert_eq!(
            (lamp.order(start), lamp.order(start + PAUSE)),
            (None, Some(false))
        );
        lamp.given(false, start + PAUSE);
        assert!(!lamp.is(true, start + PAUSE), "it still shines");
        assert!(lamp.order(start + 9 * PAUSE).is_none() && lamp.is_waiting());
        assert_eq!((lamp.ordered, lamp.followed), (2, 1));
    }

    #[test]
    fn only_the_first_order_is_given_again_and_no_order_waits_for_ever() {
        let start = Instant::now();
        let mut lamp = Lamp::new(start);
        lamp.given(true, start);
        assert_eq!(lamp.order(start + AGAIN), Some(true));
        lamp.given(true, start + AGAIN);
        assert_eq!(lamp.ordered, 1);
        assert!(!lamp.is_stuck(start + PATIENCE) && lamp.is_stuck(start + PATIENCE + AGAIN));
    }
}
