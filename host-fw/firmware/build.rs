//! Puts the linker script where the boards' linkers find it, and says which messages are compiled into the log.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=fivewire.x");
    println!("cargo::rerun-if-env-changed=DEFMT_LOG");
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo::rustc-link-search={here}");
    // Without it defmt compiles errors only.
    if env::var_os("DEFMT_LOG").is_none() {
        println!("cargo::rustc-env=DEFMT_LOG=debug");
    }
}
