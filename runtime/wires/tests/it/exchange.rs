//! Two threads, two links, full speed. It prints figures and asserts only what is the same on every machine.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fivewire_gpio::{Limits, Pace, Pause, Role};
use fivewire_link::{Event, Hello, Link, Settings};
use fivewire_wires::{Pins, Wires};

use crate::file::Scratch;

type End = Link<2048, 2048>;

/// Runs a link over pins until `work`, which serves the application, says that it is done.
fn run(role: Role, pins: Pins, epoch: u16, mut work: impl FnMut(&mut End) -> bool) -> End {
    let Pins {
        clock_out,
        data_out,
        clock_in,
        data_in,
    } = pins;
    let mut pins = fivewire_gpio::Pins::new(role, clock_out, data_out, clock_in, data_in);
    let mut link = End::new(Settings::new(Hello::new(1, 1, 7, 1200, epoch)));
    let start = Instant::now();
    link.start(0);
    pins.start(&mut link).expect("these pins do not fail");
    let mut pace = Pace::new();
    while !work(&mut link) {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "wedged: {:?} {:?}",
            link.phase(),
            link.stats()
        );
        let now_ms = start.elapsed().as_millis() as u32;
        let burst = pins
            .burst(&mut link, now_ms, Limits::DEFAULT)
            .expect("these pins do not fail");
        match pace.after(&burst) {
            Pause::None => {}
            Pause::Yield => std::thread::yield_now(),
            Pause::Sleep { us } => std::thread::sleep(Duration::from_micros(u64::from(us))),
        }
    }
    link
}

fn body(number: u32) -> [u8; 35] {
    let mut body = [0x55; 35];
    body[0] = 0x10;
    body[1..5].copy_from_slice(&number.to_le_bytes());
    body
}

/// The host sends `count` numbered bodies, the bridge answers each; both check numbers and contents.
fn ping_pong(wires: &Wires, count: u32, in_flight: u32, what: &str) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut expected = 0;
            run(Role::Responder, wires.bridge_pins(), 2, |link| {
                while link.poll_event().is_some() {}
                while link.can_send(35) {
                    let Some((_, got)) = link.receive() else { break };
                    assert_eq!(got, body(expected));
                    link.release();
                    link.send(|slot| {
                        slot[..35].copy_from_slice(&body(expected));
                        Ok::<_, ()>(35)
                    })
                    .expect("room");
                    expected += 1;
                }
                done.load(Ordering::Relaxed)
            });
        });
        let (mut sent, mut got, mut begun) = (0, 0, None);
        let link = run(Role::Initiator, wires.host_pins(), 1, |link| {
            while let Some(event) = link.poll_event() {
                assert!(matches!(event, Event::Up(_)), "{event:?}");
                begun = Some(Instant::now());
            }
            while let Some((_, answer)) = link.receive() {
                assert_eq!(answer, body(got));
                link.release();
                got += 1;
            }
            while sent < count && sent - got < in_flight && link.can_send(35) {
                link.send(|slot| {
                    slot[..35].copy_from_slice(&body(sent));
                    Ok::<_, ()>(35)
                })
                .expect("room");
                sent += 1;
            }
            got == count
        });
        done.store(true, Ordering::Relaxed);
        let took = begun.expect("the link was up").elapsed().as_secs_f64();
        let stats = link.stats();
        println!(
            "{what}: {:.2} Mbit/s each way on the wires, {:.0} round trips/s ({:.0} us each, {in_flight} at a time)",
            f64::from(stats.symbols) * 8.0 / took / 1e6,
            f64::from(count) / took,
            took * 1e6 / f64::from(count),
        );
        assert_eq!(
            (stats.bad_frames, stats.retransmissions, stats.realignments),
            (0, 0, 0)
        );
    });
}

#[test]
fn two_threads_in_memory() {
    ping_pong(&Wires::in_memory(), 5000, 6, "in memory, pipelined");
    ping_pong(&Wires::in_memory(), 1000, 1, "in memory, one by one");
}

#[test]
fn two_threads_through_a_file() {
    let scratch = Scratch::new("exchange");
    let wires = Wires::open_or_create(&scratch.0).expect("made");
    ping_pong(&wires, 5000, 6, "file, pipelined");
}
