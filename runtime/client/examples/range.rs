//! How far does the radio reach? Publishes signal strength, memory and what outages there were; carry it around.
//!
//! The signal strength comes from `/proc/net/wireless`; a computer without radio has none and says so.

use std::fs;

use clap::Parser;
use fivewire_client::{Options, Publish, V311, Will};
use fivewire_client::{QoS, Stats};

use crate::support::{Arguments, Handle, Outcome, run, say};

mod support;

/// Publishes signal strength, memory and outages.
#[derive(Parser, Debug)]
struct Range {
    #[command(flatten)]
    common: Arguments,
}

fn main() -> Outcome {
    let arguments = Range::parse().common;
    let will = Will {
        topic: &arguments.topic,
        payload: b"range client died",
        qos: QoS::AtMostOnce,
        retain: false,
    };
    let options = Options {
        will: Some(will),
        keep_alive_s: 30,
        ..Options::new(&arguments.client_id)
    };
    let endpoint = arguments.endpoint(1883);
    run::<V311>(&arguments, endpoint, options, async |client| {
        report(&arguments, client).await
    })
}

async fn report(arguments: &Arguments, client: Handle<'_, V311>) -> Outcome {
    for count in 0_u32.. {
        let line = line(count, client.stats());
        let receipt = client
            .publish(&arguments.topic, line.as_bytes(), Publish::qos1())
            .await?;
        say(format_args!("{line}: {receipt}"));
        arguments.pause().await;
    }
    Ok(())
}

fn line(count: u32, stats: Stats) -> String {
    let rssi = read("/proc/net/wireless", rssi_dbm).map_or("no radio".into(), |dbm| format!("{dbm} dBm"));
    let free = read("/proc/meminfo", free_kb).map_or("?".into(), |kb| format!("{kb} kB"));
    let Stats {
        republished,
        bytes_in,
        bytes_out,
        ..
    } = stats;
    let outages = stats.reconnects();
    format!(
        "{count} rssi {rssi} free {free} republished {republished} outages {outages} in {bytes_in} out {bytes_out}"
    )
}

fn read(path: &str, parse: impl FnOnce(&str) -> Option<i64>) -> Option<i64> {
    parse(&fs::read_to_string(path).ok()?)
}

/// The level of the first interface, behind two lines of heading: name, status, link, level.
fn rssi_dbm(text: &str) -> Option<i64> {
    let level = text.lines().nth(2)?.split_whitespace().nth(3)?;
    level.trim_end_matches('.').parse().ok()
}

fn free_kb(text: &str) -> Option<i64> {
    let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
