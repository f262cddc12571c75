//! Puts saved searches into a query, within bounds: what saved searches that use one another come to can be far larger
//! than what anybody typed.
//!
//! In: a query and a way to find saved searches. Out: a query without saved searches, and what is wrong with those that
//! could not be put in. Each of these is a condition that cannot be read, so that a refusal makes a result smaller,
//! never larger. Nothing is built before its size is known.

use super::parse::DEEPEST;
use super::{Filter, Grouping, LARGEST, Query, Sort, Term, Unreadable};
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::{self, Display, Formatter};

/// How many saved searches a query may use, directly and through one another.
const MOST_SEARCHES: usize = 200;

/// A saved search that could not be put into a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFault {
    pub name: String,
    pub why: Why,
}

/// Why a saved search could not be put into a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Missing,
    /// It uses the search that uses it, directly or through others, or is that search.
    Circle,
    /// With the searches that it uses, it has more than [`LARGEST`] conditions.
    Large,
    /// The query that uses it would have more than [`LARGEST`] conditions with it.
    Full,
    /// It nests more than [`DEEPEST`] levels deep with the searches that it uses, or where it is used.
    Deep,
    /// The query uses more than [`MOST_SEARCHES`] saved searches.
    Many,
}

impl Display for Why {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Why::Missing => f.write_str("there is no saved search of this name"),
            Why::Circle => f.write_str("it uses itself; take it out of the searches that it uses"),
            Why::Large => write!(
                f,
                "it has more than {LARGEST} conditions with the searches that it uses; use fewer of them"
            ),
            Why::Full => {
                write!(f, "the query would have more than {LARGEST} conditions with it; use fewer searches")
            }
            Why::Deep => write!(f, "its searches are nested more than {DEEPEST} deep; use fewer levels"),
            Why::Many => {
                write!(f, "the query uses more than {MOST_SEARCHES} saved searches; use fewer of them")
            }
        }
    }
}

impl Display for SavedFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "@{} matches nothing: {}", self.name, self.why)
    }
}

impl Query {
    /// Replaces each `@name` by the query that `saved` returns for it; see [`Query::put_in`].
    pub fn resolve<'q>(&'q self, saved: &dyn Fn(&str) -> Option<&'q Query>) -> Query {
        self.put_in(saved).0
    }

    /// Replaces each `@name` by the query that `saved` returns for it, and reports those that it could not replace,
    /// each once: they are conditions that cannot be read. The order and the grouping of a saved search apply only if
    /// the search is a chip by itself and the query has the default order or grouping.
    ///
    /// The result has at most as many conditions as the query itself or [`LARGEST`], whichever is more. The cost is
    /// linear in the queries that are used.
    pub fn put_in<'q>(&'q self, saved: &dyn Fn(&str) -> Option<&'q Query>) -> (Query, Vec<SavedFault>) {
        if self.saved_names().is_empty() {
            return (self.clone(), Vec::new());
        }
        let mut used = Used::find(self, saved);
        let mut left = LARGEST.saturating_sub(used.size(&self.filter, None));
        let filter = used.built((&self.filter, None), 0, &mut Some(&mut left));
        let mut whole = Query { filter, ..self.clone() };
        for chip in self.chips() {
            if let Filter::Term(Term::Saved(name)) = chip
                && let Some(Found::Fits { query, .. }) = used.found.get(name.as_str())
            {
                if whole.sort == Sort::default() {
                    whole.sort = query.sort;
                }
                if whole.grouping == Grouping::default() {
                    whole.grouping = query.grouping;
                }
            }
        }
        (whole, used.faults)
    }

    /// The names of the saved searches that the query refers to, each once, in order.
    pub fn saved_names(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let mut names = Vec::new();
        self.filter.each_saved(&mut |name| {
            if seen.insert(name) {
                names.push(name);
            }
        });
        names
    }

    /// The same query with the saved search `from` called `to`.
    pub fn renaming(&self, from: &str, to: &str) -> Query {
        Query { filter: self.filter.renaming(from, to), ..self.clone() }
    }
}

impl Filter {
    fn each_saved<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        match self {
            Filter::All(members) | Filter::Any(members) => {
                members.iter().for_each(|member| member.each_saved(visit));
            }
            Filter::Not(inner) => inner.each_saved(visit),
            Filter::Term(Term::Saved(name)) => visit(name),
            Filter::Term(_) => {}
        }
    }

    fn renaming(&self, from: &str, to: &str) -> Filter {
        let each = |members: &[Filter]| members.iter().map(|member| member.renaming(from, to)).collect();
        match self {
            Filter::All(members) => Filter::All(each(members)),
            Filter::Any(members) => Filter::Any(each(members)),
            Filter::Not(inner) => Filter::not(inner.renaming(from, to)),
            Filter::Term(Term::Saved(name)) if name == from => Term::Saved(to.to_owned()).into(),
            Filter::Term(term) => term.clone().into(),
        }
    }
}

/// What is known of one saved search.
#[derive(Clone, Copy)]
enum Found<'q> {
    /// It can be put in: its number of conditions, at most [`LARGEST`], and its levels, at most [`DEEPEST`].
    Fits {
        query: &'q Query,
        size: usize,
        depth: usize,
    },
    Faulty(Why),
}

/// The saved searches that a query uses, directly and through one another.
struct Used<'q> {
    found: HashMap<&'q str, Found<'q>>,
    /// Two searches of one circle, of which the first uses the second: it matches nothing there.
    circular: HashSet<(&'q str, &'q str)>,
    faults: Vec<SavedFault>,
}

impl<'q> Used<'q> {
    fn find(query: &'q Query, saved: &dyn Fn(&str) -> Option<&'q Query>) -> Used<'q> {
        let mut used = Used { found: HashMap::new(), circular: HashSet::new(), faults: Vec::new() };
        let queries = used.reached(query, saved);
        let uses: HashMap<&'q str, Vec<&'q str>> = queries
            .iter()
            .map(|(name, inner)| {
                let inner = inner.saved_names().into_iter().filter(|used| queries.contains_key(used));
                (*name, inner.collect())
            })
            .collect();
        let ordered = in_order(&uses, &|_, _| true);
        let (ordered, circular) = match ordered.len() == queries.len() {
            true => (ordered, HashSet::new()),
            false => {
                let circular = circular(&uses, &ordered);
                (in_order(&uses, &|user, name| !circular.contains(&(user, name))), circular)
            }
        };
        used.circular = circular;
        for name in ordered {
            if let Some(inner) = queries.get(name) {
                let found = used.measured(name, inner);
                used.found.insert(name, found);
            }
        }
        used
    }

    /// What is known of the search `name` where the search `within` uses it, or the query itself.
    fn of(&self, name: &str, within: Option<&str>) -> Found<'q> {
        match within {
            Some(user) if self.circular.contains(&(user, name)) => Found::Faulty(Why::Circle),
            _ => self.found.get(name).copied().unwrap_or(Found::Faulty(Why::Missing)),
        }
    }

    /// The saved searches that are there, the nearest first and at most [`MOST_SEARCHES`]; the others are faulty.
    fn reached(
        &mut self,
        query: &'q Query,
        saved: &dyn Fn(&str) -> Option<&'q Query>,
    ) -> HashMap<&'q str, &'q Query> {
        let mut queries: HashMap<&'q str, &'q Query> = HashMap::new();
        let mut left: VecDeque<&'q str> = query.saved_names().into();
        while let Some(name) = left.pop_front() {
            if queries.contains_key(name) || self.found.contains_key(name) {
                continue;
            }
            match saved(name) {
                None => {
                    self.found.insert(name, Found::Faulty(Why::Missing));
                }
                Some(_) if queries.len() >= MOST_SEARCHES => {
                    self.found.insert(name, Found::Faulty(Why::Many));
                }
                Some(inner) => {
                    queries.insert(name, inner);
                    left.extend(inner.saved_names());
                }
            }
        }
        queries
    }

    /// A saved search all of whose own searches have been measured.
    fn measured(&self, name: &'q str, query: &'q Query) -> Found<'q> {
        let (mut size, mut depth) = (self.size(&query.filter, Some(name)), 0);
        self.measure((&query.filter, name), 0, &mut size, &mut depth);
        match (size > LARGEST, depth > DEEPEST) {
            (true, _) => Found::Faulty(Why::Large),
            (_, true) => Found::Faulty(Why::Deep),
            _ => Found::Fits { query, size, depth },
        }
    }

    /// The conditions of a filter that are none of the searches that can be put in.
    fn size(&self, filter: &Filter, within: Option<&str>) -> usize {
        match filter {
            Filter::All(members) | Filter::Any(members) => {
                members.iter().map(|member| self.size(member, within)).sum()
            }
            Filter::Not(inner) => self.size(inner, within),
            Filter::Term(Term::Saved(name)) => match self.of(name, within) {
                Found::Fits { .. } => 0,
                Found::Faulty(_) => 1,
            },
            Filter::Term(term) => term.size(),
        }
    }

    /// Adds to `size` what the searches in the filter of a search come to, and raises `depth` to its levels.
    fn measure(&self, (filter, within): (&Filter, &str), level: usize, size: &mut usize, depth: &mut usize) {
        *depth = (*depth).max(level);
        match filter {
            Filter::All(members) | Filter::Any(members) => {
                // A group of one is not a level of its own.
                let below = level + usize::from(distinct(members).nth(1).is_some());
                distinct(members).for_each(|member| self.measure((member, within), below, size, depth));
            }
            Filter::Not(inner) => self.measure((inner, within), level + 1, size, depth),
            Filter::Term(Term::Saved(name)) => {
                if let Found::Fits { size: more, depth: levels, .. } = self.of(name, Some(within)) {
                    *size = size.saturating_add(more);
                    *depth = (*depth).max(level + 1 + levels);
                }
            }
            Filter::Term(_) => {}
        }
    }

    /// The filter with its searches put in. `left` is how many conditions they may have in the query itself; within a
    /// saved search, which fits, it is `None`.
    fn built(
        &mut self,
        (filter, within): (&Filter, Option<&str>),
        level: usize,
        left: &mut Option<&mut usize>,
    ) -> Filter {
        match filter {
            Filter::All(members) => {
                let members = distinct(members);
                Filter::all(
                    members.map(|member| self.built((member, within), level + 1, left)).collect::<Vec<_>>(),
                )
            }
            Filter::Any(members) => {
                let members = distinct(members);
                let built: Vec<_> =
                    members.map(|member| self.built((member, within), level + 1, left)).collect();
                Filter::any(built).unwrap_or_else(Filter::everything)
            }
            Filter::Not(inner) => Filter::not(self.built((inner, within), level + 1, left)),
            Filter::Term(Term::Saved(name)) => {
                let why = match self.of(name, within) {
                    Found::Faulty(why) => why,
                    Found::Fits { depth, .. } if left.is_some() && level + 1 + depth > DEEPEST => Why::Deep,
                    Found::Fits { query, size, .. } => match left {
                        Some(left) if **left < size => Why::Full,
                        left => {
                            if let Some(left) = left {
                                **left -= size;
                            }
                            return self.built((&query.filter, Some(name)), 0, &mut None);
                        }
                    },
                };
                let fault = SavedFault { name: name.clone(), why };
                if !self.faults.contains(&fault) {
                    self.faults.push(fault);
                }
                Term::Unreadable(Unreadable::saved(name)).into()
            }
            Filter::Term(term) => Filter::Term(term.clone()),
        }
    }
}

/// The searches in an order in which each comes after those that it uses, where `counts` says that this
/// counts. Those that use themselves, or one that does, are left out.
fn in_order<'q>(
    uses: &HashMap<&'q str, Vec<&'q str>>,
    counts: &dyn Fn(&'q str, &'q str) -> bool,
) -> Vec<&'q str> {
    let mut waits_for: HashMap<&'q str, usize> = HashMap::new();
    let mut users: HashMap<&'q str, Vec<&'q str>> = HashMap::new();
    for (user, names) in uses {
        let names: Vec<&'q str> = names.iter().copied().filter(|name| counts(user, name)).collect();
        waits_for.insert(user, names.len());
        names.iter().for_each(|name| users.entry(name).or_default().push(user));
    }
    let mut ready: Vec<&'q str> =
        waits_for.iter().filter(|(_, waits)| **waits == 0).map(|(name, _)| *name).collect();
    let mut ordered = Vec::new();
    while let Some(name) = ready.pop() {
        ordered.push(name);
        for user in users.get(name).into_iter().flatten() {
            if let Some(waits) = waits_for.get_mut(user) {
                *waits -= 1;
                if *waits == 0 {
                    ready.push(user);
                }
            }
        }
    }
    ordered
}

/// The pairs of searches of one circle of which the first uses the second. `ordered` are in no circle. The cost grows
/// with the third power of the others, of which there are at most [`MOST_SEARCHES`].
fn circular<'q>(uses: &HashMap<&'q str, Vec<&'q str>>, ordered: &[&'q str]) -> HashSet<(&'q str, &'q str)> {
    let ordered: HashSet<&str> = ordered.iter().copied().collect();
    let names: Vec<&'q str> = uses.keys().copied().filter(|name| !ordered.contains(name)).collect();
    let place: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    // For each search, those that it leads to.
    let mut leads: Vec<HashSet<usize>> = names
        .iter()
        .map(|name| {
            uses.get(name).into_iter().flatten().filter_map(|used| place.get(used).copied()).collect()
        })
        .collect();
    for through in 0..leads.len() {
        let further = leads.get(through).cloned().unwrap_or_default();
        for led in leads.iter_mut().filter(|led| led.contains(&through)) {
            led.extend(&further);
        }
    }
    let mut pairs = HashSet::new();
    for (user, name) in names.iter().enumerate() {
        for used in uses.get(name).into_iter().flatten() {
            let back = place.get(used).and_then(|at| leads.get(*at)).is_some_and(|led| led.contains(&user));
            if back {
                pairs.insert((*name, *used));
            }
        }
    }
    pairs
}

/// The members of a group without saved searches that stand there twice, which change nothing.
fn distinct(members: &[Filter]) -> impl Iterator<Item = &Filter> {
    let mut seen: HashSet<&str> = HashSet::new();
    members.iter().filter(move |member| match member {
        Filter::Term(Term::Saved(name)) => seen.insert(name),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn parse(text: &str) -> Query {
        Query::parse(text, NaiveDate::default()).0
    }

    /// Puts `saved` into `typed`, and writes the result and what is wrong with it.
    fn put(typed: &str, saved: &[(String, String)]) -> (Query, Vec<String>) {
        let saved: HashMap<&str, Query> =
            saved.iter().map(|(name, text)| (name.as_str(), parse(text))).collect();
        let (query, faults) = parse(typed).put_in(&|name| saved.get(name));
        (query, faults.iter().map(SavedFault::to_string).collect())
    }

    fn check(typed: &str, saved: &[(&str, &str)], expected: &str, faults: &[&str]) {
        let saved: Vec<_> =
            saved.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let (query, found) = put(typed, &saved);
        assert_eq!(
            (query.to_string().as_str(), found),
            (expected, faults.iter().map(|f| (*f).to_owned()).collect())
        );
    }

    /// Searches `a0` to `a{levels}`, each of which uses the one before it as `text` says, with `#` for its name.
    fn nested(levels: usize, text: &str) -> Vec<(String, String)> {
        let one = |at: usize| match at.checked_sub(1) {
            None => ("a0".to_owned(), "gas".to_owned()),
            Some(before) => (format!("a{at}"), text.replace('#', &format!("@a{before}"))),
        };
        (0..=levels).map(one).collect()
    }

    #[test]
    fn searches_are_put_in_with_their_order() {
        check("x @m", &[("m", "a | b sort:oldest")], "x (a OR b) sort:oldest", &[]);
        check("x | @m", &[("m", "a b group:off")], "x OR (a b)", &[]);
        check("@a", &[("a", "@b c"), ("b", "@c d"), ("c", "e")], "e d c", &[]);
        check(
            "gas @none",
            &[],
            "gas @none",
            &["@none matches nothing: there is no saved search of this name"],
        );
    }

    #[test]
    fn a_search_matches_nothing_where_it_is_used_in_a_circle() {
        let circle = "matches nothing: it uses itself; take it out of the searches that it uses";
        check("a | @a", &[("a", "x @b"), ("b", "y -@a")], "a OR (x @b)", &[&format!("@b {circle}")]);
        check("@a", &[("a", "x | @a")], "x OR @a", &[&format!("@a {circle}")]);
        // What leads to a circle and what a circle uses is read as ever.
        let saved = [("to", "@a w"), ("a", "@b | @in"), ("b", "@a x"), ("in", "y z")];
        check("@to", &saved, "(@b OR (y z)) w", &[&format!("@b {circle}")]);
        // Thirty searches that all use one another: there are more ways through them than anybody can walk.
        let all: String = (0..30).map(|at| format!(" @a{at}")).collect();
        let saved: Vec<_> = (0..30).map(|at| (format!("a{at}"), format!("w{at}{all}"))).collect();
        let (query, faults) = put("@a7", &saved);
        assert_eq!((query.chips().len(), faults.len()), (31, 30), "{query}");
    }

    #[test]
    fn searches_that_double_are_refused_by_name() {
        let (query, faults) = put("oil | @a40", &nested(40, "(# x) | (# y)"));
        assert_eq!(query.to_string().len(), query.to_string().len().min(20), "{query}");
        assert!(faults[0].starts_with("@a"), "{faults:?}");
        assert!(faults[0].contains("more than 500 conditions"), "{faults:?}");
        // The same search twice in one group is put in once.
        assert_eq!(put("@a41", &nested(41, "# #")).0, parse("gas"));
        assert_eq!(put("@a41", &nested(41, "# | #")).0, parse("gas"));
    }

    #[test]
    fn deep_and_many_searches_are_refused() {
        let deep = put("@a300", &nested(300, "-(# x)"));
        assert!(deep.1.iter().any(|fault| fault.contains("nested more than 64 deep")), "{:?}", deep.1);
        let chain = put("@a150", &nested(150, "#"));
        assert!(!chain.1.is_empty());
        let saved: Vec<_> = (0..400).map(|at| (format!("s{at}"), format!("w{at}"))).collect();
        let all: String = (0..400).map(|at| format!("@s{at} ")).collect();
        let (query, faults) = put(&all, &saved);
        assert!(faults[0].contains("more than 200 saved searches"), "{faults:?}");
        assert_eq!(query.chips().len(), 400);
        // What does not fit into the query any more is refused, and what stands before it is not.
        let long = |word: &str| (0..300).map(|at| format!("{word}{at}")).collect::<Vec<_>>().join(" | ");
        let saved = [("a".to_owned(), long("a")), ("b".to_owned(), long("b"))];
        let (query, faults) = put("@a | @b", &saved);
        assert!(query.to_string().ends_with("a299 OR @b"), "{query}");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("@b matches nothing: the query would have more than 500"), "{faults:?}");
    }

    proptest::proptest! {
        /// Whatever searches use one another, the result is bounded, has no saved search left, and names what it refused.
        #[test]
        fn the_result_is_bounded(texts in proptest::collection::vec("(-?\\(?(@s[0-9]|w[0-9])\\)?( |\\|)){1,6}", 10)) {
            let saved: Vec<_> = texts.iter().enumerate().map(|(at, text)| (format!("s{at}"), text.clone())).collect();
            let (query, faults) = put("@s0 | x @s1", &saved);
            proptest::prop_assert!(query.filter.size() <= LARGEST);
            proptest::prop_assert!(query.saved_names().is_empty());
            let mut refused = 0;
            query.filter.each_unreadable(&mut |unreadable| refused += usize::from(unreadable.name() == Some("@")));
            proptest::prop_assert_eq!(refused > 0, !faults.is_empty());
        }
    }
}
