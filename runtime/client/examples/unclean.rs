//! A session that lasts: what is published while this client is away arrives when it is back.
//!
//! It stays connected for a while, stays away for a while, and so on; the session also outlives the program, unless
//! `--fresh` begins a new one.

use std::time::Duration;

use async_io::Timer;
use clap::Parser;
use embassy_futures::join::join3;
use fivewire_client::{Options, Publish, QoS, V311};

use crate::support::{Arguments, Handle, Outcome, run, say};

#[path = "support/counter.rs"]
mod counter;
#[path = "support/messages.rs"]
mod messages;
mod support;

/// Comes and goes, and misses nothing.
#[derive(Parser, Debug)]
struct Unclean {
    #[command(flatten)]
    common: Arguments,
    /// Topic filter to subscribe to
    #[arg(long, default_value = "green")]
    filter: String,
    /// Seconds to stay connected, and seconds to stay away
    #[arg(long, default_value_t = 10, value_name = "N")]
    turn: u64,
    /// Begin a new session instead of going on with that of an earlier run
    #[arg(long)]
    fresh: bool,
}

fn main() -> Outcome {
    let arguments = Unclean::parse();
    let options = Options {
        clean_init: arguments.fresh,
        clean: false,
        ..Options::new(&arguments.common.client_id)
    };
    let endpoint = arguments.common.endpoint(1883);
    run::<V311>(&arguments.common, endpoint, options, async |client| {
        // What is published while it is away waits here, as messages do at the broker.
        let counting = counter::count(&arguments.common, client, Publish::qos1());
        let all = join3(messages::show(client), counting, come_and_go(&arguments, client)).await;
        all.0.and(all.1).and(all.2)
    })
}

async fn come_and_go(arguments: &Unclean, client: Handle<'_, V311>) -> Outcome {
    let turn = Duration::from_secs(arguments.turn);
    // What waits at the broker comes before the answer to this.
    client.subscribe(&arguments.filter, QoS::AtLeastOnce).await?;
    say(format_args!("subscribed to {}", arguments.filter));
    loop {
        Timer::after(turn).await;
        client.disconnect().await;
        say(format_args!("away"));
        Timer::after(turn).await;
        client.connect();
        client.ready().await;
    }
}
