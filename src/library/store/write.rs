//! Storing articles: each batch is one transaction, which writes the rows, the names and one segment of
//! the index.
//!
//! The file has over 600 lines because every way in which an article is stored (new, again, renewed, shown with another
//! text, filed under another source, repaired) goes through the one batch that is described here.

use super::changes::read_copies;
use super::file::engine::{NO_ENGINE, engine_of, is_current};
use super::file::marks::move_marks;
use super::file::meta::{Version, bump, meta, set_meta};
use super::index::copies::{self, Incoming, Told};
use super::index::heads::{Head, heads, put_head, put_segment};
use super::index::names::KnownNames;

use super::file::codec;
use super::file::pack::{self, Column, Packer, Packing, Unpacker};
use super::file::removal::is_buried;
use super::file::row::{StoredRow, seconds, stored_row};
use super::file::seal;
use super::file::shelf::Stored;
use super::file::texts;
use super::index::segment::{Entry, Keys, STRONG, Segment, key};
use crate::annotation::{
    Analysis, ENGINE_VERSION, EntityIndex, Field, Kind, Least, Mention, SALIENT, Speaker,
};
use crate::article::{Article, ArticleId};
use crate::language::{Language, LanguageCode};
use crate::library::identity::{self, Hash, Recognition, Shelf};
use crate::library::{Added, Error};
use crate::listing::TextOf;
use crate::persons::described::descriptions;
use crate::similar::Signature;
use crate::text::fold;
use roaring::RoaringBitmap;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The most articles of one segment and of one transaction, for which everybody else who writes waits.
const BATCH: usize = 2_048;

/// An article that was prepared outside of any lock.
pub struct Prepared {
    article: Article,
    analysis: Analysis,
    recognition: Recognition,
    hash: Hash,
    /// The hash of the source's text, where another text is shown.
    source_hash: Option<Vec<u8>>,
    /// `None` where the body is stored unpacked.
    packed_body: Option<Vec<u8>>,
    encoded: Vec<u8>,
    /// The keys of the words; the keys of the entities are known only within the transaction.
    keys: Keys,
    signature: Option<Signature>,
    coming: Coming,
    /// The engine that made the analysis.
    engine: u32,
}

/// Why an article is stored that may be in the library already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// It came from its source: an article with the same text stays as it is.
    Again,
    /// It has a new analysis of the stored text: an article that is gone or has changed is skipped.
    Renewed,
    /// It is to be shown with this text, instead of its other text.
    Shown(TextOf),
    /// It is stored again as it was, with an analysis that this engine made.
    Stored(u32),
}

impl Prepared {
    pub fn new(article: Article, analysis: Analysis, coming: Coming, packer: &mut Packer) -> Prepared {
        let hash = Hash::of_article(&article);
        let mut encoded = codec::encode(&analysis, &article.title, &article.body);
        if let Some(packed) = packer.pack(Column::Analysis, &encoded) {
            encoded = [&[pack::PACKED], packed.as_slice()].concat();
        }
        let packed_body = packer.pack(Column::Text, article.body.as_bytes());
        let keys = word_keys(&article, &analysis);
        let recognition = Recognition::of(&article);
        let signature = recognition.signature();
        Prepared {
            article,
            analysis,
            recognition,
            hash,
            source_hash: None,
            packed_body,
            encoded,
            keys,
            signature,
            coming,
            engine: match coming {
                Coming::Stored(engine) => engine,
                Coming::Again | Coming::Renewed | Coming::Shown(_) => ENGINE_VERSION,
            },
        }
    }
}

fn word_keys(article: &Article, analysis: &Analysis) -> Keys {
    let mut keys = Keys::default();
    keys.push(key::ALL, b"");
    let mut words = Bag::default();
    fold::each_word(&article.body, |_, word| words.push(word));
    words.each(|word, _| keys.push(key::BODY, word));
    fold::each_word(&article.title, |_, word| {
        keys.push(key::TITLE, word.as_bytes());
        words.push(word);
    });
    words.each(|word, count| {
        if count >= STRONG {
            keys.push(key::STRONG, word);
        }
    });
    if let Some(name) = &article.author {
        fold::each_word(name, |_, word| keys.push(key::AUTHOR, word.as_bytes()));
    }
    if !analysis.quotes.is_empty() {
        keys.push(key::QUOTED, b"");
    }
    let mut said = Bag::default();
    for quote in &analysis.quotes {
        let text = quote.span.get(text_of(article, quote.field)).unwrap_or_default();
        fold::each_word(text, |_, word| said.push(word));
        if let Some(Speaker::Description(words)) = quote.likeliest() {
            let sure = Least::default().is_met(&analysis.entities, quote);
            let key = if sure { key::DESCRIBED } else { key::GUESSED_WORD };
            fold::each_word(words, |_, word| keys.push(key, word.as_bytes()));
        }
    }
    said.each(|word, _| keys.push(key::SAID, word));
    keys
}

/// The words of a text, repetitions included, in two allocations.
#[derive(Default)]
struct Bag {
    bytes: Vec<u8>,
    /// The first eight bytes of a word, by which most words differ, and where it starts and ends in `bytes`.
    words: Vec<(u64, u32, u32)>,
}

impl Bag {
    fn push(&mut self, word: &str) {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(word.as_bytes());
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(word.bytes()) {
            *to = from;
        }
        self.words.push((u64::from_be_bytes(first), start, self.bytes.len() as u32));
    }

    /// Calls `visit` with each distinct word and how often it occurs.
    fn each(&mut self, mut visit: impl FnMut(&[u8], u32)) {
        let bytes = &self.bytes;
        let word =
            |&(_, start, end): &(u64, u32, u32)| bytes.get(start as usize..end as usize).unwrap_or_default();
        self.words.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| word(a).cmp(word(b))));
        for same in self.words.chunk_by(|a, b| a.0 == b.0 && word(a) == word(b)) {
            if let Some(first) = same.first() {
                visit(word(first), same.len() as u32);
            }
        }
    }
}

/// The text that spans of `field` point into.
pub fn text_of(article: &Article, field: Field) -> &str {
    match field {
        Field::Title => &article.title,
        Field::Body => &article.body,
    }
}

/// The one connection of this process that writes.
pub struct Writer {
    pub connection: Connection,
    seen: KnownNames,
    /// The repairs of the library up to which what is known here holds.
    generation: u64,
}

/// An article that a repair found.
pub struct Restored {
    pub id: ArticleId,
    pub article: Prepared,
}

impl Writer {
    pub fn new(connection: Connection) -> Result<Writer, Error> {
        // 16 MiB in KiB. The names and identities of a batch are scattered over their tables.
        connection.pragma_update(None, "cache_size", -16 * 1_024)?;
        let generation = Version::read(&connection)?.generation();
        Ok(Writer { connection, seen: KnownNames::default(), generation })
    }

    /// How articles are packed in this library. If that is not decided yet, it is learnt from the stored
    /// articles and those of `batch`, once there are enough of them.
    pub fn learn(&mut self, batch: &[(Article, Analysis)]) -> Result<Option<Packing>, Error> {
        let db = &self.connection;
        if let Some(found) = Packing::read(db)? {
            return Ok(Some(found));
        }
        if meta::<u32>(db, "next_number")? as usize + batch.len() < pack::LEARNT_FROM {
            return Ok(None);
        }
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let mut analyses: Vec<Vec<u8>> = Vec::new();
        for (article, analysis) in batch.iter().take(pack::LEARNT_FROM) {
            texts.push(article.body.clone().into_bytes());
            analyses.push(codec::encode(analysis, &article.title, &article.body));
        }
        let missing = pack::LEARNT_FROM - texts.len();
        let mut statement =
            db.prepare("SELECT CAST(body AS BLOB), analysis FROM text ORDER BY id DESC LIMIT ?")?;
        let mut rows = statement.query([missing as u32])?;
        while let Some(row) = rows.next()? {
            texts.push(row.get(0)?);
            analyses.push(row.get(1)?);
        }
        pack::learn(db, &texts, &analyses)?;
        Packing::read(db)
    }

    /// Stores articles, in transactions of [`BATCH`].
    pub fn add(&mut self, articles: Vec<Prepared>, unpacker: &Unpacker) -> Result<Added, Error> {
        let mut added = Added::default();
        let mut rest = articles.into_iter().peekable();
        while rest.peek().is_some() {
            let portion: Vec<Prepared> = rest.by_ref().take(BATCH).collect();
            let part = self.batch(unpacker, |batch| {
                let mut added = Added::default();
                for article in portion {
                    batch.add(article, &mut added)?;
                }
                Ok(added)
            })?;
            added.new += part.new;
            added.updated += part.updated;
            added.unchanged += part.unchanged;
        }
        Ok(added)
    }

    /// Stores articles under the ids that they had, which ascend and are above all that are here: the number of each is
    /// its id less one. Numbers in between that no article has stay free.
    pub fn restore(&mut self, articles: Vec<Restored>, unpacker: &Unpacker) -> Result<(), Error> {
        let mut rest = articles.into_iter().peekable();
        while let Some(first) = rest.peek() {
            let first = first.id;
            let mut last = first;
            let mut portion = Vec::new();
            while let Some(next) =
                rest.next_if(|next| next.id.0 - last.0 <= FREE && next.id.0 - first.0 < BATCH as i64)
            {
                last = next.id;
                portion.push(next);
            }
            set_meta(&self.connection, "next_number", number_of(first))?;
            self.batch(unpacker, |batch| portion.into_iter().try_for_each(|article| batch.restore(article)))?;
        }
        Ok(())
    }

    /// Files the articles of the source `from` under `to`; returns how many.
    pub fn refile(
        &mut self,
        from: &str,
        to: &str,
        packer: &mut Packer,
        unpacker: &Unpacker,
    ) -> Result<u64, Error> {
        let ids: Vec<ArticleId> = {
            let sql = "SELECT id FROM article WHERE source = ? ORDER BY number";
            let mut statement = self.connection.prepare_cached(sql)?;
            let ids = statement.query_map([from], |row| row.get(0).map(ArticleId))?;
            ids.collect::<Result<_, _>>()?
        };
        for ids in ids.chunks(BATCH) {
            self.batch(unpacker, |batch| {
                ids.iter().try_for_each(|id| batch.refile(*id, (from, to), packer))
            })?;
        }
        Ok(ids.len() as u64)
    }

    /// Stores the other text of an article, which a repair found.
    pub fn put_beside(&mut self, id: ArticleId, text: TextOf, article: &Article) -> Result<(), Error> {
        let transaction = self.connection.transaction()?;
        match text {
            TextOf::Source => {
                texts::renew_source(&transaction, id.0, article, Hash::of_article(article))?;
            }
            TextOf::Page => texts::put(&transaction, id.0, text, article)?,
        }
        transaction.commit()?;
        Ok(())
    }

    /// Fills one batch in one transaction.
    fn batch<T>(
        &mut self,
        unpacker: &Unpacker,
        fill: impl FnOnce(&mut Batch<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (seen, generation) = (&mut self.seen, self.generation);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let work = || {
            if Version::read(&transaction)?.generation() != generation {
                return Err(Error::Repaired { path: PathBuf::new() });
            }
            let base = meta(&transaction, "next_number")?;
            let (entries, incoming, new) = Default::default();
            let mut batch = Batch { db: &transaction, seen, entries, incoming, base, new, unpacker };
            let filled = fill(&mut batch)?;
            batch.finish()?;
            transaction.commit()?;
            Ok(filled)
        };
        let filled = work();
        if filled.is_err() {
            // It may hold names whose rows were rolled back.
            self.seen = KnownNames::default();
        }
        filled
    }
}

/// Numbers in a row at most that a segment has without an article.
const FREE: i64 = 256;

/// The number of an article that has not moved.
fn number_of(id: ArticleId) -> u32 {
    u32::try_from(id.0 - 1).unwrap_or(0)
}

struct Batch<'a> {
    db: &'a Transaction<'a>,
    seen: &'a mut KnownNames,
    entries: Vec<Entry>,
    /// What copies are recognised by, for each entry.
    incoming: Vec<Incoming>,
    /// The number of the first entry.
    base: u32,
    /// The numbers of the articles that were not here before.
    new: RoaringBitmap,
    unpacker: &'a Unpacker,
}

/// The stored article that has the identity of one that comes.
struct There {
    identity: Hash,
    id: i64,
    number: u32,
    hash: Vec<u8>,
    engine: u32,
    /// Whether its stored text is not as it was written.
    broken: bool,
}

impl Batch<'_> {
    /// Writes the segment of the articles that the batch holds.
    fn finish(self) -> Result<(), Error> {
        let Batch { db, mut entries, incoming, base, unpacker, new, .. } = self;
        if entries.is_empty() {
            return Ok(());
        }
        set_meta(db, "next_number", base + entries.len() as u32)?;
        let heads = heads(db)?;
        let groups = copies::groups(db, &heads, base, &incoming, unpacker)?;
        read_told(db, &heads, base, &groups, &new)?;
        for (entry, group) in std::iter::zip(&mut entries, groups) {
            entry.group = group;
        }
        let segment = Segment::build(entries);
        let id = put_head(db, base, &segment, true)?;
        put_segment(db, id, &segment)?;
        bump(db, "articles")
    }

    /// The number of the next article.
    fn next(&self) -> u32 {
        self.base + self.entries.len() as u32
    }

    fn add(&mut self, mut article: Prepared, added: &mut Added) -> Result<(), Error> {
        let there = match self.find(&article.recognition)? {
            None if article.coming == Coming::Again => self.find_before(&article)?,
            there => there,
        };
        if article.coming == Coming::Again
            && let Some(there) = &there
            && self.is_before(there, &article.recognition)?
        {
            added.unchanged += 1;
            return Ok(());
        }
        let identity = article.recognition.free(&self.stored(), there.as_ref().map(|there| there.id))?;
        if let Some(there) = there.as_ref().filter(|there| there.identity != identity) {
            self.recognise_by(identity, there.id)?;
        }
        let number = self.next();
        let id = match &there {
            None if article.coming == Coming::Renewed => return Ok(()),
            Some(there) if self.stays(there, &article, added)? => return Ok(()),
            Some(there) => {
                if let Coming::Shown(text) = article.coming {
                    self.keep_shown(ArticleId(there.id), text)?;
                }
                if texts::beside(self.db, there.id)? == Some(TextOf::Source) {
                    article.source_hash = Some(there.hash.clone());
                }
                added.updated += 1;
                self.retire(there.number, there.id, number)?;
                there.id
            }
            None if article.coming == Coming::Again && is_buried(self.db, &article.recognition)? => {
                added.unchanged += 1;
                return Ok(());
            }
            None => {
                added.new += 1;
                self.new.insert(number);
                i64::from(number) + 1
            }
        };
        self.put(id, number, identity, article)
    }

    /// Whether a newer version of the item is here than the one that comes.
    fn is_before(&self, there: &There, recognition: &Recognition) -> Result<bool, Error> {
        let holder = self.stored().holder(there.identity)?;
        Ok(holder.is_some_and(|holder| recognition.is_before(&holder)))
    }

    fn stored(&self) -> Stored<'_> {
        Stored { db: self.db, unpacker: self.unpacker }
    }

    /// From now on the article is found under another hash, which no other article has.
    fn recognise_by(&self, identity: Hash, id: i64) -> Result<(), Error> {
        let sql = "UPDATE article SET identity = ? WHERE id = ?";
        self.db.prepare_cached(sql)?.execute((identity.bytes(), id))?;
        seal::ARTICLE.renew(self.db, "id = ?", [id])
    }

    fn find(&self, recognition: &Recognition) -> Result<Option<There>, Error> {
        match recognition.find(&self.stored())? {
            Some((_, identity)) => self.there(identity),
            None => Ok(None),
        }
    }

    fn there(&self, identity: Hash) -> Result<Option<There>, Error> {
        let sql = "SELECT article.id, number, hash, engine, text.seal <> crc(text.id, body)
             FROM article LEFT JOIN text USING (id) WHERE identity = ?";
        let there = self.db.prepare_cached(sql)?.query_row([identity.bytes()], |row| {
            Ok(There {
                identity,
                id: row.get(0)?,
                number: row.get(1)?,
                hash: row.get(2)?,
                engine: row.get::<_, Option<u32>>(3)?.unwrap_or(NO_ENGINE),
                broken: row.get::<_, Option<bool>>(4)?.unwrap_or(false),
            })
        });
        Ok(there.optional()?)
    }

    /// Finds an unchanged article that an earlier version stored under another identity, and stores it under its own.
    /// The other identity may be that of another file, which must not lose its article.
    fn find_before(&self, article: &Prepared) -> Result<Option<There>, Error> {
        let Some((identity, path)) = identity::before(&article.article) else { return Ok(None) };
        let there = self.there(identity)?.filter(|there| there.hash == article.hash.bytes());
        let Some(there) = there.filter(|_| !Path::new(&path).exists()) else { return Ok(None) };
        let identity = article.recognition.hash();
        self.db.prepare_cached("UPDATE article SET identity = ?, path = ? WHERE id = ?")?.execute((
            identity.bytes(),
            &article.article.path,
            there.id,
        ))?;
        seal::ARTICLE.renew(self.db, "id = ?", [there.id])?;
        Ok(Some(There { identity, ..there }))
    }

    /// Stores an article that a repair found, under its id.
    fn restore(&mut self, restored: Restored) -> Result<(), Error> {
        let Restored { id, article } = restored;
        let number = number_of(id);
        while self.next() < number {
            self.entries.push(Entry::default());
            self.incoming.push(Incoming { published: 0, told: None });
        }
        let mut identity = article.recognition.free(&self.stored(), Some(id.0))?;
        if self.is_taken(identity, id)? {
            // Damage made it look like another one: both stay.
            identity = Hash::of(&["repaired", &id.0.to_string()]);
        }
        self.put(id.0, number, identity, article)
    }

    /// Before `text` is shown: keeps the text that is shown now beside it, if that is the other.
    fn keep_shown(&self, id: ArticleId, text: TextOf) -> Result<(), Error> {
        let now = texts::shown(self.db, id)?;
        if now != text
            && let Some(row) = self.readable(id)?
        {
            texts::put(self.db, id.0, now, &row.article)?;
        }
        self.db.prepare_cached("DELETE FROM position WHERE id = ?")?.execute([id.0])?;
        Ok(())
    }

    /// Whether the shown text of an article stays as it is. If so, counts the article, and stores what changed
    /// beside it.
    fn stays(&self, there: &There, article: &Prepared, added: &mut Added) -> Result<bool, Error> {
        let same = there.hash == article.hash.bytes();
        let shown = texts::shown(self.db, ArticleId(there.id))?;
        match article.coming {
            Coming::Shown(_) | Coming::Stored(_) => Ok(false),
            // The hash is of the source's text, whichever is shown.
            Coming::Renewed => Ok(match shown {
                TextOf::Source => !same,
                TextOf::Page => {
                    let row = self.readable(ArticleId(there.id))?;
                    row.is_none_or(|row| !is_same(&row.article, &article.article))
                }
            }),
            Coming::Again if shown == TextOf::Page => {
                match same {
                    true => added.unchanged += 1,
                    false => {
                        added.updated += 1;
                        texts::renew_source(self.db, there.id, &article.article, article.hash)?;
                    }
                }
                Ok(true)
            }
            Coming::Again => {
                // A text that is damaged here is replaced by the one that comes.
                let stays = same && is_current(there.engine) && !there.broken;
                added.unchanged += u64::from(stays);
                Ok(stays)
            }
        }
    }

    /// The rows of an article; `None` where they are damaged, so that one article does not keep others from coming in.
    fn readable(&self, id: ArticleId) -> Result<Option<StoredRow>, Error> {
        match stored_row(self.db, self.unpacker, id) {
            Err(error) if error.is_damage() => Ok(None),
            other => other,
        }
    }

    /// Files an article under another source; its texts and its analysis stay.
    fn refile(&mut self, id: ArticleId, (from, to): (&str, &str), packer: &mut Packer) -> Result<(), Error> {
        let row = self.readable(id)?.filter(|row| row.article.source == from);
        let Some(row) = row else { return Ok(()) };
        let old = self.identity(id)?;
        let article = Article { source: to.to_owned(), ..row.article };
        let coming = Coming::Stored(engine_of(row.engine, row.validity));
        let mut prepared = Prepared::new(article, row.analysis, coming, packer);
        let mut identity = prepared.recognition.free(&self.stored(), Some(id.0))?;
        if self.is_taken(identity, id)? {
            // Another article has that identity already: both stay.
            identity = old;
        }
        if let Some((text, mut other)) = texts::other(self.db, id)? {
            to.clone_into(&mut other.source);
            texts::put(self.db, id.0, text, &other)?;
            if text == TextOf::Source {
                prepared.source_hash = Some(Hash::of_article(&other).bytes().to_vec());
            }
        }
        let number = self.next();
        self.retire(row.number, id.0, number)?;
        self.put(id.0, number, identity, prepared)
    }

    /// The hash under which an article is stored.
    fn identity(&self, id: ArticleId) -> Result<Hash, Error> {
        let mut statement = self.db.prepare_cached("SELECT identity FROM article WHERE id = ?")?;
        Ok(Hash::from_bytes(statement.query_row([id.0], |row| row.get(0))?))
    }

    /// Whether another article than `id` is recognised by `identity`.
    fn is_taken(&self, identity: Hash, id: ArticleId) -> Result<bool, Error> {
        let mut statement = self.db.prepare_cached("SELECT 1 FROM article WHERE identity = ? AND id <> ?")?;
        Ok(statement.exists((identity.bytes(), id.0))?)
    }

    fn put(&mut self, id: i64, number: u32, identity: Hash, article: Prepared) -> Result<(), Error> {
        self.put_rows(id, number, identity, &article)?;
        let entry = self.entry(article)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Retires the old number of an article that changed; its marks move to the new number.
    fn retire(&mut self, old: u32, id: i64, number: u32) -> Result<(), Error> {
        move_marks(self.db, old, number)?;
        self.db.prepare_cached("INSERT INTO moved VALUES (?1, ?2, crc(?1, ?2))")?.execute((number, id))?;
        Ok(())
    }

    fn put_rows(&self, id: i64, number: u32, identity: Hash, prepared: &Prepared) -> Result<(), Error> {
        let article = &prepared.article;
        self.db
            .prepare_cached("INSERT OR REPLACE INTO article VALUES
                    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, crc(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11),
                    ?12, crc(?1, ?12))")?
            .execute(rusqlite::params![
                id,
                number,
                seconds(article.published),
                article.source,
                article.title,
                article.author,
                article.path,
                article.url,
                article.guid,
                identity.bytes(),
                prepared.source_hash.as_deref().unwrap_or(&prepared.hash.bytes()),
                article.language.as_ref().map(LanguageCode::as_str),
            ])?;
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO text VALUES (?1, ?2, ?3, ?4, crc(?1, ?2), crc(?1, ?3, ?4))",
            )?
            .execute((
                id,
                match &prepared.packed_body {
                    Some(packed) => ToSqlOutput::Borrowed(ValueRef::Blob(packed)),
                    None => ToSqlOutput::Borrowed(ValueRef::Text(article.body.as_bytes())),
                },
                prepared.engine,
                &prepared.encoded,
            ))?;
        Ok(())
    }

    fn entry(&mut self, prepared: Prepared) -> Result<Entry, Error> {
        let Prepared { article, analysis, mut keys, signature, .. } = prepared;
        let mut numbers = Vec::with_capacity(analysis.entities.len());
        for entity in &analysis.entities {
            numbers.push(self.seen.entity(self.db, entity)?);
        }
        let mut forms: BTreeSet<(u32, &str)> = BTreeSet::new();
        for mention in &analysis.mentions {
            let form = mention.span.get(text_of(&article, mention.field));
            if let (Some(entity), Some(form)) = (numbers.get(mention.entity.0 as usize), form) {
                forms.insert((*entity, form));
            }
        }
        for (entity, form) in forms {
            self.seen.form(self.db, entity, form)?;
        }
        let mut all: BTreeSet<u32> = numbers.iter().copied().collect();
        for code in &analysis.countries {
            all.insert(self.seen.country(self.db, *code)?);
        }
        all.insert(self.seen.source(self.db, &article.source)?);
        if let Some(language) = article.language {
            all.insert(self.seen.language(self.db, language)?);
        }
        for entity in &all {
            keys.push(key::MENTIONED, &entity.to_be_bytes());
        }
        let salient = analysis.entities.iter().zip(&numbers).filter(|(entity, _)| entity.salience >= SALIENT);
        let mut about: BTreeSet<u32> = salient.map(|(_, number)| *number).collect();
        for code in analysis.about() {
            about.insert(self.seen.country(self.db, code)?);
        }
        for entity in &about {
            keys.push(key::SALIENT, &entity.to_be_bytes());
        }
        quote_keys(&analysis, &numbers, &mut keys);
        description_keys(&article, &analysis, &numbers, &mut keys);
        let published = seconds(article.published);
        let told = Told::new(signature, article);
        let bands = told.iter().flat_map(Told::bands).collect();
        self.incoming.push(Incoming { published, told });
        Ok(Entry { published, keys, entities: all.into_iter().collect(), bands, group: None })
    }
}

/// Whether two articles are the same but for their language, which is found in the text with each analysis.
fn is_same(one: &Article, other: &Article) -> bool {
    Article { language: other.language, ..one.clone() } == *other
}

/// Marks those of the `new` articles as read that tell a story again that is read. `groups` are of the articles from `base`
/// on.
fn read_told(
    db: &Connection,
    heads: &[Head],
    base: u32,
    groups: &[Option<u32>],
    new: &RoaringBitmap,
) -> Result<(), Error> {
    let joining: Vec<(u32, u32)> =
        (base..).zip(groups).filter_map(|(number, group)| Some((number, (*group)?))).collect();
    let copies: Vec<(u32, u32)> =
        joining.iter().copied().filter(|(number, _)| new.contains(*number)).collect();
    if copies.is_empty() {
        return Ok(());
    }
    let mut stories: HashMap<u32, RoaringBitmap> =
        copies.iter().map(|(_, group)| (*group, RoaringBitmap::from([*group]))).collect();
    for (copy, group) in copies::all_groups(db, heads)?.into_iter().chain(joining) {
        if let Some(story) = stories.get_mut(&group) {
            story.insert(copy);
        }
    }
    let with_story = |(number, group): (u32, u32)| Some((number, stories.get(&group)?.clone()));
    read_copies(db, &copies.into_iter().filter_map(with_story).collect::<Vec<_>>())
}

/// Adds the keys of those who speak and of those who are named within a quote.
fn quote_keys(analysis: &Analysis, numbers: &[u32], keys: &mut Keys) {
    let number = |index: EntityIndex| numbers.get(index.0 as usize).map(|number| number.to_be_bytes());
    let mut said: BTreeMap<[u8; 4], u32> = BTreeMap::new();
    for quote in &analysis.quotes {
        if let Some(Speaker::Entity(index)) = quote.likeliest()
            && let Some(number) = number(*index)
        {
            let sure = Least::default().is_met(&analysis.entities, quote);
            keys.push(if sure { key::SPEAKS } else { key::GUESSED }, &number);
            if sure {
                *said.entry(number).or_default() += 1;
            }
        }
        let inside = |mention: &&Mention| mention.field == quote.field && quote.span.contains(mention.span);
        for mention in analysis.mentions.iter().filter(inside) {
            if let Some(number) = number(mention.entity) {
                keys.push(key::QUOTED_NAME, &number);
            }
        }
    }
    for ([a, b, c, d], quotes) in said {
        for bit in (0u8..32).filter(|bit| quotes >> bit & 1 == 1) {
            keys.push(key::SAYS, &[a, b, c, d, bit]);
        }
    }
}

/// The keys of what the article calls its people besides their names.
fn description_keys(article: &Article, analysis: &Analysis, numbers: &[u32], keys: &mut Keys) {
    let language = Language::of(article.language);
    let mut told: BTreeSet<(u32, &str)> = BTreeSet::new();
    for mention in &analysis.mentions {
        let place = mention.entity.0 as usize;
        if let (Some(Kind::Person), Some(number)) =
            (analysis.entities.get(place).map(|entity| entity.kind), numbers.get(place))
        {
            let text = text_of(article, mention.field);
            let (start, end) = (mention.span.start as usize, mention.span.end as usize);
            told.extend(descriptions(text, start, end, language).into_iter().map(|words| (*number, words)));
        }
    }
    for (number, words) in told {
        keys.push(key::DESCRIBES, &[&number.to_be_bytes(), words.as_bytes()].concat());
    }
}
