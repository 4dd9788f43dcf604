//! How many of its own cycles the chip takes for a symbol, on a link whose other end answers at once. Deliberately of those
//! symbols alone that the chip did not wait for: how soon another process gets a processor says nothing about the chip.

use std::collections::BTreeMap;

/// Bits of a symbol.
const BITS: u32 = 8;
/// An answer within so many cycles is there before the firmware looks for it.
const AT_ONCE: u64 = 80;
/// Farther apart than this, in cycles, two edges do not belong to one burst.
const BURST: u64 = 1_000;

/// The steps of a handshake: the chip moves its clock, the bridge answers, the chip moves its clock again.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    moved_at: u64,
    is_answered: bool,
    /// Steps in a row that were answered at once, and when they began.
    steps: u32,
    since: u64,
    /// What eight such steps took, in cycles, and how often.
    symbols: BTreeMap<u64, u64>,
}

impl Edges {
    /// The chip's clock moved.
    pub(crate) fn moved(&mut self, cycle: u64) {
        if self.is_answered && cycle - self.moved_at <= BURST {
            self.steps += 1;
        } else {
            (self.steps, self.since) = (0, cycle);
        }
        if self.steps == BITS {
            *self.symbols.entry(cycle - self.since).or_default() += 1;
            (self.steps, self.since) = (0, cycle);
        }
        (self.moved_at, self.is_answered) = (cycle, false);
    }

    /// The bridge's clock moved.
    pub(crate) const fn answered(&mut self, cycle: u64) {
        self.is_answered = cycle - self.moved_at <= AT_ONCE;
    }

    /// The median of what a symbol took, in cycles; nothing before the first burst.
    pub(crate) fn cycles_per_symbol(&self) -> Option<u64> {
        let middle = self.symbols.values().sum::<u64>() / 2;
        let mut before = 0;
        self.symbols
            .iter()
            .find(|(_, count)| {
                before += **count;
                before > middle
            })
            .map(|(cycles, _)| *cycles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of the time from an edge to its answer, and to the next edge.
    fn steps(steps: &[(u64, u64)]) -> Edges {
        let (mut edges, mut cycle) = (Edges::default(), 5_000);
        for (answer, next) in steps {
            edges.moved(cycle);
            edges.answered(cycle + answer);
            cycle += next;
        }
        edges.moved(cycle);
        edges
    }

    const SYMBOL: [(u64, u64); 8] = [(8, 100); 8];

    #[test]
    fn a_symbol_takes_eight_steps() {
        assert_eq!(steps(&[(8, 100); 7]).cycles_per_symbol(), None);
        assert_eq!(steps(&SYMBOL).cycles_per_symbol(), Some(800));
        let slow = [(8, 150); 8];
        assert_eq!(
            steps(&[SYMBOL, slow, SYMBOL].concat()).cycles_per_symbol(),
            Some(800)
        );
        assert_eq!(
            steps(&[SYMBOL, slow, slow].concat()).cycles_per_symbol(),
            Some(1200)
        );
    }

    #[test]
    fn an_idle_link_is_no_burst() {
        assert_eq!(steps(&[(8, 125_000); 40]).cycles_per_symbol(), None);
    }

    #[test]
    fn a_bridge_that_is_late_does_not_count() {
        let late = [
            (8, 100),
            (8, 100),
            (90, 150),
            (8, 100),
            (8, 100),
            (8, 100),
            (8, 100),
            (8, 100),
        ];
        assert_eq!(steps(&[late; 9].concat()).cycles_per_symbol(), None);
        assert_eq!(
            steps(&[&late[..], &SYMBOL, &[(400, 600)]].concat()).cycles_per_symbol(),
            Some(800)
        );
    }
}
