//! Whether a stock bridge has its network: what it said, what it did not say in time, and what it cannot have said by
//! itself. Deliberately without the network's words at the start, which are in `opening`.

use fivewire_wire::{Status, event};

use super::StockBridge;
use super::phase::Phase;
use crate::give;
use crate::translate::{Desk, Fault};
use crate::watch::{earlier, reached};

/// A `WIFI_DOWN` that could be forged is believed after this time, in milliseconds, unless the bridge says something
/// meanwhile that it could not say then. A forged one stands within a message, whose end follows at once.
const DOWN_MS: u32 = 2_000;
/// `WIFI_UP` follows `RUNNING` at once. It is taken for lost after this time: the broker was there a moment ago.
const UP_MS: u32 = 5_000;
/// The bridge says when an outage ends, and that may be lost, too. So one that lasts longer is ended by a reset, which
/// costs no more than the join that it takes anyway.
const OUTAGE_MS: u32 = 300_000;

/// The bridge's network, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wifi {
    /// It does not run yet.
    Unknown,
    /// It runs since then, so it is going to say that it is up.
    Due(u32),
    Up,
    /// It is down since then.
    Down(u32),
}

impl StockBridge {
    pub(super) fn set_wifi(&mut self, up: bool, desk: &mut Desk<'_>) -> Result<(), Fault> {
        self.wifi = if up { Wifi::Up } else { Wifi::Down(desk.now_ms()) };
        self.claims.down_at = None;
        self.watch.came();
        let status = if up { Status::WifiUp } else { Status::WifiDown };
        give::event(desk, event::Status { status, detail: 0 })
    }

    /// Something came that only a bridge with a network says.
    pub(super) fn not_down(&mut self) {
        if self.claims.down_at.take().is_some() {
            self.is_refuted();
        }
    }

    /// A bridge that has messages has a network, whether its `WIFI_UP` is lost or still to come.
    pub(super) fn is_up_after_all(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        if self.phase == Phase::Running && self.wifi != Wifi::Up {
            self.set_wifi(true, desk)?;
        }
        Ok(())
    }

    /// `WIFI_UP`. False when it says nothing new.
    pub(super) fn wifi_up(&mut self, desk: &mut Desk<'_>) -> Result<bool, Fault> {
        // No outage of this bridge is that short.
        self.not_down();
        let changes = self.wifi != Wifi::Up;
        if changes {
            self.set_wifi(true, desk)?;
        }
        Ok(changes)
    }

    /// `WIFI_DOWN`. False when it says nothing new.
    pub(super) fn wifi_down(&mut self, desk: &mut Desk<'_>) -> Result<bool, Fault> {
        if matches!(self.wifi, Wifi::Down(_)) {
            return Ok(false);
        }
        if self.doubt {
            self.claims.down_at.get_or_insert(desk.now_ms());
        } else {
            self.set_wifi(false, desk)?;
        }
        Ok(true)
    }

    /// Believes what nothing spoke against in time, and ends an outage that does not end.
    pub(super) fn watch_wifi(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let is_over = |at: u32, ms: u32| reached(desk.now_ms(), at.wrapping_add(ms));
        if self.claims.down_at.is_some_and(|at| is_over(at, DOWN_MS)) {
            return self.set_wifi(false, desk);
        }
        match self.wifi {
            Wifi::Due(since) if is_over(since, UP_MS) => self.set_wifi(true, desk),
            Wifi::Down(since) if is_over(since, OUTAGE_MS) => Err(Fault::Silent),
            Wifi::Unknown | Wifi::Due(_) | Wifi::Up | Wifi::Down(_) => Ok(()),
        }
    }

    /// When [`StockBridge::watch_wifi`] has something to do.
    pub(super) fn wifi_due(&self) -> Option<u32> {
        let claimed = self.claims.down_at.map(|at| at.wrapping_add(DOWN_MS));
        let known = match self.wifi {
            Wifi::Unknown | Wifi::Up => None,
            Wifi::Due(since) => Some(since.wrapping_add(UP_MS)),
            Wifi::Down(since) => Some(since.wrapping_add(OUTAGE_MS)),
        };
        earlier(self.watch.now(), claimed, known)
    }
}
