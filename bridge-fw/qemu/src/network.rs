//! The network device, virtio-net over memory-mapped registers, as a driver for embassy-net. No interrupt is taken: the
//! loop looks at the device's interrupt register ([`wake_if_received`]).

use core::cell::{Cell, RefCell};
use core::task::{Context, Waker};

use critical_section::Mutex;
use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use virtio_drivers::device::net::{RxBuffer, VirtIONet};
use virtio_drivers::transport::DeviceType;

use crate::virtio::{self, Memory, Registers};

/// Registers of a device: what it wants, and that this was seen.
const INTERRUPT_STATUS: usize = 0x60;
const INTERRUPT_ACKNOWLEDGE: usize = 0x64;

/// Packets in each queue, and bytes of a packet with its header.
const QUEUE: usize = 16;
const BUFFER_BYTES: usize = 2048;
/// Bytes of an Ethernet frame without its checksum.
const FRAME_BYTES: usize = 1514;

type Device = VirtIONet<Memory, Registers, QUEUE>;

/// Where the device's registers are, and who waits for a packet.
static PLACE: Mutex<Cell<Option<usize>>> = Mutex::new(Cell::new(None));
static WAITING: Mutex<RefCell<Option<Waker>>> = Mutex::new(RefCell::new(None));

/// The network device.
pub(crate) struct Network {
    device: RefCell<Device>,
    address: [u8; 6],
}

impl Network {
    /// The first network device of the machine.
    pub(crate) fn find() -> Option<Self> {
        let (place, registers) = virtio::find(DeviceType::Network)?;
        let device = Device::new(registers, BUFFER_BYTES).ok()?;
        critical_section::with(|section| PLACE.borrow(section).set(Some(place)));
        Some(Self {
            address: device.mac_address(),
            device: RefCell::new(device),
        })
    }

    /// Its Ethernet address.
    pub(crate) fn address(&self) -> [u8; 6] {
        self.address
    }
}

/// Wakes the network when the device did something since the last call.
#[allow(unsafe_code)]
pub(crate) fn wake_if_received() {
    critical_section::with(|section| {
        let Some(place) = PLACE.borrow(section).get() else {
            return;
        };
        // SAFETY: registers of the device at this place; the driver itself never uses these two.
        let status = unsafe { ((place + INTERRUPT_STATUS) as *const u32).read_volatile() };
        if status != 0 {
            // SAFETY: as above.
            unsafe { ((place + INTERRUPT_ACKNOWLEDGE) as *mut u32).write_volatile(status) }
            if let Some(waker) = WAITING.borrow_ref_mut(section).take() {
                waker.wake();
            }
        }
    });
}

fn wait(context: &Context<'_>) {
    critical_section::with(|section| {
        *WAITING.borrow_ref_mut(section) = Some(context.waker().clone());
    });
}

impl Driver for Network {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Place<'a>;

    fn receive(&mut self, context: &mut Context<'_>) -> Option<(Received<'_>, Place<'_>)> {
        wait(context);
        let received = self.device.get_mut().receive().ok()?;
        let device = &self.device;
        Some((Received { device, received }, Place { device }))
    }

    /// Sending waits for the device, which takes each packet at once: there is always a place.
    fn transmit(&mut self, _: &mut Context<'_>) -> Option<Place<'_>> {
        Some(Place { device: &self.device })
    }

    fn link_state(&mut self, _: &mut Context<'_>) -> LinkState {
        LinkState::Up
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME_BYTES;
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.address)
    }
}

/// A packet that came.
pub(crate) struct Received<'a> {
    device: &'a RefCell<Device>,
    received: RxBuffer,
}

impl RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(mut self, f: F) -> R {
        let result = f(self.received.packet_mut());
        // A buffer that cannot be given back is one less for what comes; it came from this very queue.
        let _ = self.device.borrow_mut().recycle_rx_buffer(self.received);
        result
    }
}

/// A place for a packet to be sent.
pub(crate) struct Place<'a> {
    device: &'a RefCell<Device>,
}

impl TxToken for Place<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, f: F) -> R {
        let mut device = self.device.borrow_mut();
        let mut packet = device.new_tx_buffer(length);
        let result = f(packet.packet_mut());
        // What cannot be sent is a lost packet.
        let _ = device.send(packet);
        result
    }
}
