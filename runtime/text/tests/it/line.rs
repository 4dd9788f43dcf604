//! The four wires between two ends: bits exchanged one for one, and damage where a test wants it.

use crate::end::End;

/// Which way a bit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ToBridge,
    ToHost,
}

/// Two ends and the bit on the wire between two exchanges.
pub(crate) struct Line<H, B> {
    pub(crate) host: H,
    pub(crate) bridge: B,
    wire: bool,
    /// What went over the wires, the host's bits and the bridge's, as 0 and 1.
    pub(crate) trace: [String; 2],
}

impl<H: End, B: End> Line<H, B> {
    pub(crate) fn new(mut host: H, bridge: B) -> Self {
        let wire = host.first_bit();
        Line {
            host,
            bridge,
            wire,
            trace: Default::default(),
        }
    }

    /// One exchange; `damage` may change the bits on their way.
    pub(crate) fn exchange_damaged(&mut self, mut damage: impl FnMut(Way, bool) -> bool) {
        let to_bridge = damage(Way::ToBridge, self.wire);
        let bit = self.bridge.step(to_bridge);
        let to_host = damage(Way::ToHost, bit);
        self.wire = self.host.step(to_host);
        for (trace, bit) in self.trace.iter_mut().zip([to_bridge, to_host]) {
            trace.push(if bit { '1' } else { '0' });
        }
    }

    pub(crate) fn exchange(&mut self, times: usize) {
        for _ in 0..times {
            self.exchange_damaged(|_, bit| bit);
        }
    }
}
