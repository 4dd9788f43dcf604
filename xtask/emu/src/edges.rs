//! How many of its own cycles the chip takes for a symbol, on a link whose other end answers at once. Deliberately of those
//! steps alone that the chip did not wait for: how soon another process gets a processor says nothing about the chip.

/// Bits of a symbol.
const BITS: u64 = 8;
/// An answer within so many cycles is there before the firmware looks for it.
const AT_ONCE: u64 = 80;
/// Farther apart than this, in cycles, two edges do not belong to one burst.
const BURST: u64 = 1_000;

/// The steps of a handshake: the chip moves its clock, the bridge answers, the chip moves its clock again.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    moved_at: Option<u64>,
    is_answered: bool,
    steps: u64,
    cycles: u64,
}

impl Edges {
    /// The chip's clock moved.
    pub(crate) fn moved(&mut self, cycle: u64) {
        if let Some(before) = self.moved_at.replace(cycle)
            && self.is_answered
            && cycle - before <= BURST
        {
            self.steps += 1;
            self.cycles += cycle - before;
        }
        self.is_answered = false;
    }

    /// The bridge's clock moved.
    pub(crate) fn answered(&mut self, cycle: u64) {
        self.is_answered = self.moved_at.is_some_and(|moved| cycle - moved <= AT_ONCE);
    }

    /// The mean of what a symbol took, in cycles; nothing before the first burst.
    pub(crate) fn cycles_per_symbol(&self) -> Option<u64> {
        (self.cycles * BITS).checked_div(self.steps)
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

    #[test]
    fn a_symbol_takes_eight_steps() {
        assert_eq!(Edges::default().cycles_per_symbol(), None);
        assert_eq!(steps(&[(8, 100)]).cycles_per_symbol(), Some(800));
        assert_eq!(
            steps(&[(8, 100), (16, 100), (0, 180), (8, 100)]).cycles_per_symbol(),
            Some(960)
        );
    }

    #[test]
    fn an_idle_link_is_no_burst() {
        assert_eq!(steps(&[(8, 125_000); 9]).cycles_per_symbol(), None);
    }

    #[test]
    fn a_bridge_that_is_late_does_not_count() {
        assert_eq!(
            steps(&[(8, 100), (400, 600), (8, 100), (90, 150)]).cycles_per_symbol(),
            Some(800)
        );
    }
}
