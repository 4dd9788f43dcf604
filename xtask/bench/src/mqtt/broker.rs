//! One real mosquitto for the whole contest, on a free port of the loopback interface, gone in the end.
//!
//! It is never the measured one, but everybody's other half: all contestants meet the same process.

use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::machine;

/// Where Debian puts it, which is not on everybody's PATH.
const DAEMONS: &[&str] = &["/usr/sbin", "/usr/local/sbin"];
const MISSING: &str = "there is no mosquitto: apt-get install mosquitto";
/// Far more than a start takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running broker.
pub(crate) struct Broker {
    process: Child,
    config: PathBuf,
    pub(crate) port: u16,
}

impl Broker {
    /// Starts it and waits until it listens.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let program = find().context(MISSING)?;
        let port = free_port()?;
        let config = env::temp_dir().join(format!("fivewire-bench-{}.conf", std::process::id()));
        fs::write(&config, configuration(port))
            .with_context(|| format!("cannot write {}", config.display()))?;
        let mut command = Command::new(program);
        command.arg("-c").arg(&config);
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = command.spawn().context(MISSING)?;
        let mut broker = Self {
            process,
            config,
            port,
        };
        broker.wait()?;
        Ok(broker)
    }

    /// User and system time that it took so far.
    pub(crate) fn cpu_time(&self) -> Duration {
        machine::cpu_time_of(self.process.id())
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!(
                    "mosquitto ended with {status} before it listened on port {}",
                    self.port
                );
            }
            if started.elapsed() > PATIENCE {
                bail!("mosquitto does not listen on port {}", self.port);
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // It keeps nothing, so it can go at once; one that ended already is gone too.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.config);
    }
}

/// Everything as it comes, but what would wait for a peer or write to a disk.
fn configuration(port: u16) -> String {
    format!(
        "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n\
         max_inflight_messages 20\nset_tcp_nodelay true\nlog_type none\n"
    )
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(DAEMONS.iter().map(PathBuf::from));
    folders
        .map(|folder| folder.join("mosquitto"))
        .find(|file| file.is_file())
}

/// Below the ports that outgoing connections get: an attempt to reach a port of that range before the broker listens
/// there can end up connected to itself.
fn free_port() -> anyhow::Result<u16> {
    let offset = std::process::id() * 31;
    let mut ports = (0..10_000).map(|next| 20_000 + (offset.wrapping_add(next) % 10_000) as u16);
    ports
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no port from 20000 to 29999 is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_listens_where_contestants_look_for_it() {
        let port = free_port().expect("not all of them are taken");
        assert!((20_000..30_000).contains(&port));
        assert!(configuration(port).starts_with(&format!("listener {port} 127.0.0.1\n")));
    }
}
