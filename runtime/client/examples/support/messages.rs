//! Shows messages; for the examples that subscribe.
//!
//! Not here: subscribing.

use fivewire_client::Protocol;

use crate::support::{Handle, Outcome, say};

/// Shows every message that comes.
pub(crate) async fn show<V: Protocol>(client: Handle<'_, V>) -> Outcome {
    let mut buffer = [0; 1024];
    loop {
        let message = client.next_message(&mut buffer).await?;
        let payload = String::from_utf8_lossy(message.payload);
        let retained = if message.retain { ", retained" } else { "" };
        say(format_args!("message: {} = {payload}{retained}", message.topic));
    }
}
