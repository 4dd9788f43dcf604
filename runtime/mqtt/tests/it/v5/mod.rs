//! MQTT 5.0 from outside: packets, limits, aliases, reasons, a real broker.

mod aliases;
mod codec;
mod limits;
mod mosquitto;
mod reasons;
mod requests;
mod scene;
