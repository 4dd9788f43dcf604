//! Section `link`: how fast two ends clock bits to each other in one process, both sending all the time, and what a host
//! and a bridge cost as machine code of two emulated RP2040s.
//!
//! In one process there are no wires and no waiting: that is what the link itself costs. The emulated ends wait for each
//! other over pins, and have their applications on top.

mod chip;
mod emulated;
mod ends;
mod text;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use fivewire_link::{Hello, Link, Settings};

use crate::{
    report::{Aim, Figure, Section},
    size,
};

/// Body of the mean message.
const BODY: usize = 35;
/// Exchanges of a round; each moves a bit either way.
const EXCHANGES: u32 = 1_000_000;
const ROUNDS: usize = 11;
/// Bits in a pretended millisecond: the link is given the time, it does not look.
const BITS_PER_MS: u32 = 1000;
const WINDOW: usize = 1024;

type End = Link<WINDOW, WINDOW>;

/// Two ends and the time they are told.
struct Pair {
    host: End,
    bridge: End,
    exchanges: u32,
    /// Bodies that arrived whole and in order, in both directions.
    delivered: u64,
}

/// Programs for thumbv6m, where there is a compiler for them.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Options {
    /// Section link: the programs of a host and a bridge, to be emulated.
    #[arg(long, hide = true, num_args = 2)]
    ends: Vec<PathBuf>,
    /// Section link: a program with the host library, to tell the size of.
    #[arg(long, hide = true)]
    host: Option<PathBuf>,
    /// Section link: the text format instead, the host's program before an old bridge that keeps up.
    #[arg(long, value_name = "PROGRAM")]
    text: Option<PathBuf>,
}

const AIM_TEXT: Aim = Aim::AtMost(24.0 * 1024.0);
const AIM_RAM: Aim = Aim::AtMost(6.0 * 1024.0);

/// In one process, then emulated, then the size.
pub(crate) fn measure(options: &Options) -> anyhow::Result<Section> {
    if let Some(host) = &options.text {
        return Ok(Section {
            name: "link",
            what: "a host on an emulated RP2040, before a bridge of the MicroPython system that keeps up"
                .to_owned(),
            figures: text::figures(host)?,
        });
    }
    let mut figures = in_one_process()?;
    if let [host, bridge] = options.ends.as_slice() {
        figures.extend(emulated::figures(&ends::run(host, bridge)?));
    }
    if let Some(host) = &options.host {
        let size = size::of(host)?;
        figures.push(Figure::new("host thumbv6m text", size.text as f64, "B").aim(AIM_TEXT));
        figures.push(Figure::new("host thumbv6m RAM", size.ram as f64, "B").aim(AIM_RAM));
    }
    let what = format!(
        "two ends in one process, {BODY}-byte messages both ways without a pause, median of {ROUNDS} rounds; \
         a host and a bridge on emulated RP2040s, wired pin to pin"
    );
    Ok(Section {
        name: "link",
        what,
        figures,
    })
}

/// The median of some rounds, because a busy machine only ever makes it slower.
fn in_one_process() -> anyhow::Result<Vec<Figure>> {
    let mut pair = Pair::joined()?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        pair.exchange(EXCHANGES);
        rates.push(f64::from(EXCHANGES) / started.elapsed().as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    let bits = rates[ROUNDS / 2];
    let stats = [pair.host.stats(), pair.bridge.stats()];
    ensure!(
        stats.iter().all(|end| end.retransmissions == 0),
        "frames were lost between perfect wires"
    );
    let per_bit = pair.delivered as f64 / (f64::from(EXCHANGES) * ROUNDS as f64) / 2.0;
    Ok(vec![
        Figure::new("bits each way", bits, "bit/s").aim(Aim::AtLeast(1e6)),
        Figure::new("symbols each way", bits / 8.0, "symbol/s"),
        Figure::new("messages each way", bits * per_bit, "message/s"),
        Figure::new(
            "share of messages",
            per_bit * 8.0 * BODY as f64 * 100.0,
            "% of the bits",
        ),
    ])
}

impl Pair {
    /// Two ends that have found each other.
    fn joined() -> anyhow::Result<Self> {
        let settings = |epoch| Settings::new(Hello::new(1, 1, 0x5eed, BODY as u16, epoch));
        let (host, bridge) = (End::new(settings(1)), End::new(settings(2)));
        let mut pair = Self {
            host,
            bridge,
            exchanges: 0,
            delivered: 0,
        };
        pair.host.start(0);
        pair.bridge.start(0);
        pair.exchange(100_000);
        pair.host.peer().context("the ends did not find each other")?;
        pair.delivered = 0;
        Ok(pair)
    }

    fn exchange(&mut self, exchanges: u32) {
        for _ in 0..exchanges {
            let (to_bridge, to_host) = (self.host.output_bit(), self.bridge.output_bit());
            self.host.input_bit(to_host);
            self.bridge.input_bit(to_bridge);
            self.exchanges = self.exchanges.wrapping_add(1);
            // As often as a driver would look: at the end of a symbol.
            if self.exchanges.is_multiple_of(8) {
                self.applications();
            }
        }
    }

    fn applications(&mut self) {
        let now_ms = self.exchanges / BITS_PER_MS;
        for end in [&mut self.host, &mut self.bridge] {
            if self.exchanges.is_multiple_of(BITS_PER_MS) {
                end.handle_timeout(now_ms);
                while end.poll_event().is_some() {}
            }
            if end.receive().is_some() {
                end.release();
                self.delivered += 1;
            }
            if end.can_send(BODY) {
                // A refusal is a full window; the next symbol asks again.
                let _ = end.send(fill);
            }
        }
    }
}

/// A body that is mostly text, as messages are.
fn fill(body: &mut [u8]) -> Result<usize, ()> {
    let body = body.get_mut(..BODY).ok_or(())?;
    body.fill(b'e');
    if let Some(op) = body.first_mut() {
        *op = 0x22;
    }
    Ok(BODY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ends_carry_messages_both_ways_and_repeat_none() {
        let mut pair = Pair::joined().expect("they find each other");
        pair.exchange(100_000);
        assert!(pair.delivered > 100, "{} delivered", pair.delivered);
        assert_eq!(pair.host.stats().retransmissions, 0);
    }
}
