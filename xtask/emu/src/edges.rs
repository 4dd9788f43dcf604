//! How many of its own cycles the chip takes for a symbol. Deliberately no mean: a bridge that another process keeps waiting
//! says nothing about the chip.

/// Bits of a symbol.
const BITS: usize = 8;
/// Farther apart than this, in cycles, two edges do not belong to one burst.
const BURST: u64 = 4_000;

/// The edges of the chip's clock, and how long each eight of them took.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    /// When the last ones were, in cycles; as many as belong to one burst, nine at most.
    last: Vec<u64>,
    /// Times, in cycles, and how often each was seen.
    symbols: std::collections::BTreeMap<u64, u64>,
}

impl Edges {
    /// The chip's clock moved.
    pub(crate) fn moved(&mut self, cycle: u64) {
        if self.last.last().is_some_and(|&last| cycle - last > BURST) {
            self.last.clear();
        }
        self.last.push(cycle);
        if let [first, .., last] = *self.last.as_slice()
            && self.last.len() > BITS
        {
            *self.symbols.entry(last - first).or_default() += 1;
            self.last = vec![last];
        }
    }

    /// The median of the times of a symbol, in cycles; nothing before the first burst.
    pub(crate) fn cycles_per_symbol(&self) -> Option<u64> {
        let half = self.symbols.values().sum::<u64>().div_ceil(2);
        let mut seen = 0;
        self.symbols
            .iter()
            .find(|(_, count)| {
                seen += **count;
                seen >= half && half > 0
            })
            .map(|(cycles, _)| *cycles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(cycles: impl IntoIterator<Item = u64>) -> Edges {
        let mut edges = Edges::default();
        cycles.into_iter().for_each(|cycle| edges.moved(cycle));
        edges
    }

    #[test]
    fn a_symbol_takes_eight_edges_of_a_burst() {
        assert_eq!(
            moved((0..8).map(|edge: u64| edge * 100)).cycles_per_symbol(),
            None
        );
        assert_eq!(
            moved((0..9).map(|edge: u64| edge * 100)).cycles_per_symbol(),
            Some(800)
        );
        assert_eq!(
            moved((0..100).map(|edge: u64| edge * 100)).cycles_per_symbol(),
            Some(800)
        );
    }

    #[test]
    fn an_idle_link_is_no_burst() {
        let idle = (0..100).map(|edge| edge * 125_000);
        assert_eq!(moved(idle).cycles_per_symbol(), None);
    }

    #[test]
    fn a_bridge_that_stalls_now_and_then_does_not_change_it() {
        let stalls = |edge: u64| edge * 100 + edge / 20 * 3_000;
        assert_eq!(moved((0..500).map(stalls)).cycles_per_symbol(), Some(800));
        let breaks = |edge: u64| edge * 100 + edge / 20 * 30_000;
        assert_eq!(moved((0..500).map(breaks)).cycles_per_symbol(), Some(800));
    }
}
