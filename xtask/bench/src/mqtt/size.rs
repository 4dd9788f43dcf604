//! How much of a small board the client takes.

use std::path::Path;

use crate::{
    report::{Aim, Figure},
    size,
};

const AIM_TEXT: Aim = Aim::AtMost(16.0 * 1024.0);
const AIM_RAM: Aim = Aim::AtMost(3.0 * 1024.0);

/// Figures of the firmware with the client of 3.1.1 and of that with 5.0.
pub(crate) fn figures(v311: &Path, v5: &Path) -> anyhow::Result<Vec<Figure>> {
    let (v311, v5) = (size::of(v311)?, size::of(v5)?);
    let figure =
        |name, ours: u64, five: u64| Figure::new(name, ours as f64, "B").against("fivewire 5.0", five as f64);
    Ok(vec![
        figure("thumbv6m text", v311.text, v5.text).aim(AIM_TEXT),
        figure("thumbv6m RAM", v311.ram, v5.ram).aim(AIM_RAM),
    ])
}
