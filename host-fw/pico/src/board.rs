//! The Pico's parts: which pins, how fast, and how its core rests. No interrupt is ever taken: all is polled, and the
//! timer merely wakes the core.

use core::convert::Infallible;

use cortex_m::peripheral::{NVIC, SCB};
use embedded_hal::digital::{ErrorType, OutputPin};
use fivewire_host_fw_firmware::gpio::{HostWires, Pins, ResetPin, Role};
use fivewire_host_fw_firmware::{Board, Host, Port, Time, Wires, run};
use fugit::{ExtU32 as _, RateExtU32 as _};
use rp2040_hal::clocks::init_clocks_and_plls;
use rp2040_hal::gpio::bank0::Gpio16;
use rp2040_hal::gpio::{self, FunctionSioInput, FunctionUart, Pin, PinState, PullNone};
use rp2040_hal::pac::{self, Interrupt};
use rp2040_hal::rosc::{self, RingOscillator};
use rp2040_hal::timer::{Alarm as _, Alarm0};
use rp2040_hal::uart::{self, DataBits, Enabled, StopBits, UartConfig, UartPeripheral, ValidUartPinout};
use rp2040_hal::{Clock as _, Sio, Timer, Watchdog};

/// The second stage of the boot: it maps the rest of the flash.
#[expect(unsafe_code, reason = "the boot ROM finds it by its place")]
#[unsafe(link_section = ".boot2")]
#[used]
static BOOT2_FIRMWARE: [u8; 256] = rp2040_boot2::BOOT_LOADER_W25Q080;

const CRYSTAL_HZ: u32 = 12_000_000;
const LOG_BAUD: u32 = 115_200;

#[rp2040_hal::entry]
fn main() -> ! {
    static mut HOST: Host = Host::new();
    cortex_m::interrupt::disable();
    match board() {
        Some(board) => run(HOST, board),
        None => SCB::sys_reset(),
    }
}

/// The parts; none when they were taken before or the clocks do not start, which a reset mends.
fn board() -> Option<Board<impl Wires, impl OutputPin, impl OutputPin, impl Time, impl Port>> {
    let mut chip = pac::Peripherals::take()?;
    let epoch = random(RingOscillator::new(chip.ROSC).initialize());
    let mut watchdog = Watchdog::new(chip.WATCHDOG);
    let clocks = init_clocks_and_plls(
        CRYSTAL_HZ,
        chip.XOSC,
        chip.CLOCKS,
        chip.PLL_SYS,
        chip.PLL_USB,
        &mut chip.RESETS,
        &mut watchdog,
    )
    .ok()?;
    let sio = Sio::new(chip.SIO);
    let pins = gpio::Pins::new(chip.IO_BANK0, chip.PADS_BANK0, sio.gpio_bank0, &mut chip.RESETS);
    let wires = Pins::new(
        Role::Initiator,
        pins.gpio18.into_push_pull_output_in_state(PinState::Low),
        pins.gpio17.into_push_pull_output_in_state(PinState::Low),
        pins.gpio20.into_pull_down_input(),
        pins.gpio19.into_pull_down_input(),
    );
    let reset = ResetPin::new(OpenDrain::new(pins.gpio16.reconfigure()));
    let serial = UartConfig::new(LOG_BAUD.Hz(), DataBits::Eight, None, StopBits::One);
    let log_pins = uart::Pins::default().tx(pins.gpio0.reconfigure::<FunctionUart, PullNone>());
    let log = UartPeripheral::new(chip.UART0, log_pins, &mut chip.RESETS)
        .enable(serial, clocks.peripheral_clock.freq())
        .ok()?;
    Some(Board {
        name: "Raspberry Pi Pico",
        wires: HostWires::new(wires, reset),
        led: pins.gpio25.into_push_pull_output(),
        heartbeat: pins.gpio21.into_push_pull_output(),
        time: Micros::start(Timer::new(chip.TIMER, &mut chip.RESETS, &clocks))?,
        log: Serial(log),
        epoch,
    })
}

/// Sixteen bits of the ring oscillator's jitter: good enough to tell two starts apart, for secrets it is not.
fn random(oscillator: RingOscillator<rosc::Enabled>) -> u16 {
    (0..16).fold(0, |bits, _| {
        // Two samples in a row are alike; a while later they are not.
        cortex_m::asm::delay(100);
        bits << 1 | u16::from(oscillator.get_random_bit())
    })
}

/// GP16 as an open-drain output: low, or not driven at all.
struct OpenDrain(Pin<Gpio16, FunctionSioInput, PullNone>);

/// The pin's bit in the registers.
const GPIO16: u32 = 1 << 16;

impl OpenDrain {
    /// Not driven, and low as soon as it is.
    #[expect(
        unsafe_code,
        reason = "an input's level as an output is out of the typed pin's reach"
    )]
    fn new(pin: Pin<Gpio16, FunctionSioInput, PullNone>) -> Self {
        // SAFETY: clears the one bit that is this pin's, in a register that leaves the others alone.
        unsafe { (*pac::SIO::PTR).gpio_out_clr().write(|w| w.bits(GPIO16)) };
        Self(pin)
    }
}

impl ErrorType for OpenDrain {
    type Error = Infallible;
}

#[expect(unsafe_code, reason = "the output's enable is out of the typed pin's reach")]
impl OutputPin for OpenDrain {
    fn set_low(&mut self) -> Result<(), Infallible> {
        // SAFETY: sets the one bit that is this pin's, in a register that leaves the others alone.
        unsafe { (*pac::SIO::PTR).gpio_oe_set().write(|w| w.bits(GPIO16)) };
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        // SAFETY: as above.
        unsafe { (*pac::SIO::PTR).gpio_oe_clr().write(|w| w.bits(GPIO16)) };
        Ok(())
    }
}

/// Time from the chip's own timer, which counts microseconds.
struct Micros {
    timer: Timer,
    alarm: Alarm0,
    /// The counter at the last whole millisecond, and that.
    us: u32,
    ms: u32,
}

impl Micros {
    fn start(mut timer: Timer) -> Option<Self> {
        let mut alarm = timer.alarm_0()?;
        alarm.enable_interrupt();
        // SAFETY: interrupts are off for good; it is to wake the core, not to be handled.
        #[expect(unsafe_code, reason = "unmasking may break a critical section; there is none")]
        unsafe {
            NVIC::unmask(Interrupt::TIMER_IRQ_0);
        }
        let us = timer.get_counter_low();
        Some(Self {
            timer,
            alarm,
            us,
            ms: 0,
        })
    }
}

impl Time for Micros {
    fn now_ms(&mut self) -> u32 {
        // Mostly no turn or one: cheaper than a division, which this core has not.
        while self.timer.get_counter_low().wrapping_sub(self.us) >= 1000 {
            self.us = self.us.wrapping_add(1000);
            self.ms = self.ms.wrapping_add(1);
        }
        self.ms
    }

    fn rest(&mut self, us: u32) {
        // It can only be too late for this alarm, and then it interrupts at once.
        let _ = self.alarm.schedule(us.micros());
        cortex_m::asm::wfi();
        self.alarm.clear_interrupt();
        NVIC::unpend(Interrupt::TIMER_IRQ_0);
    }
}

/// UART0 on GP0. Its queue of 32 bytes holds what it sends in a millisecond twice.
struct Serial<P: ValidUartPinout<pac::UART0>>(UartPeripheral<Enabled, pac::UART0, P>);

impl<P: ValidUartPinout<pac::UART0>> Port for Serial<P> {
    const HOLDS_A_MILLISECOND: bool = true;

    fn write(&mut self, bytes: &[u8]) -> usize {
        let left = self.0.write_raw(bytes).unwrap_or(bytes);
        bytes.len() - left.len()
    }

    #[expect(unsafe_code, reason = "last words take the port from whoever has it")]
    fn shout(bytes: &[u8]) {
        // SAFETY: nothing else runs any more.
        let serial = unsafe { &*pac::UART0::PTR };
        for byte in bytes {
            while serial.uartfr().read().txff().bit_is_set() {}
            // SAFETY: any byte may be sent.
            serial.uartdr().write(|w| unsafe { w.data().bits(*byte) });
        }
        while serial.uartfr().read().busy().bit_is_set() {}
    }
}
