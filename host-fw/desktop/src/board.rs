//! The computer as a board of the demos: a LED that is a byte of the wires file, pauses, and a message handler whose
//! panics are caught.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use embedded_hal::digital::OutputPin as _;
use fivewire_host::Message;
use fivewire_host_fw_app::{Board, News};
use fivewire_wires::Output;

use crate::executor::Executor;
use crate::report::{Report, Reporter};

/// Longest pause that a drill may ask for.
const LONGEST_DRILL: Duration = Duration::from_secs(600);

/// A computer.
pub(crate) struct Desktop<'r> {
    pub(crate) executor: &'r Executor<'r>,
    pub(crate) reporter: Reporter<'r>,
    pub(crate) led: RefCell<Output>,
    /// The handler obeys messages that ask it to misbehave.
    pub(crate) drill: bool,
}

impl Board for Desktop<'_> {
    fn led(&self, lit: bool) {
        let Ok(()) = self.led.borrow_mut().set_state(lit.into());
    }

    async fn sleep_ms(&self, ms: u32) {
        self.executor.sleep(Duration::from_millis(ms.into())).await;
    }

    fn handle(&self, message: &Message) {
        if self.drill && catch_unwind(AssertUnwindSafe(|| obey(message))).is_err() {
            self.reporter.tell(&Report::HandlerPanicked {
                topic: &message.topic,
            });
        }
    }

    fn tell(&self, news: &News<'_>) {
        self.reporter.tell(&Report::News(*news));
    }
}

/// The handler of a drill: `panic` panics, `sleep 2.5` blocks for so many seconds.
fn obey(message: &Message) {
    let text = message.text().unwrap_or_default();
    assert!(text != "panic", "the drill asked for it");
    if let Some(seconds) = text
        .strip_prefix("sleep ")
        .and_then(|seconds| seconds.parse().ok())
    {
        thread::sleep(
            Duration::try_from_secs_f64(seconds)
                .unwrap_or_default()
                .min(LONGEST_DRILL),
        );
    }
}
