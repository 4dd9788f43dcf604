//! What the host does, in order, and the pins that say so.

use embedded_hal::digital::OutputPin;
use fivewire_gpio::{Limits, Pace, PinFault, Pins, ResetPin, Role};
use fivewire_host::link::{Messages, Settings};
use fivewire_host::{Config, Host, Publish, link_settings};
use rp2040_hal::gpio::bank0::{
    Gpio2, Gpio3, Gpio4, Gpio5, Gpio6, Gpio7, Gpio8, Gpio16, Gpio17, Gpio18, Gpio19, Gpio20,
};
use rp2040_hal::gpio::{FunctionSioInput, FunctionSioOutput, Pin, PullDown};

use crate::board::{self, Clock};

type Out<I> = Pin<I, FunctionSioOutput, PullDown>;
type In<I> = Pin<I, FunctionSioInput, PullDown>;

const CONFIG: Config<'static> = Config {
    ssid: "bench",
    broker: "broker",
    ..Config::DEFAULT
};

const TOPIC: &str = "bench/host";
const PAYLOAD: [u8; 64] = [b'e'; 64];
/// Publications one at a time, each out of a link gone quiet.
const TRIPS: u32 = 10;
/// Between two of them, in microseconds; not a whole number of the steps that the bridge's idle link makes.
const PAUSE_US: u32 = 10_300;
const FLOOD: u32 = 300;
const IDLE_US: u32 = 200_000;

/// Each pin is high while what it stands for is so.
struct Marks {
    /// The bridge has not acknowledged the frame of a publication.
    frame: Out<Gpio2>,
    /// A publication has no receipt.
    receipt: Out<Gpio3>,
    /// Nothing is to be said.
    idle: Out<Gpio4>,
    /// Publications follow one another as fast as the queue takes them.
    flood: Out<Gpio5>,
    /// The link is being clocked.
    burst: Out<Gpio6>,
    /// The program does not rest.
    work: Out<Gpio7>,
    /// Everything was done.
    done: Out<Gpio8>,
}

struct Rig<L> {
    host: Host<'static, L>,
    /// Whether something of a publication is on its way to the bridge.
    is_sending: fn(&L) -> bool,
    pins: Pins<Out<Gpio18>, Out<Gpio17>, In<Gpio20>, In<Gpio19>>,
    reset: ResetPin<Out<Gpio16>>,
    in_reset: bool,
    pace: Pace,
    clock: Clock,
    marks: Marks,
}

/// The whole course on a link that `link` makes. Ends early when something fails, and does not say that it is done.
pub(crate) fn run<L: Messages>(link: impl FnOnce(Settings) -> L, is_sending: fn(&L) -> bool) -> Option<()> {
    let mut rig = Rig::new(link(link_settings(&CONFIG, 1)), is_sending)?;
    while !rig.host.ready() {
        rig.turn()?;
    }
    for _ in 0..TRIPS {
        rig.pass(PAUSE_US)?;
        rig.trip()?;
    }
    rig.pass(PAUSE_US)?;
    raise(&mut rig.marks.idle);
    rig.pass(IDLE_US)?;
    lower(&mut rig.marks.idle);
    raise(&mut rig.marks.flood);
    rig.flood()?;
    lower(&mut rig.marks.flood);
    raise(&mut rig.marks.done);
    Some(())
}

impl<L: Messages> Rig<L> {
    fn new(link: L, is_sending: fn(&L) -> bool) -> Option<Self> {
        let (pins, clock) = board::start()?;
        let mut reset = ResetPin::new(pins.gpio16.reconfigure());
        reset.assert().ok()?;
        Some(Self {
            host: Host::with_link(CONFIG, link, clock.now_ms()).ok()?,
            is_sending,
            pins: Pins::new(
                Role::Initiator,
                pins.gpio18.reconfigure(),
                pins.gpio17.reconfigure(),
                pins.gpio20.reconfigure(),
                pins.gpio19.reconfigure(),
            ),
            reset,
            in_reset: true,
            pace: Pace::new(),
            clock,
            marks: Marks {
                frame: pins.gpio2.reconfigure(),
                receipt: pins.gpio3.reconfigure(),
                idle: pins.gpio4.reconfigure(),
                flood: pins.gpio5.reconfigure(),
                burst: pins.gpio6.reconfigure(),
                work: pins.gpio7.reconfigure(),
                done: pins.gpio8.reconfigure(),
            },
        })
    }

    /// One turn of the program, with the rest that the link's pace asks for.
    fn turn(&mut self) -> Option<()> {
        raise(&mut self.marks.work);
        let burst = if self.in_reset { None } else { Some(self.burst()?) };
        self.host.handle_timeout(self.clock.now_ms());
        self.follow_reset().ok()?;
        lower(&mut self.marks.work);
        if let Some(burst) = burst {
            self.clock.rest(self.pace.after(&burst));
        }
        Some(())
    }

    fn burst(&mut self) -> Option<fivewire_gpio::Burst> {
        let now_ms = self.clock.now_ms();
        raise(&mut self.marks.burst);
        let burst = self.pins.burst(self.host.link_mut(), now_ms, Limits::DEFAULT);
        lower(&mut self.marks.burst);
        burst.ok()
    }

    fn follow_reset(&mut self) -> Result<(), PinFault> {
        let asserted = self.host.reset_asserted();
        if asserted == self.in_reset {
            return Ok(());
        }
        self.in_reset = asserted;
        if asserted {
            self.reset.assert()?;
            self.pins.stop()
        } else {
            self.pins.start(self.host.link_mut())?;
            self.reset.release()
        }
    }

    /// Turns for so many microseconds.
    fn pass(&mut self, us: u32) -> Option<()> {
        let start = self.clock.now_us();
        while self.clock.now_us().wrapping_sub(start) < us {
            self.turn()?;
        }
        Some(())
    }

    /// A publication from the call to its receipt.
    fn trip(&mut self) -> Option<()> {
        raise(&mut self.marks.frame);
        raise(&mut self.marks.receipt);
        self.host.publish(TOPIC, &PAYLOAD, Publish::qos1()).ok()?;
        self.host.handle_timeout(self.clock.now_ms());
        let mut sent = false;
        loop {
            self.turn()?;
            let in_flight = (self.is_sending)(self.host.link());
            if sent && !in_flight {
                lower(&mut self.marks.frame);
            }
            sent |= in_flight;
            if self.host.poll_receipt().is_some() {
                break;
            }
        }
        lower(&mut self.marks.frame);
        lower(&mut self.marks.receipt);
        Some(())
    }

    fn flood(&mut self) -> Option<()> {
        let (mut accepted, mut ended) = (0, 0);
        while ended < FLOOD {
            while accepted < FLOOD && self.host.publish(TOPIC, &PAYLOAD, Publish::qos1()).is_ok() {
                accepted += 1;
            }
            self.turn()?;
            while self.host.poll_receipt().is_some() {
                ended += 1;
            }
        }
        Some(())
    }
}

fn raise(mark: &mut impl OutputPin) {
    // A pin of the chip itself has no errors.
    let _ = mark.set_high();
}

fn lower(mark: &mut impl OutputPin) {
    let _ = mark.set_low();
}
