//! Completes the word being typed in a search: fields, names with their counts, saved searches.

use super::super::App;
use super::super::message::{Lane, Question};
use super::super::over::{Offer, Over, Prompt, PromptPurpose};
use super::super::searches::SavedSearch;
use crate::listing::{Facet, FacetKind};
use crate::query::complete::{Wanted, completion, dates, fields, quoted};
use crate::query::edit::offered;
use crate::query::{Days, Query};
use crate::text::fold::fold;

/// How many names are asked for; more do not fit on a line.
const OFFERS: usize = 12;

impl App {
    /// Looks for completions of the word before the cursor, in the result of `base`.
    pub(super) fn offer(&mut self, base: &Query) {
        self.asked.names = None;
        let Over::Prompt(prompt) = &mut self.over else { return };
        prompt.offers.clear();
        prompt.chosen = None;
        let before = prompt.line.before();
        let Some(found) = completion(before, before.len()) else { return };
        prompt.word = found.span.start as usize;
        let typed = found.typed.as_str();
        let plain = |text: &str| Offer { label: text.to_owned(), count: None, text: text.to_owned() };
        match found.wanted {
            Wanted::Field if typed.chars().count() > 1 => {
                prompt.offers = fields(typed).map(|field| plain(&format!("{field}:"))).collect();
            }
            Wanted::Field => {}
            Wanted::Words(words) => {
                prompt.offers =
                    words.iter().filter(|word| word.starts_with(typed)).map(|word| plain(word)).collect();
            }
            Wanted::Saved => {
                let offer = |search: &SavedSearch| Offer {
                    label: search.name.clone(),
                    count: search.unread,
                    text: quoted(&search.name),
                };
                let fits = |search: &&SavedSearch| fold(&search.name).starts_with(&fold(typed));
                prompt.offers = self.searches.all().iter().filter(fits).map(offer).collect();
            }
            Wanted::Facet(kind) => self.ask_offers(base, kind, typed),
            Wanted::Named(role) => {
                let question = Question::NamedAs {
                    role,
                    typed: typed.to_owned(),
                    query: self.resolve(base),
                    limit: OFFERS,
                };
                self.asked.names = Some(self.ask(Lane::Names, question));
            }
            Wanted::Date(reading) => {
                let offer = |(text, days): (String, Days)| Offer {
                    label: format!("{text} ({})", days.in_words()),
                    count: None,
                    text,
                };
                prompt.offers = dates(typed, reading, self.setup.today).into_iter().map(offer).collect();
            }
        }
    }

    /// Offers the fields that begin with what is typed, for a Tab where nothing was offered so far.
    fn offer_fields(&mut self) {
        let Over::Prompt(prompt) = &mut self.over else { return };
        let before = prompt.line.before();
        let Some(found) = completion(before, before.len()).filter(|found| found.wanted == Wanted::Field)
        else {
            return;
        };
        prompt.word = found.span.start as usize;
        let field =
            |field: &str| Offer { label: format!("{field}:"), count: None, text: format!("{field}:") };
        prompt.offers = fields(&found.typed).map(field).collect();
    }

    fn ask_offers(&mut self, base: &Query, kind: FacetKind, typed: &str) {
        let query = self.resolve(base);
        let question = Question::Names { kind, typed: typed.to_owned(), query, limit: OFFERS };
        self.asked.names = Some(self.ask(Lane::Names, question));
    }

    pub(super) fn take_offers(&mut self, names: &[Facet]) {
        let offer = |facet: &Facet| Offer {
            label: facet.name.clone(),
            count: Some(facet.count),
            text: offered(facet),
        };
        if let Over::Prompt(prompt) = &mut self.over {
            prompt.offers = names.iter().map(offer).collect();
        }
    }

    /// Replaces the word, or the completion inserted before, by the next completion.
    pub(super) fn complete(&mut self, step: i64) {
        if self.complete_otherwise(step) {
            return;
        }
        let Over::Prompt(prompt) = &mut self.over else { return };
        if prompt.is_search() && prompt.offers.is_empty() {
            self.offer_fields();
        }
        let Over::Prompt(prompt) = &mut self.over else { return };
        let Prompt { purpose, line, offers, chosen, word, .. } = prompt;
        let PromptPurpose::Search { base, .. } = purpose else { return };
        let next = match *chosen {
            Some(at) => (at as i64 + step).rem_euclid(offers.len().max(1) as i64) as usize,
            None if step < 0 => offers.len().saturating_sub(1),
            None => 0,
        };
        let Some(offer) = offers.get(next) else { return };
        line.replace_before(*word, &offer.text);
        *chosen = Some(next);
        let (base, text) = (base.clone(), line.text().to_owned());
        self.search(&base, &text);
    }
}
