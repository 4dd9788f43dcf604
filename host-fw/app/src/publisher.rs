//! Publishes at intervals and collects the receipts, without ever waiting for the bridge: what cannot go out now waits
//! in the host's queue.

use core::cell::{Cell, RefCell};

use embassy_futures::join::join;
use embassy_sync::blocking_mutex::raw::RawMutex;
use fivewire_host::{Client, Publish, PublishId};
use heapless::{String, Vec};

use crate::RESULT;
use crate::board::{Board, News};

/// Text of one publication.
pub type Text = String<64>;

/// Most publications whose receipts are awaited: as many as the host's queue holds.
const OPEN: usize = 32;
/// Shortest pause when the queue is full, in milliseconds.
const FULL_MS: u32 = 10;

/// When and how to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// From one publication to the next, in milliseconds.
    pub interval_ms: u32,
    /// Quality of service, retain, time to live.
    pub options: Publish,
    /// Ends after so many; none goes on for ever.
    pub limit: Option<u32>,
}

impl Plan {
    /// True when there is more to publish after so many.
    fn wants(&self, count: u32) -> bool {
        self.limit.is_none_or(|limit| count < limit)
    }
}

impl Default for Plan {
    /// Every 10 s with QoS 1, for ever.
    fn default() -> Self {
        Self {
            interval_ms: 10_000,
            options: Publish::qos1(),
            limit: None,
        }
    }
}

/// Counts what was published, and remembers what has no receipt yet.
#[derive(Debug, Default)]
pub struct Publisher {
    next: Cell<u32>,
    /// The one that was told to wait; it is told once.
    waiting: Cell<Option<u32>>,
    open: RefCell<Vec<(PublishId, u32), OPEN>>,
}

impl Publisher {
    /// Publishes what `compose` makes of each count, at the plan's pace, until its limit is reached and all receipts
    /// are there.
    pub async fn run<M: RawMutex>(
        &self,
        client: Client<'_, M>,
        board: &impl Board,
        plan: &Plan,
        compose: impl Fn(u32) -> Text,
    ) {
        join(
            self.publish_all(client, board, plan, compose),
            self.collect(client, board, plan),
        )
        .await;
    }

    async fn publish_all<M: RawMutex>(
        &self,
        client: Client<'_, M>,
        board: &impl Board,
        plan: &Plan,
        compose: impl Fn(u32) -> Text,
    ) {
        while plan.wants(self.next.get()) {
            let count = self.next.get();
            let queued = self.publish(client, board, plan.options, &compose(count));
            if !plan.wants(self.next.get()) {
                return;
            }
            let pause = if queued {
                plan.interval_ms
            } else {
                plan.interval_ms.max(FULL_MS)
            };
            board.sleep_ms(pause).await;
        }
    }

    /// Queues one publication beside, or as, the next of the count. False when the queue has no room for it.
    pub fn publish<M: RawMutex>(
        &self,
        client: Client<'_, M>,
        board: &impl Board,
        options: Publish,
        text: &str,
    ) -> bool {
        let count = self.next.get();
        match client.enqueue(RESULT, text.as_bytes(), options) {
            Ok(id) => {
                self.next.set(count.wrapping_add(1));
                // As many fit as the host's queue holds, so there is room.
                let _ = self.open.borrow_mut().push((id, count));
                board.tell(&News::Queued { count, text });
                true
            }
            Err(error) => {
                if self.waiting.replace(Some(count)) != Some(count) {
                    board.tell(&News::NotQueued { count, error });
                }
                false
            }
        }
    }

    async fn collect<M: RawMutex>(&self, client: Client<'_, M>, board: &impl Board, plan: &Plan) {
        while plan.wants(self.next.get()) || !self.open.borrow().is_empty() {
            let (id, receipt) = client.next_receipt().await;
            if let Some(count) = self.close(id) {
                board.tell(&News::Ended { count, receipt });
            }
        }
    }

    fn close(&self, id: PublishId) -> Option<u32> {
        let mut open = self.open.borrow_mut();
        let index = open.iter().position(|(open, _)| *open == id)?;
        Some(open.remove(index).1)
    }
}
