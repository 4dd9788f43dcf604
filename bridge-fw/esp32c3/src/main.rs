//! The bridge on an ESP32-C3, or with the feature esp32c6 on an ESP32-C6: Wi-Fi, flash, lamps, watchdog.

fn main() {}
