//! The user's corrections of names, shared by everything that analyses articles. They are changed in one place, and
//! a change applies at once to the stored articles and to the articles that are being imported.
//!
//! Input: the file of names, corrections, and a library. Output: the corrections in force, and articles that are
//! analysed again. This module knows nothing of the screen.

use super::names_file::{self as names, NamesError};
use super::{self as intake, Depth};
use crate::article::ArticleId;
use crate::capacity::Writable;
use crate::corrections::{Correction, Corrections};
use crate::library::{Cancel, Error, Library};
use crate::listing::ChangeId;
use crate::query::{Ending, Filter, Grouping, Phrase, Query, Scope, Term};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The number of articles that are analysed again in one batch.
const ANEW: usize = 256;

/// Why a name could not be corrected.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionError {
    #[error(transparent)]
    Names(#[from] NamesError),
    #[error(transparent)]
    Library(#[from] Error),
}

/// A version of the corrections: the number of changes that had been made when an article was analysed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision(usize);

/// The corrections in force.
#[derive(Clone, Debug, Default)]
pub struct InForce(Arc<Mutex<Current>>);

#[derive(Debug, Default)]
struct Current {
    corrections: Arc<Corrections>,
    /// For each change so far, the forms whose articles it concerns.
    changes: Vec<Vec<String>>,
    /// What each change of this session did to the file of names.
    swaps: Vec<(ChangeId, Swap)>,
}

/// The name under which the library keeps the changes of names, for the next session.
const SWAPS: &str = "corrections";
/// How many of them it keeps.
const KEPT: usize = 200;

/// The line of a name in the file before and after a change; `None` if there was no line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Swap {
    name: String,
    before: Option<Correction>,
    after: Option<Correction>,
}

impl Swap {
    fn back(self) -> Swap {
        Swap { before: self.after, after: self.before, ..self }
    }

    /// The swap of a change as one line: the lines of the file before and after, empty where there is none.
    fn written(&self, ChangeId(change): ChangeId) -> String {
        let line = |line: &Option<Correction>| line.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{change}\t{}\t{}\n", line(&self.before), line(&self.after))
    }

    /// Reads what [`Swap::written`] wrote.
    fn read(line: &str) -> Option<(ChangeId, Swap)> {
        let mut parts = line.split('\t');
        let change = ChangeId(parts.next()?.parse().ok()?);
        let mut line = || Some(Corrections::read(parts.next()?).0.list().first().cloned());
        let (before, after) = (line()?, line()?);
        let name = after.as_ref().or(before.as_ref())?.name.clone();
        Some((change, Swap { name, before, after }))
    }

    /// Whether the line of the file is what the swap left there.
    fn stands(&self, path: &Path) -> Result<bool, NamesError> {
        let (known, _) = names::read(path)?;
        let line = known.list().iter().find(|known| known.name == self.name);
        Ok(line.map(ToString::to_string) == self.after.as_ref().map(ToString::to_string))
    }
}

/// The result of a change: the line of the file that is now in force, and how many articles were analysed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub line: String,
    pub articles: usize,
}

impl InForce {
    /// Puts `corrections` in force.
    pub fn new(corrections: Corrections) -> InForce {
        InForce(Arc::new(Mutex::new(Current { corrections: Arc::new(corrections), ..Current::default() })))
    }

    /// Returns the corrections that are in force now.
    pub fn corrections(&self) -> Arc<Corrections> {
        Arc::clone(&self.lock().corrections)
    }

    /// Returns the current version, to pass to [`InForce::catch_up`] for articles analysed from now on.
    pub fn revision(&self) -> Revision {
        Revision(self.lock().changes.len())
    }

    /// Merges `correction` into the line that `file` has for the name, writes the line, and runs the analysis again
    /// for the articles that contain the name.
    ///
    /// # Errors
    /// If the file cannot be read or written, or the library fails.
    pub fn put(
        &self,
        library: &Library,
        file: &Writable,
        change: ChangeId,
        correction: &Correction,
    ) -> Result<Changed, CorrectionError> {
        let (before, after) = names::merge(file, correction)?;
        let swap = Swap { name: correction.name.clone(), before, after: Some(after) };
        let changed = self.swapped(library, file, &swap)?;
        // Where it cannot be kept, the next session cannot undo it.
        _ = keep(library, change, &swap);
        self.lock().swaps.push((change, swap));
        Ok(changed)
    }

    /// Undoes a change of this session or of an earlier one and returns the result; `None` if it is not known, or if the
    /// line of the name has changed since. If the file cannot be written, the change can still be undone later.
    ///
    /// # Errors
    /// If the file cannot be read or written, or the library fails.
    pub fn undo(
        &self,
        library: &Library,
        file: &Writable,
        change: ChangeId,
    ) -> Result<Option<Changed>, CorrectionError> {
        self.step(library, file, self.swap_of(library, change)?)
    }

    /// Redoes a change that [`InForce::undo`] undid, or returns `None` if it is not known or the line has changed since.
    ///
    /// # Errors
    /// If the file cannot be read or written, or the library fails.
    pub fn redo(
        &self,
        library: &Library,
        file: &Writable,
        change: ChangeId,
    ) -> Result<Option<Changed>, CorrectionError> {
        self.step(library, file, self.swap_of(library, change)?.map(Swap::back))
    }

    /// Takes a swap back, if it stands.
    fn step(
        &self,
        library: &Library,
        file: &Writable,
        swap: Option<Swap>,
    ) -> Result<Option<Changed>, CorrectionError> {
        let Some(swap) = swap else { return Ok(None) };
        if !swap.stands(file.path())? {
            return Ok(None);
        }
        self.swap(library, file, &swap.back()).map(Some)
    }

    /// What a change did to the file of names.
    fn swap_of(&self, library: &Library, change: ChangeId) -> Result<Option<Swap>, Error> {
        let own = self.lock().swaps.iter().find(|(made, _)| *made == change).map(|(_, swap)| swap.clone());
        if own.is_some() {
            return Ok(own);
        }
        let kept = library.kept(SWAPS)?.unwrap_or_default();
        Ok(kept.lines().filter_map(Swap::read).find(|(made, _)| *made == change).map(|(_, swap)| swap))
    }

    /// Runs the analysis again for articles whose names were corrected after they were analysed (at `since`) and
    /// before they were stored.
    ///
    /// # Errors
    /// If the library cannot be read or written.
    pub fn catch_up(&self, library: &Library, since: Revision) -> Result<(), Error> {
        let missed: Vec<String> = self.lock().changes.get(since.0..).unwrap_or_default().concat();
        if missed.is_empty() { Ok(()) } else { self.renew(library, &missed).map(|_| ()) }
    }

    /// Applies the changes that were made in the file at `path` since the articles of `library` were analysed, to
    /// these articles and to later ones. Returns how many articles were analysed again.
    pub fn settle(&self, library: &Library, path: &Path) -> Result<usize, CorrectionError> {
        let (corrections, _) = names::read(path)?;
        let text = text_of(&corrections);
        let known = library.names_text()?.unwrap_or_default();
        if known == text {
            return Ok(0);
        }
        let forms = changed_forms(&Corrections::read(&known).0, &corrections);
        {
            let mut state = self.lock();
            state.corrections = Arc::new(corrections);
            state.changes.push(forms.clone());
        }
        let articles = if library.corrects_at_reading() { 0 } else { self.renew(library, &forms)? };
        library.keep_names_text(&text)?;
        Ok(articles)
    }

    fn swap(&self, library: &Library, file: &Writable, swap: &Swap) -> Result<Changed, CorrectionError> {
        match &swap.after {
            Some(correction) => names::put(file, correction)?,
            None => names::take_out(file, &swap.name)?,
        }
        self.swapped(library, file, swap)
    }

    /// Applies a change that was written to the file.
    fn swapped(&self, library: &Library, file: &Writable, swap: &Swap) -> Result<Changed, CorrectionError> {
        let articles = self.settle(library, file.path())?;
        let nothing = || format!("{:?}: no correction", swap.name);
        Ok(Changed { line: swap.after.as_ref().map_or_else(nothing, ToString::to_string), articles })
    }

    /// Runs the analysis again for the articles that contain one of `forms`. Returns how many there are.
    fn renew(&self, library: &Library, forms: &[String]) -> Result<usize, Error> {
        let depth = Depth::Analysis(self.clone());
        let mut seen = HashSet::new();
        for form in forms {
            let Some(phrase) = Phrase::new(form, Ending::Whole) else { continue };
            let filter = Filter::from(Term::Text { scope: Scope::Anywhere, phrase });
            let query = Query { filter, grouping: Grouping::Off, ..Query::everything() };
            let mut ids = library.ids(&query, &Cancel::new())?;
            ids.retain(|id| seen.insert(*id));
            for ids in ids.chunks(ANEW) {
                let load = |id: &ArticleId| library.load(*id).ok().flatten().map(|stored| stored.article);
                let articles: Vec<_> = ids.iter().filter_map(load).collect();
                library.renew(intake::analyse(articles, &depth).articles)?;
            }
        }
        Ok(seen.len())
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        // A panic under the lock cannot leave the state half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what a change did to the file of names, for the next session.
fn keep(library: &Library, change: ChangeId, swap: &Swap) -> Result<(), Error> {
    let kept = library.kept(SWAPS)?.unwrap_or_default();
    let lines: Vec<&str> = kept.lines().collect();
    let last = lines.get(lines.len().saturating_sub(KEPT - 1)..).unwrap_or_default();
    let mut text: String = last.iter().map(|line| format!("{line}\n")).collect();
    text.push_str(&swap.written(change));
    library.keep(SWAPS, &text)
}

/// Writes the lines in force as a text that does not depend on comments or the order of fields in the file.
fn text_of(corrections: &Corrections) -> String {
    corrections.list().iter().map(|line| format!("{line}\n")).collect()
}

/// Returns all forms of the names whose lines differ between two files.
fn changed_forms(old: &Corrections, new: &Corrections) -> Vec<String> {
    let lines = |file: &Corrections| file.list().iter().map(ToString::to_string).collect::<HashSet<_>>();
    let (before, after) = (lines(old), lines(new));
    let changed = |line: &&Correction| {
        let text = line.to_string();
        !(before.contains(&text) && after.contains(&text))
    };
    let changed = old.list().iter().chain(new.list()).filter(changed);
    let forms: BTreeSet<String> =
        changed.flat_map(|line| std::iter::once(&line.name).chain(&line.also).cloned()).collect();
    forms.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::{Analysis, Kind};
    use crate::capacity::Capacity;
    use crate::corrections::Is;
    use crate::formats::edition;
    use crate::listing::Window;

    const ONE: ChangeId = ChangeId(1);

    struct Desk {
        rules: InForce,
        library: Library,
        file: Writable,
        _folder: tempfile::TempDir,
    }

    fn desk() -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        let file = Capacity::Full.writable(&folder.path().join("names.toml")).expect("it may be written");
        Desk {
            rules: InForce::default(),
            library: Library::temporary().expect("a library"),
            file,
            _folder: folder,
        }
    }

    impl Desk {
        fn depth(&self) -> Depth {
            Depth::Analysis(self.rules.clone())
        }

        /// Returns how many articles of the library mention a person with this name.
        fn with(&self, name: &str) -> usize {
            let query = Query::everything();
            let page =
                self.library.page(&query, Window::First { limit: 99 }, &Cancel::new()).expect("a page");
            let loaded = page.rows.iter().filter_map(|row| self.library.load(row.key.id).ok().flatten());
            loaded.filter(|stored| people(&stored.analysis).any(|known| known == name)).count()
        }
    }

    fn people(analysis: &Analysis) -> impl Iterator<Item = &str> {
        let people = analysis.entities.iter().filter(|entity| entity.kind == Kind::Person);
        people.map(|entity| entity.name.as_str())
    }

    fn nothing(name: &str) -> Correction {
        let (corrections, _) = Corrections::read(format!("{name:?} = {{ is = \"nothing\" }}"));
        corrections.list().first().cloned().expect("it is a line")
    }

    fn somebody(desk: &Desk) -> String {
        let analysed = intake::analyse(edition(), &desk.depth()).articles;
        let mut people = analysed.iter().flat_map(|(_, analysis)| people(analysis));
        people.next().expect("the edition names somebody").to_owned()
    }

    #[test]
    fn a_change_applies_to_stored_articles_and_can_be_undone() {
        let desk = desk();
        let name = somebody(&desk);
        desk.library.add(intake::analyse(edition(), &desk.depth()).articles).expect("added");
        let before = desk.with(&name);
        assert!(before > 0);
        desk.rules.put(&desk.library, &desk.file, ONE, &nothing(&name)).expect("put");
        assert_eq!(desk.with(&name), 0);
        assert!(desk.rules.undo(&desk.library, &desk.file, ONE).expect("undone").is_some());
        assert_eq!(desk.with(&name), before);
        assert_eq!(names::read(desk.file.path()).expect("readable").0.list(), []);
        assert!(desk.rules.redo(&desk.library, &desk.file, ONE).expect("redone").is_some());
        assert_eq!(desk.with(&name), 0);
        assert!(desk.rules.redo(&desk.library, &desk.file, ONE).expect("nothing").is_none());
    }

    #[test]
    fn a_change_whose_undo_could_not_be_written_can_still_be_undone() {
        let desk = desk();
        let name = somebody(&desk);
        desk.rules.put(&desk.library, &desk.file, ONE, &nothing(&name)).expect("put");
        let path = desk.file.path().to_owned();
        let text = std::fs::read(&path).expect("readable");
        // A folder takes the place of the file, so that it can neither be read nor replaced.
        std::fs::remove_file(&path).expect("removed");
        std::fs::create_dir(&path).expect("made");
        desk.rules.undo(&desk.library, &desk.file, ONE).expect_err("the file cannot be written");
        std::fs::remove_dir(&path).expect("removed");
        std::fs::write(&path, text).expect("written");
        assert!(desk.rules.undo(&desk.library, &desk.file, ONE).expect("undone").is_some());
        std::fs::remove_file(&path).expect("removed");
        std::fs::create_dir(&path).expect("made");
        desk.rules.redo(&desk.library, &desk.file, ONE).expect_err("the file cannot be written");
        std::fs::remove_dir(&path).expect("removed");
        assert!(desk.rules.redo(&desk.library, &desk.file, ONE).expect("redone").is_some());
    }

    #[test]
    fn articles_analysed_before_a_change_and_stored_after_it_are_analysed_again() {
        let desk = desk();
        let name = somebody(&desk);
        let since = desk.rules.revision();
        let analysed = intake::analyse(edition(), &desk.depth()).articles;
        desk.rules.put(&desk.library, &desk.file, ONE, &nothing(&name)).expect("put");
        desk.library.add(analysed).expect("added");
        assert!(desk.with(&name) > 0);
        desk.rules.catch_up(&desk.library, since).expect("caught up");
        assert_eq!(desk.with(&name), 0);
    }

    #[test]
    fn changes_made_by_hand_apply_to_stored_articles() {
        let desk = desk();
        let name = somebody(&desk);
        desk.library.add(intake::analyse(edition(), &desk.depth()).articles).expect("added");
        let before = desk.with(&name);
        desk.file.replace(format!("{name:?} = {{ is = \"org\" }}\n").as_bytes()).expect("written");
        assert!(desk.rules.settle(&desk.library, desk.file.path()).expect("settled") >= before);
        assert_eq!(desk.with(&name), 0);
        assert_eq!(desk.rules.settle(&desk.library, desk.file.path()).expect("settled"), 0);
        desk.file.replace(b"# nothing more\n").expect("written");
        let later = InForce::default();
        assert!(later.settle(&desk.library, desk.file.path()).expect("settled") > 0);
        assert_eq!(desk.with(&name), before);
    }

    #[test]
    fn a_second_line_for_a_name_keeps_what_the_first_says() {
        let (lines, _) = Corrections::read("\"Berg\" = { is = \"person\" }");
        let (same, _) = Corrections::read("\"Berg\" = { same = \"Ida Berg\" }");
        let both = same.list()[0].over(lines.list().first());
        assert_eq!((both.is, both.same.as_deref()), (lines.list()[0].is, Some("Ida Berg")));
        assert_eq!(nothing("Berg").over(Some(&both)).same, None);
        assert_eq!(nothing("Berg").is, Some(Is::Nothing));
    }
}
