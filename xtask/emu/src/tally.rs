//! The judge's book: what the firmware says that it published, and what a subscriber of the broker got. Deliberately without
//! a process: lines come in, numbers go out.

use std::collections::{BTreeMap, BTreeSet};

/// So many numbers of what is missing are told.
const SHOWN: usize = 10;

/// What was published and what arrived.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Publications that the firmware queued: they are counted from 0, and each is told.
    published: u32,
    delivered: BTreeSet<u32>,
    arrived: BTreeMap<u32, u32>,
}

impl Tally {
    /// A line of the firmware's log.
    pub(crate) fn said(&mut self, line: &str) {
        let Some((_, rest)) = line.split_once("publication ") else {
            return;
        };
        let digits = rest
            .find(|char: char| !char.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, what) = rest.split_at(digits);
        let Ok(number) = number.parse::<u32>() else { return };
        match what.trim_start_matches([':', ' ']) {
            what if what.starts_with("queued") => self.published = self.published.max(number + 1),
            what if what.eq_ignore_ascii_case("delivered") => _ = self.delivered.insert(number),
            _ => {}
        }
    }

    /// A message of the topic; what is no number is the last will, or a test of the subscriber's.
    pub(crate) fn arrived(&mut self, payload: &str) {
        if let Ok(number) = payload.parse() {
            *self.arrived.entry(number).or_default() += 1;
        }
    }

    /// Publications so far; those that come later do not count when they are ignored from here on.
    pub(crate) const fn published(&self) -> u32 {
        self.published
    }

    /// Of the first so many.
    pub(crate) fn of(&self, published: u32) -> Counts {
        let arrived = self.arrived.range(..published);
        let received = arrived.clone().count() as u32;
        Counts {
            published,
            delivered: self.delivered.range(..published).count() as u32,
            received,
            lost: published - received,
            repeated: arrived.map(|(_, times)| times - 1).sum(),
        }
    }

    /// What is missing of the first so many, a sentence for each kind; nothing when all is there.
    pub(crate) fn missing(&self, published: u32) -> Vec<String> {
        let lost = (0..published).filter(|number| !self.arrived.contains_key(number));
        let open = (0..published).filter(|number| !self.delivered.contains(number));
        let told = |what, numbers| listed(numbers).map(|numbers| format!("{what}: publication {numbers}"));
        let lost = told("not arrived", lost.collect());
        let open = told("no receipt", open.collect());
        lost.into_iter().chain(open).collect()
    }
}

/// The first of these numbers, and how many more there are.
fn listed(numbers: Vec<u32>) -> Option<String> {
    let shown: Vec<_> = numbers.iter().take(SHOWN).map(u32::to_string).collect();
    let more = numbers.len() - shown.len();
    let mut text = shown.join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    (!numbers.is_empty()).then_some(text)
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Counts {
    /// Queued by the firmware.
    pub(crate) published: u32,
    /// Told by the firmware to be with the broker.
    pub(crate) delivered: u32,
    /// Seen by the subscriber, each counted once.
    pub(crate) received: u32,
    /// Not seen by it.
    pub(crate) lost: u32,
    /// Seen again.
    pub(crate) repeated: u32,
}

impl Counts {
    /// Nothing is under way any more.
    pub(crate) const fn is_settled(&self) -> bool {
        self.lost == 0 && self.delivered == self.published
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(said: &[&str], arrived: &[&str]) -> Tally {
        let mut tally = Tally::default();
        said.iter().for_each(|line| tally.said(line));
        arrived.iter().for_each(|payload| tally.arrived(payload));
        tally
    }

    #[test]
    fn what_was_queued_and_did_not_arrive_is_lost() {
        let said = [
            "1.2 INFO publication 0 queued: 0",
            "1.4 INFO publication 1 queued: 1",
            "publication 0: delivered",
        ];
        let counts = tally(&said, &["0", "client died"]).of(2);
        let expected = Counts {
            published: 2,
            delivered: 1,
            received: 1,
            lost: 1,
            repeated: 0,
        };
        assert_eq!((counts, counts.is_settled()), (expected, false));
    }

    #[test]
    fn what_comes_twice_is_repeated_and_what_comes_late_does_not_count() {
        let said = [
            "publication 9 queued: 9",
            "publication 0 delivered",
            "publication 1 delivered",
        ];
        let counts = tally(&said, &["0", "1", "1", "7"]).of(2);
        let expected = Counts {
            published: 2,
            delivered: 2,
            received: 2,
            lost: 0,
            repeated: 1,
        };
        assert_eq!((counts, counts.is_settled()), (expected, true));
    }

    #[test]
    fn what_is_missing_is_told_by_its_numbers() {
        let said = [
            "publication 2 queued: 2",
            "publication 0: delivered",
            "publication 1: delivered",
        ];
        let tally = tally(&said, &["0", "2"]);
        assert_eq!(
            tally.missing(3),
            ["not arrived: publication 1", "no receipt: publication 2"]
        );
        assert!(tally.missing(1).is_empty());
        let many = tally.missing(20).swap_remove(0);
        assert_eq!(
            many,
            "not arrived: publication 1, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"
        );
    }

    #[test]
    fn other_lines_are_none_of_its_business() {
        let counts = tally(
            &["publication 3 has to wait: full", "publication x", "Wi-Fi up"],
            &[],
        );
        assert_eq!(counts.published(), 0);
    }
}
