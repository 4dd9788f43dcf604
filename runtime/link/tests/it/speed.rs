//! How fast two ends in one process are. It prints figures and asserts only what is the same on every machine.

use std::time::Instant;

use crate::pair::Pair;
use crate::traffic::Traffic;

#[test]
fn two_ends_in_one_process() {
    let mut pair = Pair::new(1);
    pair.bits_per_ms = 10_000;
    let mut traffic = Traffic::new(pair, 1, [1000, 1000]);
    traffic.max_body = 70;
    traffic.pair.start();
    let before = Instant::now();
    traffic.finish(1_000_000, "speed");
    let (took, stats) = (before.elapsed(), traffic.pair.ends[0].stats());
    let bits = f64::from(stats.symbols) * 8.0;
    let busy = f64::from(stats.symbols_sent) / f64::from(stats.symbols);
    println!(
        "{:.1} Mbit/s each way, {:.0} ns a bit for both ends, {:.0} % of the symbols in frames",
        bits / took.as_secs_f64() / 1e6,
        took.as_secs_f64() * 1e9 / bits,
        busy * 100.0
    );
    assert_eq!(stats.retransmissions, 0);
    assert!(busy > 0.5, "the window must not leave the wire idle: {busy}");
}
