//! Sans-IO MQTT client: durable session and connection (no_std, no alloc).
#![no_std]
