//! The program on the chip: what is set up, and in which order.
//!
//! Four tasks share one executor: the bridge's loop, its sockets, the network stack and the radio's orders. The radio
//! driver's own threads are above them and interrupt a burst whenever they must. Nothing here thinks: the bridge does.

mod chip;
mod credentials;
mod lamp;
mod last;
mod log;
mod panic;
mod radio;
mod watchdog;

use embassy_executor::{SpawnError, SpawnToken, Spawner};
use embassy_net::{DhcpConfig, Runner, Stack, StackResources};
use esp_hal::clock::CpuClock;
use esp_hal::gpio::dedicated::{DedicatedGpio, DedicatedGpioInput, DedicatedGpioOutput};
use esp_hal::gpio::{Input, InputConfig, InputPin, Level, Output, OutputConfig, OutputPin, Pull};
use esp_hal::peripherals::GPIO_DEDICATED;
use esp_hal::ram;
use esp_hal::rng::Trng;
use esp_hal::timer::timg::TimerGroup;
use esp_radio::wifi::{Interface, WifiController};
use fivewire_bridge_fw_net::{Sockets, Tls, run};
use fivewire_gpio::{Pins, Role};
use static_cell::{ConstStaticCell, StaticCell};

use chip::{Chip, Noise, random64};
use radio::{Radio, Station};
use watchdog::Watchdog;

include!(concat!(env!("OUT_DIR"), "/board.rs"));

esp_bootloader_esp_idf::esp_app_desc!();

/// TCP, UDP, name queries, DHCP, the time before a handshake.
const SOCKETS: usize = 5;

static RADIO: Radio = Radio::new();
static SHARED: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());

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
    let cause = last::look().cause();
    let timers = TimerGroup::new(p.TIMG0);
    esp_rtos::start(timers.timer0, p.FROM_CPU_INTR0);

    let mut wires = wires(p.GPIO_DEDICATED, wires!(p));
    let (heartbeat, broker) = lamps!(p);
    let controller = WifiController::new(p.WIFI, Default::default())
        .unwrap_or_else(|error| panic::die(format_args!("the radio does not start: {error}")));
    let stack = network(spawner);
    spawn(
        spawner,
        radio::run(&RADIO, Station::new(controller, stack, p.FLASH)),
    );
    let sockets: &'static Sockets = SHARED.take();
    spawn(spawner, sockets_task(sockets, stack, tls(stack)));

    let mut chip = Chip {
        radio: &RADIO,
        heartbeat,
        broker,
        watchdog: Watchdog::new(p.RTC_TIMER),
    };
    let fault = run(&mut wires, &mut chip, sockets, cause).await;
    panic::die(format_args!("{fault}"))
}

/// The wires on the processor's own pins, which a bit passes in one instruction where a register on the bus takes many.
fn wires(
    channels: GPIO_DEDICATED<'static>,
    (clock_out, data_out, clock_in, data_in): (
        impl OutputPin + 'static,
        impl OutputPin + 'static,
        impl InputPin + 'static,
        impl InputPin + 'static,
    ),
) -> Wires {
    let channels = DedicatedGpio::new(channels);
    Pins::new(
        Role::Responder,
        DedicatedGpioOutput::new(channels.channel0.output).with_pin(output(clock_out)),
        DedicatedGpioOutput::new(channels.channel1.output).with_pin(output(data_out)),
        DedicatedGpioInput::new(channels.channel0.input, input(clock_in)),
        DedicatedGpioInput::new(channels.channel1.input, input(data_in)),
    )
}

fn output(pin: impl OutputPin + 'static) -> Output<'static> {
    Output::new(pin, Level::Low, OutputConfig::default())
}

/// Pulled down, so that a host that is off does not seem to clock.
fn input(pin: impl InputPin + 'static) -> Input<'static> {
    Input::new(pin, InputConfig::default().with_pull(Pull::Down))
}

fn network(spawner: Spawner) -> Stack<'static> {
    static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();
    let config = embassy_net::Config::dhcpv4(DhcpConfig::default());
    let resources = RESOURCES.init(StackResources::new());
    let (stack, runner) = embassy_net::new(Interface::station(), config, resources, random64());
    spawn(spawner, network_task(runner));
    stack
}

/// The radio must run by now: it is where the randomness comes from.
fn tls(stack: Stack<'static>) -> &'static mut Tls<'static, Noise> {
    static TLS: StaticCell<Tls<'static, Noise>> = StaticCell::new();
    match Trng::try_new() {
        Ok(random) => TLS.init_with(|| Tls::new(stack, Noise(random), CREDENTIALS)),
        Err(error) => panic::die(format_args!("no randomness for TLS: {error:?}")),
    }
}

#[embassy_executor::task]
async fn network_task(mut runner: Runner<'static, Interface>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn sockets_task(
    sockets: &'static Sockets,
    stack: Stack<'static>,
    tls: &'static mut Tls<'static, Noise>,
) {
    sockets.run(stack, tls).await;
}

/// A task that was started already is a fault of this program.
fn spawn<S>(spawner: Spawner, task: Result<SpawnToken<S>, SpawnError>) {
    match task {
        Ok(token) => spawner.spawn(token),
        Err(error) => panic::die(format_args!("a task does not start: {error}")),
    }
}
