//! The radio: one task that does what it was ordered last: leave, join the stored network, or join this one and store it
//! when that worked. When to try again, and whether the host consents, is the bridge's business.
//!
//! An order may come at any time and ends the one before. A report belongs to its order: what an older one found out too
//! late is dropped.

use core::cell::Cell;

use embassy_futures::select::{Either, select};
use embassy_net::Stack;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, with_timeout};
use esp_hal::peripherals::FLASH;
use esp_radio::wifi::sta::StationConfig;
use esp_radio::wifi::{
    AuthenticationMethodConfig, Config, ConnectionError, DisconnectReason, WifiController, WifiError,
};
use fivewire_bridge::{JoinFailure, LogLevel, Wifi};

use super::credentials::Credentials;
use super::log;
use crate::store::Network;

/// The bridge gives an attempt 20 s in all: with this one, an answer that never comes is told before it does.
const ADDRESS_TIMEOUT: Duration = Duration::from_secs(10);
/// Leaving takes a moment; a driver that says nothing is not waited for.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(2);

/// What the radio is to do.
enum Aim {
    Leave,
    JoinStored,
    Join(Network),
}

/// A counted aim.
struct Order {
    number: u32,
    aim: Aim,
}

/// The other tasks' view of the radio.
pub(super) struct Radio {
    orders: Signal<CriticalSectionRawMutex, Order>,
    /// The number of the last order, and how it stands.
    standing: Mutex<CriticalSectionRawMutex, Cell<(u32, Wifi)>>,
}

impl Radio {
    pub(super) const fn new() -> Self {
        Self {
            orders: Signal::new(),
            standing: Mutex::new(Cell::new((0, Wifi::Off))),
        }
    }

    pub(super) fn leave(&self) {
        self.order(Aim::Leave, Wifi::Off);
    }

    pub(super) fn join_stored(&self) {
        self.order(Aim::JoinStored, Wifi::Joining);
    }

    /// Credentials that Wi-Fi does not allow fail at once.
    pub(super) fn join(&self, ssid: &str, password: &str) {
        match Network::new(ssid, password) {
            Some(network) => self.order(Aim::Join(network), Wifi::Joining),
            None => self.order(Aim::Leave, Wifi::Failed(JoinFailure::Other)),
        }
    }

    pub(super) fn wifi(&self) -> Wifi {
        self.standing.lock(|standing| standing.get().1)
    }

    fn order(&self, aim: Aim, wifi: Wifi) {
        let number = self.standing.lock(|standing| {
            let number = standing.get().0.wrapping_add(1);
            standing.set((number, wifi));
            number
        });
        self.orders.signal(Order { number, aim });
    }

    fn report(&self, number: u32, wifi: Wifi) {
        self.standing.lock(|standing| {
            if standing.get().0 == number {
                standing.set((number, wifi));
            }
        });
    }
}

/// The radio, the address it has, and the memory of what worked.
pub(super) struct Station {
    controller: WifiController<'static>,
    stack: Stack<'static>,
    credentials: Credentials,
}

#[embassy_executor::task]
pub(super) async fn run(radio: &'static Radio, mut station: Station) -> ! {
    let mut order = radio.orders.wait().await;
    loop {
        order = match select(radio.orders.wait(), station.obey(&order, radio)).await {
            Either::First(next) => next,
            Either::Second(()) => radio.orders.wait().await,
        };
    }
}

impl Station {
    pub(super) fn new(
        controller: WifiController<'static>,
        stack: Stack<'static>,
        flash: FLASH<'static>,
    ) -> Self {
        Self {
            controller,
            stack,
            credentials: Credentials::new(flash),
        }
    }

    /// Ends when there is nothing more to do for this order. May be dropped at any time: the next begins by leaving.
    async fn obey(&mut self, order: &Order, radio: &Radio) {
        self.leave().await;
        let stored;
        let network = match &order.aim {
            Aim::Leave => return,
            Aim::JoinStored => {
                stored = self.credentials.read();
                stored.as_ref().ok_or(JoinFailure::NothingStored)
            }
            Aim::Join(network) => Ok(network),
        };
        let joined = match network {
            Ok(network) => self.join(network).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = joined {
            return radio.report(order.number, Wifi::Failed(failure));
        }
        radio.report(order.number, Wifi::Joined);
        if let Aim::Join(network) = &order.aim {
            self.credentials.keep(network);
        }
        let failure = self.stay().await;
        radio.report(order.number, Wifi::Failed(failure));
    }

    async fn leave(&mut self) {
        if with_timeout(LEAVE_TIMEOUT, self.controller.disconnect_async())
            .await
            .is_ok_and(|left| left.is_ok())
        {
            // An address of the network before must not pass for one of the next.
            let _ = with_timeout(LEAVE_TIMEOUT, self.stack.wait_config_down()).await;
        }
    }

    async fn join(&mut self, network: &Network) -> Result<(), JoinFailure> {
        let config = configuration(network).map_err(refused)?;
        self.controller.set_config(&config).map_err(refused)?;
        self.controller
            .connect_async()
            .await
            .map_err(|error| match error {
                ConnectionError::Failed(info) => disconnected(info.reason),
                ConnectionError::WifiError(error) => refused(error),
                _ => JoinFailure::Other,
            })?;
        match with_timeout(ADDRESS_TIMEOUT, self.stack.wait_config_up()).await {
            Ok(()) => Ok(()),
            Err(_) => {
                log::line(
                    LogLevel::Warn,
                    format_args!("radio: joined, but no address from DHCP"),
                );
                Err(JoinFailure::Other)
            }
        }
    }

    /// Waits until the network, or the address in it, is gone.
    async fn stay(&mut self) -> JoinFailure {
        let gone = select(
            self.controller.wait_for_disconnect_async(),
            self.stack.wait_config_down(),
        );
        match gone.await {
            Either::First(Ok(info)) => disconnected(info.reason),
            Either::First(Err(error)) => refused(error),
            Either::Second(()) => {
                log::line(
                    LogLevel::Warn,
                    format_args!("radio: the address from DHCP ran out"),
                );
                JoinFailure::Other
            }
        }
    }
}

/// WPA2 or better when there is a key: what is older keeps no secret.
fn configuration(network: &Network) -> Result<Config, WifiError> {
    let authentication = match network.password.as_str() {
        "" => AuthenticationMethodConfig::Open,
        password => AuthenticationMethodConfig::Wpa2Personal(password.try_into()?),
    };
    let station = StationConfig::default()
        .with_ssid(network.ssid.as_str().try_into()?)
        .with_authentication(authentication);
    Ok(Config::Station(station))
}

/// The driver does not even try.
fn refused(error: WifiError) -> JoinFailure {
    log::line(LogLevel::Warn, format_args!("radio: {error}"));
    match error {
        WifiError::InvalidPassword => JoinFailure::WrongPassword,
        _ => JoinFailure::Other,
    }
}

/// An access point does not say that a key is wrong: the handshake that proves it just does not come to its end.
fn disconnected(reason: DisconnectReason) -> JoinFailure {
    use DisconnectReason as R;
    log::line(LogLevel::Info, format_args!("radio: {reason:?}"));
    match reason {
        R::NoAccessPointFound | R::NoAccessPointFoundInRssiThreshold => JoinFailure::NoNetwork,
        R::FourWayHandshakeTimeout | R::HandshakeTimeout | R::MicFailure | R::AuthenticationFailed => {
            JoinFailure::WrongPassword
        }
        _ => JoinFailure::Other,
    }
}
