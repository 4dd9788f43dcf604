//! How fast two text links in one process are. It prints figures and asserts only what is the same on every machine.

use std::time::Instant;

use fivewire_text::{Opening, Role, Settings};

use crate::end::{End, Moved, Text};

const STRINGS: u32 = 5000;
const STRING: &[u8] = b"p\x7Fsensors/temperature\x7F21.5\x7F0\x7F1";

fn started(role: Role) -> Moved {
    let mut link = Text::new(Settings::new(role));
    link.start(0, Opening::AtOnce);
    Moved::new(link, true)
}

/// Keeps the link's queue full and takes what came; returns how many strings did.
fn work(link: &mut Text) -> u32 {
    while link.room() >= STRING.len() {
        link.send(STRING).expect("room");
    }
    let mut got = 0;
    while let Some(string) = link.receive() {
        assert_eq!(string, STRING);
        link.release();
        got += 1;
    }
    got
}

#[test]
fn two_ends_in_one_process() {
    let (mut host, mut bridge) = (started(Role::Initiator), started(Role::Responder));
    let mut wire = host.first_bit();
    let (mut got, mut bits) = (0, 0);
    let before = Instant::now();
    while got < STRINGS {
        for _ in 0..64 {
            let to_host = bridge.step(wire);
            wire = host.step(to_host);
        }
        bits += 64;
        work(&mut host.link);
        got += work(&mut bridge.link);
    }
    let took = before.elapsed().as_secs_f64();
    println!(
        "{:.0} k characters/s each way, {:.1} ns a bit for both ends",
        f64::from(bits) / 7e3 / took,
        took * 1e9 / f64::from(bits)
    );
    let idle = host.link.stats().symbols - host.link.stats().symbols_sent;
    // 66 bits were asked for before the first string, 9 of them for sync byte and filler.
    assert_eq!(idle, (66 - 9_u32).div_ceil(7), "then the wire is never idle");
}
