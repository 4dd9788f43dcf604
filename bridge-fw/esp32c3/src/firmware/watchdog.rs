//! The RTC's watchdog, which only the bridge's loop feeds: whatever hangs, the chip starts anew.

use esp_hal::peripherals::RTC_TIMER;
use esp_hal::rtc_cntl::{Rtc, RwdtStage, RwdtStageAction};
use esp_hal::time::Duration;

/// Longer than the longest thing that holds the loop up, the arithmetic of a TLS handshake; about as long as a host waits
/// for a silent bridge.
const LIMIT: Duration = Duration::from_secs(8);

pub(super) struct Watchdog(Rtc<'static>);

impl Watchdog {
    pub(super) fn new(timer: RTC_TIMER<'static>) -> Self {
        let mut rtc = Rtc::new(timer);
        rtc.rwdt.set_timeout(RwdtStage::Stage0, LIMIT);
        rtc.rwdt.enable();
        // Not the whole system: the RTC's memory keeps what this life has to say.
        rtc.rwdt
            .set_stage_action(RwdtStage::Stage0, RwdtStageAction::ResetCore);
        Self(rtc)
    }

    pub(super) fn feed(&mut self) {
        self.0.rwdt.feed();
    }
}
