//! What the bridge does with publications: sent, answered, received, released, given back, lost. What is sent when, and
//! what ends without the bridge, is in the module above.

use fivewire_wire::{Outcome, Reason};

use super::Queue;
use super::entry::{Entry, Place};
use crate::publish::Receipt;

impl<const PUBLISHES: usize, const QUEUE: usize> Queue<PUBLISHES, QUEUE> {
    /// The link took the one at `index` as its frame `number`, as new under `new_id`; without, it keeps what it has.
    pub(crate) fn sent(&mut self, index: usize, number: u8, new_id: Option<u16>) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.packet_id = new_id.unwrap_or(entry.packet_id);
            entry.place = Place::AtBridge {
                number,
                as_new: new_id.is_some(),
            };
        }
    }

    /// The link took the release of the one at `index` as its frame `number`.
    pub(crate) fn release_sent(&mut self, index: usize, number: u8) {
        if let Some(entry) = self.entries.get_mut(index)
            && let Place::Received { order } = entry.place
        {
            entry.place = Place::Releasing { number, order };
        }
    }

    pub(super) fn find(&self, wanted: u8) -> Option<usize> {
        let is_wanted = |entry: &Entry| match entry.place {
            Place::AtBridge { number, .. } => number == wanted,
            Place::Waiting | Place::Received { .. } | Place::Releasing { .. } | Place::Gone => false,
        };
        self.entries.iter().position(is_wanted)
    }

    pub(super) fn find_release(&self, wanted: u8) -> Option<usize> {
        let is_wanted = |entry: &Entry| match entry.place {
            Place::Releasing { number, .. } => number == wanted,
            Place::Waiting | Place::AtBridge { .. } | Place::Received { .. } | Place::Gone => false,
        };
        self.entries.iter().position(is_wanted)
    }

    /// The bridge answered the publication in frame `number`. False when none waits for that.
    pub(crate) fn answer(&mut self, number: u8, outcome: Outcome, reason: Reason) -> bool {
        let Some(index) = self.find(number) else {
            return false;
        };
        match outcome {
            Outcome::Received if self.entries.get(index).is_some_and(Entry::may_be_held) => {
                self.must_release(index);
            }
            // The broker has it; without QoS 2 there is nothing to release.
            Outcome::Delivered | Outcome::Received => self.finish(index, Place::Gone, Receipt::Delivered),
            Outcome::Rejected => self.finish(index, Place::Gone, Receipt::Rejected(reason)),
        }
        true
    }

    /// The bridge answered the release in frame `number`. False when none waits for that.
    pub(crate) fn release_answered(&mut self, number: u8, outcome: Outcome, reason: Reason) -> bool {
        let Some(index) = self.find_release(number) else {
            return false;
        };
        let receipt = match outcome {
            Outcome::Delivered | Outcome::Received => Receipt::Delivered,
            Outcome::Rejected => Receipt::Rejected(reason),
        };
        self.finish(index, Place::Gone, receipt);
        true
    }

    /// Topic and payload are no longer needed: the broker has them, or they were given up when it perhaps had.
    pub(super) fn must_release(&mut self, index: usize) {
        let order = self.next_order;
        self.next_order = order.wrapping_add(1);
        if let Some(entry) = self.entries.get_mut(index) {
            entry.place = Place::Received { order };
        }
        self.settle(index);
    }

    /// The bridge gave the publication in frame `number` back for a reason that passes; it waits again, in its old
    /// place, as new if it was. False when none waits for that.
    pub(crate) fn give_back(&mut self, number: u8) -> bool {
        let Some(index) = self.find(number) else {
            return false;
        };
        if let Some(entry) = self.entries.get_mut(index)
            && let Place::AtBridge { as_new: true, .. } = entry.place
        {
            entry.packet_id = 0;
        }
        self.wait_again(index);
        true
    }

    /// The bridge gave the release in frame `number` back for a reason that passes. False when none waits for that.
    pub(crate) fn give_release_back(&mut self, number: u8) -> bool {
        let Some(index) = self.find_release(number) else {
            return false;
        };
        self.wait_again(index);
        true
    }

    /// The bridge forgot everything: what it had waits again, in order, each under the packet identifier that the
    /// broker may know.
    pub(crate) fn give_back_all(&mut self) {
        for index in (0..self.entries.len()).rev() {
            self.wait_again(index);
        }
    }

    fn wait_again(&mut self, index: usize) {
        let Some(entry) = self.entries.get_mut(index) else {
            return;
        };
        match entry.place {
            Place::AtBridge { .. } if entry.is_open() => entry.place = Place::Waiting,
            Place::AtBridge { .. } if entry.may_be_held() => self.must_release(index),
            Place::AtBridge { .. } => {
                entry.place = Place::Gone;
                self.settle(index);
            }
            Place::Releasing { order, .. } => entry.place = Place::Received { order },
            Place::Waiting | Place::Received { .. } | Place::Gone => {}
        }
    }
}
