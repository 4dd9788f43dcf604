//! The text link against what the MicroPython system did on the wires, against a model of it, against itself under
//! bit errors, and against a peer in Python over a wires file.

mod alignment;
mod any;
mod captures;
mod end;
mod joined;
mod line;
mod old_end;
mod on_wires;
mod peer;
mod properties;
mod python;
mod rig;
mod speed;
mod stock_bridge;
mod stock_host;
mod times;
mod translators;
