//! The loop around bursts, for an executor. Deliberately without a link of its own: the link is shared with the
//! application behind whatever lock that has, and a burst is taken under it.

use core::future::poll_fn;
use core::task::Poll;

use embedded_hal_async::delay::DelayNs;

use crate::fault::PinFault;
use crate::pace::{Pace, Pause};
use crate::pins::Burst;

/// Calls `burst` for ever, at the pace that its outcomes ask for, and gives the executor its turn between two
/// calls. `burst` takes the lock, calls [`Pins::burst`](crate::Pins::burst), and lets the application look at
/// what came in. Dropping the future is harmless: nothing is lost between two bursts.
///
/// Returns only when a pin fails.
pub async fn drive(delay: &mut impl DelayNs, mut burst: impl FnMut() -> Result<Burst, PinFault>) -> PinFault {
    let mut pace = Pace::new();
    loop {
        match burst() {
            Err(fault) => return fault,
            Ok(burst) => match pace.after(&burst) {
                Pause::None | Pause::Yield => yield_once().await,
                Pause::Sleep { us } => delay.delay_us(us).await,
            },
        }
    }
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if core::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
