//! Analyses again what an older engine analysed, in the background: newest articles first, with the corrections in force,
//! at a pace that leaves the processors to the person.
//!
//! A library goes in whose articles may carry analyses of an older engine, or damaged ones; after a while all of them
//! are of this engine. Until then a reader shows the old analyses, corrected (see [`load`]). Several processes may do
//! this for one library: a lease that is kept in the library sees to it that they take turns.

use super::analyse::{Analysed, Depth, analyse};
use super::in_force::InForce;
use crate::analysis::correct;
use crate::annotation::Analysis;
use crate::article::{Article, ArticleId};
use crate::corrections::Corrections;
use crate::formats::Warning;
use crate::language::Language;
use crate::library::{Error, Library};
use crate::listing::{Stored, Validity};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The number of articles that are stored together. Each write makes the reader ask for its rows and facets again, so
/// they must not come often; and it holds other writers up, so it must not be long (about a tenth of a second).
const BATCH: usize = 512;
/// The number of outdated articles that are listed at a time: listing costs up to a fifth of a second in a large library,
/// however few are asked for.
const LISTED: usize = 4_096;
/// How long a lease lasts, in seconds. A process that was killed holds the others up for no longer.
const LEASE: i64 = 60;
/// The name under which the lease is kept in the library.
const LEASE_NAME: &str = "refresh";
/// The least time between two writes at the gentle pace.
const LEAST_REST: Duration = Duration::from_secs(1);
/// The longest sleep before a look at whether to stop.
const NAP: Duration = Duration::from_millis(100);

/// How much of the processors the work takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It rests as long as it works, so that it takes half of one processor at most.
    Gentle,
    /// Somebody waits for it.
    Full,
}

/// How far the work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshing {
    /// Articles that were analysed again since the start.
    pub done: u64,
    /// `done` and the articles that are still to be analysed.
    pub total: u64,
}

/// What came of the work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refreshed {
    /// Articles that were analysed again.
    pub articles: u64,
    /// Articles that could not be read, or that the engine failed on.
    pub warnings: Vec<Warning>,
}

/// Analyses the outdated articles of `library` again, the newest first and at most `limit` of them. `report` is called
/// after each batch. Ends early, with everything stored so far, once `cancelled` is set, and at once where another
/// process does this work. `depth` must be that of the whole library: with [`Depth::Text`] nothing is done.
///
/// Fails with [`Error::ReadOnly`] where the library cannot be written.
pub fn refresh(
    library: &Library,
    depth: &Depth,
    (pace, limit): (Pace, u64),
    cancelled: &AtomicBool,
    report: &mut dyn FnMut(Refreshing),
) -> Result<Refreshed, Error> {
    let total = library.count_outdated()?.min(limit);
    if matches!(depth, Depth::Text) || total == 0 {
        return Ok(Refreshed::default());
    }
    let mut lease = Lease { library, holder: RandomState::new().hash_one(0).to_string(), held: false };
    let work = Work { library, depth, pace, total, cancelled };
    let refreshed = work.run(&mut lease, limit, report);
    if lease.held {
        lease.give_back()?;
    }
    let refreshed = refreshed?;
    if refreshed.articles > 0 {
        library.settle()?;
        library.count_ahead();
    }
    Ok(refreshed)
}

/// What the work is done with.
struct Work<'a> {
    library: &'a Library,
    depth: &'a Depth,
    pace: Pace,
    /// The articles that were outdated at the start.
    total: u64,
    cancelled: &'a AtomicBool,
}

impl Work<'_> {
    fn run(
        &self,
        lease: &mut Lease<'_>,
        limit: u64,
        report: &mut dyn FnMut(Refreshing),
    ) -> Result<Refreshed, Error> {
        let mut refreshed = Refreshed::default();
        // Those that could not be renewed: they are not tried again.
        let mut failed: HashSet<ArticleId> = HashSet::new();
        let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
        loop {
            let mut ids = self.library.outdated(LISTED + failed.len())?;
            ids.retain(|id| !failed.contains(id));
            ids.truncate(left);
            left -= ids.len();
            if ids.is_empty() {
                return Ok(refreshed);
            }
            for batch in ids.chunks(BATCH) {
                if self.cancelled.load(Ordering::Relaxed) || !lease.take(Utc::now())? {
                    return Ok(refreshed);
                }
                let started = Instant::now();
                refreshed.articles += renew(self.library, batch, self.depth, &mut refreshed.warnings)?;
                let done = refreshed.articles;
                report(Refreshing { done, total: self.total.max(done) });
                if self.pace == Pace::Gentle && done < self.total {
                    rest(started.elapsed().max(LEAST_REST), self.cancelled);
                }
            }
            let tried: HashSet<ArticleId> = ids.into_iter().collect();
            let still = self.library.outdated(tried.len() + failed.len())?;
            failed.extend(still.into_iter().filter(|id| tried.contains(id)));
        }
    }
}

/// Analyses these articles again; how many were stored.
fn renew(
    library: &Library,
    ids: &[ArticleId],
    depth: &Depth,
    warnings: &mut Vec<Warning>,
) -> Result<u64, Error> {
    let mut articles = Vec::with_capacity(ids.len());
    for id in ids {
        match library.load(*id) {
            Ok(Some(stored)) => articles.push(stored.article),
            Ok(None) => {}
            // One damaged article must not keep the others from being analysed.
            Err(Error::Damaged { path }) => {
                let message = format!("could not read article {}: it is damaged", id.0);
                warnings.push(Warning::new(&path.to_string_lossy(), None, &message));
            }
            Err(error) => return Err(error),
        }
    }
    let mut analysed = Analysed::default();
    // One thread is enough behind the screen: a few articles at a time are analysed on it.
    for few in articles.chunks(7) {
        analysed.append(analyse(few.to_vec(), depth));
    }
    warnings.append(&mut analysed.warnings);
    let renewed = analysed.renew(library, depth)?;
    Ok(renewed.new + renewed.updated + renewed.unchanged)
}

/// Sleeps for `time`, or until `cancelled` is set.
fn rest(time: Duration, cancelled: &AtomicBool) {
    let end = Instant::now() + time;
    while !cancelled.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left.min(NAP));
    }
}

/// The right of one process to do the work, for a while. Two that take it at the same instant may both have it for one
/// batch; then they store the same analyses, which does no harm.
struct Lease<'a> {
    library: &'a Library,
    holder: String,
    held: bool,
}

impl Lease<'_> {
    /// Takes or extends the lease; whether it is ours.
    fn take(&mut self, now: DateTime<Utc>) -> Result<bool, Error> {
        let kept = self.library.kept(LEASE_NAME)?.unwrap_or_default();
        let (holder, until) = kept.split_once(' ').unwrap_or_default();
        let until: i64 = until.parse().unwrap_or_default();
        // A clock that was set back must not lock everybody out.
        let running = (now.timestamp()..=now.timestamp() + LEASE).contains(&until);
        self.held = holder == self.holder || !running;
        if !self.held {
            return Ok(false);
        }
        // It is extended when half of it is over: each extension is a write.
        if holder != self.holder || until < now.timestamp() + LEASE / 2 {
            let until = now + TimeDelta::seconds(LEASE);
            self.library.keep(LEASE_NAME, &format!("{} {}", self.holder, until.timestamp()))?;
        }
        Ok(true)
    }

    fn give_back(&self) -> Result<(), Error> {
        self.library.keep(LEASE_NAME, "")
    }
}

/// The analysis of an article with a person's corrections.
pub fn corrected(corrections: &Corrections, article: &Article, analysis: Analysis) -> Analysis {
    correct(corrections, &article.title, &article.body, Language::default(), analysis)
}

/// One article as it is to be shown: an analysis of an older engine gets the corrections in force, which may be newer
/// than it; one that is missing is made.
pub fn load(library: &Library, id: ArticleId, in_force: &InForce) -> Result<Option<Stored>, Error> {
    let Some(mut stored) = library.load(id)? else { return Ok(None) };
    match stored.validity {
        Validity::Current => {}
        Validity::Outdated => {
            stored.analysis = corrected(&in_force.corrections(), &stored.article, stored.analysis);
        }
        Validity::Missing => {
            let depth = Depth::Analysis(in_force.clone());
            if let Some((_, analysis)) = analyse(vec![stored.article.clone()], &depth).articles.pop() {
                stored.analysis = analysis;
                stored.analysis.stand_by(library.least());
            }
        }
    }
    Ok(Some(stored))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::{Analysis, Kind};
    use crate::article::Article;
    use crate::corrections::Corrections;
    use crate::formats::edition;
    use crate::library::Cancel;
    use crate::query::Query;
    use std::path::PathBuf;

    struct Desk {
        library: Library,
        depth: Depth,
        _folder: tempfile::TempDir,
        path: PathBuf,
    }

    /// A library with the sample edition, analysed by the engine before this one, which knew nobody.
    fn desk(corrections: &str) -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let library = Library::open(&path).expect("a library");
        let unread = |article: Article| (article, Analysis::default());
        library.add(edition().into_iter().map(unread).collect()).expect("added");
        let depth = Depth::Analysis(InForce::new(Corrections::read(corrections).0));
        let desk = Desk { library, depth, _folder: folder, path };
        desk.take_the_engine_back();
        desk
    }

    impl Desk {
        fn take_the_engine_back(&self) {
            let back = |db: rusqlite::Connection| {
                db.execute_batch("UPDATE text SET engine = engine - 1, analysis_seal = NULL")
            };
            rusqlite::Connection::open(&self.path).and_then(back).expect("taken back");
        }

        fn refresh(&self, limit: u64) -> Refreshed {
            let how = (Pace::Full, limit);
            refresh(&self.library, &self.depth, how, &AtomicBool::new(false), &mut |_| {}).expect("refreshed")
        }

        fn people(&self) -> Vec<String> {
            let facets = self.library.facets(&Query::everything(), &Cancel::new()).expect("facets");
            facets.people.iter().map(|facet| facet.name.clone()).collect()
        }
    }

    #[test]
    fn articles_of_an_older_engine_are_analysed_again_with_the_corrections() {
        let desk = desk("");
        assert_eq!(desk.people(), Vec::<String>::new());
        let count = edition().len() as u64;
        assert_eq!(desk.refresh(u64::MAX), Refreshed { articles: count, warnings: vec![] });
        assert_eq!(desk.library.count_outdated().expect("counted"), 0);
        let somebody = desk.people().first().cloned().expect("the edition names somebody");
        let corrected = self::desk(&format!("{somebody:?} = {{ is = \"nothing\" }}"));
        corrected.refresh(u64::MAX);
        assert!(!corrected.people().is_empty() && !corrected.people().contains(&somebody));
        assert_eq!(desk.refresh(u64::MAX).articles, 0);
    }

    #[test]
    fn the_newest_come_first_and_no_more_than_asked_for() {
        let desk = desk("");
        let newest = desk.library.outdated(3).expect("listed");
        assert_eq!(desk.refresh(3).articles, 3);
        for id in newest {
            assert_eq!(desk.library.load(id).expect("read").map(|it| it.validity), Some(Validity::Current));
        }
        assert_eq!(desk.library.count_outdated().expect("counted"), edition().len() as u64 - 3);
    }

    #[test]
    fn until_then_the_old_analysis_is_shown_corrected() {
        let desk = desk("");
        desk.refresh(u64::MAX);
        let somebody = desk.people().first().cloned().expect("the edition names somebody");
        desk.take_the_engine_back();
        let line = format!("{somebody:?} = {{ is = \"org\" }}");
        let in_force = InForce::new(Corrections::read(&line).0);
        let mut seen = 0;
        for id in desk.library.ids(&Query::everything(), &Cancel::new()).expect("listed") {
            let stored = load(&desk.library, id, &in_force).expect("read").expect("there");
            assert_eq!(stored.validity, Validity::Outdated);
            for entity in stored.analysis.entities.iter().filter(|entity| entity.name == somebody) {
                assert_eq!(entity.kind, Kind::Org);
                seen += 1;
            }
        }
        assert!(seen > 0);
    }

    #[test]
    fn two_processes_take_turns() {
        let desk = desk("");
        let now = Utc::now();
        let lease = |holder: &str| Lease { library: &desk.library, holder: holder.to_owned(), held: false };
        assert!(lease("other").take(now).expect("asked"));
        assert_eq!(desk.refresh(u64::MAX).articles, 0);
        assert!(lease("other").take(now + TimeDelta::seconds(LEASE / 2 + 1)).expect("asked"));
        assert!(!lease("third").take(now + TimeDelta::seconds(LEASE)).expect("asked"));
        assert!(lease("third").take(now + TimeDelta::seconds(2 * LEASE)).expect("asked"));
        lease("third").give_back().expect("given back");
        assert_eq!(desk.refresh(u64::MAX).articles, edition().len() as u64);
    }

    #[test]
    fn a_cancelled_refresh_keeps_what_it_stored_and_gives_the_lease_back() {
        let desk = desk("");
        let cancelled = AtomicBool::new(true);
        let how = (Pace::Gentle, u64::MAX);
        let refreshed = refresh(&desk.library, &desk.depth, how, &cancelled, &mut |_| {}).expect("stopped");
        assert_eq!(refreshed.articles, 0);
        assert_eq!(desk.refresh(u64::MAX).articles, edition().len() as u64);
    }
}
