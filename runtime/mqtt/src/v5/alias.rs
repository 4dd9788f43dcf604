//! Topic aliases of one connection (MQTT 5.0, 3.3.2.3.4): numbers that stand for topics already named.
//!
//! Not here: who may use how many (see `five`).

use heapless::String;

/// Aliases 1 to `COUNT`, each for a topic of at most `LEN` bytes.
pub(crate) struct Aliases<const COUNT: usize, const LEN: usize> {
    topics: [String<LEN>; COUNT],
}

impl<const COUNT: usize, const LEN: usize> Aliases<COUNT, LEN> {
    pub(crate) const NEW: Self = Self {
        topics: [const { String::new() }; COUNT],
    };

    pub(crate) fn clear(&mut self) {
        self.topics.iter_mut().for_each(String::clear);
    }

    fn slot(&mut self, alias: u16) -> Option<&mut String<LEN>> {
        self.topics.get_mut(usize::from(alias).checked_sub(1)?)
    }

    /// The alias stands for this topic from now on; false when there is no such alias. A topic too long for the table
    /// leaves the alias without one.
    pub(crate) fn set(&mut self, alias: u16, topic: &str) -> bool {
        let Some(slot) = self.slot(alias) else {
            return false;
        };
        slot.clear();
        let _ = slot.push_str(topic);
        true
    }

    /// The topic that the alias stands for.
    pub(crate) fn topic(&self, alias: u16) -> Option<&str> {
        let topic = self.topics.get(usize::from(alias).checked_sub(1)?)?;
        (!topic.is_empty()).then_some(topic)
    }

    /// The alias of this topic among the first `max`, and whether it stood for it before. A topic without one gets the first
    /// that is free.
    pub(crate) fn of(&mut self, topic: &str, max: u16) -> Option<(u16, bool)> {
        for (alias, slot) in (1..=max).zip(&mut self.topics) {
            if slot == topic {
                return Some((alias, true));
            }
            if slot.is_empty() {
                return slot.push_str(topic).is_ok().then_some((alias, false));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Aliases;

    #[test]
    fn topics_get_aliases_in_turn() {
        let mut aliases = Aliases::<2, 4>::NEW;
        assert_eq!(aliases.of("a", 2), Some((1, false)));
        assert_eq!(aliases.of("b/c", 2), Some((2, false)));
        assert_eq!(aliases.of("a", 2), Some((1, true)));
        assert_eq!(aliases.of("d", 2), None, "all are taken");
        assert_eq!(aliases.of("b/c", 1), None, "beyond the maximum");
        aliases.clear();
        assert_eq!(aliases.of("too long", 2), None);
        assert_eq!(aliases.of("d", 2), Some((1, false)));
        assert_eq!(aliases.of("d", 0), None);
    }

    #[test]
    fn an_alias_stands_for_the_latest_topic() {
        let mut aliases = Aliases::<2, 4>::NEW;
        assert!(aliases.set(2, "a") && aliases.set(2, "b"));
        assert_eq!(aliases.topic(2), Some("b"));
        assert!(aliases.set(2, "too long"));
        assert_eq!(aliases.topic(2), None, "not the one before");
        assert_eq!(
            (aliases.topic(1), aliases.topic(0), aliases.topic(3)),
            (None, None, None)
        );
        assert!(!aliases.set(0, "a") && !aliases.set(3, "a"));
    }
}
