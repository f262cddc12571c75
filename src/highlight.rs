//! The highlight layer: which stretches of a text are highlighted, and why.
//!
//! Producers give layers of (span, [`Tag`]); marks of different layers may overlap. [`flatten`] cuts one
//! line into disjoint runs, each with the set of tags that apply to it. A tag names a meaning; only the
//! theme knows colours.

use crate::annotation::{Analysis, Field, Kind, QuoteKind};
use crate::text::Span;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tag {
    Person,
    Country,
    Place,
    Org,
    DirectQuote,
    IndirectQuote,
    /// A match of a word in the query.
    Hit,
    /// The name, quote or hit under the cursor.
    Cursor,
    /// The dateline that opens the body.
    Dateline,
}

impl Tag {
    pub const ALL: [Tag; 9] = [
        Tag::Person,
        Tag::Country,
        Tag::Place,
        Tag::Org,
        Tag::DirectQuote,
        Tag::IndirectQuote,
        Tag::Hit,
        Tag::Cursor,
        Tag::Dateline,
    ];
}

impl From<Kind> for Tag {
    fn from(kind: Kind) -> Tag {
        match kind {
            Kind::Person => Tag::Person,
            Kind::Country => Tag::Country,
            Kind::Place => Tag::Place,
            Kind::Org => Tag::Org,
        }
    }
}

impl From<QuoteKind> for Tag {
    fn from(kind: QuoteKind) -> Tag {
        match kind {
            QuoteKind::Direct => Tag::DirectQuote,
            QuoteKind::Indirect => Tag::IndirectQuote,
        }
    }
}

/// A set of [`Tag`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tags(u16);

impl Tags {
    pub const NONE: Tags = Tags(0);

    pub fn with(self, tag: Tag) -> Tags {
        Tags(self.0 | 1 << tag as u8)
    }

    pub fn without(self, tag: Tag) -> Tags {
        Tags(self.0 & !(1 << tag as u8))
    }

    pub fn has(self, tag: Tag) -> bool {
        self.0 & 1 << tag as u8 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Tag> for Tags {
    fn from_iter<I: IntoIterator<Item = Tag>>(tags: I) -> Tags {
        tags.into_iter().fold(Tags::NONE, Tags::with)
    }
}

/// One highlighted stretch of a text, with the reason for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub span: Span,
    pub tag: Tag,
}

/// Marks sorted by start, disjoint and not empty. [`Layer::new`] drops a mark that overlaps an earlier
/// one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer(Vec<Mark>);

impl Layer {
    pub fn new(mut marks: Vec<Mark>) -> Layer {
        marks.sort_by_key(|mark| (mark.span.start, mark.span.end));
        let mut end = 0;
        marks.retain(|mark| {
            let fits = mark.span.start >= end && !mark.span.is_empty();
            end = if fits { mark.span.end } else { end };
            fits
        });
        Layer(marks)
    }

    pub fn marks(&self) -> &[Mark] {
        &self.0
    }

    /// The marks that share at least one byte with `line`.
    fn within(&self, line: Span) -> &[Mark] {
        let from = self.0.partition_point(|mark| mark.span.end <= line.start);
        let to = self.0.partition_point(|mark| mark.span.start < line.end);
        &self.0[from..to.max(from)]
    }
}

/// The layers that an analysis gives for one field, in this order: indirect quotes, direct quotes,
/// names. Only marks with a tag in `shown` are kept.
pub fn layers(analysis: &Analysis, field: Field, shown: Tags) -> Vec<Layer> {
    let names = analysis
        .mentions
        .iter()
        .filter(|mention| mention.field == field)
        .map(|mention| Mark { span: mention.span, tag: analysis.entity(mention.entity).kind.into() });
    let quotes = |kind: QuoteKind| {
        analysis
            .quotes
            .iter()
            .filter(move |quote| quote.field == field && quote.kind == kind)
            .map(move |quote| Mark { span: quote.span, tag: kind.into() })
    };
    let keep = |marks: &mut dyn Iterator<Item = Mark>| {
        Layer::new(marks.filter(|mark| shown.has(mark.tag)).collect())
    };
    vec![keep(&mut quotes(QuoteKind::Indirect)), keep(&mut quotes(QuoteKind::Direct)), keep(&mut { names })]
}

/// A stretch of one line to which one set of tags applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub span: Span,
    pub tags: Tags,
}

/// Cuts `line` into runs: they are ascending and disjoint and cover `line` exactly, and neighbouring
/// runs differ in their tags. An empty line has no runs. The cost is O(log n) for each layer, plus the
/// marks on the line.
pub fn flatten(line: Span, layers: &[Layer]) -> Vec<Run> {
    let mut cuts: Vec<u32> = vec![line.start, line.end];
    for mark in layers.iter().flat_map(|layer| layer.within(line)) {
        cuts.push(mark.span.start.max(line.start));
        cuts.push(mark.span.end.min(line.end));
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut runs: Vec<Run> = Vec::with_capacity(cuts.len());
    for pair in cuts.windows(2) {
        let span = Span { start: pair[0], end: pair[1] };
        let tags = layers.iter().flat_map(|layer| layer.within(span)).map(|mark| mark.tag).collect();
        match runs.last_mut() {
            Some(last) if last.tags == tags => last.span.end = span.end,
            _ => runs.push(Run { span, tags }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Writes the runs of `text` as `[text|Tag+Tag]`.
    fn check(text: &str, layers: &[Layer], expected: &str) {
        let runs = flatten(Span::new(0, text.len()), layers);
        let written: String = runs
            .iter()
            .map(|run| {
                let tags: Vec<String> =
                    Tag::ALL.iter().filter(|tag| run.tags.has(**tag)).map(|tag| format!("{tag:?}")).collect();
                match tags.is_empty() {
                    true => run.span.of(text).to_owned(),
                    false => format!("[{}|{}]", run.span.of(text), tags.join("+")),
                }
            })
            .collect();
        assert_eq!(written, expected);
    }

    fn layer(marks: &[(usize, usize, Tag)]) -> Layer {
        Layer::new(marks.iter().map(|&(start, end, tag)| Mark { span: Span::new(start, end), tag }).collect())
    }

    #[test]
    fn a_name_within_a_quote_shows_as_both() {
        check(
            "\"Ask Mona,\" he said",
            &[layer(&[(0, 11, Tag::DirectQuote)]), layer(&[(5, 9, Tag::Person)])],
            "[\"Ask |DirectQuote][Mona|Person+DirectQuote][,\"|DirectQuote] he said",
        );
    }

    #[test]
    fn crossing_layers_are_cut_at_every_edge() {
        check(
            "abcdef",
            &[layer(&[(0, 4, Tag::Org)]), layer(&[(2, 6, Tag::Hit)])],
            "[ab|Org][cd|Org+Hit][ef|Hit]",
        );
    }

    #[test]
    fn the_later_of_two_overlapping_marks_is_dropped() {
        check("abcdef", &[layer(&[(0, 4, Tag::Org), (2, 6, Tag::Org)])], "[abcd|Org]ef");
    }

    proptest! {
        #[test]
        fn runs_cover_the_line(
            marks in proptest::collection::vec(proptest::collection::vec((0u32..60, 1u32..12, 0usize..9), 0..8), 0..4),
            start in 0u32..40, len in 0u32..30,
        ) {
            let layers: Vec<Layer> = marks
                .into_iter()
                .map(|marks| Layer::new(marks.into_iter().map(|(at, len, tag)| Mark {
                    span: Span { start: at, end: at + len }, tag: Tag::ALL[tag] }).collect()))
                .collect();
            let line = Span { start, end: start + len };
            let runs = flatten(line, &layers);
            prop_assert_eq!(runs.iter().map(|run| run.span.len()).sum::<usize>(), line.len());
            prop_assert!(runs.windows(2).all(|pair| pair[0].span.end == pair[1].span.start && pair[0].tags != pair[1].tags));
            for run in runs {
                for at in run.span.start..run.span.end {
                    let byte = Span { start: at, end: at + 1 };
                    let tags: Tags = layers.iter().flat_map(Layer::marks).filter(|mark| mark.span.overlaps(byte)).map(|mark| mark.tag).collect();
                    prop_assert_eq!(run.tags, tags);
                }
            }
        }
    }
}
