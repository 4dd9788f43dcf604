//! Both ends, the wires, Wi-Fi and a broker in virtual time, with faults drawn from one seed.
//!
//! [`World`] runs the real host core and the real bridge core against each other, bit by bit, in steps of one virtual
//! millisecond. Everything that they cannot know is a model: the [`board`] with its Wi-Fi, the [`network`], the
//! [`broker`] and the time server. A [`Plan`] says what goes wrong and when; the [`ledger`] holds the delivery
//! contract against what happens, all the time and at the end. The same [`Setup`] gives the same run, bit for bit.
//!
//! `cargo test -p fivewire-sim` runs a few dozen random worlds; `FIVEWIRE_SEEDS=n` runs so many (best with
//! `--release`), `FIVEWIRE_SEED=s` one of them with its whole trace. A failure prints its seed and that command.
//!
//! It is deliberately no model of pins: the links exchange bits directly, and a missed clock edge is one end
//! stepping without the other. Nor is it a broker to use: it knows what the bridge needs, and judges it.
//!
//! ```
//! use fivewire_sim::{Setup, World};
//!
//! let (summary, trace) = World::new(Setup::quiet(1)).and_then(World::run).unwrap();
//! assert_eq!(summary.tally.delivered, summary.tally.accepted);
//! println!("{trace}");
//! ```

mod application;
pub mod board;
pub mod broker;
mod ends;
mod judge;
pub mod ledger;
pub mod network;
mod plan;
mod random;
mod setup;
mod step;
pub mod stock;
mod time_server;
mod trace;
mod weather;
mod wires;
mod world;

pub use ends::{SimBridge, SimHost};
pub use ledger::{Tally, Verdict};
pub use network::{Cut, Reach};
pub use plan::{Fault, Plan};
pub use random::Random;
pub use setup::{BROKER, PASSWORD, SSID, Setup, WILL_PAYLOAD, WILL_TOPIC, Workload};
pub use time_server::{TimeMood, TimeServer};
pub use trace::Trace;
pub use world::{Failure, Summary, World};
