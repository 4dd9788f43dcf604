//! Publishes a counter; for the examples that want something to publish.
//!
//! Not here: how it is published, which is the example's choice.

use fivewire_client::{Protocol, Publish};

use crate::support::{Arguments, Handle, Outcome, say};

/// Publishes 0, 1, 2 … and says how each ended.
pub(crate) async fn count<V: Protocol>(
    arguments: &Arguments,
    client: Handle<'_, V>,
    options: Publish<'_, V>,
) -> Outcome {
    for count in 0_u32.. {
        let payload = count.to_string();
        let receipt = client
            .publish(&arguments.topic, payload.as_bytes(), options)
            .await?;
        say(format_args!("{count}: {receipt}"));
        arguments.pause().await;
    }
    Ok(())
}
