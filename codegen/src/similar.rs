//! "Did you mean …?": the known word that a misspelt one is nearest to. It does not decide what is known.

/// The candidate with the fewest edits away from `word`, if those are few for its length.
pub(crate) fn similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).min(3);
    let near = candidates.into_iter().filter_map(|candidate| {
        let edits = distance(&word.to_lowercase(), &candidate.to_lowercase());
        (edits <= limit).then_some((edits, candidate))
    });
    near.min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// A help line: the similar word, or else the whole list after `otherwise`.
pub(crate) fn help<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    match similar(word, candidates.clone()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("{otherwise} {}", list(candidates)),
    }
}

/// `a`, `b`, `c`; shortened when long.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let left_out = words.len().saturating_sub(SHOWN);
    if left_out > 0 {
        words.truncate(SHOWN);
        words.push(format!("and {left_out} more"));
    }
    words.join(", ")
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, from_char) in from.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, &to_char) in to.iter().enumerate() {
            let replace = last[column] + usize::from(from_char != to_char);
            let mut best = replace.min(last[column + 1] + 1).min(current[column] + 1);
            let swapped = column > 0 && previous == Some(to_char) && to[column - 1] == from_char;
            if swapped && !before_last.is_empty() {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(from_char);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("max_len", "maxlen"), 1);
        assert_eq!(distance("deafult", "default"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn finds_the_nearest_word_or_none() {
        assert_eq!(similar("defualt", ["doc", "default", "max"]), Some("default"));
        assert_eq!(similar("Severity", ["severity"]), Some("severity"));
        assert_eq!(similar("colour", ["doc", "default", "max"]), None);
        assert_eq!(similar("x", ["y"]), None);
    }
}
