//! Publications with a deadline: stop the broker for longer than that, start it again, and see what became of which.
//!
//! "expired": not a byte of it left, and none will. "under way, not confirmed in time": the broker may have seen it, so it
//! is completed in the background; it cannot be taken back half done.

use std::time::Duration;

use clap::Parser;
use fivewire_client::{Options, Property, Publish, V5};

use crate::support::{Arguments, Outcome, run};

#[path = "support/counter.rs"]
mod counter;
mod support;

/// Publishes a counter, each with a deadline.
#[derive(Parser, Debug)]
struct Timeout {
    #[command(flatten)]
    common: Arguments,
    /// Milliseconds that each publication has
    #[arg(long, default_value_t = 3_000, value_name = "N")]
    deadline_ms: u32,
}

fn main() -> Outcome {
    let arguments = Timeout::parse();
    let options = Options::new(&arguments.common.client_id);
    let endpoint = arguments.common.endpoint(1883);
    // The broker is not to deliver what is stale either.
    let expiry = [Property::MessageExpiryInterval(
        arguments.deadline_ms.div_ceil(1_000),
    )];
    let deadline = Duration::from_millis(arguments.deadline_ms.into());
    run::<V5>(&arguments.common, endpoint, options, async |client| {
        let publish = Publish::qos1().deadline(deadline).properties(&expiry);
        counter::count(&arguments.common, client, publish).await
    })
}
