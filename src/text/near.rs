//! Finds the known name that was probably meant by a mistyped one.

/// Returns the name among `names` that is nearest to `typed` by [`distance`], or an empty string where
/// `names` is empty.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> &'a str {
    names.min_by_key(|name| distance(typed, name)).unwrap_or_default()
}

/// The number of one-letter edits that turn `a` into `b` (the Levenshtein distance). O(|a|·|b|).
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        let check = |a: &str, b: &str, expected: usize| assert_eq!(distance(a, b), expected, "{a} {b}");
        check("", "list", 4);
        check("lst", "list", 1);
        check("list", "list", 0);
        check("poeple", "people", 2);
        assert_eq!(nearest("starr", ["list", "star"].into_iter()), "star");
    }
}
