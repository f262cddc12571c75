//! Whether a forename is a man's or a woman's.
//!
//! In: a name. Out: a [`Gender`]. The table (`assets/forenames.txt`, sorted lines `name m|f`) is searched in place, so
//! that nothing is built at start. Must not know articles.

/// What is known about the gender of a speaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Gender {
    Male,
    Female,
    #[default]
    Unknown,
}

impl Gender {
    /// Whether the two can be one person's.
    pub fn fits(self, other: Gender) -> bool {
        self == other || self == Gender::Unknown || other == Gender::Unknown
    }
}

/// Forenames of men only or of women only, in lower case, sorted by bytes.
static FORENAMES: &str = include_str!("../../../assets/forenames.txt");

/// The gender of the forename that `name` begins with; `Unknown` for a name of one word.
pub(super) fn of_name(name: &str) -> Gender {
    let Some((forename, _)) = name.split_once([' ', '-']) else { return Gender::Unknown };
    if forename.len() > 24 {
        return Gender::Unknown;
    }
    find(&forename.to_lowercase())
}

fn find(forename: &str) -> Gender {
    let table = FORENAMES.as_bytes();
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let start = table.get(..middle).and_then(|head| memchr::memrchr(b'\n', head)).map_or(0, |at| at + 1);
        let end = table
            .get(middle..)
            .and_then(|tail| memchr::memchr(b'\n', tail))
            .map_or(table.len(), |at| middle + at);
        let line = FORENAMES.get(start..end).unwrap_or("");
        let (name, gender) = line.rsplit_once(' ').unwrap_or((line, ""));
        match name.cmp(forename) {
            std::cmp::Ordering::Equal => return if gender == "f" { Gender::Female } else { Gender::Male },
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    Gender::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forenames_are_found_at_both_ends_and_between() {
        for line in FORENAMES.lines() {
            let (name, gender) = line.split_once(' ').expect("every line has a gender");
            assert_eq!(find(name), if gender == "f" { Gender::Female } else { Gender::Male }, "{name}");
        }
        assert_eq!(of_name("Maria Lopez"), Gender::Female);
        assert_eq!(of_name("Joe Biden"), Gender::Male);
        assert_eq!(of_name("Lopez"), Gender::Unknown);
        assert_eq!(of_name("Xyzzy Lopez"), Gender::Unknown);
    }
}
