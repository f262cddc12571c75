//! The trait of a library, answered by an index of other hands.
//!
//! In: questions. Out: what the server answers, and what the analysed newest hits do. Over 500 lines because it is one trait.

use super::lists::Start;
use super::pages::List;
use super::{Foreign, NAMES};
use crate::annotation::{Analysis, Kind, Least};
use crate::article::{Article, ArticleId};
use crate::formats::ReadingState;
use crate::language::LanguageCode;
use crate::library::backend::{NAMES as NAMES_KEPT, most_frequent};
use crate::library::remote::clause::all;
use crate::library::remote::state::Numbers;
use crate::library::sources::{Seen, Source, SourceId, Standing, Wishes};
use crate::library::{Added, Backend, Cancel, Error, FACETS, FollowedFolder, Recognition, Step};
use crate::listing::board::{Board, BoardChange, Changed};
use crate::listing::chronicle::{Bin, Chronicle, Grain, Telling, fitting};
use crate::listing::profile::{NameDetail, NameOrder, Profile};
use crate::listing::thread::{Thread, ThreadOrder, Threads};
use crate::listing::utterance::Utterance;
use crate::listing::{
    ChangeId, Facet, FacetKind, Facets, Marked, Marking, Page, QuoteRow, Row, Sampled, Stored, Tally, TextOf,
    Validity, Window,
};
use crate::query::complete::Role;
use crate::query::{Query, Target};
use crate::text::fold;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How many whole articles are read at a time.
pub(super) const WHOLE: usize = 200;

impl Backend for Foreign {
    fn stand_by(&self, least: Least) {
        _ = self.least.set(least);
        self.sample.stand_by(least);
    }

    fn least(&self) -> Least {
        self.least.get().copied().unwrap_or_default()
    }

    fn add(&self, _: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.cannot("an index that another program made is only read")
    }

    fn renew(&self, _: Vec<(Article, Analysis)>) -> Result<Added, Error> {
        self.cannot("an index that another program made is only read")
    }

    fn outdated(&self, _: usize) -> Result<Vec<ArticleId>, Error> {
        Ok(Vec::new())
    }

    fn count_outdated(&self) -> Result<u64, Error> {
        Ok(0)
    }

    fn refile(&self, _: &str, _: &str) -> Result<u64, Error> {
        self.cannot("an index that another program made is only read")
    }

    fn seen(&self, articles: &[Article]) -> Result<Vec<Seen>, Error> {
        Ok(vec![Seen::Never; articles.len()])
    }

    fn other_text(&self, _: ArticleId) -> Result<Option<(TextOf, Article)>, Error> {
        Ok(None)
    }

    fn show_text(&self, _: TextOf, _: Article, _: Analysis) -> Result<(), Error> {
        self.cannot("an index that another program made is only read")
    }

    fn remove_files(&self, _: &dyn Fn(&Path) -> bool) -> Result<u64, Error> {
        Ok(0)
    }

    fn remove_others(&self, _: &[Article]) -> Result<u64, Error> {
        Ok(0)
    }

    fn explain(&self) {
        self.server.explain();
    }

    fn explained(&self) -> Vec<String> {
        let mut lines = vec![format!("Fields of the index, by {}:", self.form.name)];
        lines.extend(self.form.map.lines());
        lines.extend(self.server.told());
        lines
    }

    fn waited(&self) -> Option<Duration> {
        self.server.waited()
    }

    fn about(&self) -> Vec<String> {
        let mut lines = vec![self.server.engine()];
        lines.push(format!(
            "made by another program; nothing is written to it; its fields are known by {}:",
            self.form.name
        ));
        lines.extend(self.form.map.lines());
        lines.push("each copy of an article has a row of its own".to_owned());
        if self.form.dated.is_none() && !self.form.map.get("date").is_empty() {
            lines.push("no server can sort by its dates: what was stored last comes first".to_owned());
        }
        lines
    }

    fn sampled(&self) -> Sampled {
        let newest = Some(self.sample.newest as u64);
        let own = Kind::ALL.iter().all(|kind| self.names_in(*kind).is_some());
        Sampled { names: newest.filter(|_| !own), quotes: newest }
    }

    fn guessed_form(&self) -> Option<Vec<String>> {
        let address = format!("{}{}", self.server.shown(), self.index);
        (self.form.name == "guess").then(|| self.form.lines(&address))
    }

    fn page(&self, query: &Query, window: Window, cancel: &Cancel) -> Result<Page, Error> {
        self.page_with(query, window, cancel)
    }

    fn facets(&self, query: &Query, cancel: &Cancel) -> Result<Facets, Error> {
        let clause = self.result(query, cancel)?;
        let total = self.total(&clause, cancel)?;
        let sampled = Backend::sampled(self);
        let mut facets = Facets { total, articles: total, sampled, ..Facets::default() };
        let lacks = Kind::ALL.iter().any(|kind| self.names_in(*kind).is_none());
        let (source, language) = (self.form.whole("source"), self.form.whole("language"));
        let sampled = match lacks || source.is_none() || language.is_none() {
            true => {
                let query = self.in_sample(query, cancel)?;
                self.sample.library().facets(&query, cancel)?
            }
            false => Facets::default(),
        };
        for kind in Kind::ALL {
            let (own, sampled) = (self.own_names(kind, "", query, FACETS, cancel)?, &sampled);
            let (list, otherwise) = match kind {
                Kind::Person => (&mut facets.people, &sampled.people),
                Kind::Country => (&mut facets.countries, &sampled.countries),
                Kind::Org => (&mut facets.orgs, &sampled.orgs),
                Kind::Place => (&mut facets.places, &sampled.places),
            };
            *list = own.unwrap_or_else(|| otherwise.clone());
        }
        facets.sources = match source {
            Some(field) => self.sources_in(&field, &clause, FACETS, cancel)?,
            None => sampled.sources,
        };
        facets.languages = match language {
            Some(field) => self.languages_in(&field, &clause, cancel)?,
            None => sampled.languages,
        };
        Ok(facets)
    }

    fn names(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let words = fold::words(typed);
        let begun = |name: &str| {
            let of = fold::words(name);
            words.iter().all(|part| of.iter().any(|word| word.starts_with(part.as_str())))
        };
        match kind {
            FacetKind::Entity(of) => {
                if let Some(own) = self.own_names(of, typed, query, limit, cancel)? {
                    return Ok(own);
                }
            }
            FacetKind::Source => {
                if let Some(field) = self.form.whole("source") {
                    let clause = self.result(query, cancel)?;
                    let mut sources = self.sources_in(&field, &clause, NAMES, cancel)?;
                    sources.retain(|facet| begun(&facet.name));
                    return Ok(most_frequent(sources, limit));
                }
            }
            FacetKind::Language => {
                if let Some(field) = self.form.whole("language") {
                    let clause = self.result(query, cancel)?;
                    let mut languages = self.languages_in(&field, &clause, cancel)?;
                    languages.retain(|facet| {
                        let code = LanguageCode::read(&facet.value);
                        code.is_some_and(|code| begun(&format!("{} {code} {}", code.name(), code.own_name())))
                    });
                    return Ok(most_frequent(languages, limit));
                }
            }
            FacetKind::Tag => {
                let mut facets = Vec::new();
                let clause = self.result(query, cancel)?;
                for (tag, numbers) in self.state.tags()?.into_iter().filter(|(tag, _)| begun(tag)) {
                    let count = self.total(&all(vec![clause.clone(), self.these(&numbers)?]), cancel)?;
                    facets.push(Facet { name: tag.clone(), value: tag, count });
                }
                return Ok(most_frequent(facets, limit));
            }
        }
        let query = self.in_sample(query, cancel)?;
        self.sample.library().names(kind, typed, &query, limit, cancel)
    }

    fn ranked(
        &self,
        kind: FacetKind,
        typed: &str,
        query: &Query,
        order: NameOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        match kind {
            FacetKind::Entity(of) if self.names_in(of).is_none() => {
                let query = self.in_sample(query, cancel)?;
                self.sample.library().ranked(kind, typed, &query, order, limit, cancel)
            }
            _ => self.names(kind, typed, query, limit, cancel),
        }
    }

    fn named_as(
        &self,
        role: Role,
        typed: &str,
        query: &Query,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<Facet>, Error> {
        let query = self.in_sample(query, cancel)?;
        self.sample.library().named_as(role, typed, &query, limit, cancel)
    }

    fn forms(&self, kind: FacetKind, value: &str) -> Result<Vec<String>, Error> {
        self.sample.library().forms(kind, value)
    }

    fn timeline(&self, query: &Query, cancel: &Cancel) -> Result<Vec<(NaiveDate, u64)>, Error> {
        let Some(days) = self.bins(query, Grain::Day, cancel)? else {
            let query = self.in_sample(query, cancel)?;
            return self.sample.library().timeline(&query, cancel);
        };
        let day = |bin: &Bin| Some((DateTime::from_timestamp(bin.start, 0)?.date_naive(), bin.count));
        Ok(days.iter().filter_map(day).collect())
    }

    fn chronicle(
        &self,
        query: &Query,
        grain: Option<Grain>,
        fits: usize,
        cancel: &Cancel,
    ) -> Result<Chronicle, Error> {
        let finest = if grain == Some(Grain::Hour) { Grain::Hour } else { Grain::Day };
        let Some(bins) = self.bins(query, finest, cancel)? else {
            let query = self.in_sample(query, cancel)?;
            return self.sample.library().chronicle(&query, grain, fits, cancel);
        };
        let starts: Vec<i64> = bins.iter().map(|bin| bin.start).collect();
        let grain = grain.unwrap_or_else(|| fitting(&starts, fits));
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        for bin in bins {
            *counts.entry(grain.start(bin.start)).or_default() += bin.count;
        }
        let bins = counts.into_iter().map(|(start, count)| Bin { start, count }).collect();
        Ok(Chronicle { grain, bins })
    }

    fn tell(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        of: Range<usize>,
        cancel: &Cancel,
    ) -> Result<Vec<Telling>, Error> {
        let query = self.in_sample(query, cancel)?;
        let mut told = self.sample.library().tell(&query, chronicle, of, cancel)?;
        for telling in &mut told {
            telling.headline = telling.headline.take().and_then(|headline| {
                Some(crate::listing::chronicle::Headline { key: self.sample.key(headline.key)?, ..headline })
            });
        }
        Ok(told)
    }

    fn over_time(
        &self,
        query: &Query,
        chronicle: &Chronicle,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<Vec<u32>>, Error> {
        if let FacetKind::Entity(kind) = kind
            && let Some(found) = self.own_over_time(query, chronicle, kind, values, cancel)?
        {
            return Ok(found);
        }
        let query = self.in_sample(query, cancel)?;
        self.sample.library().over_time(&query, chronicle, kind, values, cancel)
    }

    fn details(
        &self,
        query: &Query,
        kind: FacetKind,
        values: &[String],
        cancel: &Cancel,
    ) -> Result<Vec<NameDetail>, Error> {
        let query = self.in_sample(query, cancel)?;
        self.sample.library().details(&query, kind, values, cancel)
    }

    fn profile(
        &self,
        query: &Query,
        kind: FacetKind,
        value: &str,
        cancel: &Cancel,
    ) -> Result<Option<Profile>, Error> {
        let query = self.in_sample(query, cancel)?;
        let Some(mut profile) = self.sample.library().profile(&query, kind, value, cancel)? else {
            return Ok(None);
        };
        for rows in [&mut profile.said, &mut profile.told] {
            *rows = std::mem::take(rows).into_iter().filter_map(|row| self.sample.quote(row)).collect();
        }
        let latest = std::mem::take(&mut profile.latest).into_iter();
        profile.latest =
            latest.filter_map(|row| Some(Row { key: self.sample.key(row.key)?, ..row })).collect();
        profile.first = profile.first.and_then(|key| self.sample.key(key));
        Ok(Some(profile))
    }

    fn quotes(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<QuoteRow>, Error> {
        let query = self.in_sample(query, cancel)?;
        let rows = self.sample.library().quotes(&query, limit, cancel)?;
        Ok(rows.into_iter().filter_map(|row| self.sample.quote(row)).collect())
    }

    fn each(
        &self,
        query: &Query,
        take: &mut dyn FnMut(Vec<Article>) -> Result<(), Error>,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let clause = self.result(query, cancel)?;
        let list = List::newest(&clause);
        let mut place = None;
        loop {
            let start = place.as_ref().map_or(Start::first(), Start::after);
            let documents = self.from(&list, start, WHOLE, None, cancel)?;
            let Some(last) = documents.last() else { return Ok(()) };
            place = Some(last.place());
            self.see(&list, &documents)?;
            let articles = self.articles(&documents.iter().collect::<Vec<_>>(), cancel)?;
            take(articles.into_iter().map(|(_, article)| article).collect())?;
        }
    }

    fn threads(
        &self,
        query: &Query,
        order: ThreadOrder,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Threads, Error> {
        let query = self.in_sample(query, cancel)?;
        let mut found = self.sample.library().threads(&query, order, limit, cancel)?;
        found.newest = Some(self.sample.newest as u64);
        let threads = std::mem::take(&mut found.threads).into_iter();
        let thread = |thread: Thread| {
            let (id, head) = (self.sample.number(thread.id)?, self.sample.key(thread.head)?);
            Some(Thread { id, head, ..thread })
        };
        found.threads = threads.filter_map(thread).collect();
        Ok(found)
    }

    fn utterances(&self, query: &Query, limit: usize, cancel: &Cancel) -> Result<Vec<Utterance>, Error> {
        let query = self.in_sample(query, cancel)?;
        let found = self.sample.library().utterances(&query, limit, cancel)?;
        let here = |one: Utterance| Some(Utterance { key: self.sample.key(one.key)?, ..one });
        Ok(found.into_iter().filter_map(here).collect())
    }

    fn find(&self, _: &Article) -> Result<Option<ArticleId>, Error> {
        Ok(None)
    }

    fn load(&self, id: ArticleId) -> Result<Option<Stored>, Error> {
        let cancel = Cancel::new();
        let these = self.these(&Numbers::from([id.0]))?;
        let found = self.from(&List::newest(&these), Start::first(), 1, None, &cancel)?;
        let Some((_, article)) = self.articles(&found.iter().collect::<Vec<_>>(), &cancel)?.pop() else {
            return Ok(None);
        };
        let Some((article, mut analysis)) = self.sample.analyse(vec![article], &self.state.corrected()).pop()
        else {
            return Ok(None);
        };
        analysis.stand_by(self.least());
        let (read, starred, tags) = self.state.of(id.0, None)?;
        Ok(Some(Stored {
            id,
            article,
            analysis,
            validity: Validity::Current,
            read,
            starred,
            tags,
            position: self.state.position(id.0)?,
            text: TextOf::Source,
            copies: Vec::new(),
            thread: None,
        }))
    }

    fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed) + self.server.returned()
    }

    fn mark_as(&self, name: Option<ChangeId>, target: &Target, marking: Marking) -> Result<Marked, Error> {
        let articles: Numbers = match target {
            Target::These(ids) | Target::Stories(ids) => ids.iter().map(|id| id.0).collect(),
            Target::Matching(query) => self.ids(query, &Cancel::new())?.into_iter().map(|id| id.0).collect(),
        };
        let marked = self.state.mark(name, (&articles, &Numbers::new()), &marking)?;
        self.changed();
        Ok(marked)
    }

    fn step(&self, step: Step, name: Option<ChangeId>) -> Result<Option<Marked>, Error> {
        let stepped = self.state.step(step, name)?;
        self.changed();
        Ok(stepped)
    }

    fn boards(&self) -> Result<Vec<(String, usize)>, Error> {
        self.state.boards()
    }

    fn board(&self, name: &str) -> Result<Option<Board>, Error> {
        self.state.board(name)
    }

    fn change_board(&self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
        let changed = self.state.change_board(name, change)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(changed)
    }

    fn step_board(&self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
        let changed = self.state.step_board(step, name)?;
        self.version.fetch_add(1, Ordering::Relaxed);
        Ok(changed)
    }

    fn tally(&self, query: &Query, cancel: &Cancel) -> Result<Tally, Error> {
        let query = Query { hold: None, ..query.clone() };
        let clause = self.result(&query, cancel)?;
        Ok(Tally { articles: self.total(&clause, cancel)?, stories: None })
    }

    fn restore(&self, _: Vec<(Recognition, ReadingState)>) -> Result<(), Error> {
        self.cannot("marks cannot be brought to an index that another program made")
    }

    fn keep_position(&self, id: ArticleId, position: u32) -> Result<(), Error> {
        self.state.keep_position(id.0, position)
    }

    fn kept(&self, name: &str) -> Result<Option<String>, Error> {
        self.state.kept(name)
    }

    fn keep(&self, name: &str, text: &str) -> Result<(), Error> {
        let before = self.state.corrected();
        self.state.keep(name, text)?;
        if name == NAMES_KEPT {
            self.sample.correct(&before, &self.state.corrected())?;
            self.changed();
        }
        Ok(())
    }

    fn corrects_at_reading(&self) -> bool {
        true
    }

    fn follow_folder(&self, _: &FollowedFolder) -> Result<(), Error> {
        self.cannot("an archive on a server follows no folders")
    }

    fn folders(&self) -> Result<Vec<FollowedFolder>, Error> {
        Ok(Vec::new())
    }

    fn sources(&self) -> Result<Vec<Source>, Error> {
        Ok(Vec::new())
    }

    fn add_source(&self, _: &str, _: &str, _: Option<&str>, _: &Wishes) -> Result<SourceId, Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn change_source(&self, _: SourceId, _: &Wishes) -> Result<(), Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn remove_source(&self, _: SourceId) -> Result<(), Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn claim_sources(
        &self,
        _: &[SourceId],
        _: i64,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Vec<SourceId>, Error> {
        Ok(Vec::new())
    }

    fn hold_claims(&self, _: i64, _: DateTime<Utc>) -> Result<(), Error> {
        Ok(())
    }

    fn give_back(&self, _: i64) -> Result<(), Error> {
        Ok(())
    }

    fn record_standings(&self, _: &[(SourceId, Standing)]) -> Result<(), Error> {
        Ok(())
    }

    fn move_source(&self, _: SourceId, _: &str) -> Result<bool, Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn set_site(&self, _: SourceId, _: &str) -> Result<(), Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn name_source(&self, _: SourceId, _: &str) -> Result<String, Error> {
        self.cannot("an archive on a server has no feeds")
    }

    fn forget(&self, _: &str, _: DateTime<Utc>) -> Result<u64, Error> {
        Ok(0)
    }

    fn forget_beyond(&self, _: &str, _: u64) -> Result<u64, Error> {
        Ok(0)
    }

    fn matching(&self, query: &Query, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let cancel = Cancel::new();
        let (sure, beyond) = self.split(&query.filter);
        let mut conditions =
            vec![self.clause(&sure, &cancel)?, self.these(&ids.iter().map(|id| id.0).collect())?];
        if !beyond.is_everything() {
            conditions.push(self.these(&self.analysed(&sure, &beyond, &cancel)?)?);
        }
        let clause = all(conditions);
        let found = self.from(&List::newest(&clause), Start::first(), ids.len(), None, &cancel)?;
        let found: Numbers = found.iter().map(|document| document.key.id.0).collect();
        Ok(ids.iter().copied().filter(|id| found.contains(&id.0)).collect())
    }

    fn empty_trash(&self, _: NaiveDate) -> Result<u64, Error> {
        self.cannot("an archive on a server has no trash to empty")
    }

    fn mark_new(&self, ids: &[ArticleId], marking: &Marking) -> Result<u64, Error> {
        let changed = self.state.add_to(&ids.iter().map(|id| id.0).collect(), marking)?;
        self.changed();
        Ok(changed)
    }

    fn recognised(&self, _: &[Recognition]) -> Result<Vec<ArticleId>, Error> {
        Ok(Vec::new())
    }
}
