//! One question's view of the file: which articles match a filter, and in what order.
//!
//! The file has over 600 lines because each condition of the query language has its way into the index here, over one view
//! of the file.

use super::cache::Cache;
use crate::annotation::{CountryCode, Entity, Kind, Least};
use crate::article::ArticleId;
use crate::gazetteer::body;
use crate::library::answer::{Answer, Sets, answer};
use crate::library::store::file::marks::{self, DEAD};
use crate::library::store::file::meta::Version;
use crate::library::store::file::row;
use crate::library::store::index::copies::Groups;
use crate::library::store::index::heads::{Head, mended_heads, published};
use crate::library::store::index::names::{Class, form_of, meant};
use crate::library::store::index::rows;
use crate::library::store::index::segment::key;
use crate::library::store::index::sets;
use crate::library::{Cancel, Error};
use crate::query::hit::occurs;
use crate::query::matching::{Meaning, holds};
use crate::query::{Days, Ending, Filter, Mark, Names, Phrase, Query, QuoteTerm, Scope, Term};
use crate::text::fold;
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// The numbers of some entities.
type Entities = Arc<BTreeSet<u32>>;

/// Where an article stands in the order of a list: when it was published, in seconds since 1970, and its
/// number. The newest is the greatest; articles without a date have `row::UNDATED` and are the least.
pub type Rank = (i64, u32);

/// A library that can be asked while it answers.
pub trait Beside: Sync {
    /// Does some work on another connection, which may see a later state of the file.
    fn ask(
        &self,
        cancel: &Cancel,
        work: &(dyn Fn(&Find<'_>) -> Result<(), Error> + Sync),
    ) -> Result<(), Error>;
}

/// See the module.
pub struct Find<'a> {
    pub db: &'a Connection,
    pub cancel: &'a Cancel,
    pub cache: &'a Cache,
    /// The library itself, if it can be asked on a second connection.
    pub beside: Option<&'a dyn Beside>,
    /// Ascending by base.
    pub heads: Vec<Head>,
    pub dead: RoaringBitmap,
    /// Whether there are articles whose id is not their number and one.
    moved: bool,
    /// What names mean, told once a question.
    meanings: RefCell<HashMap<(Class, String), Entities>>,
    version: Version,
    /// What the index knows of each condition asked for so far.
    known: RefCell<HashMap<Term, Rc<Known>>>,
    /// See [`Find::groups`].
    pub groups: RefCell<Option<Rc<Groups>>>,
    /// The numbers of the segments of which a part is damaged.
    doubtful: RefCell<RoaringBitmap>,
    /// See [`Find::stored`].
    stored: RefCell<Option<Rc<BTreeMap<u32, i64>>>>,
}

/// What was found; `None` where it is damaged.
fn passed<T, E: Into<Error>>(found: Result<T, E>) -> Result<Option<T>, Error> {
    match found.map_err(Into::into) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_damage() => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the index knows of a condition. Where it is sure, which is nearly always, this is one set: a query may have some
/// hundred conditions.
enum Known {
    Exactly(RoaringBitmap),
    Between(Answer),
}

impl Known {
    fn new(answer: Answer) -> Known {
        if answer.sure == answer.possible { Known::Exactly(answer.sure) } else { Known::Between(answer) }
    }

    fn answer(&self) -> Answer {
        match self {
            Known::Exactly(set) => Answer::exactly(set.clone()),
            Known::Between(answer) => answer.clone(),
        }
    }

    /// Whether an article meets the condition; `None` if it has to be read for that.
    fn of(&self, number: u32) -> Option<bool> {
        match self {
            Known::Exactly(set) => Some(set.contains(number)),
            Known::Between(answer) if answer.sure.contains(number) => Some(true),
            Known::Between(answer) => (!answer.possible.contains(number)).then_some(false),
        }
    }
}

impl<'a> Find<'a> {
    pub fn new(db: &'a Connection, cache: &'a Cache, cancel: &'a Cancel) -> Result<Find<'a>, Error> {
        let (heads, whole) = mended_heads(db)?;
        let moved = passed(
            db.prepare_cached("SELECT EXISTS (SELECT 1 FROM moved)")?.query_row([], |row| row.get(0)),
        )?;
        let (dead, all) = marks::load_sound(db, DEAD)?;
        let version = passed(Version::read(db))?;
        cache.begin(version.unwrap_or_default());
        if !(whole && all && moved.is_some() && version.is_some()) {
            cache.damage.note(None);
        }
        let (moved, version) = (moved.unwrap_or(true), version.unwrap_or_default());
        let (meanings, known, groups, doubtful, stored) = Default::default();
        let beside = None;
        Ok(Find {
            db,
            cancel,
            cache,
            beside,
            heads,
            dead,
            moved,
            meanings,
            version,
            known,
            groups,
            doubtful,
            stored,
        })
    }

    /// What was found, or `None` where it is damaged, which is remembered: `article` says of which article it is.
    pub fn pass_over<T, E: Into<Error>>(
        &self,
        article: Option<ArticleId>,
        found: Result<T, E>,
    ) -> Result<Option<T>, Error> {
        let found = passed(found)?;
        if found.is_none() {
            self.cache.damage.note(article);
        }
        Ok(found)
    }

    /// The articles with a mark, as far as it can be read.
    pub fn marked(&self, mark: &str) -> Result<RoaringBitmap, Error> {
        let (set, all) = marks::load_sound(self.db, mark)?;
        if !all {
            self.cache.damage.note(None);
        }
        Ok(set)
    }

    /// The tags, as far as they can be read.
    pub fn tag_names(&self) -> Result<BTreeSet<String>, Error> {
        let (tags, all) = marks::sound_tags(self.db)?;
        if !all {
            self.cache.damage.note(None);
        }
        Ok(tags)
    }

    /// From here on, what the index says of a segment is not believed: its articles are read.
    fn doubt(&self, head: &Head) {
        self.cache.damage.note(None);
        self.doubtful.borrow_mut().insert_range(head.numbers());
        self.known.borrow_mut().clear();
    }

    /// All articles by their numbers, with their times of publication: for segments that are damaged. An article whose
    /// row cannot be read is there too.
    fn stored(&self) -> Result<Rc<BTreeMap<u32, i64>>, Error> {
        if let Some(known) = &*self.stored.borrow() {
            return Ok(known.clone());
        }
        let end = self.heads.last().map_or(0, |head| head.numbers().end);
        let mut stored = BTreeMap::new();
        let mut statement = self.db.prepare("SELECT number, published FROM article WHERE id = ?")?;
        for place in 0..end {
            self.cancel.check()?;
            let row = statement.query_row([i64::from(place) + 1], |row| Ok((row.get(0)?, row.get(1)?)));
            match self.pass_over(Some(ArticleId(i64::from(place) + 1)), row.optional())? {
                Some(Some((number, time))) => _ = stored.insert(number, time),
                Some(None) => {}
                None => _ = stored.entry(place).or_insert(row::UNDATED),
            }
        }
        let stored = Rc::new(stored);
        *self.stored.borrow_mut() = Some(stored.clone());
        Ok(stored)
    }

    pub fn id_of(&self, number: u32) -> Result<ArticleId, Error> {
        let given = i64::from(number) + 1;
        if !self.moved {
            return Ok(ArticleId(given));
        }
        let mut statement = self.db.prepare_cached("SELECT id FROM moved WHERE number = ?")?;
        let moved = self.pass_over(None, statement.query_row([number], |row| row.get(0)).optional())?;
        Ok(ArticleId(moved.flatten().unwrap_or(given)))
    }

    pub fn number_of(&self, id: ArticleId) -> Result<Option<u32>, Error> {
        let mut statement = self.db.prepare_cached("SELECT number FROM article WHERE id = ?")?;
        Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
    }

    /// The articles that match; those of which the index is not sure are read. Kept for the next question.
    pub fn exact(&self, filter: &Filter) -> Result<Arc<RoaringBitmap>, Error> {
        if let Some(result) = self.cache.result(filter, self.version) {
            return Ok(result);
        }
        let set = Arc::new(self.exact_once(filter)?);
        self.cache.keep_result(filter, self.version, &set);
        Ok(set)
    }

    /// The same, not kept.
    pub fn exact_once(&self, filter: &Filter) -> Result<RoaringBitmap, Error> {
        let filter = filter.decided();
        let found = answer(&filter, self)?;
        let mut set = found.sure;
        for number in (found.possible - &set).iter() {
            self.cancel.check()?;
            if self.reads_so(number, &filter)? {
                set.insert(number);
            }
        }
        Ok(set - self.out_of_sight(&filter)?)
    }

    /// The articles that are hidden or in the trash, unless the filter asks for such articles.
    pub fn out_of_sight(&self, filter: &Filter) -> Result<RoaringBitmap, Error> {
        let mut away = RoaringBitmap::new();
        for (mark, name) in [(Mark::Hidden, marks::HIDDEN), (Mark::Deleted, marks::DELETED)] {
            if !filter.asks_for(mark) {
                away |= self.marked(name)?;
            }
        }
        Ok(away)
    }

    /// Those of some articles that match, whether they are out of sight or not; each that is not here is left out.
    pub fn matching(&self, filter: &Filter, ids: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let filter = filter.decided();
        let found = answer(&filter, self)?;
        let mut matching = Vec::new();
        for id in ids {
            let Some(number) = self.number_of(*id)? else { continue };
            let matches = found.sure.contains(number)
                || found.possible.contains(number) && self.reads_so(number, &filter)?;
            matching.extend(matches.then_some(*id));
        }
        Ok(matching)
    }

    /// The articles that a query lists: those that match, and those that its hold has listed before.
    pub fn result(&self, query: &Query) -> Result<Arc<RoaringBitmap>, Error> {
        let matching = self.exact(&query.filter)?;
        self.held(query, &matching)
    }

    /// The same, where the articles that match are known.
    pub fn held(&self, query: &Query, matching: &Arc<RoaringBitmap>) -> Result<Arc<RoaringBitmap>, Error> {
        let Some(hold) = query.hold else { return Ok(matching.clone()) };
        let set = match self.cache.held(hold) {
            None => matching.clone(),
            Some((then, kept)) => {
                let kept = match then.articles() == self.version.articles() {
                    true => kept,
                    // An article that was changed has another number now, and one that was removed has none.
                    false => {
                        let living = marks::living(self.db, RoaringBitmap::clone(&kept));
                        let living = self.pass_over(None, living)?.unwrap_or_default();
                        Arc::new(living & self.every()?)
                    }
                };
                // The same set as before, so that what was folded of it is found again.
                if matching.is_subset(&kept) { kept } else { Arc::new(&*kept | &**matching) }
            }
        };
        self.cache.keep_held(hold, self.version, &set);
        Ok(set)
    }

    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether the article matches a decided filter, told by the index where it can tell and by reading elsewhere.
    pub fn reads_so(&self, number: u32, filter: &Filter) -> Result<bool, Error> {
        match filter {
            Filter::All(members) => {
                for member in members {
                    if !self.reads_so(number, member)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Any(members) => {
                for member in members {
                    if self.reads_so(number, member)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::Not(inner) => Ok(!self.reads_so(number, inner)?),
            Filter::Term(term) => {
                let known = self.known(term)?.of(number);
                known.map_or_else(|| self.reads_term(number, term), Ok)
            }
        }
    }

    /// An article that is damaged matches nothing.
    fn reads_term(&self, number: u32, term: &Term) -> Result<bool, Error> {
        let id = self.id_of(number)?;
        Ok(self.pass_over(Some(id), self.article_has(id, term))?.unwrap_or(false))
    }

    fn article_has(&self, id: ArticleId, term: &Term) -> Result<bool, Error> {
        let Term::Text { scope, phrase } = term else {
            let stored = row::load(self.db, self.cache, id)?;
            return Ok(stored.is_some_and(|stored| row::candidate(&stored).has(term, self)));
        };
        let words = phrase.words();
        let sql = "SELECT title, body FROM article JOIN text USING (id) WHERE article.id = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(false) };
        let has = |text: &str| occurs(text, &words, phrase.ending);
        if *scope != Scope::Body && has(row.get_ref(0)?.as_str().unwrap_or_default()) {
            return Ok(true);
        }
        Ok(*scope != Scope::Title && has(&self.cache.unpacker.text(self.db, row.get_ref(1)?)?))
    }

    /// When the articles of a segment were published, by place, in seconds since 1970.
    pub fn published(&self, head: &Head) -> Result<Arc<[i64]>, Error> {
        if let Some(kept) = self.cache.published(head.id) {
            return Ok(kept);
        }
        let stored = self.pass_over(None, published(self.db, head))?;
        let times: Arc<[i64]> = match stored.filter(|times| times.len() == head.span as usize) {
            Some(times) => times.into(),
            None => {
                self.doubt(head);
                let stored = self.stored()?;
                head.numbers().map(|number| stored.get(&number).copied().unwrap_or(row::UNDATED)).collect()
            }
        };
        self.cache.keep_published(head.id, &times, |id| self.heads.iter().any(|head| head.id == id));
        Ok(times)
    }

    /// The set of one key.
    pub fn set(&self, key: &[u8]) -> Result<RoaringBitmap, Error> {
        self.set_in(key, None)
    }

    /// The same, without the segments of which `within` has no article.
    pub fn set_in(&self, key: &[u8], within: Option<&RoaringBitmap>) -> Result<RoaringBitmap, Error> {
        let mut set = RoaringBitmap::new();
        let all = key == [key::ALL];
        let asked = |head: &&Head| within.is_none_or(|within| within.range_cardinality(head.numbers()) > 0);
        for head in self.heads.iter().filter(asked) {
            if all && head.is_gapless() {
                set.insert_range(head.numbers());
                continue;
            }
            let found = rows::with_set(self.db, head.id, key, |places| {
                sets::decode_into(places, head.base, &mut set);
            });
            // Each segment has a set of all its articles.
            if passed(found)?.is_none_or(|found| all && !found) {
                self.doubt(head);
                if all {
                    set.extend(self.stored()?.range(head.numbers()).map(|(number, _)| *number));
                }
            }
        }
        if all {
            // To take single numbers out of a range takes long.
            set.remove_run_compression();
        }
        Ok(set - &self.dead)
    }

    /// The union of the sets of all keys that begin with `prefix`.
    fn sets_beginning(&self, prefix: &[u8]) -> Result<RoaringBitmap, Error> {
        let mut set = RoaringBitmap::new();
        for head in &self.heads {
            self.cancel.check()?;
            let mut within = vec![0u64; (head.span as usize).div_ceil(64).min(1024)];
            let walked =
                rows::each_beginning(self.db, head.id, prefix, |places| sets::mark(places, &mut within));
            if passed(walked)?.is_none() {
                self.doubt(head);
            }
            let bits: Vec<u8> = within.iter().flat_map(|word| word.to_le_bytes()).collect();
            sets::bits_into(&bits, head.base, &mut set);
        }
        Ok(set - &self.dead)
    }

    fn words(&self, sort: u8, phrase: &Phrase) -> Result<RoaringBitmap, Error> {
        let words = phrase.words();
        let mut kept: Option<RoaringBitmap> = None;
        for (place, word) in words.iter().enumerate() {
            let key = key::of_word(sort, word);
            let set = match phrase.ending {
                Ending::Prefix if place + 1 == words.len() => self.sets_beginning(&key)?,
                _ => self.set(&key)?,
            };
            let both = kept.map_or_else(|| set.clone(), |kept| kept & &set);
            if both.is_empty() {
                return Ok(both);
            }
            kept = Some(both);
        }
        Ok(kept.unwrap_or_default())
    }

    fn text(&self, scope: Scope, phrase: &Phrase) -> Result<Answer, Error> {
        let possible = match scope {
            Scope::Title => self.words(key::TITLE, phrase)?,
            Scope::Body => self.words(key::BODY, phrase)?,
            Scope::Anywhere => self.words(key::TITLE, phrase)? | self.words(key::BODY, phrase)?,
        };
        Ok(if phrase.words().len() == 1 { Answer::exactly(possible) } else { Answer::at_most(possible) })
    }

    /// What `name` means; asked of the file once a question.
    fn meant(&self, class: Class, name: &str) -> Result<Entities, Error> {
        // Only the name of a country is more than its words; the other names that mean the same are kept once.
        let known = match class {
            Class::Kind(Kind::Country) => name.to_owned(),
            _ => fold::words(name).join(" "),
        };
        let key = (class, known);
        if let Some(known) = self.meanings.borrow().get(&key) {
            return Ok(known.clone());
        }
        let mut entities = self.pass_over(None, meant(self.db, class, name))?.unwrap_or_default();
        if matches!(class, Class::Kind(Kind::Person | Kind::Org | Kind::Place)) && !entities.is_empty() {
            // All names of those that are meant.
            let joined = self.same()?;
            let shown: BTreeSet<u32> = entities.iter().map(|entity| joined.same.of(*entity)).collect();
            entities = shown.into_iter().flat_map(|shown| joined.same.members(shown)).collect();
        }
        let entities = Arc::new(entities);
        self.meanings.borrow_mut().insert(key, entities.clone());
        Ok(entities)
    }

    fn of_names(&self, key: u8, classes: &[Class], names: &Names) -> Result<RoaringBitmap, Error> {
        let mut set = RoaringBitmap::new();
        for name in names.iter() {
            for class in classes {
                for entity in self.meant(*class, name)?.iter() {
                    self.cancel.check()?;
                    set |= self.set(&key::of_entity(key, *entity))?;
                }
            }
        }
        Ok(set)
    }

    /// Who speaks: the index knows exactly who does by the thresholds that nobody has changed. By others the guesses
    /// must be read too.
    fn speaking(&self, names: &Names) -> Result<Answer, Error> {
        if self.cache.least() != Least::default() {
            let mut possible = self.of_names(key::SPEAKS, &ENTITIES, names)?;
            possible |= self.of_names(key::GUESSED, &ENTITIES, names)?;
            for name in names.iter().filter_map(|name| Phrase::new(name, Ending::Whole)) {
                // The words of one name are all in one set or all in the other.
                possible |= self.words(key::DESCRIBED, &name)? | self.words(key::GUESSED_WORD, &name)?;
            }
            return Ok(Answer::at_most(possible));
        }
        let mut answer = Answer::exactly(self.of_names(key::SPEAKS, &ENTITIES, names)?);
        for name in names.iter().filter_map(|name| Phrase::new(name, Ending::Whole)) {
            let described = self.words(key::DESCRIBED, &name)?;
            if name.words().len() == 1 {
                answer.sure |= &described;
            }
            answer.possible |= described;
        }
        Ok(answer)
    }

    /// One condition the index knows; of several it knows in which articles each is met, but not
    /// whether by one quote.
    fn quote(&self, term: &QuoteTerm) -> Result<Answer, Error> {
        let mut conditions = Vec::new();
        for names in &term.by {
            conditions.push(self.speaking(names)?);
        }
        for names in &term.of {
            conditions.push(Answer::exactly(self.of_names(key::QUOTED_NAME, &ENTITIES, names)?));
        }
        for phrases in &term.said {
            let mut union = Answer::default();
            for phrase in phrases {
                let possible = self.words(key::SAID, phrase)?;
                if phrase.words().len() == 1 {
                    union.sure |= &possible;
                }
                union.possible |= possible;
            }
            conditions.push(union);
        }
        if conditions.len() == 1 {
            return Ok(conditions.swap_remove(0));
        }
        let sets = conditions.into_iter().map(|condition| condition.possible);
        Ok(Answer::at_most(sets.reduce(|a, b| a & b).unwrap_or_default()))
    }

    fn dated(&self, days: Days) -> Result<RoaringBitmap, Error> {
        let midnight = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        let from = days.from().map_or(row::UNDATED + 1, midnight);
        let until = days.until().map_or(i64::MAX, |day| midnight(day) + 86_399);
        let mut set = RoaringBitmap::new();
        for head in self.heads.iter().filter(|head| head.oldest <= until && from <= head.newest) {
            if from <= head.oldest && head.newest <= until {
                set.insert_range(head.numbers());
                continue;
            }
            let published = self.published(head)?;
            let within =
                (head.base..).zip(published.iter()).filter(|(_, time)| (from..=until).contains(*time));
            // Ascending, and above all segments before.
            _ = set.append(within.map(|(number, _)| number));
        }
        Ok(set & self.every()?)
    }
}

impl Find<'_> {
    /// The articles that came after the one of this id. An article has the number that its id gives until it is changed,
    /// and then a higher one.
    fn newer(&self, id: ArticleId) -> Result<RoaringBitmap, Error> {
        let mut set = self.every()?;
        let first = u32::try_from(id.0).unwrap_or(u32::MAX);
        set.remove_range(..first);
        let sql = "SELECT number FROM moved WHERE number >= ? AND id <= ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let changed = statement.query_map((first, id.0), |row| row.get::<_, u32>(0))?;
        for number in changed {
            set.remove(number?);
        }
        Ok(set)
    }
}

const ENTITIES: [Class; 4] =
    [Class::Kind(Kind::Person), Class::Kind(Kind::Country), Class::Kind(Kind::Place), Class::Kind(Kind::Org)];

impl Sets for Find<'_> {
    fn every(&self) -> Result<RoaringBitmap, Error> {
        self.set(&[key::ALL])
    }

    fn term(&self, term: &Term) -> Result<Answer, Error> {
        Ok(self.known(term)?.answer())
    }
}

impl Find<'_> {
    /// What the index knows of a condition; asked of the file once a question.
    fn known(&self, term: &Term) -> Result<Rc<Known>, Error> {
        if let Some(known) = self.known.borrow().get(term) {
            return Ok(known.clone());
        }
        let mut known = self.ask_index(term)?;
        if !self.doubtful.borrow().is_empty() && !matches!(term, Term::Is(_) | Term::Tag(_)) {
            let every = self.every()?;
            let doubtful = &*self.doubtful.borrow() & every;
            known.sure -= &doubtful;
            known.possible |= doubtful;
        }
        let known = Rc::new(Known::new(known));
        self.known.borrow_mut().insert(term.clone(), known.clone());
        Ok(known)
    }

    fn ask_index(&self, term: &Term) -> Result<Answer, Error> {
        self.cancel.check()?;
        let mark = |mark: &str| Ok::<_, Error>(self.marked(mark)? - &self.dead);
        Ok(Answer::exactly(match term {
            Term::Text { scope, phrase } => return self.text(*scope, phrase),
            Term::Quote(quote) => return self.quote(quote),
            Term::Mentions { kind, names } => self.of_names(key::MENTIONED, &[Class::Kind(*kind)], names)?,
            Term::About(names) => self.of_names(key::SALIENT, &ENTITIES, names)?,
            Term::Date(days) => self.dated(*days)?,
            Term::Source(names) => self.of_names(key::MENTIONED, &[Class::Source], names)?,
            Term::Language(names) => self.of_names(key::MENTIONED, &[Class::Language], names)?,
            Term::Author(names) => {
                let mut answer = Answer::default();
                for name in names.iter().filter_map(|name| Phrase::new(name, Ending::Whole)) {
                    let possible = self.words(key::AUTHOR, &name)?;
                    if name.words().len() == 1 {
                        answer.sure |= &possible;
                    }
                    answer.possible |= possible;
                }
                return Ok(answer);
            }
            Term::Tag(names) => {
                let mut set = RoaringBitmap::new();
                for tag in self.tag_names()? {
                    if names.iter().any(|name| fold::fold(name) == fold::fold(&tag)) {
                        set |= mark(&super::super::file::marks::tag_mark(&tag))?;
                    }
                }
                set
            }
            Term::Is(Mark::Read) => mark(super::super::file::marks::READ)?,
            Term::Is(Mark::Unread) => self.every()? - mark(super::super::file::marks::READ)?,
            Term::Is(Mark::Starred) => mark(super::super::file::marks::STARRED)?,
            Term::Is(Mark::Unstarred) => self.every()? - mark(super::super::file::marks::STARRED)?,
            Term::Is(Mark::Hidden) => mark(marks::HIDDEN)?,
            Term::Is(Mark::Deleted) => mark(marks::DELETED)?,
            Term::HasQuote => self.set(&[key::QUOTED])?,
            Term::Story(id) => self.story(*id)? & self.every()?,
            Term::Newer(id) => self.newer(*id)?,
            Term::Saved(_) | Term::Unreadable(_) => RoaringBitmap::new(),
        }))
    }
}

/// For articles that are read: names by what is in the file. A name that cannot be looked up means
/// nothing; the error shows at the next thing asked of the file.
impl Meaning for Find<'_> {
    fn is_country(&self, name: &str, code: CountryCode) -> bool {
        let number = number_called(self.db, Class::Kind(Kind::Country), code.as_str());
        let meant = self.meant(Class::Kind(Kind::Country), name);
        meant.is_ok_and(|meant| number.is_some_and(|number| meant.contains(&number)))
    }

    fn is_entity(&self, name: &str, kinds: &[Kind], entity: &Entity) -> bool {
        let called = form_of(&body::label(entity));
        let Some(number) = number_called(self.db, Class::Kind(entity.kind), &called) else { return false };
        kinds
            .iter()
            .any(|kind| self.meant(Class::Kind(*kind), name).is_ok_and(|meant| meant.contains(&number)))
    }

    fn is_source(&self, name: &str, source: &str) -> bool {
        let number = number_called(self.db, Class::Source, source);
        let meant = self.meant(Class::Source, name);
        meant.is_ok_and(|meant| number.is_some_and(|number| meant.contains(&number)))
            || holds(source, name) && number.is_none()
    }
}

fn number_called(db: &Connection, class: Class, called: &str) -> Option<u32> {
    let mut statement = db.prepare_cached("SELECT entity FROM called WHERE kind = ? AND form = ?").ok()?;
    statement.query_row((class.number(), called), |row| row.get(0)).optional().ok()?
}
