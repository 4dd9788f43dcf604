//! MQTT for a microcontroller without a network, through a fivewire bridge (no_std, no alloc).
#![no_std]
