//! The pane of names: who and what is mentioned in the current result, with counts.

use super::pinned::is_same;
use super::scroll::{Pace, Scroll};
use crate::annotation::Kind;
use crate::listing::{Facet, FacetKind, Facets};

/// The kinds of facets, in the order of the pane.
pub const SECTIONS: [FacetKind; 6] = [
    FacetKind::Entity(Kind::Person),
    FacetKind::Entity(Kind::Country),
    FacetKind::Entity(Kind::Org),
    FacetKind::Entity(Kind::Place),
    FacetKind::Source,
    FacetKind::Language,
];

/// The fewest names of each section that are shown where all sections are open.
const LEAST: usize = 2;

/// The facets of the current result.
#[derive(Clone, Debug)]
pub struct FacetPane {
    facets: Facets,
    lines: Vec<FacetLine>,
    scroll: Scroll,
    height: usize,
    /// Whether only one section is open.
    folded: bool,
    /// Where all sections but one are folded: the open one, the name in it under the cursor, and the first visible name.
    open: FacetKind,
    at: usize,
    from: usize,
}

impl Default for FacetPane {
    fn default() -> FacetPane {
        FacetPane {
            facets: Facets::default(),
            lines: Vec::new(),
            scroll: Scroll::default(),
            height: 0,
            folded: false,
            open: SECTIONS[0],
            at: 0,
            from: 0,
        }
    }
}

/// One line of the pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetLine {
    Heading(FacetKind),
    /// A name, by its index in its section.
    Name(FacetKind, usize),
    /// How many more names the section has. Opening this line opens the picker.
    More(FacetKind, usize),
}

/// The title of a kind of facet, in the plural.
pub fn plural(kind: FacetKind) -> &'static str {
    match kind {
        FacetKind::Entity(Kind::Person) => "People",
        FacetKind::Entity(Kind::Country) => "Countries",
        FacetKind::Entity(Kind::Org) => "Organisations",
        FacetKind::Entity(Kind::Place) => "Places",
        FacetKind::Source => "Sources",
        FacetKind::Tag => "Tags",
        FacetKind::Language => "Languages",
    }
}

/// The names of one section of `facets`.
pub fn section(facets: &Facets, kind: FacetKind) -> &[Facet] {
    match kind {
        FacetKind::Entity(Kind::Person) => &facets.people,
        FacetKind::Entity(Kind::Country) => &facets.countries,
        FacetKind::Entity(Kind::Org) => &facets.orgs,
        FacetKind::Entity(Kind::Place) => &facets.places,
        FacetKind::Source => &facets.sources,
        FacetKind::Tag => &[],
        FacetKind::Language => &facets.languages,
    }
}

/// The same, to be changed; `None` for a kind that is not among the facets.
pub fn section_mut(facets: &mut Facets, kind: FacetKind) -> Option<&mut Vec<Facet>> {
    Some(match kind {
        FacetKind::Entity(Kind::Person) => &mut facets.people,
        FacetKind::Entity(Kind::Country) => &mut facets.countries,
        FacetKind::Entity(Kind::Org) => &mut facets.orgs,
        FacetKind::Entity(Kind::Place) => &mut facets.places,
        FacetKind::Source => &mut facets.sources,
        FacetKind::Tag => return None,
        FacetKind::Language => &mut facets.languages,
    })
}

impl FacetPane {
    /// Replaces the facets. The cursor stays on its name if that is still there.
    pub fn set(&mut self, facets: Facets) {
        let old = self.selected().map(|(kind, facet)| (kind, facet.value.clone()));
        self.facets = facets;
        let mut kept = None;
        if let Some((kind, value)) = &old {
            let found =
                section(&self.facets, *kind).iter().position(|facet| is_same(*kind, &facet.value, value));
            kept = found.map(|at| (*kind, at));
            (self.open, self.at) = (*kind, found.unwrap_or(self.at));
        }
        self.arrange();
        if self.folded {
            return;
        }
        if let Some((kind, at)) = kept {
            self.make_visible(kind, at);
        }
        let same = |line: &FacetLine| match (line, &old) {
            (FacetLine::Name(kind, at), Some((of, value))) => {
                kind == of
                    && section(&self.facets, *kind)
                        .get(*at)
                        .is_some_and(|facet| is_same(*kind, &facet.value, value))
            }
            _ => false,
        };
        match self.lines.iter().position(same) {
            Some(at) => self.go_to(at),
            None => self.go_to(self.scroll.at),
        }
    }

    /// Shows a name that has no line, in the place of the last name of its section that has one.
    fn make_visible(&mut self, kind: FacetKind, at: usize) {
        let wanted = FacetLine::Name(kind, at);
        let of_kind = |line: &FacetLine| matches!(line, FacetLine::Name(of, _) if *of == kind);
        if !self.lines.contains(&wanted)
            && let Some(line) = self.lines.iter_mut().rev().find(|line| of_kind(line))
        {
            *line = wanted;
        }
    }

    /// Moves the cursor back to the first name.
    pub fn go_to_top(&mut self) {
        (self.open, self.at, self.from) = (SECTIONS[0], 0, 0);
        self.arrange();
        if self.folded {
            return;
        }
        self.scroll = Scroll::default();
        self.go_to(0);
    }

    /// Sets the height of the pane, in rows.
    pub fn set_height(&mut self, height: usize) {
        if height != self.height {
            self.height = height;
            let facets = self.facets.clone();
            self.set(facets);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn visible(&self, height: usize) -> &[FacetLine] {
        let end = (self.scroll.top + height).min(self.lines.len());
        self.lines.get(self.scroll.top..end).unwrap_or(&[])
    }

    /// The index of the cursor among the visible lines.
    pub fn cursor(&self) -> usize {
        self.scroll.at - self.scroll.top
    }

    pub fn facet(&self, kind: FacetKind, at: usize) -> Option<&Facet> {
        section(&self.facets, kind).get(at)
    }

    /// The name that is shown for what a query calls `value`, if it is among the facets.
    pub fn name_of(&self, kind: Kind, value: &str) -> Option<String> {
        let section = section(&self.facets, FacetKind::Entity(kind));
        section.iter().find(|facet| facet.value == value).map(|facet| facet.name.clone())
    }

    pub fn facets(&self) -> &Facets {
        &self.facets
    }

    pub fn line(&self) -> Option<FacetLine> {
        self.lines.get(self.scroll.at).copied()
    }

    /// The name under the cursor.
    pub fn selected(&self) -> Option<(FacetKind, &Facet)> {
        match self.line()? {
            FacetLine::Name(kind, at) => Some((kind, self.facet(kind, at)?)),
            _ => None,
        }
    }

    /// Goes to a visible line, counted from 0, or to the nearest name if that is a heading.
    pub fn go_to_seen(&mut self, row: usize) {
        self.move_by(row as i64 - self.cursor() as i64);
    }

    /// Scrolls by `delta` lines; the cursor moves only where its line would leave the pane.
    pub fn scroll_lines(&mut self, delta: i64) {
        if !self.folded {
            self.scroll.scroll_by(delta, self.lines.len(), self.height);
            self.go_to(self.scroll.at);
        }
    }

    /// Moves by `delta` lines; headings are skipped.
    pub fn move_by(&mut self, delta: i64) {
        if self.folded {
            self.move_folded(delta);
            return;
        }
        let back = delta < 0;
        let target = (self.scroll.at as i64).saturating_add(delta).clamp(0, self.lines.len() as i64);
        self.scroll.at = target as usize;
        match (back, self.on_heading()) {
            (true, true) if self.scroll.at > 0 => self.go_to(self.scroll.at - 1),
            _ => self.go_to(self.scroll.at),
        }
    }

    /// Moves to the first name of the next section, or of the previous one.
    pub fn move_section(&mut self, delta: i64) {
        if self.folded {
            if let Some(kind) = self.beside(delta < 0) {
                (self.open, self.at, self.from) = (kind, 0, 0);
                self.arrange();
            }
            return;
        }
        let headings: Vec<usize> = (0..self.lines.len())
            .filter(|at| matches!(self.lines.get(*at), Some(FacetLine::Heading(_))))
            .collect();
        let here = headings.iter().rposition(|at| *at <= self.scroll.at).unwrap_or(0) as i64;
        let next = (here + delta).clamp(0, headings.len().saturating_sub(1) as i64);
        if let Some(at) = headings.get(next as usize) {
            self.go_to(*at);
        }
    }

    fn on_heading(&self) -> bool {
        matches!(self.line(), Some(FacetLine::Heading(_)))
    }

    /// Goes to a line, or to the line below it if it is a heading, and keeps the heading visible.
    fn go_to(&mut self, at: usize) {
        self.scroll.at = at.min(self.lines.len().saturating_sub(1));
        if self.on_heading() {
            self.scroll.at += 1;
        }
        let at = self.scroll.at;
        if at > 0 && matches!(self.lines.get(at - 1), Some(FacetLine::Heading(_))) {
            self.scroll.top = self.scroll.top.min(at - 1);
        }
        self.scroll.see(self.lines.len(), self.height, Pace::Least);
    }

    /// Whether there is so little room that only one section is open, and only the headings of the others are shown.
    pub fn is_folded(&self, kind: FacetKind) -> bool {
        self.folded && self.open != kind
    }

    /// The section next to the open one, if there is one.
    fn beside(&self, back: bool) -> Option<FacetKind> {
        let there: Vec<FacetKind> =
            SECTIONS.into_iter().filter(|kind| !section(&self.facets, *kind).is_empty()).collect();
        let here = there.iter().position(|kind| *kind == self.open)?;
        let next = if back { here.checked_sub(1) } else { Some(here + 1) };
        next.and_then(|at| there.get(at)).copied()
    }

    /// Moves within the open section, and from its ends to the neighbouring sections.
    fn move_folded(&mut self, delta: i64) {
        let back = delta < 0;
        let mut left = usize::try_from(delta.unsigned_abs()).unwrap_or(usize::MAX);
        while left > 0 {
            let last = section(&self.facets, self.open).len().saturating_sub(1);
            let room = if back { self.at } else { last.saturating_sub(self.at) };
            let step = left.min(room);
            self.at = if back { self.at - step } else { self.at + step };
            left -= step;
            match self.beside(back) {
                Some(kind) if left > 0 => {
                    self.open = kind;
                    self.at = if back { section(&self.facets, kind).len().saturating_sub(1) } else { 0 };
                    self.from = 0;
                    left -= 1;
                }
                _ => break,
            }
        }
        self.arrange();
    }

    /// Shows one section with as many names as there is room for, around the cursor, and the headings of the others.
    fn arrange_folded(&mut self, room: usize) {
        let size = section(&self.facets, self.open).len();
        self.at = self.at.min(size.saturating_sub(1));
        self.from =
            self.from.min(self.at).max((self.at + 1).saturating_sub(room)).min(size.saturating_sub(room));
        for kind in SECTIONS.into_iter().filter(|kind| !section(&self.facets, *kind).is_empty()) {
            self.lines.push(FacetLine::Heading(kind));
            if kind == self.open {
                let seen = self.from..(self.from + room).min(size);
                self.lines.extend(seen.map(|at| FacetLine::Name(kind, at)));
            }
        }
        let here = FacetLine::Name(self.open, self.at);
        self.scroll = Scroll { at: self.lines.iter().position(|line| *line == here).unwrap_or(0), top: 0 };
    }

    /// Shows as many names of each section as there is room for: the same number for each section that has as many. If
    /// that number is too low, one section is open and the others are folded.
    fn arrange(&mut self) {
        let sizes: Vec<usize> = SECTIONS.iter().map(|kind| section(&self.facets, *kind).len()).collect();
        let rows = |most: usize| -> usize {
            sizes
                .iter()
                .filter(|size| **size > 0)
                .map(|size| 1 + shown(*size, most) + usize::from(shown(*size, most) < *size))
                .sum()
        };
        let longest = sizes.iter().copied().max().unwrap_or(0);
        let most = (LEAST..longest).take_while(|most| rows(*most) <= self.height).last().unwrap_or(LEAST);
        self.lines.clear();
        let there = sizes.iter().filter(|size| **size > 0).count();
        self.folded = rows(most) > self.height && there > 1 && self.height > there;
        if self.folded {
            if section(&self.facets, self.open).is_empty() {
                let first = SECTIONS.into_iter().find(|kind| !section(&self.facets, *kind).is_empty());
                self.open = first.unwrap_or(self.open);
            }
            self.arrange_folded(self.height - there);
            return;
        }
        for (kind, size) in SECTIONS.into_iter().zip(sizes).filter(|(_, size)| *size > 0) {
            let shown = shown(size, most);
            self.lines.push(FacetLine::Heading(kind));
            self.lines.extend((0..shown).map(|at| FacetLine::Name(kind, at)));
            if size > shown {
                self.lines.push(FacetLine::More(kind, size - shown));
            }
        }
    }
}

/// How many of `size` names are shown if there is room for `most`. A line that says "1 more" would take the room of
/// that one name, so the name is shown.
fn shown(size: usize, most: usize) -> usize {
    if size <= most + 1 { size } else { most }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facets(people: usize, countries: usize) -> Facets {
        let names = |count: usize, word: &str| {
            (0..count)
                .map(|at| Facet { name: format!("{word} {at}"), value: format!("{word} {at}"), count: 9 })
                .collect()
        };
        Facets {
            total: people as u64,
            people: names(people, "Person"),
            countries: names(countries, "Country"),
            ..Facets::default()
        }
    }

    fn check(pane: &FacetPane, expected: &str) {
        assert_eq!(pane.selected().map(|(_, facet)| facet.name.as_str()), Some(expected));
        assert!(pane.cursor() < 7);
    }

    #[test]
    fn headings_are_passed_over() {
        let mut pane = FacetPane::default();
        pane.set_height(9);
        pane.set(facets(2, 20));
        check(&pane, "Person 0");
        pane.move_by(2);
        check(&pane, "Country 0");
        pane.move_by(-1);
        check(&pane, "Person 1");
        pane.move_by(-9);
        check(&pane, "Person 0");
        pane.move_by(99);
        assert_eq!(pane.line(), Some(FacetLine::More(FacetKind::Entity(Kind::Country), 16)));
        pane.move_section(-1);
        check(&pane, "Person 0");
        pane.move_section(1);
        check(&pane, "Country 0");
    }

    #[test]
    fn where_there_is_little_room_one_section_is_open() {
        let mut pane = FacetPane::default();
        pane.set_height(5);
        pane.set(facets(9, 20));
        let (person, country) = (FacetKind::Entity(Kind::Person), FacetKind::Entity(Kind::Country));
        assert_eq!(pane.visible(5).len(), 5);
        assert_eq!(pane.visible(5).last(), Some(&FacetLine::Heading(country)));
        assert!(pane.is_folded(country) && !pane.is_folded(person));
        pane.move_by(8);
        check(&pane, "Person 8");
        pane.move_by(1);
        check(&pane, "Country 0");
        assert_eq!(pane.visible(5).first(), Some(&FacetLine::Heading(person)));
        pane.move_by(99);
        check(&pane, "Country 19");
        pane.move_by(-20);
        check(&pane, "Person 8");
        pane.move_section(1);
        check(&pane, "Country 0");
        pane.move_by(-99);
        check(&pane, "Person 0");
    }

    /// In a high pane and in a low one.
    #[test]
    fn another_height_keeps_the_name() {
        let mut pane = FacetPane::default();
        pane.set_height(30);
        pane.set(facets(9, 9));
        pane.move_by(15);
        let name = pane.selected().map(|(_, facet)| facet.name.clone()).expect("a name");
        for height in [5, 9, 30, 4, 12] {
            pane.set_height(height);
            assert_eq!(
                pane.selected().map(|(_, facet)| facet.name.clone()).as_deref(),
                Some(name.as_str()),
                "{height}"
            );
        }
        // Nobody is there: the first names are the ones to show.
        pane.go_to_top();
        pane.set_height(5);
        check(&pane, "Person 0");
    }

    #[test]
    fn the_cursor_stays_on_its_name() {
        let mut pane = FacetPane::default();
        pane.set_height(30);
        pane.set(facets(2, 3));
        pane.move_by(4);
        check(&pane, "Country 1");
        pane.set(facets(0, 3));
        check(&pane, "Country 1");
        pane.set(facets(1, 1));
        check(&pane, "Country 0");
        pane.set(facets(0, 0));
        assert_eq!(pane.selected(), None);
        pane.move_by(3);
        pane.move_section(1);
    }
}
