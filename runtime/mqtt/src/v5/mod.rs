//! MQTT 5.0: the same session and connection, with reasons, properties, topic aliases and the limits that both ends tell
//! each other.
//!
//! [`Client`] is the whole, [`Connection`](crate::Connection) with [`V5`] the part without the session. What the broker
//! says it cannot do is held to: a publish or subscription that it would have to refuse is refused here, and publishes
//! beyond its receive maximum wait. Enhanced authentication is not spoken; a broker that begins it breaks the standard
//! (4.12).
//!
//! ```
//! use fivewire_mqtt::QoS;
//! use fivewire_mqtt::v5::{Client, ConnectOptions, Event, Property, Publication};
//!
//! let mut client = Client::<256, 256, 4>::new();
//! client.connect(0, &ConnectOptions::new("kitchen"))?;
//! client.consume_output(client.output().len()); // write these bytes to the transport …
//! client.handle_input(5, &[0x20, 6, 0, 0, 3, 0x21, 0, 2]); // … CONNACK: receive maximum 2
//! let Some(Event::Connected { properties, .. }) = client.poll_event() else { panic!() };
//! assert_eq!(properties.receive_maximum(), Some(2));
//! let expiry = [Property::MessageExpiryInterval(60)];
//! client.publish(6, &Publication { properties: &expiry, ..Publication::new("result", b"42", QoS::AtLeastOnce) })?;
//! # Ok::<(), fivewire_mqtt::Error>(())
//! ```

mod alias;
mod client;
mod event;
mod five;
mod incoming;
mod options;
pub mod packet;
mod properties;
pub(crate) mod property;
mod reason;
mod requests;

pub use client::Client;
pub use event::Event;
pub use five::V5;
pub use options::{Alias, ConnectOptions, Publication, Subscription};
pub use packet::{RetainHandling, SubscriptionOptions};
pub use properties::Properties;
pub use property::{Property, Secret};
pub use reason::ReasonCode;

pub(crate) use five::{Extra, Facts, Five};
