//! The program on the chip: what is set up, in which order, and the loop that gives the bridge its turn.
//!
//! Three tasks share one executor: this loop, the radio's orders and the network stack. The radio driver's own threads are
//! above them and interrupt a burst whenever they must. Nothing here thinks: the bridge does.

mod credentials;
mod lamp;
mod last;
mod log;
mod panic;
mod platform;
mod radio;
mod watchdog;

use embassy_executor::Spawner;
use embassy_futures::yield_now;
use embassy_net::{DhcpConfig, StackResources};
use embassy_time::{Instant, Timer};
use esp_hal::clock::CpuClock;
use esp_hal::gpio::dedicated::{DedicatedGpio, DedicatedGpioInput, DedicatedGpioOutput};
use esp_hal::gpio::{Input, InputConfig, Level, Output, OutputConfig, Pull};
use esp_hal::ram;
use esp_hal::rng::Rng;
use esp_hal::timer::timg::TimerGroup;
use esp_radio::wifi::{Interface, WifiController};
use fivewire_bridge::{LogLevel, StandardBridge};
use fivewire_gpio::{Limits, Pace, Pause, Pins, Role};
use static_cell::StaticCell;

use platform::EspPlatform;
use radio::Radio;
use watchdog::Watchdog;

include!(concat!(env!("OUT_DIR"), "/board.rs"));

esp_bootloader_esp_idf::esp_app_desc!();

/// TCP, name queries, DHCP, UDP, and one to spare.
const SOCKETS: usize = 5;

static RADIO: Radio = Radio::new();

type Wires = Pins<
    DedicatedGpioOutput<'static>,
    DedicatedGpioOutput<'static>,
    DedicatedGpioInput<'static>,
    DedicatedGpioInput<'static>,
>;

#[esp_rtos::main]
async fn main(spawner: Spawner) -> ! {
    // The clock stays what it is: this version of the HAL cannot change it later, and the radio wants it anyway.
    let p = esp_hal::init(esp_hal::Config::default().with_cpu_clock(CpuClock::max()));
    esp_alloc::heap_allocator!(#[ram(reclaimed)] size: 64 * 1024);
    esp_alloc::heap_allocator!(size: 72 * 1024);
    let start = last::look();
    let timers = TimerGroup::new(p.TIMG0);
    esp_rtos::start(timers.timer0, p.FROM_CPU_INTR0);

    let (clock_out, data_out, clock_in, data_in) = wires!(p);
    let channels = DedicatedGpio::new(p.GPIO_DEDICATED);
    let mut wires = Pins::new(
        Role::Responder,
        DedicatedGpioOutput::new(channels.channel0.output).with_pin(output(clock_out)),
        DedicatedGpioOutput::new(channels.channel1.output).with_pin(output(data_out)),
        DedicatedGpioInput::new(channels.channel0.input, input(clock_in)),
        DedicatedGpioInput::new(channels.channel1.input, input(data_in)),
    );

    let interface = Interface::station();
    let controller = WifiController::new(p.WIFI, Default::default())
        .unwrap_or_else(|error| panic::die(format_args!("the radio does not start: {error}")));
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();
    let (stack, runner) = embassy_net::new(
        interface,
        embassy_net::Config::dhcpv4(DhcpConfig::default()),
        RESOURCES.init(StackResources::new()),
        random64(),
    );
    spawn(spawner, stack_task(runner));
    spawn(
        spawner,
        radio::run(&RADIO, radio::Station::new(controller, stack, p.FLASH)),
    );

    let mut platform = EspPlatform::new(&RADIO, stack, lamps!(p), start);
    run(&mut wires, &mut platform, &mut Watchdog::new(p.RTC_TIMER)).await
}

/// The loop of a life, which ends with the chip's reset. Runs at full speed while symbols flow, and in steps of a
/// millisecond while nothing happens.
async fn run(wires: &mut Wires, platform: &mut EspPlatform, watchdog: &mut Watchdog) -> ! {
    let bridge = new_bridge();
    bridge.link_mut().start(now_ms());
    let started = wires.start(bridge.link_mut());
    let mut ended = started.err();
    let mut pace = Pace::new();
    while ended.is_none() && !platform.wants_restart() {
        match wires.burst(bridge.link_mut(), now_ms(), Limits::DEFAULT) {
            Ok(burst) => {
                let moved = bridge.poll(now_ms(), platform);
                watchdog.feed();
                rest(pace.after(&burst), moved).await;
            }
            Err(fault) => ended = Some(fault),
        }
    }
    if let Some(fault) = ended {
        panic::die(format_args!("{fault}"));
    }
    log::line(LogLevel::Info, format_args!("restart"));
    esp_hal::system::software_reset()
}

/// A bridge whose epoch no other start has, as far as chance goes.
fn new_bridge() -> &'static mut StandardBridge {
    static BRIDGE: StaticCell<StandardBridge> = StaticCell::new();
    let [a, b, _, _, c, d, e, f] = random64().to_le_bytes();
    let epoch = u16::from_le_bytes([a, b]).max(1);
    BRIDGE.init_with(|| StandardBridge::new(epoch, u32::from_le_bytes([c, d, e, f])))
}

/// Nobody sleeps while the broker's bytes still move.
async fn rest(pause: Pause, moved: bool) {
    match pause {
        Pause::Sleep { us } if !moved => Timer::after_micros(us.into()).await,
        Pause::None | Pause::Yield | Pause::Sleep { .. } => yield_now().await,
    }
}

#[embassy_executor::task]
async fn stack_task(mut runner: embassy_net::Runner<'static, Interface>) -> ! {
    runner.run().await
}

/// A task that was started already is a fault of this program.
fn spawn<S>(spawner: Spawner, task: Result<embassy_executor::SpawnToken<S>, embassy_executor::SpawnError>) {
    match task {
        Ok(token) => spawner.spawn(token),
        Err(error) => panic::die(format_args!("a task does not start: {error}")),
    }
}

fn output(pin: impl esp_hal::gpio::OutputPin + 'static) -> Output<'static> {
    Output::new(pin, Level::Low, OutputConfig::default())
}

/// Pulled down, so that a host that is off does not seem to clock.
fn input(pin: impl esp_hal::gpio::InputPin + 'static) -> Input<'static> {
    Input::new(pin, InputConfig::default().with_pull(Pull::Down))
}

/// The time in milliseconds that wrap.
fn now_ms() -> u32 {
    Instant::now().as_millis() as u32
}

fn random64() -> u64 {
    let random = Rng::new();
    (u64::from(random.random()) << 32) | u64::from(random.random())
}
