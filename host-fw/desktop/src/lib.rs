//! The host on a computer: `fivewire-host` as a library, so that a demonstration or a test can run it beside a bridge.
//!
//! The link runs on a thread of its own, at full speed while symbols flow and in steps of a millisecond while nothing
//! happens; the demo application runs on another, and further subscriptions on theirs, as the parts of a person's own
//! program would. Whatever those do, the link goes on. It is deliberately no bridge and no broker, and the demos are
//! in `fivewire-host-fw-app`.

mod board;
pub mod demo;
mod executor;
mod link;
mod report;
mod run;
mod settings;

pub use report::{Detail, Report};
pub use run::{Failure, Options, run};
pub use settings::{BRIDGE_TABLE, Settings, SettingsError};
