//! The numbers that both sides of a run agree on: topics, payloads, bounds.
//!
//! Publication `n` is the `n / TOPICS`-th of topic `n % TOPICS`, and its payload says which.

/// Topics of a run; publications take turns.
pub(crate) const TOPICS: u32 = 4;
/// How far memory may grow after the warm-up, in KiB: a few pages of what was never touched before, not one byte for
/// each of some thousand messages.
pub(crate) const GROWTH_KIB: u64 = 1_024;

/// The filter of all topics with this first level.
pub(crate) fn filter(level: &str) -> String {
    format!("{level}/#")
}

/// Topic and payload of publication `n`.
pub(crate) fn publication(level: &str, n: u32) -> (String, String) {
    (topic(level, n % TOPICS), format!("{:08}", n / TOPICS))
}

/// The topic of this number.
pub(crate) fn topic(level: &str, number: u32) -> String {
    format!("{level}/{number}")
}

/// The number of a topic and the count in a payload; none for anything else.
pub(crate) fn read(topic: &str, payload: &[u8]) -> Option<(u32, u32)> {
    let (_, number) = topic.split_once('/')?;
    let count = std::str::from_utf8(payload).ok()?;
    Some((number.parse().ok()?, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_says_which_it_is() {
        let (topic, payload) = publication("soak", 4 * 1234 + 3);
        assert_eq!((topic.as_str(), payload.as_str()), ("soak/3", "00001234"));
        assert_eq!(read(&topic, payload.as_bytes()), Some((3, 1234)));
        assert_eq!(read("soak", b"1"), None);
        assert_eq!(read("soak/x", b"1"), None);
        assert_eq!(read("soak/1", b"\xff"), None);
    }
}
