//! What MQTT allows in text, in topic names and in topic filters, and which filters match which names.
//!
//! Not here: the length prefix of text on the wire (see `packet`), and any table of subscriptions.

/// The longest text, in bytes of UTF-8, that a two-byte length can announce (MQTT 1.5.3).
pub(crate) const MAX_TEXT: usize = u16::MAX as usize;

/// Whether text may travel in a packet: no U+0000 [MQTT-1.5.3-2], and none of the code points that section
/// 1.5.3 advises against. Brokers close the connection for those, so a queued one would end every connection.
pub(crate) fn is_clean(text: &str) -> bool {
    // Without an early end: nearly all texts are plain, and a loop that looks at every byte needs no branch for each.
    let plain = text
        .bytes()
        .fold(true, |plain, byte| plain & (0x20..0x7f).contains(&byte));
    plain || !text.chars().any(is_disallowed)
}

/// Control characters and non-characters: section 1.5.3 lets a receiver close the connection for them.
fn is_disallowed(c: char) -> bool {
    let code = u32::from(c);
    code < 0x20
        || (0x7f..=0x9f).contains(&code)
        || (0xfdd0..=0xfdef).contains(&code)
        || code & 0xfffe == 0xfffe
}

/// Whether `topic` is a topic name: not empty [MQTT-4.7.3-1], no wildcards [MQTT-3.3.2-2], clean text, and at
/// most 65,535 bytes [MQTT-4.7.3-3].
///
/// ```
/// assert!(fivewire_mqtt::is_topic_name("sensors/2/temperature"));
/// assert!(!fivewire_mqtt::is_topic_name("sensors/+"));
/// ```
#[must_use]
pub fn is_topic_name(topic: &str) -> bool {
    is_topic(topic) && !has_wildcard(topic)
}

pub(crate) fn has_wildcard(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | is_wildcard(byte))
}

const fn is_wildcard(byte: u8) -> bool {
    matches!(byte, b'+' | b'#')
}

/// What lies between the slashes. As bytes: a slash is never part of another character.
fn levels(text: &str) -> impl Iterator<Item = &[u8]> {
    text.as_bytes().split(|&byte| byte == b'/')
}

/// Whether `filter` is a topic filter: `#` only as the last level [MQTT-4.7.1-2], `+` only as a whole level
/// [MQTT-4.7.1-3], and otherwise as a topic name.
///
/// ```
/// assert!(fivewire_mqtt::is_topic_filter("sensors/+/temperature"));
/// assert!(!fivewire_mqtt::is_topic_filter("sensors/a#"));
/// ```
#[must_use]
pub fn is_topic_filter(filter: &str) -> bool {
    let mut well_formed = is_topic(filter);
    let mut after_hash = false;
    for level in levels(filter) {
        let lone = matches!(level, b"+" | b"#");
        well_formed &= !after_hash && (lone || !level.iter().any(|&byte| is_wildcard(byte)));
        after_hash = level == b"#";
    }
    well_formed
}

fn is_topic(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_TEXT && is_clean(text)
}

/// Whether the topic filter matches the topic name (MQTT 4.7). Both are taken to be well formed.
///
/// `sport/#` also matches `sport` (4.7.1.2), and a filter that starts with a wildcard does not match a name
/// that starts with `$` [MQTT-4.7.2-1].
///
/// ```
/// use fivewire_mqtt::matches;
/// assert!(matches("sport/+/score", "sport/tennis/score"));
/// assert!(!matches("#", "$SYS/uptime"));
/// ```
#[must_use]
pub fn matches(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut names = levels(topic);
    for level in levels(filter) {
        if level == b"#" {
            return true;
        }
        match names.next() {
            Some(name) if level == b"+" || level == name => {}
            Some(_) | None => return false,
        }
    }
    names.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::{is_clean, is_topic_filter, is_topic_name, matches};

    #[test]
    fn filters_match_as_in_section_4_7() {
        let yes = [
            ("sport/tennis/player1/#", "sport/tennis/player1"),
            ("sport/tennis/player1/#", "sport/tennis/player1/ranking"),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"),
            ("#", "sport/tennis"),
            ("sport/tennis/+", "sport/tennis/player1"),
            ("sport/+", "sport/"),
            ("+/+", "/finance"),
            ("/+", "/finance"),
            ("+", "finance"),
            ("$SYS/#", "$SYS/broker/uptime"),
            ("$SYS/monitor/+", "$SYS/monitor/Clients"),
            ("a//b", "a//b"),
            ("a/+/b", "a//b"),
        ];
        for (filter, topic) in yes {
            assert!(matches(filter, topic), "{filter} must match {topic}");
        }
    }

    #[test]
    fn filters_refuse_as_in_section_4_7() {
        let no = [
            ("sport/tennis/+", "sport/tennis/player1/ranking"),
            ("sport/+", "sport"),
            ("+", "/finance"),
            ("#", "$SYS/broker/uptime"),
            ("+/monitor/Clients", "$SYS/monitor/Clients"),
            ("ACCOUNTS", "Accounts"),
            ("a/b", "a/b/"),
            ("/a", "a"),
            ("a/#", "ab"),
        ];
        for (filter, topic) in no {
            assert!(!matches(filter, topic), "{filter} must not match {topic}");
        }
    }

    #[test]
    fn names_and_filters_are_told_apart() {
        for name in ["a", "/", "a/ b", "$SYS", "\u{2a6d4}"] {
            assert!(is_topic_name(name) && is_topic_filter(name), "{name}");
        }
        for filter in ["#", "+", "+/tennis/#", "sport/+/player1", "/+"] {
            assert!(!is_topic_name(filter) && is_topic_filter(filter), "{filter}");
        }
        for neither in [
            "",
            "sport/tennis#",
            "sport/tennis/#/ranking",
            "sport+",
            "a\0",
            "a\u{1f}",
        ] {
            assert!(
                !is_topic_name(neither) && !is_topic_filter(neither),
                "{neither:?}"
            );
        }
    }

    #[test]
    fn control_and_non_characters_are_not_clean() {
        for text in [
            "\0",
            "\u{1}",
            "\u{1f}",
            "\u{7f}",
            "\u{9f}",
            "\u{fdd0}",
            "\u{ffff}",
            "\u{1fffe}",
        ] {
            assert!(!is_clean(text), "{text:?}");
        }
        for text in ["", " ~", "\u{a0}", "\u{feff}", "\u{fdf0}", "\u{10000}"] {
            assert!(is_clean(text), "{text:?}");
        }
    }
}
