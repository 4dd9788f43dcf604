//! Wi-Fi as two bytes of the wires file play it: an access point that is on air or not, and a stored network that is
//! usable or not. There is no radio; the sockets of the computer are the network behind it.

use fivewire_bridge::{JoinFailure, Wifi};

/// What the two bytes say now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Air {
    /// The access point is on air.
    pub(crate) on: bool,
    /// Credentials are stored, and right.
    pub(crate) stored: bool,
}

/// What the bridge wants of Wi-Fi, and how far it came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Station {
    /// Nothing.
    #[default]
    Off,
    /// The stored network.
    JoiningStored,
    /// Any network by name.
    Joining,
    /// It has an address.
    Joined,
    /// It had one until the access point went off air.
    Lost,
}

impl Station {
    /// Looks at the air. An attempt lasts until the access point is there or the bridge gives it up, as with a radio
    /// that scans on and on.
    pub(crate) fn look(&mut self, air: Air) -> Wifi {
        *self = match *self {
            Self::Joined if !air.on => Self::Lost,
            Self::Joining if air.on => Self::Joined,
            Self::JoiningStored if air.on && air.stored => Self::Joined,
            other => other,
        };
        match self {
            Self::Off => Wifi::Off,
            Self::JoiningStored if !air.stored => Wifi::Failed(JoinFailure::NothingStored),
            Self::JoiningStored | Self::Joining => Wifi::Joining,
            Self::Joined => Wifi::Joined,
            Self::Lost => Wifi::Failed(JoinFailure::NoNetwork),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Air = Air {
        on: true,
        stored: true,
    };
    const OFF: Air = Air {
        on: false,
        stored: true,
    };
    const UNKNOWN: Air = Air {
        on: true,
        stored: false,
    };

    #[test]
    fn a_station_joins_when_the_access_point_is_there() {
        let mut station = Station::Joining;
        assert_eq!(station.look(OFF), Wifi::Joining);
        assert_eq!(station.look(UNKNOWN), Wifi::Joined);
        assert_eq!(station.look(OFF), Wifi::Failed(JoinFailure::NoNetwork));
        assert_eq!(
            station.look(ON),
            Wifi::Failed(JoinFailure::NoNetwork),
            "lost is lost until it joins anew"
        );
    }

    #[test]
    fn the_stored_network_needs_credentials() {
        let mut station = Station::JoiningStored;
        assert_eq!(station.look(UNKNOWN), Wifi::Failed(JoinFailure::NothingStored));
        assert_eq!(station.look(OFF), Wifi::Joining);
        assert_eq!(station.look(ON), Wifi::Joined);
        assert_eq!(Station::Off.look(ON), Wifi::Off);
    }
}
