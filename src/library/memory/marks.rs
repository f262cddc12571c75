//! What the person has done with the articles, and how to undo it.

use crate::library::{Marked, Marking};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

/// Marks on articles, by number.
#[derive(Default)]
pub struct Marks {
    pub read: RoaringBitmap,
    pub starred: RoaringBitmap,
    pub tags: BTreeMap<String, RoaringBitmap>,
    done: Vec<Change>,
    undone: Vec<Change>,
}

/// One change: the articles that it made different.
struct Change {
    marking: Marking,
    changed: RoaringBitmap,
}

impl Change {
    fn told(&self) -> Marked {
        Marked { marking: self.marking.clone(), changed: self.changed.len() }
    }
}

impl Marks {
    pub fn mark(&mut self, articles: &RoaringBitmap, marking: Marking) -> Marked {
        let (set, put) = self.set(&marking);
        let changed = if put { articles - &*set } else { articles & &*set };
        let change = Change { marking, changed };
        let marked = change.told();
        if marked.changed > 0 {
            self.apply(&change, true);
            self.done.push(change);
            self.undone.clear();
        }
        marked
    }

    /// Marks an article, which is not a change that can be undone.
    pub fn add(&mut self, number: u32, marking: &Marking) {
        self.set(marking).0.insert(number);
    }

    pub fn undo(&mut self) -> Option<Marked> {
        let change = self.done.pop()?;
        self.apply(&change, false);
        let marked = change.told();
        self.undone.push(change);
        Some(marked)
    }

    pub fn redo(&mut self) -> Option<Marked> {
        let change = self.undone.pop()?;
        self.apply(&change, true);
        let marked = change.told();
        self.done.push(change);
        Some(marked)
    }

    fn apply(&mut self, change: &Change, forward: bool) {
        let (set, put) = self.set(&change.marking);
        match put == forward {
            true => *set |= &change.changed,
            false => *set -= &change.changed,
        }
        self.tags.retain(|_, set| !set.is_empty());
    }

    /// The set that a marking changes, and whether it adds the mark.
    fn set(&mut self, marking: &Marking) -> (&mut RoaringBitmap, bool) {
        match marking {
            Marking::Read => (&mut self.read, true),
            Marking::Unread => (&mut self.read, false),
            Marking::Star => (&mut self.starred, true),
            Marking::Unstar => (&mut self.starred, false),
            Marking::Tag(tag) => (self.tags.entry(tag.clone()).or_default(), true),
            Marking::Untag(tag) => (self.tags.entry(tag.clone()).or_default(), false),
        }
    }
}
