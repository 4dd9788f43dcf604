//! A clean session: publishes a counter, and shows what comes on another topic.
//!
//! Stop the broker and start it again: the counter goes on where it was, and the subscription is back by itself. What others
//! publish meanwhile is lost: the broker keeps nothing for a clean session; see `unclean` for the other kind.

use clap::Parser;
use embassy_futures::join::join;
use fivewire_client::{Options, Publish, QoS, V311};

use crate::support::{Arguments, Handle, Outcome, run, say};

#[path = "support/counter.rs"]
mod counter;
#[path = "support/messages.rs"]
mod messages;
mod support;

/// Publishes a counter in a clean session.
#[derive(Parser, Debug)]
struct Clean {
    #[command(flatten)]
    common: Arguments,
    /// Topic filter to subscribe to
    #[arg(long, default_value = "green")]
    filter: String,
}

fn main() -> Outcome {
    let arguments = Clean::parse();
    let options = Options::new(&arguments.common.client_id);
    let endpoint = arguments.common.endpoint(1883);
    run::<V311>(&arguments.common, endpoint, options, async |client| {
        let (published, shown) = join(
            counter::count(&arguments.common, client, Publish::qos1()),
            show(&arguments, client),
        )
        .await;
        published.and(shown)
    })
}

async fn show(arguments: &Clean, client: Handle<'_, V311>) -> Outcome {
    client.subscribe(&arguments.filter, QoS::AtLeastOnce).await?;
    say(format_args!("subscribed to {}", arguments.filter));
    messages::show(client).await
}
