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

/// How long each run lasts. On a busy machine less gets through, but nothing else changes.
const RUN: Duration = Duration::from_millis(400);

fn send(link: &mut End, number: u32) {
    let sent = link.send(|slot| {
        slot[..35].copy_from_slice(&body(number));
        Ok::<_, ()>(35)
    });
    assert!(sent.is_ok(), "{sent:?}");
}

/// Answers each body with the same.
fn answer(wires: &Wires, done: &AtomicBool) {
    let mut expected = 0;
    run(Role::Responder, wires.bridge_pins(), 2, |link| {
        while link.poll_event().is_some() {}
        while link.can_send(35) {
            let Some((_, got)) = link.receive() else { break };
            assert_eq!(got, body(expected));
            link.release();
            send(link, expected);
            expected += 1;
        }
        done.load(Ordering::Relaxed)
    });
}

/// Sends numbered bodies, `in_flight` at a time, until the time is up and all are answered; returns how many.
fn ask(wires: &Wires, in_flight: u32, begun: &mut Option<Instant>) -> (End, u32) {
    let (mut sent, mut got) = (0, 0);
    let link = run(Role::Initiator, wires.host_pins(), 1, |link| {
        while let Some(event) = link.poll_event() {
            assert!(matches!(event, Event::Up(_)), "{event:?}");
            *begun = Some(Instant::now());
        }
        while let Some((_, answer)) = link.receive() {
            assert_eq!(answer, body(got));
            link.release();
            got += 1;
        }
        let is_over = begun.is_some_and(|begun| begun.elapsed() > RUN);
        while !is_over && sent - got < in_flight && link.can_send(35) {
            send(link, sent);
            sent += 1;
        }
        is_over && got == sent
    });
    (link, got)
}

fn ping_pong(wires: &Wires, in_flight: u32, what: &str) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| answer(wires, &done));
        let mut begun = None;
        let (link, got) = ask(wires, in_flight, &mut begun);
        done.store(true, Ordering::Relaxed);
        let took = begun.expect("the link was up").elapsed().as_secs_f64();
        let stats = link.stats();
        println!(
            "{what}, {in_flight} at a time: {:.2} Mbit/s each way, {:.0} round trips/s",
            f64::from(stats.symbols) * 8.0 / took / 1e6,
            f64::from(got) / took,
        );
        assert!(got > 0);
        assert_eq!(
            (stats.bad_frames, stats.retransmissions, stats.realignments),
            (0, 0, 0)
        );
    });
}

#[test]
fn two_threads_in_memory() {
    ping_pong(&Wires::in_memory(), 6, "in memory");
    ping_pong(&Wires::in_memory(), 1, "in memory");
}

#[test]
fn two_threads_through_a_file() {
    let scratch = Scratch::new("exchange");
    let wires = Wires::open_or_create(&scratch.0).expect("made");
    ping_pong(&wires, 6, "file");
}
