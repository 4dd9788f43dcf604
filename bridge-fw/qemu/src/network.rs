//! The network device, virtio-net over memory-mapped registers, as a driver for embassy-net. No interrupt is taken: the
//! loop looks at the device's interrupt register ([`wake_if_received`]).

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::cell::{Cell, RefCell};
use core::ptr::NonNull;
use core::task::{Context, Waker};

use critical_section::Mutex;
use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, RxToken, TxToken};
use virtio_drivers::device::net::{RxBuffer, VirtIONet};
use virtio_drivers::transport::mmio::{MmioTransport, VirtIOHeader};
use virtio_drivers::transport::{DeviceType, Transport as _};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

/// The machine's places for virtio devices, one page each.
const FIRST_PLACE: usize = 0x1000_1000;
const PLACES: usize = 8;
const PLACE_BYTES: usize = 0x1000;
/// Registers of a device: what it wants, and that this was seen.
const INTERRUPT_STATUS: usize = 0x60;
const INTERRUPT_ACKNOWLEDGE: usize = 0x64;

/// Packets in each queue, and bytes of a packet with its header.
const QUEUE: usize = 16;
const BUFFER_BYTES: usize = 2048;
/// Bytes of an Ethernet frame without its checksum.
const FRAME_BYTES: usize = 1514;

type Device = VirtIONet<Memory, MmioTransport<'static>, QUEUE>;

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
        let (place, transport) = (0..PLACES)
            .map(|number| FIRST_PLACE + number * PLACE_BYTES)
            .find_map(|place| Some((place, transport_at(place)?)))?;
        let device = Device::new(transport, BUFFER_BYTES).ok()?;
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

/// A network device's registers, if there is one at this place.
#[allow(unsafe_code)]
fn transport_at(place: usize) -> Option<MmioTransport<'static>> {
    let header = NonNull::new(place as *mut VirtIOHeader)?;
    // SAFETY: the machine has virtio registers there, used by nobody else; `new` finds out whether a device is behind them.
    let transport = unsafe { MmioTransport::new(header, PLACE_BYTES) }.ok()?;
    (transport.device_type() == DeviceType::Network).then_some(transport)
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

/// Memory that program and device share: addresses are the same to both, and nothing is cached.
struct Memory;

fn pages_layout(pages: usize) -> Option<Layout> {
    Layout::from_size_align(pages * PAGE_SIZE, PAGE_SIZE).ok()
}

#[allow(unsafe_code)]
// SAFETY: pages come zeroed and aligned from the heap and are given back there; sharing changes nothing, because the
// device sees the program's addresses. MMIO addresses are never asked for: the transport is not PCI.
unsafe impl Hal for Memory {
    fn dma_alloc(pages: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        let memory = pages_layout(pages).map_or(core::ptr::null_mut(), |layout| {
            // SAFETY: no device asks for zero pages.
            unsafe { alloc_zeroed(layout) }
        });
        // An address of 0 is the word for "none" here.
        (
            memory as PhysAddr,
            NonNull::new(memory).unwrap_or(NonNull::dangling()),
        )
    }

    unsafe fn dma_dealloc(_: PhysAddr, memory: NonNull<u8>, pages: usize) -> i32 {
        if let Some(layout) = pages_layout(pages) {
            // SAFETY: it came from `dma_alloc` with as many pages.
            unsafe { dealloc(memory.as_ptr(), layout) }
        }
        0
    }

    unsafe fn mmio_phys_to_virt(address: PhysAddr, _: usize) -> NonNull<u8> {
        NonNull::new(address as usize as *mut u8).unwrap_or(NonNull::dangling())
    }

    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.cast::<u8>().as_ptr() as usize as PhysAddr
    }

    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}
