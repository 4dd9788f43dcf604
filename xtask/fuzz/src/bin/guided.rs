//! One target under libFuzzer: `FIVEWIRE_FUZZ_TARGET=frame fivewire-fuzz-guided [libFuzzer's arguments]`.
//!
//! libFuzzer brings `main`, so there is none here, and the target is named by a variable. It wants the crates compiled with
//! coverage counters; `cargo xtask fuzz` does that.
#![no_main]

use std::sync::LazyLock;

use fivewire_xtask_fuzz::{Target, find};
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FIVEWIRE_FUZZ_TARGET").unwrap_or_default();
    find(&name).expect("FIVEWIRE_FUZZ_TARGET names a target")
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
