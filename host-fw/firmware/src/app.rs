//! The application: the demo that the slot names, and the events of the host as they come. Deliberately without a view
//! on when it is polled: that is the loop's.

use core::cell::RefCell;
use core::convert::Infallible;
use core::future::pending;

use embassy_futures::join::join;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embedded_hal::digital::OutputPin;
use fivewire_host::{Client, Message};
use fivewire_host_fw_app::{Board, Demo, News, Plan};

use crate::clock::Clock;
use crate::report::{Log, Report};

/// A demo whose subscription was refused is started again after so long.
const RETRY_MS: u32 = 10_000;

/// A board as a demo sees it.
pub(crate) struct DemoBoard<'a, Led, L> {
    pub(crate) led: RefCell<Led>,
    pub(crate) clock: &'a Clock,
    pub(crate) log: &'a L,
}

impl<Led: OutputPin, L: Log> Board for DemoBoard<'_, Led, L> {
    fn led(&self, lit: bool) {
        // A LED that fails is no reason to end.
        let _ = self.led.borrow_mut().set_state(lit.into());
    }

    async fn sleep_ms(&self, ms: u32) {
        self.clock.sleep(ms).await;
    }

    fn handle(&self, _: &Message) {}

    fn tell(&self, news: &News<'_>) {
        self.log.tell(&Report::News(news));
    }
}

/// Runs a demo and tells the host's events, for ever.
pub(crate) async fn run<Led: OutputPin, L: Log>(
    demo: &Demo,
    client: Client<'_, NoopRawMutex>,
    board: &DemoBoard<'_, Led, L>,
    plan: &Plan,
) -> Infallible {
    join(apply(demo, client, board, plan), tell_events(client, board.log))
        .await
        .0
}

async fn apply<Led: OutputPin, L: Log>(
    demo: &Demo,
    client: Client<'_, NoopRawMutex>,
    board: &DemoBoard<'_, Led, L>,
    plan: &Plan,
) -> Infallible {
    loop {
        match demo.run(client, board, plan).await {
            Ok(()) => {
                board.log.tell(&Report::Finished);
                return pending().await;
            }
            Err(error) => {
                board.log.tell(&Report::NotSubscribed(error));
                board.clock.sleep(RETRY_MS).await;
            }
        }
    }
}

async fn tell_events(client: Client<'_, NoopRawMutex>, log: &impl Log) -> Infallible {
    let mut events = client.events();
    let mut missed = 0;
    loop {
        let event = events.next().await;
        if events.missed() != missed {
            missed = events.missed();
            log.tell(&Report::Missed { events: missed });
        }
        log.tell(&Report::Event(&event));
    }
}
