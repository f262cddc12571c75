//! What the person has done with the articles, and how to undo it.

use crate::library::{ChangeId, Marked, Marking, Step};
use crate::listing::Tally;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

/// Marks on articles, by number.
#[derive(Default)]
pub struct Marks {
    pub read: RoaringBitmap,
    pub starred: RoaringBitmap,
    pub hidden: RoaringBitmap,
    pub deleted: RoaringBitmap,
    pub tags: BTreeMap<String, RoaringBitmap>,
    done: Vec<Change>,
    undone: Vec<Change>,
}

/// One change: the articles that it made different.
struct Change {
    name: Option<ChangeId>,
    marking: Marking,
    changed: RoaringBitmap,
    tally: Tally,
}

impl Change {
    fn told(&self) -> Marked {
        Marked { marking: self.marking.clone(), changed: self.tally }
    }
}

impl Marks {
    pub fn mark(
        &mut self,
        name: Option<ChangeId>,
        articles: &RoaringBitmap,
        marking: Marking,
        tally: impl Fn(&RoaringBitmap) -> Tally,
    ) -> Marked {
        let (set, put) = self.set(&marking);
        let changed = if put { articles - &*set } else { articles & &*set };
        let change = Change { name, marking, tally: tally(&changed), changed };
        let marked = change.told();
        if !change.changed.is_empty() {
            self.apply(&change, true);
            self.done.push(change);
            if name.is_none() {
                self.undone.retain(|change| change.name.is_some());
            }
        }
        marked
    }

    /// Marks an article, which is not a change that can be undone.
    pub fn add(&mut self, number: u32, marking: &Marking) {
        self.set(marking).0.insert(number);
    }

    /// Gives articles a mark, or takes it away, which is not a change that can be undone; returns how many were changed.
    pub fn put(&mut self, articles: &RoaringBitmap, marking: &Marking) -> u64 {
        let (set, put) = self.set(marking);
        let changed = if put { articles - &*set } else { articles & &*set };
        match put {
            true => *set |= &changed,
            false => *set -= &changed,
        }
        self.tags.retain(|_, set| !set.is_empty());
        changed.len()
    }

    pub fn step(&mut self, step: Step, name: Option<ChangeId>) -> Option<Marked> {
        let (from, forward) = match step {
            Step::Undo => (&mut self.done, false),
            Step::Redo => (&mut self.undone, true),
        };
        let at = from.iter().rposition(|change| change.name == name)?;
        let change = from.remove(at);
        self.apply(&change, forward);
        let marked = change.told();
        match step {
            Step::Undo => self.undone.push(change),
            Step::Redo => self.done.push(change),
        }
        Some(marked)
    }

    /// Marks a new copy of a story as read if the story is, with the change that read it.
    pub fn read_copy(&mut self, number: u32, story: &RoaringBitmap) {
        if self.read.is_disjoint(story) {
            return;
        }
        self.read.insert(number);
        let of_story = |change: &&mut Change| {
            change.marking == Marking::Read
                && change.tally.stories.is_some()
                && !change.changed.is_disjoint(story)
        };
        self.done.iter_mut().filter(of_story).for_each(|change| _ = change.changed.insert(number));
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
            Marking::Hide => (&mut self.hidden, true),
            Marking::Unhide => (&mut self.hidden, false),
            Marking::Delete => (&mut self.deleted, true),
            Marking::Undelete => (&mut self.deleted, false),
        }
    }
}
