//! The judge of what arrives: per topic everything, in order by its first occurrence, repetitions behind it.

use std::collections::BTreeMap;

/// What arrived on each topic.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    next: BTreeMap<u32, u32>,
    /// Different ones.
    pub(crate) arrived: u32,
    /// Those that had arrived before.
    pub(crate) repeated: u32,
    /// One text for each breach.
    pub(crate) breaches: Vec<String>,
}

impl Arrivals {
    /// The `count`-th of topic `number` arrived.
    pub(crate) fn arrived(&mut self, number: u32, count: u32) {
        let next = self.next.entry(number).or_default();
        if count < *next {
            self.repeated += 1;
            return;
        }
        if count > *next {
            self.breaches
                .push(format!("topic {number}: {count} came where {next} was due"));
        }
        *next = count + 1;
        self.arrived += 1;
    }

    /// Something that nobody published.
    pub(crate) fn stranger(&mut self, topic: &str) {
        self.breaches
            .push(format!("a message that nobody published, on {topic}"));
    }
}

/// The receipts of publications.
#[derive(Debug)]
pub(crate) struct Receipts {
    had: Vec<bool>,
    /// Delivered.
    pub(crate) delivered: u32,
    /// One text for each breach.
    pub(crate) breaches: Vec<String>,
}

impl Receipts {
    /// None yet, of this many.
    pub(crate) fn new(publishes: u32) -> Self {
        Self {
            had: vec![false; publishes as usize],
            delivered: 0,
            breaches: Vec::new(),
        }
    }

    /// Publication `n` ended so.
    pub(crate) fn receipt(&mut self, n: u32, outcome: &str) {
        match self.had.get_mut(n as usize) {
            Some(had) if !*had => *had = true,
            Some(_) => self
                .breaches
                .push(format!("a second receipt of publication {n}: {outcome}")),
            None => self.breaches.push(format!("a receipt of no publication: {n}")),
        }
        if outcome == "delivered" {
            self.delivered += 1;
        } else {
            self.breaches.push(format!("publication {n}: {outcome}"));
        }
    }

    /// How many have one.
    pub(crate) fn count(&self) -> u32 {
        self.had.iter().filter(|had| **had).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_first_occurrences() {
        let mut arrivals = Arrivals::default();
        for (number, count) in [(0, 0), (0, 1), (1, 0), (0, 0), (0, 1), (0, 2)] {
            arrivals.arrived(number, count);
        }
        assert_eq!((arrivals.arrived, arrivals.repeated), (4, 2));
        assert!(arrivals.breaches.is_empty());
        arrivals.arrived(1, 2);
        assert_eq!(arrivals.breaches, ["topic 1: 2 came where 1 was due"]);
    }

    #[test]
    fn each_publication_has_one_good_receipt() {
        let mut receipts = Receipts::new(2);
        receipts.receipt(0, "delivered");
        assert_eq!((receipts.count(), receipts.breaches.len()), (1, 0));
        receipts.receipt(0, "delivered");
        receipts.receipt(1, "rejected: other");
        receipts.receipt(2, "delivered");
        assert_eq!(receipts.breaches.len(), 3);
    }
}
