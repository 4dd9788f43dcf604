//! The messages of the fivewire MQTT bridge, generated from spec/bridge.yaml (no_std, no alloc).
#![no_std]
