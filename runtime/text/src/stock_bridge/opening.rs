//! The start of a stock bridge: `w`, `init`, its statuses and its question, each where it belongs.

use fivewire_wire::command::{Configure, JoinNetwork, Will};
use fivewire_wire::config::{self, Config};
use fivewire_wire::{Reason, ResetCause, Status, TextError, TextWriter, event, reply};

use super::phase::Phase;
use super::wifi::Wifi;
use super::window::Window;
use super::{Fingerprint, StockBridge, patience_ms};
use crate::give;
use crate::translate::{Desk, Fault};

/// One publication at a time, of whatever length.
const WINDOW: reply::Configure = reply::Configure {
    publish_messages: 1,
    publish_bytes: 1152,
    // It does not say why it started.
    cause: ResetCause::PowerOn,
    reason: Reason::None,
};

/// TLS with verification, which this bridge does not have.
const UNVERIFIED: TextError = TextError::NotCarried { field: "tls_verify" };

impl StockBridge {
    pub(super) fn will(&mut self, number: u8, will: &Will<'_>, desk: &mut Desk<'_>) -> Result<(), Fault> {
        let print = match fingerprint(desk, |out| will.encode_text(out)) {
            Ok(print) => print,
            Err(why) => {
                self.remarks.refused = Some((Will::NAME, why));
                return will_answered(desk, number, Reason::Unsupported);
            }
        };
        if self.told.will == Some(print) {
            return will_answered(desk, number, Reason::None);
        }
        if self.phase != Phase::Fresh || desk.string(|out| will.encode_text(out)).is_err() {
            return Err(Fault::Restart);
        }
        self.told.will = Some(print);
        self.enter(Phase::Will { number, said: false });
        Ok(())
    }

    pub(super) fn configure(
        &mut self,
        number: u8,
        configure: Configure<'_>,
        desk: &mut Desk<'_>,
    ) -> Result<(), Fault> {
        let settings = configure.settings;
        let window = Window::new(configure.inbox_messages, configure.inbox_bytes);
        let configure = match in_text(configure) {
            Ok(configure) => configure,
            Err(why) => return self.misconfigured(number, why, desk),
        };
        let print = match fingerprint(desk, |out| configure.encode_text(out)) {
            Ok(print) => print,
            Err(why) => return self.misconfigured(number, why, desk),
        };
        if self.told.init == Some(print) {
            self.window = window;
            return give::reply::<reply::Configure>(desk, number, &WINDOW);
        }
        if self.phase != Phase::Fresh || desk.string(|out| configure.encode_text(out)).is_err() {
            return Err(Fault::Restart);
        }
        self.told.init = Some(print);
        self.window = window;
        self.secrets.stir(print.0);
        self.publish_ms = patience_ms(&settings);
        if settings.tls {
            self.remarks.trusts_anyone.is_due();
        }
        self.enter(Phase::Init { number });
        Ok(())
    }

    fn misconfigured(&mut self, number: u8, why: TextError, desk: &mut Desk<'_>) -> Result<(), Fault> {
        if why == UNVERIFIED {
            self.remarks.verifies_nobody.is_due();
        } else {
            self.remarks.refused = Some((Configure::NAME, why));
        }
        let reply = reply::Configure {
            reason: Reason::Unsupported,
            ..WINDOW
        };
        give::reply::<reply::Configure>(desk, number, &reply)?;
        let key = config::KEYS.iter().find(|key| Some(key.name) == field_of(why));
        let status = Status::ConfigRejected;
        let detail = key.map_or(0, |key| key.id);
        give::event(desk, event::Status { status, detail })
    }

    /// The bridge's question is answered. Only yes has a string.
    pub(super) fn join_network(&mut self, join: &JoinNetwork, desk: &mut Desk<'_>) -> Result<(), Fault> {
        if !matches!(self.phase, Phase::Asking | Phase::Refused) {
            // Consent that nobody asked for would be taken for the answer to a later question.
            return Ok(());
        }
        if !join.consent {
            self.enter(Phase::Refused);
        } else if desk.string(|out| join.encode_text(out)).is_ok() {
            self.enter(Phase::Joining { told: false });
        } else {
            return Err(Fault::Restart);
        }
        Ok(())
    }

    /// Looks whether what goes out is out.
    pub(super) fn said(&mut self, desk: &mut Desk<'_>) -> Result<(), Fault> {
        if !desk.is_all_said() {
            return Ok(());
        }
        match self.phase {
            Phase::Will { number, said: false } => self.enter(Phase::Will { number, said: true }),
            Phase::Init { number } => {
                self.enter(Phase::Configured);
                give::reply::<reply::Configure>(desk, number, &WINDOW)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A status of the start. False when it has no place there.
    pub(super) fn opening_status(&mut self, status: Status, desk: &mut Desk<'_>) -> Result<bool, Fault> {
        use Phase as P;
        use Status as S;
        match (self.phase, status) {
            (P::Will { number, said: true }, S::WillOk) => {
                self.enter(P::Fresh);
                will_answered(desk, number, Reason::None)?;
            }
            (P::Configured, S::StoredNetwork) => self.enter(P::Stored),
            (P::Configured | P::Stored, S::SpecifiedNetwork) => self.enter(P::Asking),
            (P::Configured | P::Stored | P::Joining { .. }, S::BrokerCheck) => self.enter(P::Connecting),
            (P::Connecting, S::BrokerOk) => self.enter(P::Connected),
            (P::Connected, S::Running) => {
                self.enter(P::Running);
                if self.wifi == Wifi::Unknown {
                    self.wifi = Wifi::Due(desk.now_ms());
                }
                self.remarks.retains.is_due();
            }
            // They end everything, and before the broker's time nobody else can have said them. In doubt it is
            // time that decides.
            (P::Connecting, S::BrokerFail) if !self.doubt => {}
            (phase, S::UnknownCommand) if phase != P::Fresh && !phase.is_open() && !self.doubt => {}
            _ => return Ok(false),
        }
        give::event(desk, event::Status { status, detail: 0 })?;
        Ok(true)
    }
}

fn will_answered(desk: &mut Desk<'_>, number: u8, reason: Reason) -> Result<(), Fault> {
    give::reply::<reply::Will>(desk, number, &reply::Will { reason })
}

/// The configuration as far as the text format has words for it.
///
/// TLS of a stock bridge verifies nothing. So it is had only by who asked for TLS without verification; to anyone else
/// it would be a promise that is not kept.
fn in_text(configure: Configure<'_>) -> Result<Configure<'_>, TextError> {
    let mut configure = configure.for_text();
    let settings: &mut Config<'_> = &mut configure.settings;
    if settings.tls && settings.tls_verify {
        return Err(UNVERIFIED);
    }
    settings.tls_verify = true; // which is how the text format says nothing of it
    Ok(configure)
}

/// The config key that is to blame.
fn field_of(why: TextError) -> Option<&'static str> {
    match why {
        TextError::NotCarried { field }
        | TextError::ForbiddenByte { field }
        | TextError::TooLong { field, .. }
        | TextError::OutOfRange { field }
        | TextError::Missing { field }
        | TextError::NotABool { field }
        | TextError::NotANumber { field }
        | TextError::NoSuchValue { field }
        | TextError::NotAMap { field } => Some(field),
        TextError::NoTextForm { .. }
        | TextError::Full
        | TextError::Empty
        | TextError::UnknownWord
        | TextError::Extra => None,
    }
}

/// A fingerprint (FNV-1a) of the string that `write` would write.
fn fingerprint(
    desk: &mut Desk<'_>,
    write: impl FnOnce(&mut TextWriter<'_>) -> Result<(), TextError>,
) -> Result<Fingerprint, TextError> {
    let mut print = Err(TextError::Full);
    // Written to be looked at; the error takes it back.
    let _ = desk.string(|out| {
        print = write(out).map(|()| Fingerprint(out.written().iter().fold(0x811C_9DC5, fnv)));
        Err(TextError::Empty)
    });
    print
}

fn fnv(print: u32, byte: &u8) -> u32 {
    (print ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
}
