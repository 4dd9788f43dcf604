//! Topic names and filters as MQTT 3.1.1 section 4.7 defines them, written from the standard and not from the code
//! under test, so that the two can disagree. Shared subscriptions are MQTT 5 and are not here.

/// True when a message may be published under `name`.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| !matches!(c, '+' | '#' | '\0'))
}

/// True when `filter` may be subscribed to.
pub(super) fn is_filter(filter: &str) -> bool {
    let levels: Vec<&str> = filter.split('/').collect();
    let last = levels.len() - 1;
    !filter.is_empty()
        && !filter.contains('\0')
        && levels.iter().enumerate().all(|(at, level)| match *level {
            "+" => true,
            "#" => at == last,
            level => !level.contains(['+', '#']),
        })
}

/// True when a subscription of `filter` takes a message of topic `name`.
#[must_use]
pub fn matches(filter: &str, name: &str) -> bool {
    let hidden = name.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#'));
    !hidden
        && levels_match(
            &filter.split('/').collect::<Vec<_>>(),
            &name.split('/').collect::<Vec<_>>(),
        )
}

fn levels_match(filter: &[&str], name: &[&str]) -> bool {
    match (filter.split_first(), name.split_first()) {
        (Some((&"#", _)), _) | (None, None) => true,
        (Some((level, filter)), Some((own, name))) => {
            (*level == "+" || level == own) && levels_match(filter, name)
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        for (filter, name) in [
            ("sport/tennis/player1/#", "sport/tennis/player1"),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"),
            ("sport/#", "sport"),
            ("sport/+", "sport/"),
            ("+/+", "/finance"),
            ("/+", "/finance"),
            ("$SYS/#", "$SYS/monitor"),
        ] {
            assert!(matches(filter, name), "{filter} {name}");
        }
        for (filter, name) in [
            ("sport/+", "sport"),
            ("+", "/finance"),
            ("#", "$SYS/a"),
            ("+/a", "$SYS/a"),
        ] {
            assert!(!matches(filter, name), "{filter} {name}");
        }
    }

    #[test]
    fn what_is_not_a_filter() {
        assert!(is_filter("a/+/#") && is_filter("/") && is_filter("#"));
        for filter in ["", "a#", "a/#/b", "a+/b", "a\0"] {
            assert!(!is_filter(filter), "{filter:?}");
        }
        assert!(is_name("a/b") && !is_name("a/+") && !is_name(""));
    }
}
