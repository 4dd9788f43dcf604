//! The Pyboard's parts: which pins, how fast, how random. Time is the core's own.
//!
//! The LEDs are blue and yellow: red and green are on the debugger's wires.

use cortex_m::peripheral::SCB;
use embedded_hal::digital::OutputPin;
use fivewire_host_fw_firmware::cortex_m::Tick;
use fivewire_host_fw_firmware::gpio::{HostWires, Pins, ResetPin, Role};
use fivewire_host_fw_firmware::{Board, Host, Port, Time, Wires, run};
use stm32f4xx_hal::gpio::PinState;
use stm32f4xx_hal::pac::{self, RNG, USART1};
use stm32f4xx_hal::prelude::*;
use stm32f4xx_hal::rcc::{self, Enable as _, Rcc};
use stm32f4xx_hal::serial::{Tx, config::Config};

const LOG_BAUD: u32 = 115_200;

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut HOST: Host = Host::new();
    match board() {
        Some(board) => run(HOST, board),
        None => SCB::sys_reset(),
    }
}

/// The parts; none when they were taken before, which a reset mends.
fn board() -> Option<Board<impl Wires, impl OutputPin, impl OutputPin, impl Time, impl Port>> {
    let (chip, core) = (pac::Peripherals::take()?, cortex_m::Peripherals::take()?);
    let mut rcc = clocks(chip.RCC);
    let (a, b) = (chip.GPIOA.split(&mut rcc), chip.GPIOB.split(&mut rcc));
    let wires = Pins::new(
        Role::Initiator,
        b.pb13.into_push_pull_output(),
        b.pb12.into_push_pull_output(),
        b.pb15.into_pull_down_input(),
        b.pb14.into_pull_down_input(),
    );
    let reset = ResetPin::new(b.pb9.into_open_drain_output_in_state(PinState::High));
    let serial = Config::default().baudrate(LOG_BAUD.bps());
    let log = chip.USART1.tx(b.pb6, serial, &mut rcc).ok()?;
    Some(Board {
        name: "Pyboard",
        wires: HostWires::new(wires, reset),
        led: b.pb4.into_push_pull_output(),
        heartbeat: a.pa15.into_push_pull_output(),
        time: Tick::start(core.SYST, rcc.clocks.sysclk().raw()),
        epoch: random(chip.RNG, &mut rcc),
        log: Serial(log),
    })
}

/// 168 MHz from the crystal of 12 MHz.
#[cfg(not(feature = "hsi"))]
fn clocks(rcc: pac::RCC) -> Rcc {
    let config = rcc::Config::hse(12.MHz()).sysclk(168.MHz());
    rcc.freeze(config.require_pll48clk())
}

/// 16 MHz from the chip's own oscillator.
#[cfg(feature = "hsi")]
fn clocks(rcc: pac::RCC) -> Rcc {
    rcc.freeze(rcc::Config::hsi())
}

/// Sixteen bits of the chip's random number generator, or as many zeros when it does not come up.
fn random(generator: RNG, rcc: &mut Rcc) -> u16 {
    /// A number takes 40 cycles of 48 MHz.
    const TRIES: u32 = 10_000;
    RNG::enable(rcc);
    generator.cr().modify(|_, w| w.rngen().set_bit());
    let number = (0..TRIES).find_map(|_| {
        let is_ready = generator.sr().read().drdy().bit_is_set();
        is_ready.then(|| generator.dr().read().rndata().bits())
    });
    let [low, high, ..] = number.unwrap_or(0).to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// USART1, whose data leave on X9.
struct Serial(Tx<USART1>);

impl Port for Serial {
    const HOLDS_A_MILLISECOND: bool = false;

    fn write(&mut self, bytes: &[u8]) -> usize {
        match bytes {
            [first, ..] if self.0.write(*first).is_ok() => 1,
            [..] => 0,
        }
    }

    #[expect(unsafe_code, reason = "last words take the port from whoever has it")]
    fn shout(bytes: &[u8]) {
        // SAFETY: nothing else runs any more.
        let serial = unsafe { &*USART1::PTR };
        for byte in bytes {
            while serial.sr().read().txe().bit_is_clear() {}
            serial.dr().write(|w| w.dr().set(u16::from(*byte)));
        }
        while serial.sr().read().tc().bit_is_clear() {}
    }
}
