//! Stores fetched articles in the library: names, dates, analyses and tags them, and records the status of their
//! sources.

use super::obtain::{Came, Delivered, Trouble, fallback_name};
use super::outlook::{Failing, after_failure, after_success};
use super::roster::is_unnamed;
use super::rules::{Arrived, Coming};
use super::{Failure, Listed, Progress, Wire, jitter, pages};
use crate::article::Article;
use crate::fetch::origin::Origin;
use crate::fetch::{FetchError, Share};
use crate::formats::Warning;
use crate::formats::feed::Feed;
use crate::intake::{self, Analysed};
use crate::library::sources::{FullText, Seen, Source, SourceId, Standing};
use crate::library::{Error, Recognition};
use crate::text::clean_line;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::AtomicBool;

/// The most warnings about articles that one round keeps.
const WARNING_CAP: usize = 1000;

/// The result of fetching one source.
pub struct Arrival {
    pub listed: Listed,
    pub result: Result<Delivered, Trouble>,
}

/// Analysed articles and the status of their sources, ready to be written.
#[derive(Default)]
pub(super) struct Batch {
    analysed: Analysed,
    /// For each tag, the new articles that get it.
    tagged: Vec<(String, Vec<Recognition>)>,
    /// Sources with a maximum age of articles: older articles than the given time are deleted.
    kept: Vec<(String, DateTime<Utc>)>,
    /// Sources of which so many articles are kept.
    bounded: Vec<(String, u64)>,
    /// The new articles to which the rules are applied once they are stored.
    arrived: Vec<Arrived>,
    standings: Vec<(SourceId, Standing)>,
    pages: Vec<pages::Wanted>,
    /// The number of articles that the library already has in the same version.
    unchanged: u64,
    as_before: u64,
    failures: Vec<Failure>,
    /// What a person has to know although the source was fetched.
    notes: Vec<Warning>,
    left_out: u64,
    pages_left_out: u64,
    /// What the feeds take of the room for large ones, until their articles are stored.
    shares: Vec<Share>,
}

impl Wire {
    /// Analyses and stores the articles that a server brought for sources, which are recorded as fetched, with everything
    /// that a round of fetching does: full texts, rules and their commands.
    pub fn take_in(
        &self,
        arrivals: Vec<Arrival>,
        cancelled: &AtomicBool,
        progress: &mut Progress,
    ) -> Result<(), Error> {
        let pages = self.take(arrivals, progress)?;
        if !pages.is_empty() {
            self.take_pages(pages, cancelled, progress, &mut |_| {})?;
        }
        self.run_commands(progress, cancelled);
        Ok(())
    }

    /// Analyses and stores all results together. Returns the new articles whose web pages are to be fetched.
    pub(super) fn take(
        &self,
        arrivals: Vec<Arrival>,
        progress: &mut Progress,
    ) -> Result<Vec<pages::Wanted>, Error> {
        self.write(self.prepare(arrivals)?, progress)
    }

    /// Finds the new and changed articles and analyses them.
    pub(super) fn prepare(&self, arrivals: Vec<Arrival>) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        let mut articles: Vec<Article> = Vec::new();
        for Arrival { mut listed, result } in arrivals {
            match result {
                Ok(Delivered::AsBefore { fresh_for, moved_to, renewed }) => {
                    self.remember_move(&mut listed.source, moved_to)?;
                    let standing = &mut listed.source.standing;
                    standing.etag = renewed.etag.or(standing.etag.take());
                    standing.last_modified = renewed.last_modified.or(standing.last_modified.take());
                    self.succeed(&mut listed, fresh_for);
                    batch.as_before += 1;
                }
                Ok(Delivered::Came(came)) => {
                    batch.shares.push(came.share.clone());
                    batch.left_out += came.feed.left_out;
                    let left_out = self.left_out(&came.feed);
                    let coming = Coming::of(&listed.source);
                    let fresh = self.settle(&mut listed, *came)?;
                    batch.notes.extend(left_out.map(|note| Warning::new(&listed.source.name, None, &note)));
                    batch.unchanged += fresh.same;
                    batch.as_before += u64::from(fresh.articles.is_empty());
                    let new = || fresh.new.iter().filter_map(|at| fresh.articles.get(*at));
                    batch
                        .arrived
                        .extend(new().map(|article| Arrived { article: Recognition::of(article), coming }));
                    let tags = listed.source.wishes.tags.iter();
                    batch.tagged.extend(tags.map(|tag| (tag.clone(), new().map(Recognition::of).collect())));
                    if listed.source.wishes.text == FullText::FromPage {
                        let reach = intake::typed::reach_of(&self.library, &listed.source)?;
                        let wanted = |article| pages::Wanted::new(article, reach.clone(), coming);
                        // Of these, the text is not known yet.
                        let later = new().count().min(pages::AT_ONCE);
                        let first = batch.arrived.len() - new().count();
                        batch.arrived.drain(first..first + later);
                        batch.pages.extend(new().take(pages::AT_ONCE).map(wanted));
                        let more = new().count().saturating_sub(pages::AT_ONCE);
                        batch.pages_left_out += more as u64;
                    }
                    articles.extend(fresh.articles);
                }
                Err(trouble) => batch.failures.push(self.fail(&mut listed, &trouble)),
            }
            if let Some(note) = listed.unconfirmed() {
                batch.notes.push(Warning::new(&listed.source.name, None, &note));
            }
            if let Some(oldest) = self.oldest_kept(&listed) {
                batch.kept.push((listed.source.name.clone(), oldest));
            }
            if let Some(most) = listed.source.wishes.keep_most.or(self.keep.most) {
                batch.bounded.push((listed.source.name.clone(), most));
            }
            batch.standings.push((listed.source.id, listed.source.standing));
        }
        batch.analysed = intake::analyse(articles, &self.depth);
        Ok(batch)
    }

    /// Writes the articles and then the status of each source. If the program stops in between, the sources are fetched
    /// again.
    pub(super) fn write(
        &self,
        mut batch: Batch,
        progress: &mut Progress,
    ) -> Result<Vec<pages::Wanted>, Error> {
        progress.done += batch.standings.len() as u64;
        progress.as_before += batch.as_before;
        progress.failures.extend(batch.failures);
        progress.added.unchanged += batch.unchanged;
        progress.notes.extend(batch.notes);
        progress.left_out += batch.left_out;
        progress.pages.left_out += batch.pages_left_out;
        let room = WARNING_CAP.saturating_sub(progress.warnings.len());
        progress.warnings.extend(std::mem::take(&mut batch.analysed.warnings).into_iter().take(room));
        let added = batch.analysed.store(&self.library, &self.depth)?;
        progress.added.new += added.new;
        progress.added.updated += added.updated;
        progress.added.unchanged += added.unchanged;
        for (tag, articles) in batch.tagged {
            self.library.tag_new(&articles, &tag)?;
        }
        self.apply_rules(&batch.arrived, progress)?;
        for (name, oldest) in batch.kept {
            self.library.forget(&name, oldest)?;
        }
        for (name, most) in batch.bounded {
            self.library.forget_beyond(&name, most)?;
        }
        self.library.record_standings(&batch.standings)?;
        Ok(batch.pages)
    }

    /// Says how many items of a feed were left out, if there were any.
    fn left_out(&self, feed: &Feed) -> Option<String> {
        let (left_out, most) = (feed.left_out, self.max_items as u64);
        let message =
            || format!("left out {left_out} older items; at most {most} of a feed are read (max-items)");
        (left_out > 0).then(message)
    }

    /// The time before which articles of a source are not stored. `None` if articles of any age are.
    fn oldest_kept(&self, listed: &Listed) -> Option<DateTime<Utc>> {
        let keep_for = TimeDelta::from_std(listed.source.wishes.keep_for.or(self.keep.time)?).ok()?;
        self.now().checked_sub_signed(keep_for)
    }

    fn succeed(&self, listed: &mut Listed, fresh_for: Option<std::time::Duration>) {
        let interval = self.interval_of(listed);
        after_success(&mut listed.source, interval, fresh_for, self.now(), jitter());
    }

    /// Gives the articles the name of their source and leaves out those that the library already has.
    pub(super) fn settle(&self, listed: &mut Listed, came: Came) -> Result<Fresh, Error> {
        let Came { feed, etag, last_modified, fresh_for, moved_to, at, share: _ } = came;
        let source = &mut listed.source;
        if is_unnamed(source) {
            let name = feed.title.clone().unwrap_or_else(|| fallback_name(&source.address));
            source.name = self.library.name_source(source.id, &name)?;
        }
        if let Some(site) = &feed.site
            && source.site.as_ref() != Some(site)
        {
            self.library.set_site(source.id, site)?;
        }
        self.remember_move(source, moved_to)?;
        source.standing.etag = etag;
        source.standing.last_modified = last_modified;
        source.standing.warning = match (self.left_out(&feed), summary(&feed.warnings)) {
            (Some(left_out), Some(warnings)) => Some(format!("{left_out}; {warnings}")),
            (left_out, warnings) => left_out.or(warnings),
        };
        source.standing.seen = feed.seen;
        let name = source.name.clone();
        self.succeed(listed, fresh_for);
        let oldest = self.oldest_kept(listed).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let named = |article: Article| Article { source: name.clone(), path: None, ..article };
        let articles: Vec<Article> = feed.articles.into_iter().map(named).collect();
        let young = articles
            .into_iter()
            .filter(|article| article.published.is_none_or(|published| published >= oldest))
            .collect();
        let mut fresh = self.fresh(young, at)?;
        fresh.same += feed.passed_over;
        Ok(fresh)
    }

    /// Returns the articles that are new or changed. An article without a date of its own has the time `at` here; if
    /// the library already has it, it keeps the date on which it was first seen.
    fn fresh(&self, mut articles: Vec<Article>, at: DateTime<Utc>) -> Result<Fresh, Error> {
        let mut seen = self.library.seen(&articles)?;
        let mut dated = false;
        for (article, seen) in articles.iter_mut().zip(&seen) {
            if let (true, Seen::Otherwise(Some(published))) = (article.published == Some(at), seen) {
                article.published = Some(*published);
                dated = true;
            }
        }
        if dated {
            seen = self.library.seen(&articles)?;
        }
        let mut fresh = Fresh::default();
        for (article, seen) in articles.into_iter().zip(seen) {
            match seen {
                Seen::Same => {
                    fresh.same += 1;
                    continue;
                }
                Seen::Never => fresh.new.push(fresh.articles.len()),
                Seen::Otherwise(_) => {}
            }
            fresh.articles.push(article);
        }
        Ok(fresh)
    }

    /// Stores the new address of a source if all redirects to it were permanent. A source that has moved away from the
    /// origin that a person named does not move back: the server in between would choose which address of that origin
    /// is asked with the person's login.
    fn remember_move(&self, source: &mut Source, moved_to: Option<String>) -> Result<(), Error> {
        let Some(address) = moved_to else { return Ok(()) };
        let former = source.standing.moved_from.as_deref().and_then(Origin::of_address);
        let (now, next) = (Origin::of_address(&source.address), Origin::of_address(&address));
        if former.is_some() && former == next && former != now {
            return Ok(());
        }
        if self.library.move_source(source.id, &address)? {
            let before = std::mem::replace(&mut source.address, address);
            source.standing.moved_from.get_or_insert(before);
        }
        Ok(())
    }

    pub(super) fn fail(&self, listed: &mut Listed, trouble: &Trouble) -> Failure {
        let failing = match trouble {
            Trouble::Fetch(FetchError::Gone) => Failing::Gone,
            Trouble::Fetch(FetchError::Busy { retry_after, .. }) | Trouble::HostBusy { retry_after } => {
                Failing::Busy(*retry_after)
            }
            _ => Failing::Somehow,
        };
        let reason = clean_line(&trouble.to_string());
        after_failure(&mut listed.source, failing, reason.clone(), self.now(), jitter());
        let next = listed.source.standing.hold.map(|hold| hold.until);
        Failure { name: listed.source.name.clone(), reason, next }
    }
}

/// The articles of a delivery that are new or changed.
#[derive(Debug, Default)]
pub struct Fresh {
    pub articles: Vec<Article>,
    /// The indices in `articles` of those that the library has never had.
    pub new: Vec<usize>,
    /// The number of articles that the library already has word for word.
    pub same: u64,
}

/// Summarises the warnings about one delivery in one line. `None` if there are none.
fn summary(warnings: &[Warning]) -> Option<String> {
    let first = warnings.first()?;
    Some(match warnings.len() - 1 {
        0 => first.message.clone(),
        more => format!("{}, and {more} more", first.message),
    })
}
