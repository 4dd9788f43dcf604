//! From power-on to the bridge: finds the devices, starts the three tasks, and runs them.
//!
//! The executor's loop is here because it looks at the devices: no interrupt is taken, and the processor sleeps until
//! the next timer, which while the bridge runs is a millisecond away at most.

use core::fmt::Write as _;
use core::sync::atomic::{AtomicBool, Ordering};

use embassy_executor::Spawner;
use embassy_executor::raw::Executor;
use embassy_net::{Config, Runner, Stack, StackResources};
use fivewire_bridge::ResetCause;
use fivewire_bridge_fw_net::{Sockets, run};
use static_cell::{ConstStaticCell, StaticCell};

use crate::board::Machine;
use crate::network::Network;
use crate::security::Security;
use crate::serial::Serial;
use crate::wires::{Byte, Wires};
use crate::{clock, exit, heap, network};

/// What the image says of the protocol that it was built with.
#[used]
#[allow(unsafe_code)]
// SAFETY: nothing else is in this section; the linker script keeps it among the constants.
#[unsafe(link_section = ".fivewire")]
static IDENTITY: [u8; fivewire_bridge::IDENTITY.len()] = fivewire_bridge::IDENTITY;

/// TCP, UDP, DHCP, DNS, and the time for TLS.
const SOCKETS: usize = 5;

static EXECUTOR: StaticCell<Executor> = StaticCell::new();
static NETWORK: StaticCell<StackResources<SOCKETS>> = StaticCell::new();
static SECURITY: StaticCell<Security> = StaticCell::new();
static SHARED: ConstStaticCell<Sockets> = ConstStaticCell::new(Sockets::new());
/// A task was woken since the loop last looked.
static WOKEN: AtomicBool = AtomicBool::new(false);

/// How the executor hears of a task that was woken.
#[allow(unsafe_code)]
// SAFETY: this is the name and the signature that the executor asks for.
#[unsafe(export_name = "__pender")]
fn pender(_: *mut ()) {
    WOKEN.store(true, Ordering::Relaxed);
}

#[riscv_rt::entry]
fn main() -> ! {
    heap::start();
    let executor = EXECUTOR.init(Executor::new(core::ptr::null_mut()));
    if let Err(missing) = start(executor.spawner()) {
        let _ = writeln!(Serial, "{missing}");
        exit::exit(exit::NO_DEVICE);
    }
    loop {
        turn(executor);
    }
}

/// Lets every task that was woken run; sleeps when there is none.
fn turn(executor: &'static Executor) {
    network::wake_if_received();
    let next = clock::wake_due();
    if WOKEN.load(Ordering::Relaxed) {
        WOKEN.store(false, Ordering::Relaxed);
        poll(executor);
    } else {
        clock::sleep_until(next);
    }
}

#[allow(unsafe_code)]
fn poll(executor: &'static Executor) {
    // SAFETY: there is one thread and no interrupt, and no task calls this.
    unsafe { executor.poll() }
}

/// Finds the devices and starts the tasks.
fn start(spawner: Spawner) -> Result<(), &'static str> {
    let wires = Wires::find().ok_or("no wires: start QEMU with -device ivshmem-plain")?;
    let device = Network::find().ok_or("no network: start QEMU with -device virtio-net-device")?;
    let address = device.address();
    let resources = NETWORK.init(StackResources::new());
    let (stack, runner) = embassy_net::new(
        device,
        Config::dhcpv4(Default::default()),
        resources,
        clock::random(),
    );
    let sockets: &'static Sockets = SHARED.take();
    let security = SECURITY.init(Security::new(stack));
    let board = Machine::new(wires, stack, address, security.is_secure());
    let twice = |_| "a task was started twice";
    spawner.spawn(network_task(runner).map_err(twice)?);
    spawner.spawn(sockets_task(sockets, stack, security).map_err(twice)?);
    spawner.spawn(bridge_task(sockets, board, wires).map_err(twice)?);
    Ok(())
}

#[embassy_executor::task]
async fn network_task(mut runner: Runner<'static, Network>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn sockets_task(sockets: &'static Sockets, stack: Stack<'static>, security: &'static mut Security) {
    sockets.run(stack, security).await;
}

#[embassy_executor::task]
async fn bridge_task(sockets: &'static Sockets, mut board: Machine, wires: Wires) {
    let mut pins = wires.pins();
    let cause = if wires.wire(Byte::Reset).get() {
        ResetCause::PowerOn
    } else {
        ResetCause::ResetWire
    };
    let fault = run(&mut pins, &mut board, sockets, cause).await;
    let _ = writeln!(Serial, "{fault}");
}
