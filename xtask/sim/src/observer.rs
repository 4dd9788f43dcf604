//! A subscriber of its own that watches the broker: it knows nothing of fivewire, so what it counts is proof.
//! It uses a client of another project on purpose.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use mqtt5::{ConnectOptions, MqttClient, QoS, SubscribeOptions};
use tokio::runtime::Runtime;

/// What arrived at the broker, by the number in the payload.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    /// Numbers that arrived.
    pub(crate) numbers: BTreeSet<u64>,
    /// Arrivals of a number that was there already.
    pub(crate) duplicates: u64,
}

/// The watching subscriber; it reconnects by itself.
pub(crate) struct Observer {
    runtime: Runtime,
    client: MqttClient,
    seen: Arc<Mutex<Seen>>,
}

impl Observer {
    /// Subscribes to `topic` with QoS 1 at the broker at `address`.
    pub(crate) fn start(address: SocketAddr, topic: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("starting the observer's runtime")?;
        let options = ConnectOptions::new(format!("fivewire-observer-{}", std::process::id()))
            .with_clean_start(false)
            .with_session_expiry_interval(3600)
            .with_keep_alive(Duration::from_secs(10))
            .with_automatic_reconnect(true)
            .with_reconnect_delay(Duration::from_millis(100), Duration::from_millis(500));
        let client = MqttClient::with_options(options);
        let seen = Arc::new(Mutex::new(Seen::default()));
        let count = Arc::clone(&seen);
        runtime.block_on(async {
            client
                .connect(&format!("mqtt://{address}"))
                .await
                .with_context(|| {
                    format!("no MQTT broker answers at {address}: start one there, or leave --broker out")
                })?;
            let options = SubscribeOptions {
                qos: QoS::AtLeastOnce,
                ..SubscribeOptions::default()
            };
            client
                .subscribe_with_options(topic, options, move |message| note(&count, &message.payload))
                .await
                .with_context(|| format!("the broker at {address} refused the observer's subscription"))
        })?;
        Ok(Self {
            runtime,
            client,
            seen,
        })
    }

    /// What arrived until now.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        // Best effort: the broker may be gone already.
        let _ = self
            .runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(1), self.client.disconnect()).await });
    }
}

fn note(seen: &Mutex<Seen>, payload: &[u8]) {
    let Some(number) = std::str::from_utf8(payload)
        .ok()
        .and_then(|text| text.parse().ok())
    else {
        return;
    };
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    if !seen.numbers.insert(number) {
        seen.duplicates += 1;
    }
}
