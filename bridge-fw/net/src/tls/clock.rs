//! The time of day, for boards that have none: asked for by SNTP before the first handshake, and reckoned on from there.
//! Certificates have dates, and a board that does not know the day must not take any for good. What a server told is
//! asked for again when another one is to tell, and when a certificate did not fit it: the first may have been wrong.
//!
//! An SNTP answer is not signed: who can write to the network can set this clock, and make an expired certificate good
//! again, not a forged one. Deliberately apart from the time query of the host, which the bridge answers itself.

use core::cell::RefCell;
use core::fmt;

use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_net::{IpEndpoint, Stack};
use embassy_time::{Duration, Instant, with_timeout};
use fivewire_bridge::sntp;
use heapless::String;

use crate::lookup::address_of;
use crate::target::NAME_BYTES;

/// UDP loses some.
const TRIES: u32 = 4;
const TRY: Duration = Duration::from_millis(1_250);

/// The time of day, once it is known.
#[derive(Default)]
pub struct Clock {
    known: RefCell<Option<Known>>,
}

/// A time, and when it was so.
struct Known {
    /// Seconds since 1970.
    unix_time: u32,
    at: Instant,
    /// The server that told; none when the board knows by itself.
    told_by: Option<String<NAME_BYTES>>,
}

impl Clock {
    /// One that does not know.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            known: RefCell::new(None),
        }
    }

    /// Sets it to so many seconds since 1970: for a board that knows.
    pub fn set(&self, unix_time: u32) {
        self.keep(unix_time, None);
    }

    fn keep(&self, unix_time: u32, told_by: Option<String<NAME_BYTES>>) {
        *self.known.borrow_mut() = Some(Known {
            unix_time,
            at: Instant::now(),
            told_by,
        });
    }

    /// Seconds since 1970; none when nobody told.
    #[must_use]
    pub fn now(&self) -> Option<u32> {
        let known = self.known.borrow();
        let known = known.as_ref()?;
        let since = u32::try_from(known.at.elapsed().as_secs()).ok()?;
        Some(known.unix_time.wrapping_add(since))
    }

    /// Forgets what a server told: something says that it was wrong.
    pub fn doubt(&self) {
        self.forget(|_| true);
    }

    /// Forgets what a server told that `is_wrong`; what the board itself knows stays.
    fn forget(&self, is_wrong: impl FnOnce(&str) -> bool) {
        let told = |known: &mut Known| known.told_by.as_deref().is_some_and(is_wrong);
        let _ = self.known.borrow_mut().take_if(told);
    }

    /// The time, asked for at this server unless it is known from it or by the board itself; none when the server does not
    /// tell within five seconds, or its name is longer than the protocol allows.
    /// `nonce` is 8 bytes that nobody can guess. Of the stack it takes one socket for as long.
    pub async fn learn(&self, stack: Stack<'_>, server: &str, nonce: [u8; 8]) -> Option<u32> {
        self.forget(|other| other != server);
        if self.now().is_none() {
            let name = String::try_from(server).ok()?;
            let told = with_timeout(TRY * TRIES, ask(stack, server, nonce)).await;
            self.keep(told.ok().flatten()?, Some(name));
        }
        self.now()
    }
}

async fn ask(stack: Stack<'_>, server: &str, nonce: [u8; 8]) -> Option<u32> {
    let server = (address_of(stack, server).await?, sntp::PORT).into();
    let mut metadata = [[PacketMetadata::EMPTY; 2]; 2];
    let (mut rx, mut tx) = ([0; 2 * sntp::PACKET_BYTES], [0; sntp::PACKET_BYTES]);
    let [rx_metadata, tx_metadata] = &mut metadata;
    let mut socket = UdpSocket::new(stack, rx_metadata, &mut rx, tx_metadata, &mut tx);
    socket.bind(0).ok()?;
    loop {
        socket.send_to(&sntp::request(nonce), server).await.ok()?;
        if let Ok(told) = with_timeout(TRY, answer(&socket, server, nonce)).await {
            return told;
        }
    }
}

/// The time in the first answer to this request; none when the server does not want to be asked.
async fn answer(socket: &UdpSocket<'_>, server: IpEndpoint, nonce: [u8; 8]) -> Option<u32> {
    let mut packet = [0; sntp::PACKET_BYTES];
    loop {
        // What is longer than an answer is none.
        let Ok((length, from)) = socket.recv_from(&mut packet).await else {
            continue;
        };
        if from.endpoint != server {
            continue;
        }
        match sntp::read_answer(packet.get(..length).unwrap_or(&[]), nonce) {
            Ok(unix_time) => return Some(unix_time),
            Err(sntp::SntpError::GoAway) => return None,
            Err(_) => {}
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
