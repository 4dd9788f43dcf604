//! The figures of the two emulated ends, in the time of a Pico.

use super::ends::{Course, FLOOD};
use crate::report::{Aim, Figure};

/// The clock of a Pico, in cycles per millisecond and per second.
const PER_MS: f64 = 125e3;
pub(super) const PER_S: f64 = 125e6;

pub(crate) fn figures(course: &Course) -> Vec<Figure> {
    let per_bit = course.flood_burst.cycles as f64 / course.flood_burst.bits as f64;
    let (frame, receipt) = (course.frame.longest as f64, course.receipt.longest as f64);
    let idle = course.idle_work.cycles as f64 / course.idle.cycles as f64;
    let publications = f64::from(FLOOD) / course.flood.cycles as f64;
    vec![
        Figure::new("emulated burst", per_bit, "cycles/bit").aim(Aim::AtMost(150.0)),
        Figure::new("emulated symbols", PER_S / per_bit / 8.0, "symbol/s").aim(Aim::AtLeast(100e3)),
        Figure::new("publish to frame's ack", frame / PER_MS, "ms").aim(Aim::AtMost(5.0)),
        Figure::new("publish to receipt", receipt / PER_MS, "ms"),
        Figure::new("idle link", idle * 100.0, "% of the core").aim(Aim::AtMost(5.0)),
        Figure::new("emulated QoS 1", publications * PER_S, "message/s"),
    ]
}
