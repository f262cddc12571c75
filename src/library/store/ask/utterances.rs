//! How many utterances a result has: counted once for each article, because an article has to be read for it. When articles
//! come, only these are read.

use super::find::Find;
use super::spoken::{Spoken, maker, read};
use crate::library::Error;
use crate::library::answer::Sets;
use crate::library::store::file::row::load;
use crate::library::store::index::segment::key;
use crate::library::utterances::utterances;
use crate::query::Query;
use roaring::RoaringBitmap;
use std::sync::Arc;

impl Find<'_> {
    /// How many utterances the articles have as they are now.
    pub fn spoken(&self) -> Result<Arc<Spoken>, Error> {
        let (articles, maker) = (self.version().articles(), maker(self.db)?);
        let cached = self.cache.spoken().filter(|spoken| spoken.maker == maker);
        if let Some(spoken) = cached.as_ref().filter(|spoken| spoken.articles == articles) {
            return Ok(spoken.clone());
        }
        let end = self.heads.last().map_or(0, |head| head.numbers().end) as usize;
        let stored = self.pass_over(None, read(self.db, &maker, end))?.flatten().map(Arc::new);
        let newest = stored.into_iter().chain(cached).max_by_key(|spoken| spoken.articles);
        let spoken = match newest {
            Some(spoken) if spoken.articles == articles => spoken,
            known => {
                let mut counts = known.map(|known| known.counts.clone()).unwrap_or_default();
                let come = self.set(&[key::QUOTED])?;
                let from = counts.len();
                counts.resize(end.max(from), 0);
                for number in come.range(u32::try_from(from).unwrap_or(u32::MAX)..) {
                    self.cancel.check()?;
                    if let Some(place) = counts.get_mut(number as usize) {
                        *place = self.utterances_of(number)?;
                    }
                }
                Arc::new(Spoken { counts, articles, maker })
            }
        };
        self.cache.keep_spoken(&spoken);
        Ok(spoken)
    }

    fn utterances_of(&self, number: u32) -> Result<u8, Error> {
        let id = self.id_of(number)?;
        let stored = self.pass_over(Some(id), load(self.db, self.cache, id))?.flatten();
        let count = stored.map_or(0, |stored| {
            utterances(stored.key(), &stored.article, &stored.analysis, &mut |_| true).len()
        });
        Ok(u8::try_from(count).unwrap_or(u8::MAX))
    }

    /// See `Backend::count_utterances`, for a query that asks nothing about quotes.
    pub fn sum_spoken(&self, query: &Query) -> Result<u64, Error> {
        let spoken = self.spoken()?;
        let set: RoaringBitmap = &*self.result(query)? & self.every()?;
        let of = |number: u32| spoken.counts.get(number as usize).copied().map_or(0, u64::from);
        Ok(set.iter().map(of).sum())
    }
}
