//! Two clients that know nothing of fivewire: one hears `result`, one speaks to `green`. Both are mosquitto's.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use fivewire_host_fw_app::{GREEN, RESULT};
use fivewire_xtask_processes::{Process, Talker};

/// How long a subscription may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a publication may take, with a broker that is there; one that is not refuses at once.
const PUBLISHING: Duration = Duration::from_secs(10);
/// What the subscriber is tried with.
const TRIAL: &str = "trial";

/// The subscriber, and the port of the broker.
pub(crate) struct Judge {
    subscriber: Talker,
    port: u16,
}

impl Judge {
    /// Subscribes, and waits until what is published arrives. The broker keeps the session, for it may be restarted.
    pub(crate) fn start(port: u16) -> anyhow::Result<Self> {
        let mut command = Command::new("mosquitto_sub");
        command.args(["--id", "judge", "--disable-clean-session", "--qos", "1"]);
        command.args([
            "--topic",
            RESULT,
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
        ]);
        let subscriber =
            Talker::start(command.stderr(Stdio::null())).context("apt-get install mosquitto-clients")?;
        let mut judge = Self { subscriber, port };
        let begun = Instant::now();
        while judge.next_arrival()?.is_none() {
            ensure!(begun.elapsed() < PATIENCE, "mosquitto_sub hears nothing");
            judge.publish(RESULT, TRIAL)?;
            thread::sleep(Duration::from_millis(50));
        }
        Ok(judge)
    }

    /// The payload of the next message that arrived.
    pub(crate) fn next_arrival(&mut self) -> anyhow::Result<Option<String>> {
        self.subscriber.next_line().context("mosquitto_sub")
    }

    /// Publishes under `green`. False when the broker is not there.
    pub(crate) fn order(&self, text: &str) -> anyhow::Result<bool> {
        self.publish(GREEN, text)
    }

    fn publish(&self, topic: &str, text: &str) -> anyhow::Result<bool> {
        let mut command = Command::new("mosquitto_pub");
        command.args(["--qos", "1", "--topic", topic, "--message", text]);
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        Ok(Process::start(&mut command)?.finish(PUBLISHING)?.success())
    }
}
