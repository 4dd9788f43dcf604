//! The client process: for each line of orders one connection, on which the client does what it is told and answers
//! what the standard wants answered.
//!
//! Not here: how the client reaches the broker (see `direct` and `chain`).

mod agent;
mod chain;
mod direct;

use std::io::BufRead as _;

use anyhow::Context as _;

/// How the client reaches the broker.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// The MQTT client itself, on TCP.
    Direct,
    /// The host's interface, over simulated wires and through the bridge.
    Chain,
}

impl Way {
    /// What the client process is started with.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Direct => &["client"],
            Self::Chain => &["client", "--chain"],
        }
    }
}

/// One line of orders: `PORT VERSION CLEAN [COMMAND]`.
pub(crate) struct Order {
    port: u16,
    version: u8,
    clean: bool,
    command: Option<Command>,
}

/// What is to be done once, after CONNACK.
#[derive(Clone, Copy)]
pub(crate) enum Command {
    PublishQos1,
    PublishQos2,
    Unsubscribe,
}

impl Order {
    fn parse(line: &str) -> anyhow::Result<Self> {
        let mut words = line.split_whitespace();
        let mut word = || words.next();
        let port = word().context("no port")?.parse()?;
        let version = word().context("no version")?.parse()?;
        let clean = word().context("neither 0 nor 1 for a clean session")? != "0";
        let command = match word() {
            None => None,
            Some("publish-1") => Some(Command::PublishQos1),
            Some("publish-2") => Some(Command::PublishQos2),
            Some("unsubscribe") => Some(Command::Unsubscribe),
            Some(other) => anyhow::bail!("no such command: {other}"),
        };
        Ok(Self {
            port,
            version,
            clean,
            command,
        })
    }
}

/// Obeys until the orders end.
pub(crate) fn serve(way: Way) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let order = Order::parse(&line).with_context(|| format!("in the order {line:?}"))?;
        let end = match way {
            Way::Direct => direct::obey(&order),
            Way::Chain => chain::obey(&order),
        };
        if let Err(error) = end {
            // A broker that resets the connection is part of the game.
            eprintln!("note: {error:#}");
        }
    }
    Ok(())
}
