//! Which entities of the library are one: computed over all of its articles, and stored beside the facets of all articles
//! for the next reader.
//!
//! In a large library, a question uses what was computed last as long as few articles have come
//! since; who adds articles computes it anew at the end (`count_ahead`), so that no question waits for it.

use super::ahead;
use super::find::Find;
use super::joined::{Joined, read, stored};
use super::tally::Counts;
use crate::annotation::Kind;
use crate::library::Error;
use crate::library::same::{Known, Same};
use crate::library::store::file::meta::meta;
use crate::library::store::index::names::{Class, form_of};
use crate::persons::bodies::is_short;
use roaring::RoaringBitmap;
use std::collections::HashSet;
use std::sync::Arc;

impl Find<'_> {
    /// Which entities are one.
    pub fn same(&self) -> Result<Arc<Joined>, Error> {
        let (articles, maker) = (self.version().articles(), ahead::maker(self.db)?);
        let is_exact = |joined: &Joined| joined.articles == articles && joined.maker == maker;
        let cached = self.cache.same();
        if let Some(joined) = cached.as_ref().filter(|joined| is_exact(joined)) {
            return Ok(joined.clone());
        }
        let known = cached.as_ref().map_or(0, |joined| joined.articles);
        let newer = self.pass_over(None, stored(self.db, &maker))?.flatten().is_some_and(|then| then > known);
        let stored = match newer || cached.is_none() {
            true => self.pass_over(None, read(self.db, &maker))?.flatten().map(Arc::new),
            false => None,
        };
        let entities = self.entities()?;
        let newest = stored.into_iter().chain(cached).max_by_key(|joined| joined.articles);
        if let Some(joined) = newest.filter(|joined| is_exact(joined) || joined.serves(&maker, entities)) {
            self.cache.keep_same(&joined);
            return Ok(joined);
        }
        self.join_anew()
    }

    /// The same, computed from all articles as they are now if that was not done yet.
    pub fn same_now(&self) -> Result<Arc<Joined>, Error> {
        let joined = self.same()?;
        if joined.articles == self.version().articles() { Ok(joined) } else { self.join_anew() }
    }

    fn join_anew(&self) -> Result<Arc<Joined>, Error> {
        let (articles, maker) = (self.version().articles(), ahead::maker(self.db)?);
        let every = crate::library::answer::Sets::every(self)?;
        let counts = self.counts(&every)?;
        let known = self.known_entities(&counts)?;
        let short_for = self.short_forms(&known)?;
        let same = Same::new(&known, &short_for, &ahead::apart(self.db)?);
        drop(known);
        let doubled = self.doubled(&same, &every)?;
        let end = self.heads.last().map_or(0, |head| head.numbers().end);
        let entities = self.entities()?;
        let joined = Arc::new(Joined { same, doubled, end, entities, articles, maker });
        self.cache.keep_same(&joined);
        Ok(joined)
    }

    fn entities(&self) -> Result<u32, Error> {
        Ok(self.pass_over(None, meta::<u32>(self.db, "next_entity"))?.unwrap_or(0))
    }

    /// The persons, bodies and places that some article has.
    fn known_entities(&self, counts: &Counts) -> Result<Vec<Known>, Error> {
        let mut known = Vec::new();
        let mut statement = self.db.prepare_cached("SELECT id, name FROM entity")?;
        let mut rows = statement.query([])?;
        loop {
            let Some(Some(row)) = self.pass_over(None, rows.next())? else { break };
            let Some(entity) = self.pass_over(None, row.get::<_, u32>(0))? else { continue };
            let Some(Class::Kind(kind @ (Kind::Person | Kind::Org | Kind::Place))) = Class::of(entity) else {
                continue;
            };
            let articles = counts.of(entity);
            if articles > 0
                && let Some(name) = self.pass_over(None, row.get(1))?
            {
                known.push(Known { entity, kind, name, articles });
            }
        }
        self.cancel.check()?;
        Ok(known)
    }

    /// The short forms of bodies, each with the bodies that articles write it for.
    fn short_forms(&self, known: &[Known]) -> Result<Vec<(u32, u32)>, Error> {
        let sql =
            "SELECT form.entity FROM form_word JOIN form ON form.entity = form_word.entity AND form.form = ?1
                   WHERE form_word.word = ?2 AND form_word.entity & 7 = ?3 AND form_word.entity <> ?4";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut found = Vec::new();
        for known in known.iter().filter(|known| known.kind == Kind::Org && is_short(&known.name)) {
            let form = form_of(&known.name);
            let Some(word) = form.split(' ').max_by_key(|word| word.len()) else { continue };
            let class = Class::Kind(Kind::Org).number();
            let mut rows = statement.query((&form, word, class, known.entity))?;
            while let Some(Some(row)) = self.pass_over(None, rows.next())? {
                found.extend(self.pass_over(None, row.get::<_, u32>(0))?.map(|long| (known.entity, long)));
            }
        }
        Ok(found)
    }

    /// The articles of which two entities are one.
    fn doubled(&self, same: &Same, every: &RoaringBitmap) -> Result<RoaringBitmap, Error> {
        let mut doubled = RoaringBitmap::new();
        let groups: HashSet<u32> = same.pairs().iter().map(|(_, shown)| *shown).collect();
        for head in &self.heads {
            self.cancel.check()?;
            let totals = self.pass_over(None, self.totals(head))?.unwrap_or_default();
            let joined =
                |(entity, _): (u32, u32)| Some(same.of(entity)).filter(|shown| groups.contains(shown));
            let places: Vec<Option<u32>> = totals.into_iter().map(joined).collect();
            let (mut last, mut seen): (Option<u32>, Vec<u32>) = (None, Vec::new());
            let listed = self.each_list(every, head, |number, place| {
                if last != Some(number) {
                    last = Some(number);
                    seen.clear();
                }
                if let Some(shown) = places.get(place).copied().flatten() {
                    if seen.contains(&shown) {
                        doubled.insert(number);
                    }
                    seen.push(shown);
                }
            });
            self.pass_over(None, listed)?;
        }
        Ok(doubled)
    }
}
