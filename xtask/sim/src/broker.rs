//! The embedded broker of the demonstration: a real TCP listener on the loopback that can be stopped and started.
//! Sessions and retained messages are kept in a temporary folder, as a real broker keeps them on disk.
//! It is not the subject of the demonstration: `--broker` puts any other broker in its place.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use mqtt5::broker::config::{StorageBackend, StorageConfig};
use mqtt5::broker::{BrokerConfig, BrokerShutdownHandle, MqttBroker};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// A broker on a free port of the loopback.
pub(crate) struct Broker {
    runtime: Runtime,
    storage: TempDir,
    address: SocketAddr,
    running: Option<(BrokerShutdownHandle, JoinHandle<()>)>,
}

impl Broker {
    /// Starts the broker; its port stays the same over restarts.
    pub(crate) fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("starting the embedded broker's runtime")?;
        let storage = tempfile::tempdir().context("making a folder for the embedded broker's sessions")?;
        let mut broker = Self {
            runtime,
            storage,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            running: None,
        };
        broker.resume()?;
        Ok(broker)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening and closes every connection. Sessions stay on disk.
    pub(crate) fn pause(&mut self) {
        let Some((shutdown, task)) = self.running.take() else {
            return;
        };
        shutdown.shutdown();
        let ended = self
            .runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(3), task).await });
        drop(ended); // A task that overran is dropped with its connections; the port is rebound with retries.
    }

    /// Listens again at the same address.
    pub(crate) fn resume(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let mut failure = anyhow!("not tried");
        for _ in 0..50 {
            match self.runtime.block_on(MqttBroker::with_config(self.config())) {
                Ok(broker) => return self.run(broker),
                Err(error) => failure = error.into(),
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(failure.context(format!("the embedded broker cannot listen at {}", self.address)))
    }

    fn run(&mut self, mut broker: MqttBroker) -> Result<()> {
        self.address = broker
            .local_addr()
            .context("the embedded broker has no address")?;
        let shutdown = broker.shutdown_handle();
        let task = self.runtime.spawn(async move {
            if let Err(error) = broker.run().await {
                eprintln!("embedded broker: {error}");
            }
        });
        self.running = Some((shutdown, task));
        Ok(())
    }

    fn config(&self) -> BrokerConfig {
        BrokerConfig {
            bind_addresses: vec![self.address],
            sys_topics_enabled: false,
            storage_config: StorageConfig {
                backend: StorageBackend::File,
                base_dir: self.storage.path().to_path_buf(),
                ..StorageConfig::default()
            },
            ..BrokerConfig::default()
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.pause();
    }
}
