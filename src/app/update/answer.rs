//! Handles the answers of the library.

use super::super::action::Action;
use super::super::facets::{SECTIONS, section, section_mut};
use super::super::layout::Pane;
use super::super::list::Land;
use super::super::message::{Effect, Loading, Outcome, Ticket};
use super::super::over::Over;
use super::super::picker::{Choice, Purpose};
use super::super::pinned::{chip, pin};
use super::super::reader::{Walk, Way};
use super::super::view::{Below, How, RowId, Rows};
use super::super::{App, Touched};
use super::ask::{Arrival, ArriveAt, Detail, Want};
use crate::article::ArticleId;
use crate::language::LanguageCode;
use crate::listing::profile::NameDetail;
use crate::listing::{FacetKind, Facets, Key, Page, Stored, Tally};

impl App {
    /// Handles the answer to an open question. An answer to any other question is dropped.
    pub(super) fn take_answer(&mut self, ticket: Ticket, outcome: Outcome) {
        if let Outcome::Failed(message) = &outcome {
            self.notice = Some(message.clone());
        }
        if self.take_full_text(ticket, &outcome) {
            return;
        }
        if self.take_near(ticket, &outcome) {
            return;
        }
        match outcome {
            Outcome::Marked(Some(ref marked)) => {
                self.call_mark(ticket, marked);
                self.mark_is_made(ticket);
                self.ask_unread();
                // A row may not match any more, or match again.
                if self.resolved().filter.asks_for_marks() {
                    self.refresh();
                }
            }
            _ => self.take_back_mark(ticket),
        }
        let asked = &mut self.asked;
        if let Some((_, want)) = asked.page.take_if(|(open, _)| *open == ticket) {
            match outcome {
                Outcome::Page(mut page) => {
                    self.mark_page(ticket, &mut page);
                    self.take_page(page, want);
                    self.act_on_row();
                }
                outcome => {
                    if let (Outcome::Failed(message), Want::Replace(land)) = (outcome, want) {
                        let told = format!("{message}; the rows are those from before");
                        self.asked.failed = Some((told, land));
                    }
                    self.forget_row();
                }
            }
            if std::mem::take(&mut self.asked.stale_page) {
                self.ask_page(self.stay());
            }
        } else if asked.facets.take_if(|open| *open == ticket).is_some() {
            if let Outcome::Facets(facets) = outcome {
                self.take_facets(facets);
            }
        } else if asked.candidates.take_if(|open| *open == ticket).is_some() {
            self.take_candidates(outcome);
            self.take_choice();
        } else if asked.names.take_if(|open| *open == ticket).is_some() {
            self.take_found(outcome);
            self.take_choice();
        } else if let Some((_, id, arrival)) = asked.article.take_if(|(open, ..)| *open == ticket) {
            match outcome {
                Outcome::Article(mut stored) => {
                    if let Some(stored) = &mut stored {
                        self.mark_article(ticket, stored);
                    }
                    self.take_article(id, stored, arrival);
                }
                _ => self.asked.waiting.clear(),
            }
            if std::mem::take(&mut self.asked.stale_article)
                && let Some(id) = self.reader.id().filter(|_| self.asked.article.is_none())
            {
                self.ask_again(id);
            }
        } else if asked.sample.take_if(|open| *open == ticket).is_some() {
            self.take_sample(outcome);
        } else if let Some((_, value, label)) = asked.preview.take_if(|(open, ..)| *open == ticket) {
            if let Outcome::Preview(page, tally) = outcome {
                self.take_preview(value, label, page, tally);
            }
        } else if let Some((_, id)) = asked.in_story.take_if(|(open, _)| *open == ticket) {
            if let Outcome::InStory(place) = outcome
                && self.reader.id() == Some(id)
            {
                self.reader.update_marks(|stored| stored.thread = place);
            }
        } else if let Some((_, of)) = asked.below.take_if(|(open, _)| *open == ticket) {
            self.take_below(of, outcome);
        } else if let Some((_, wanted)) = asked.detail.take_if(|(open, _)| *open == ticket) {
            self.take_details(wanted, outcome);
        } else if asked.view.take_if(|open| *open == ticket).is_some() {
            self.take_view(outcome);
        } else if asked.unread.take_if(|open| *open == ticket).is_some() {
            self.take_unread(&outcome);
        } else if asked.boards.take_if(|open| *open == ticket).is_some() {
            if let Outcome::Boards(names) = outcome {
                self.take_boards(names);
            }
        } else if let Some((_, action)) = asked.selected.take_if(|(open, _)| *open == ticket) {
            self.take_selected(action, outcome);
        } else if asked.watches.take_if(|open| *open == ticket).is_some() {
            self.take_watches(&outcome);
        } else if let Some((_, action, change)) = asked.marked.take_if(|(open, ..)| *open == ticket) {
            self.take_marked(action, change, outcome);
        }
    }

    fn take_page(&mut self, page: Page, want: Want) {
        let sight = self.sight();
        match want {
            Want::Extend(side) => {
                let before = self.selected_id();
                self.list.extend(page, side, sight);
                if self.asked.opening.is_some() {
                    self.open_awaited();
                } else if self.selected_id() != before {
                    self.follow();
                }
            }
            Want::Jump => match page.rows.first() {
                Some(row) => self.ask_page(Land::At(row.key)),
                None => {
                    self.asked.opening = None;
                    self.notice = Some("no more unread articles this way".to_owned());
                }
            },
            // The article does not match the narrower filter.
            Want::Replace(Land::Keep(key))
                if page.offset > 0 && !page.rows.iter().any(|row| row.key.id == key.id) =>
            {
                self.ask_page(Land::First);
            }
            Want::Replace(Land::Stay(key)) => self.take_page_to_stay(page, key),
            // The question was asked before the person moved.
            Want::Replace(Land::Newest) if self.moved().is_some() => {
                if let Some(key) = self.moved() {
                    self.take_page_to_stay(page, key);
                }
            }
            Want::Replace(land) => {
                self.asked.settled |= !page.rows.is_empty() && self.progress.state == Loading::Finished;
                let before = self.list.selected().map(|row| row.key);
                self.list.replace(page, land, sight);
                self.after_replacing(before, land);
                self.widen_if_empty();
            }
        }
    }

    /// The selected row, if a key has been pressed since the start.
    fn moved(&self) -> Option<Key> {
        self.list.selected().filter(|_| self.touched == Touched::Yes).map(|row| row.key)
    }

    /// Replaces the rows by a page that was asked for around `key`. The person may have moved since then; the selection stays
    /// where it is now.
    fn take_page_to_stay(&mut self, page: Page, key: Key) {
        let sight = self.sight();
        let now = self.list.selected().map_or(key, |row| row.key);
        if now.id != key.id && !page.rows.iter().any(|row| row.key.id == now.id) {
            self.ask_page(Land::Stay(now));
            return;
        }
        self.list.replace(page, Land::Stay(now), sight);
        self.after_replacing(Some(now), Land::Stay(now));
    }

    /// After the rows were replaced: the reader follows the selection if the person moved it, and keeps its article if the
    /// library changed.
    fn after_replacing(&mut self, before: Option<Key>, land: Land) {
        if !self.view.is_articles() {
            return;
        }
        if self.asked.opening.is_some() {
            self.open_awaited();
            return;
        }
        if self.is_reading() {
            return;
        }
        if self.list.is_empty() {
            self.clear_reader();
            return;
        }
        let held = self.reader.id().is_some();
        let untouched = self.touched == Touched::No;
        let selected = self.list.selected().map(|row| row.key);
        match land {
            // The row is gone from the library; its article stays until the person moves.
            Land::Stay(key) if held && before == Some(key) && selected != before => {}
            _ if held && untouched && self.progress.state == Loading::Underway => {}
            _ => self.follow(),
        }
    }

    fn take_facets(&mut self, mut facets: Facets) {
        let at_first = facets.at_first;
        self.list.settle(facets.total);
        let stories = (self.resolved().grouping.folds_copies()).then_some(facets.total);
        self.tallied = Some((self.query.clone(), Tally { articles: facets.articles, stories }));
        for kind in SECTIONS {
            let before = section(self.facets.facets(), kind).to_vec();
            if let Some(names) = section_mut(&mut facets, kind) {
                pin(names, kind, &self.query, &before);
            }
        }
        // Where everything is in English, there is nothing to choose.
        if let [only] = facets.languages.as_slice()
            && only.value == LanguageCode::ENGLISH.as_str()
            && chip(&self.query, FacetKind::Language, &only.value).is_none()
        {
            facets.languages.clear();
        }
        self.facets.set(facets);
        if self.focus != Pane::Facets {
            // Without the cursor in the pane, the most frequent names are the ones to show.
            self.facets.go_to_top();
        }
        if std::mem::take(&mut self.asked.stale_facets) {
            self.ask_facets();
        } else if at_first {
            self.ask_facets_of(true);
        }
    }

    /// Announces each watched search that has more unread articles than before.
    fn ring_for(&mut self, unread: &[u64]) {
        let fresh = self.searches.all().iter().zip(unread).filter(|(search, now)| {
            self.setup.watched.contains(&search.name) && search.unread.is_some_and(|before| before < **now)
        });
        let rings: Vec<Effect> = fresh.map(|(search, _)| Effect::Ring(search.name.clone())).collect();
        self.effects.extend(rings);
    }

    fn take_unread(&mut self, outcome: &Outcome) {
        if let Outcome::Unread(unread) = outcome {
            self.ring_for(unread);
            self.searches.take_unread(unread);
        }
        // Other questions were answered first.
        if *outcome == Outcome::Cancelled || self.asked.stale_unread {
            self.ask_unread();
        }
    }

    fn take_candidates(&mut self, outcome: Outcome) {
        let Over::Picker(picker) = &mut self.over else { return };
        match (picker.purpose, outcome) {
            (Purpose::Named(role), Outcome::Names(names)) => {
                let choice = |facet| super::typing::in_role(role, facet);
                picker.set_choices(names.iter().filter_map(choice).collect());
            }
            (Purpose::Facet(kind), Outcome::Names(names)) => {
                picker.set_choices(names.iter().map(|facet| Choice::facet(kind, facet)).collect());
            }
            (Purpose::SameAs | Purpose::NotSameAs, Outcome::Names(names)) => {
                let Some(naming) = &self.naming else { return };
                let others = names.iter().filter(|facet| facet.name != naming.entity);
                let kind = FacetKind::Entity(naming.kind);
                picker.set_choices(others.map(|facet| Choice::facet(kind, facet)).collect());
            }
            (Purpose::Date, Outcome::View(Rows::Days(days))) => {
                let choices = super::typing::date_choices(self.setup.today, &days.0);
                picker.set_choices(choices);
            }
            _ => {}
        }
    }

    /// Accepts the choice if Enter was pressed before the choices were known.
    fn take_choice(&mut self) {
        if let Some(action) = self.asked.taking {
            self.finish(action);
        }
    }

    fn take_found(&mut self, outcome: Outcome) {
        if let (Over::Prompt(_), Outcome::Names(names)) = (&self.over, &outcome) {
            self.take_offers(names);
        }
        if let (Over::Picker(picker), Outcome::Names(names)) = (&mut self.over, outcome)
            && let Some(kind) = match picker.purpose {
                Purpose::Facet(kind) => Some(kind),
                Purpose::SameAs | Purpose::NotSameAs => {
                    self.naming.as_ref().map(|naming| FacetKind::Entity(naming.kind))
                }
                _ => None,
            }
        {
            picker.set_found(names.iter().map(|facet| Choice::facet(kind, facet)).collect());
        }
    }

    fn take_article(&mut self, id: ArticleId, stored: Option<Box<Stored>>, arrival: Arrival) {
        let Some(stored) = stored else {
            self.asked.waiting.clear();
            self.notice = Some("this article is no longer in the library".to_owned());
            return;
        };
        if self.reader.id() == Some(id) {
            self.reader.renew(stored);
        } else {
            self.keep_position();
            self.reader.show(stored, &self.resolved());
        }
        self.ask_place_in_story();
        self.arrive(arrival);
    }

    pub(super) fn arrive(&mut self, arrival: Arrival) {
        match arrival.at {
            ArriveAt::Start | ArriveAt::Here => {}
            ArriveAt::FirstHit => {
                self.reader.scroll_by(i64::MIN / 2);
                self.reader.step_off();
                self.reader.walk(Walk::Hits, Way::Forward);
            }
            ArriveAt::LastHit => {
                self.reader.scroll_by(i64::MAX / 2);
                self.reader.step_off();
                self.reader.walk(Walk::Hits, Way::Back);
            }
            ArriveAt::Quote(field, span) => self.reader.go_to_quote(field, span),
            ArriveAt::Spot(spot) => self.reader.go_to_spot(spot),
        }
        if arrival.opens {
            self.read_shown();
        }
        if let Some((action, count)) = arrival.then {
            match action {
                Action::Related | Action::Compare | Action::Why | Action::Contents => {
                    self.tell_of_article(action);
                }
                _ => self.copy(action, count),
            }
        }
        self.act_on_arrival();
    }

    fn take_view(&mut self, outcome: Outcome) {
        if let Outcome::View(rows) = outcome {
            self.take_rows_of_view(rows);
        }
        if std::mem::take(&mut self.asked.stale_view) {
            self.ask_view();
        }
    }

    fn take_rows_of_view(&mut self, mut rows: Rows) {
        if let Rows::Names(names) = &mut rows {
            let before = match &self.view.rows {
                Rows::Names(before) => before.names.as_slice(),
                _ => &[],
            };
            if self.view.how
                == (How { rows: self.view.how.rows, width: self.view.how.width, ..How::default() })
            {
                pin(&mut names.names, names.kind, &self.query, before);
            }
        }
        let before = self.view.id(self.view.scroll.at);
        if let Rows::Watches(watches) = &rows {
            self.watching.take(watches);
        }
        self.view.take(rows);
        if self.is_reading() {
            return;
        }
        if self.view.is_empty() {
            self.view.below = None;
            self.clear_reader();
        } else if self.view.has_below() {
            self.follow_now();
        } else if before.is_none() || before != self.view.id(self.view.scroll.at) {
            self.follow();
        }
    }

    /// Takes what rows of the view say. What could not be told is not asked for again.
    fn take_details(&mut self, wanted: Detail, outcome: Outcome) {
        if outcome == Outcome::Cancelled {
            return;
        }
        match (&mut self.view.rows, wanted, outcome) {
            (Rows::Names(names), Detail::Names(values), Outcome::Details(details)) => {
                names.details.extend(values.into_iter().zip(details));
            }
            (Rows::Names(names), Detail::Names(values), _) => {
                names.details.extend(values.into_iter().map(|value| (value, NameDetail::default())));
            }
            (Rows::Quotes(quotes), Detail::Total, Outcome::Counted(total)) => quotes.total = Some(total),
            // What cannot be counted is not asked for again.
            (Rows::Quotes(quotes), Detail::Total, _) => quotes.total = Some(quotes.rows.len() as u64),
            (Rows::Timeline(timeline), Detail::Bins(of), outcome) => {
                let told = if let Outcome::Told(told) = outcome { told } else { Vec::new() };
                timeline.take_told(of.start, of.len(), told);
                let at = self.view.scroll.at;
                if self.view.below.as_ref().is_some_and(|below| Some(&below.of) == self.view.id(at).as_ref())
                {
                    self.ask_below();
                }
            }
            _ => {}
        }
    }

    /// Shows what stands below the row that it is about, if the cursor is on that row still.
    fn take_below(&mut self, of: RowId, outcome: Outcome) {
        let at = self.view.scroll.at;
        if self.view.id(at).as_ref() != Some(&of) {
            return;
        }
        let Some(query) = self.view.articles(&self.query) else { return };
        let mut below = match outcome {
            Outcome::Profile(Some(profile)) => {
                let query = self.query.require(profile.kind, &profile.name.value);
                Below::profile(of, &profile, &self.query, &query)
            }
            Outcome::Page(page) => {
                let Rows::Timeline(timeline) = &self.view.rows else { return };
                let Some((bin, telling)) = timeline.bin(at) else { return };
                let label = timeline.grain().label(bin.start);
                Below::bin(of, &label, bin.count, telling, &page.rows, &query)
            }
            Outcome::Course(steps) => {
                let Rows::Threads(stories) = &self.view.rows else { return };
                let Some(thread) = stories.thread(at) else { return };
                Below::thread(of, thread, &steps, &query)
            }
            Outcome::Profile(None) => Below::new(of, String::new(), Vec::new()),
            _ => return,
        };
        // The lines that were there already keep their places.
        if let Some(old) = self.view.below.as_ref().filter(|old| old.of == below.of) {
            below.scroll = old.scroll;
        }
        self.view.below = Some(below);
    }

    /// Shows the first article of the row under the cursor, which is one of several: nobody has opened it.
    fn take_sample(&mut self, outcome: Outcome) {
        let Outcome::Article(stored) = outcome else { return };
        match stored {
            _ if self.is_reading() => {}
            None => self.clear_reader(),
            Some(stored) if self.reader.id() == Some(stored.id) => self.reader.renew(stored),
            Some(stored) => {
                self.keep_position();
                self.reader.show(stored, &self.resolved());
                self.ask_place_in_story();
            }
        }
    }
}
