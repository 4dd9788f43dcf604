//! MQTT topic names and filters: which are valid, and which name a filter matches. The rules are those of
//! MQTT 3.1.1 section 4.7; no table of subscriptions is kept here.

/// Longest topic name or filter, in bytes (`max_len` of every topic and filter field of the spec).
pub const MAX_TOPIC: usize = 128;

/// What is before the filter proper of a shared subscription.
const SHARE: &[u8] = b"$share/";

/// True when `name` can be published to: at least one character [MQTT-4.7.3-1], no wildcard [MQTT-3.3.2-2],
/// no U+0000 [MQTT-4.7.3-2].
#[must_use]
pub fn is_valid_name(name: &str) -> bool {
    is_valid_share(name.as_bytes())
}

/// True when `filter` can be subscribed to: at least one character, no U+0000, `#` only as the whole last level
/// [MQTT-4.7.1-2], `+` only as a whole level [MQTT-4.7.1-3]. A shared subscription needs a share name and a filter.
#[must_use]
pub fn is_valid_filter(filter: &str) -> bool {
    let filter = filter.as_bytes();
    if filter.contains(&0) {
        return false;
    }
    match filter.strip_prefix(SHARE) {
        Some(shared) => {
            split_level(shared).is_some_and(|(share, rest)| is_valid_share(share) && has_valid_levels(rest))
        }
        None => has_valid_levels(filter),
    }
}

/// The rules for names hold for that of a share too.
fn is_valid_share(name: &[u8]) -> bool {
    !name.is_empty() && !name.iter().any(|byte| matches!(byte, b'+' | b'#' | 0))
}

fn has_valid_levels(filter: &[u8]) -> bool {
    let mut levels = filter.rsplit(is_slash);
    let last = levels
        .next()
        .is_some_and(|level| level == b"#" || is_plain_or_plus(level));
    !filter.is_empty() && last && levels.all(is_plain_or_plus)
}

fn is_plain_or_plus(level: &[u8]) -> bool {
    level == b"+" || !level.iter().any(|byte| matches!(byte, b'+' | b'#'))
}

// UTF-8 has these bytes in no other character; `str::split` and its like would do the same in far more code.
fn is_slash(byte: &u8) -> bool {
    *byte == b'/'
}

/// The first level and what is behind its slash.
fn split_level(topic: &[u8]) -> Option<(&[u8], &[u8])> {
    let slash = topic.iter().position(is_slash)?;
    let (level, rest) = topic.split_at_checked(slash)?;
    Some((level, rest.get(1..)?))
}

/// True when a message published under `name` belongs to a subscription of `filter`. A filter that starts with a
/// wildcard does not match a name that starts with `$` [MQTT-4.7.2-1]. Of a shared subscription the part behind
/// the share name counts.
#[must_use]
pub fn matches(filter: &str, name: &str) -> bool {
    let (filter, name) = (unshared(filter.as_bytes()), name.as_bytes());
    if name.starts_with(b"$") && matches!(filter, [b'+' | b'#', ..]) {
        return false;
    }
    let mut names = name.split(is_slash);
    for level in filter.split(is_slash) {
        if level == b"#" {
            return true;
        }
        match names.next() {
            Some(name) if level == b"+" || level == name => {}
            _ => return false,
        }
    }
    names.next().is_none()
}

fn unshared(filter: &[u8]) -> &[u8] {
    let shared = filter.strip_prefix(SHARE).and_then(split_level);
    shared.map_or(filter, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filter, name, whether it matches. The first block is the standard's own examples.
    const TABLE: &[(&str, &str, bool)] = &[
        ("sport/tennis/player1/#", "sport/tennis/player1", true),
        ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
        (
            "sport/tennis/player1/#",
            "sport/tennis/player1/score/wimbledon",
            true,
        ),
        ("sport/#", "sport", true),
        ("#", "sport", true),
        ("sport/tennis/+", "sport/tennis/player1", true),
        ("sport/tennis/+", "sport/tennis/player1/ranking", false),
        ("sport/+", "sport", false),
        ("sport/+", "sport/", true),
        ("+/+", "/finance", true),
        ("/+", "/finance", true),
        ("+", "/finance", false),
        ("#", "$SYS/broker", false),
        ("+/monitor/Clients", "$SYS/monitor/Clients", false),
        ("$SYS/#", "$SYS/", true),
        ("$SYS/monitor/+", "$SYS/monitor/Clients", true),
        ("green", "green", true),
        ("green", "Green", false),
        ("green", "green/", false),
        ("green/", "green", false),
        ("a//b", "a//b", true),
        ("a/+/b", "a//b", true),
        ("+/+/+", "a//b", true),
        ("#", "/", true),
        ("/#", "/", true),
        ("/#", "a", false),
        ("a/b/c", "a/b", false),
        ("a/b", "a/b/c", false),
        ("ä/+", "ä/ö", true),
        ("$share/group/a/+", "a/b", true),
        ("$share/group/#", "a", true),
        ("$share/group/#", "$SYS/a", false),
        ("a/$SYS", "a/$SYS", true),
        ("+/$SYS", "a/$SYS", true),
    ];

    #[test]
    fn filters_match_as_the_standard_says() {
        for &(filter, name, expected) in TABLE {
            assert!(is_valid_filter(filter), "{filter}");
            assert!(is_valid_name(name), "{name}");
            assert_eq!(matches(filter, name), expected, "{filter} against {name}");
        }
    }

    #[test]
    fn what_cannot_be_subscribed() {
        for filter in [
            "",
            "sport/tennis#",
            "sport/tennis/#/ranking",
            "sport+",
            "a/b+/c",
            "#/a",
            "a\0",
            "##",
            "$share/g",
            "$share//a",
            "$share/+/a",
            "$share/g/",
        ] {
            assert!(!is_valid_filter(filter), "{filter:?}");
        }
    }

    #[test]
    fn what_cannot_be_published() {
        for name in ["", "a/+", "#", "a\0b"] {
            assert!(!is_valid_name(name), "{name:?}");
        }
    }
}
