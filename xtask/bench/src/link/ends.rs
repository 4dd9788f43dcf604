//! Two emulated chips, a host and a bridge, wired pin to pin, and what the host's marks say about cycles.
//!
//! The programs are those of `xtask/bench/ends` (the host's `course.rs` has the other half of these marks); they know
//! nothing of being measured but that they raise a pin while something is so.

use std::path::Path;

use anyhow::ensure;

use super::chip::Chip;

/// Pins of the host: what it drives, and the two that the bridge does.
pub(super) const RESET: u32 = 1 << 16;
pub(super) const DATA_OUT: u32 = 1 << 17;
pub(super) const CLOCK_OUT: u32 = 1 << 18;
pub(super) const DATA_IN: u32 = 1 << 19;
pub(super) const CLOCK_IN: u32 = 1 << 20;
const FROM_HOST: u32 = DATA_OUT | CLOCK_OUT;
pub(super) const FROM_BRIDGE: u32 = DATA_IN | CLOCK_IN;

/// The host's marks, by their pins.
const FRAME: u32 = 1 << 2;
const RECEIPT: u32 = 1 << 3;
const IDLE: u32 = 1 << 4;
pub(super) const FLOODING: u32 = 1 << 5;
const BURST: u32 = 1 << 6;
const WORK: u32 = 1 << 7;
pub(super) const DONE: u32 = 1 << 8;

/// The bridge's one mark, which is seen with the host's as another.
const BRIDGE_BURST: u32 = 1 << 6;
const BOTH_BURST: u32 = 1 << 31;

/// Publications of the flood.
pub(crate) const FLOOD: u32 = 300;

/// Far more than the programs need: 8 s of theirs.
pub(super) const LIMIT: u64 = 1_000_000_000;

/// How long marks were up together, and how often.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    marks: u32,
    pub(crate) cycles: u64,
    /// Bits that the host exchanged meanwhile.
    pub(crate) bits: u64,
    since: Option<u64>,
    /// The longest time in one piece.
    pub(crate) longest: u64,
}

/// What the host did.
pub(crate) struct Course {
    /// From the call of publish until the bridge acknowledged the frame.
    pub(crate) frame: Span,
    /// From the call of publish until its receipt.
    pub(crate) receipt: Span,
    pub(crate) idle: Span,
    /// Not resting, while idle.
    pub(crate) idle_work: Span,
    pub(crate) flood: Span,
    /// Both ends clocking the link, while flooding.
    pub(crate) flood_burst: Span,
}

impl Span {
    const fn of(marks: u32) -> Self {
        Self {
            marks,
            cycles: 0,
            bits: 0,
            since: None,
            longest: 0,
        }
    }

    fn see(&mut self, outputs: u32, now: u64, bits: u64) {
        let up = outputs & self.marks == self.marks;
        match self.since {
            None if up => (self.since, self.bits) = (Some(now), self.bits.wrapping_sub(bits)),
            Some(since) if !up => {
                self.since = None;
                self.cycles += now - since;
                self.longest = self.longest.max(now - since);
                self.bits = self.bits.wrapping_add(bits);
            }
            _ => {}
        }
    }
}

impl Course {
    pub(super) const fn new() -> Self {
        Self {
            frame: Span::of(FRAME),
            receipt: Span::of(RECEIPT),
            idle: Span::of(IDLE),
            idle_work: Span::of(IDLE | WORK),
            flood: Span::of(FLOODING),
            flood_burst: Span::of(FLOODING | BOTH_BURST),
        }
    }

    /// What the marks, [`with_both`]'s among them, say at this time.
    pub(super) fn see(&mut self, outputs: u32, now: u64, bits: u64) {
        let all = [
            &mut self.frame,
            &mut self.receipt,
            &mut self.idle,
            &mut self.idle_work,
            &mut self.flood,
            &mut self.flood_burst,
        ];
        all.into_iter().for_each(|span| span.see(outputs, now, bits));
    }
}

/// The host's marks, and one more while both ends clock the link.
pub(super) fn with_both(host: u32, bridge_bursts: bool) -> u32 {
    let both = host & BURST != 0 && bridge_bursts;
    host | if both { BOTH_BURST } else { 0 }
}

/// Runs both programs until the host is done.
pub(crate) fn run(host: &Path, bridge: &Path) -> anyhow::Result<Course> {
    let mut host = Chip::new(host, FROM_BRIDGE)?;
    let mut course = Course::new();
    while host.outputs() & RESET == 0 {
        host.step(0)?;
        ensure!(host.cycles() < LIMIT, "the host does not let the bridge go");
    }
    let released = host.cycles();
    let mut bridge = Chip::new(bridge, FROM_HOST)?;
    let (mut before, mut bits) = (host.outputs(), 0);
    while before & DONE == 0 {
        // Who is behind steps, so that neither is ever an instruction ahead of what the other sees.
        if host.cycles() <= released + bridge.cycles() {
            host.step(bridge.outputs() & FROM_BRIDGE)?;
        } else {
            bridge.step(host.outputs() & FROM_HOST)?;
        }
        let outputs = with_both(host.outputs(), bridge.outputs() & BRIDGE_BURST != 0);
        if outputs != before {
            bits += u64::from((outputs ^ before) & CLOCK_OUT != 0);
            course.see(outputs, host.cycles(), bits);
            before = outputs;
        }
        ensure!(
            host.cycles() < LIMIT,
            "the ends do not get on: the host is at {:#x}, the bridge at {:#x}",
            host.at(),
            bridge.at()
        );
    }
    Ok(course)
}
