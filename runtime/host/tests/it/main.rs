//! The host against a bridge that a script plays: what it says on the wires, and what the application sees.

#![allow(clippy::panic)] // A script that is wrong ends its test.

mod bridge;
mod commands;
mod exactly_once_in;
mod exactly_once_out;
mod packet_ids;
mod properties;
mod publishing;
mod script;
mod startup;
mod subscribing;
mod tasks;
mod text;
