//! Lines that are typed: searches, tags, and the text that narrows pickers and sheets.

use super::super::App;
use super::super::action::Action;
use super::super::facets;
use super::super::layout;
use super::super::line::Line;
use super::super::list::Land;
use super::super::message::{Effect, Lane, Question};
use super::super::over::{Over, Prompt, PromptPurpose, Typed};
use super::super::picker::{Choice, Chosen, Picker, Preview, Purpose};
use super::super::sheet::Typing;
use super::super::view;
use super::ask::Tagging;
use crate::annotation::Kind;
use crate::listing::{Facet, FacetKind, Hold, Page, Tally};
use crate::query::complete::{Role, quoted};
use crate::query::days::Reading;
use crate::query::edit::{about_term, role_term};
use crate::query::{Days, Filter, LARGEST, Query, Sort, Term, Why};
use chrono::{Datelike, NaiveDate};

/// How many names a picker asks for, for the text typed, in addition to those that it has.
const FOUND: usize = 50;

impl App {
    pub(super) fn open_search(&mut self, action: Action) {
        let everything = Query { filter: Filter::everything(), ..Query::default() };
        let (base, text) = match action {
            Action::EditFilter => (everything, self.query.to_string()),
            Action::FilterSaid => (self.query.clone(), "said:".to_owned()),
            // A new search takes the place of the one before.
            _ => (self.without_search(), String::new()),
        };
        let typed = if action == Action::Search { Typed::Search } else { Typed::Conditions };
        let purpose = PromptPurpose::Search { base: base.clone(), from: Box::new(self.place()), typed };
        self.show_list();
        self.over = Over::Prompt(Prompt::new(purpose, &text));
    }

    /// Puts an earlier search, or a later one, into the line of a search.
    pub(super) fn recall(&mut self, action: Action) {
        let Over::Prompt(prompt) = &mut self.over else { return };
        let PromptPurpose::Search { base, .. } = &prompt.purpose else { return };
        let base = base.clone();
        // What the prompt was opened with has not been typed.
        let typed = match &prompt.recalled {
            Some((_, typed)) => typed.clone(),
            None if prompt.edited => prompt.line.text().to_owned(),
            None => String::new(),
        };
        let at = prompt.recalled.as_ref().map(|(at, _)| *at);
        let next = match (action, at) {
            (Action::EarlierSearch, at) => self.earlier.before(at, &typed),
            (_, Some(at)) => self.earlier.after(at, &typed),
            (_, None) => None,
        };
        let text = match (next, action, at) {
            (Some(next), ..) => {
                prompt.recalled = Some((next, typed));
                self.earlier.text(next).unwrap_or_default().to_owned()
            }
            (None, Action::LaterSearch, Some(_)) => {
                prompt.recalled = None;
                typed
            }
            _ => return,
        };
        prompt.edited = true;
        prompt.line = Line::new(&text);
        prompt.offers.clear();
        prompt.chosen = None;
        self.search(&base, &text);
    }

    pub(super) fn open_picker(&mut self, action: Action) {
        match action {
            Action::FilterPerson => self.open_facet_picker(FacetKind::Entity(Kind::Person)),
            Action::FilterCountry => self.open_facet_picker(FacetKind::Entity(Kind::Country)),
            Action::FilterOrg => self.open_facet_picker(FacetKind::Entity(Kind::Org)),
            Action::FilterPlace => self.open_facet_picker(FacetKind::Entity(Kind::Place)),
            Action::FilterSource => self.open_facet_picker(FacetKind::Source),
            Action::FilterTag => self.open_facet_picker(FacetKind::Tag),
            Action::FilterLanguage => self.open_facet_picker(FacetKind::Language),
            Action::FilterBy | Action::FilterAbout => {
                let role = match action {
                    Action::FilterBy => Role::Speaker,
                    // Among quotes, it is what they are about.
                    _ if self.view.kind == view::ViewKind::Quotes => Role::SpokenOf,
                    _ => Role::Subject,
                };
                self.over = Over::Picker(Picker::new(Purpose::Named(role), Vec::new()));
                self.asked.candidates = Some(self.ask_role(Lane::Candidates, role, "", view::LIMIT));
                self.asked.names = None;
            }
            Action::FilterDate => {
                let choices = date_choices(self.setup.today, &[]);
                self.over = Over::Picker(Picker::new(Purpose::Date, choices));
                self.asked.candidates = Some(self.ask_days());
            }
            _ => {}
        }
    }

    pub(super) fn open_facet_picker(&mut self, kind: FacetKind) {
        let known = self.known_choices(kind);
        self.over = Over::Picker(Picker::new(Purpose::Facet(kind), known));
        let ticket = self.ask_names(Lane::Candidates, kind, "", view::LIMIT);
        self.asked.candidates = Some(ticket);
        self.asked.names = None;
    }

    /// The facets of one kind in the current result, as far as the pane has them.
    fn known_choices(&self, kind: FacetKind) -> Vec<Choice> {
        facets::section(self.facets.facets(), kind).iter().map(|facet| Choice::facet(kind, facet)).collect()
    }

    pub(super) fn edit_line(&mut self, action: Action) {
        if let Over::Labels(labels) = &mut self.over {
            labels.take_back();
        }
        self.edit(|line| match action {
            Action::CursorLeft => line.left(),
            Action::CursorRight => line.right(),
            Action::CursorStart => line.start(),
            Action::CursorEnd => line.end(),
            Action::DeleteBack => line.delete_back(),
            Action::DeleteForward => line.delete_forward(),
            Action::DeleteWord => line.delete_word(),
            _ => line.delete_line(),
        });
    }

    /// Changes the line that is typed and applies its new text.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Line)) {
        let Some(line) = self.over.line() else { return };
        let before = line.text().to_owned();
        self.asked.taking = None;
        change(line);
        let text = line.text().to_owned();
        if text == before {
            return;
        }
        if self.answers_quit(&text) || self.answers_yes(&text) {
            return;
        }
        match &mut self.over {
            Over::Prompt(prompt) if prompt.is_search() => {
                prompt.edited = true;
                prompt.recalled = None;
                let PromptPurpose::Search { base, .. } = &prompt.purpose else { return };
                let base = base.clone();
                self.search(&base, &text);
                self.offer(&base);
            }
            Over::Prompt(Prompt { purpose: PromptPurpose::Narrow { .. }, .. }) => {
                self.narrow_rows(text.trim());
            }
            Over::Prompt(Prompt { purpose: PromptPurpose::Save(_), .. }) => self.ask_paths(),
            Over::Prompt(Prompt { purpose: PromptPurpose::Board(_), .. }) => self.offer_boards(),
            Over::Picker(_) => self.narrow_picker(text.trim()),
            Over::Sheet(sheet) => sheet.narrowed(),
            Over::Help(help) => help.narrow(),
            _ => {}
        }
    }

    /// Moves in the list while a search is typed.
    pub(super) fn move_row(&mut self, action: Action) {
        let moves =
            |prompt: &Prompt| prompt.is_search() || matches!(prompt.purpose, PromptPurpose::Narrow { .. });
        if matches!(&self.over, Over::Prompt(prompt) if moves(prompt)) {
            self.move_selection(if action == Action::SearchDown { 1 } else { -1 });
        }
    }

    fn narrow_picker(&mut self, typed: &str) {
        let Over::Picker(picker) = &mut self.over else { return };
        picker.narrow();
        self.asked.names = None;
        match picker.purpose {
            Purpose::SameAs | Purpose::NotSameAs => self.find_identities(typed),
            Purpose::Named(role) if !typed.is_empty() => {
                self.asked.names = Some(self.ask_role(Lane::Names, role, typed, FOUND));
            }
            Purpose::Facet(kind) if !typed.is_empty() => {
                self.asked.names = Some(self.ask_names(Lane::Names, kind, typed, FOUND));
            }
            Purpose::Palette(_) => self.find_elsewhere(typed),
            Purpose::Date => {
                let found = typed_date(typed, self.setup.today);
                picker.set_found(found.into_iter().collect());
            }
            _ => {}
        }
    }

    /// Filters by `base` and by `text`, which is still being typed.
    pub(super) fn search(&mut self, base: &Query, text: &str) {
        let (typed, hints) = Query::parse_unfinished(text, self.setup.today);
        if let Over::Prompt(prompt) = &mut self.over {
            prompt.hint = hints.into_iter().next().map(|hint| hint.message);
        }
        self.filter_by_typed(base, typed);
        // A name that is being typed is not there yet.
        if let Some(fault) = self.fault_of_searches(|why| why != Why::Missing)
            && let Over::Prompt(prompt) = &mut self.over
        {
            prompt.hint = Some(fault);
        }
    }

    /// Filters by `base` and by `text`, which is complete: a condition that cannot be read matches nothing from now
    /// on, and the status line says so.
    fn submit(&mut self, base: &Query, text: &str) {
        let (complete, hints) = Query::parse(text, self.setup.today);
        // The last word stays the beginning of a word, as it was while it was typed.
        let typed = match complete.filter.is_readable() {
            true => Query::parse_unfinished(text, self.setup.today).0,
            false => complete,
        };
        self.filter_by_typed(base, typed);
        if let Some(hint) = hints.into_iter().next() {
            self.notice = Some(hint.message);
        } else if let Some(fault) = self.fault_of_searches(|_| true) {
            self.notice = Some(fault);
        }
    }

    fn filter_by_typed(&mut self, base: &Query, typed: Query) {
        let mut filter = Filter::all([base.filter.clone(), typed.filter]);
        if filter.size() > LARGEST {
            filter = Filter::all([base.filter.clone(), Filter::refused()]);
            if let Over::Prompt(prompt) = &mut self.over {
                prompt.hint = Some(too_many());
            }
            self.notice = Some(too_many());
        }
        let query = Query {
            filter,
            sort: if typed.sort == Sort::Date { base.sort } else { typed.sort },
            grouping: if typed.grouping == Default::default() { base.grouping } else { typed.grouping },
            hold: None,
        };
        if query == self.query {
            return;
        }
        // What was listed before the search is listed again if nothing is searched for.
        let hold = match &self.over {
            Over::Prompt(Prompt { purpose: PromptPurpose::Search { from, .. }, .. })
                if from.query == query =>
            {
                from.hold
            }
            _ => Hold::fresh(),
        };
        let land = self.key_read().map_or(Land::First, Land::At);
        self.show_query(query, hold, land);
    }

    /// Handles Enter, Esc and the other ways to choose.
    pub(super) fn finish(&mut self, action: Action) {
        self.asked.taking = None;
        if let Over::Picker(picker) = &self.over
            && action != Action::Cancel
            && !picker.is_sure()
            && (self.asked.candidates.is_some() || self.asked.names.is_some())
        {
            self.asked.taking = Some(action);
            return;
        }
        match std::mem::take(&mut self.over) {
            Over::Prompt(prompt) => self.finish_prompt(prompt, action),
            Over::Picker(picker) if action != Action::Cancel => self.finish_picker(&picker, action),
            Over::Help(help) => self.finish_help(help, action),
            Over::Sheet(mut sheet) => {
                sheet.typing = Typing::No;
                if action == Action::Cancel {
                    sheet.narrow = Line::default();
                    sheet.narrowed();
                }
                self.over = Over::Sheet(sheet);
            }
            _ => {}
        }
    }

    fn finish_prompt(&mut self, prompt: Prompt, action: Action) {
        let text = prompt.line.text().to_owned();
        match (prompt.purpose, action) {
            // Nothing was typed, so the search that runs goes on.
            (PromptPurpose::Search { .. }, Action::Accept) if !prompt.edited => {}
            (PromptPurpose::Search { base, from, typed }, Action::Accept) => {
                // The list was filtered while typing, so it stays as it is shown.
                self.submit(&base, &text);
                self.earlier.add(&text);
                if typed == Typed::Search {
                    let fresh = self.query.chips().iter().filter(|chip| !base.chips().contains(chip));
                    self.searched = fresh.cloned().collect();
                }
                match self.query == from.query {
                    true if text.trim().is_empty() => self.restore(*from),
                    // The same filter once more: what does not match any more goes.
                    true => self.ask_anew(),
                    false => self.stepped(*from),
                }
            }
            (PromptPurpose::Search { from, .. }, _) => self.restore(*from),
            (PromptPurpose::Narrow { .. }, Action::Accept) => {}
            (PromptPurpose::Narrow { before }, _) => self.narrow_rows(&before),
            (PromptPurpose::Quit, Action::Accept) => self.quit(),
            (PromptPurpose::Quit, _) => {}
            (PromptPurpose::Tag(_), Action::Accept) if self.asked.tagging.is_some() => {
                self.asked.tagging = Some(Tagging::Typed(text));
            }
            (PromptPurpose::Tag(ids), Action::Accept) => self.tag(&ids, &text),
            (PromptPurpose::Board(what), Action::Accept) => self.put_on_board(what, &text),
            (PromptPurpose::Note(board, item), Action::Accept) => self.note_on_board(&board, item, &text),
            (PromptPurpose::RenameBoard(name), Action::Accept) => self.rename_board(&name, &text),
            (PromptPurpose::Board(_) | PromptPurpose::Note(..) | PromptPurpose::RenameBoard(_), _) => {}
            (PromptPurpose::AddSource, Action::Accept) => self.add_source(&text),
            (PromptPurpose::AddSource, _) => {}
            (PromptPurpose::Source(ask, name, key), Action::Accept) => {
                self.wish_of_source(ask, (&name, key), &text);
            }
            (PromptPurpose::Pipe(id, form), Action::Accept) => self.pipe(id, form, &text),
            (PromptPurpose::Save(id), Action::Accept) => self.save_article(id, &text),
            (PromptPurpose::Replace(id, path), Action::Accept) => {
                self.effects.push(Effect::Save { id, path, replace: true });
            }
            (PromptPurpose::RuleTag(query), Action::Accept) => self.tag_rule(query, &text),
            (PromptPurpose::Rule(query, does), Action::Accept) => self.make_rule(&query, does, &text),
            (PromptPurpose::Source(..) | PromptPurpose::Pipe(..) | PromptPurpose::Save(_), _) => {}
            (PromptPurpose::Replace(..) | PromptPurpose::RuleTag(_) | PromptPurpose::Rule(..), _) => {}
            (PromptPurpose::SaveSearch(query), Action::Accept) => self.save_search(&query, &text),
            (PromptPurpose::RenameSearch(name), Action::Accept) => self.rename_search(&name, &text),
            (PromptPurpose::Tag(_) | PromptPurpose::SaveSearch(_) | PromptPurpose::RenameSearch(_), _) => {}
        }
    }

    fn finish_picker(&mut self, picker: &Picker, action: Action) {
        let Some(choice) = picker.selected() else {
            let typed = picker.line.text().trim();
            if !typed.is_empty() {
                self.notice = Some(match picker.purpose {
                    Purpose::Palette(_) => format!("no action fits '{typed}'; ? lists all keys"),
                    _ => format!("nothing in the list fits '{typed}'"),
                });
            }
            return;
        };
        if matches!(picker.purpose, Purpose::ThisIs | Purpose::SameAs | Purpose::NotSameAs) {
            return self.put_right(picker.purpose, &choice.value);
        }
        match (&choice.value, action) {
            (Chosen::Facet(kind, value), Action::ChoiceExclude) => {
                self.filter_by(Action::Exclude, *kind, value);
            }
            (Chosen::Facet(kind, value), Action::ChoiceOnly) => self.filter_by(Action::Only, *kind, value),
            (Chosen::Filter(filter), Action::ChoiceExclude) => {
                self.set_query(self.query.with(Filter::not(filter.clone())), self.narrowed());
            }
            (Chosen::Facet(..) | Chosen::Filter(_), _) => {
                if let Some(query) = self.with_choice(picker.purpose, &choice.value) {
                    self.set_query(query, self.narrowed());
                }
                if let Chosen::Facet(kind, value) = &choice.value {
                    self.asked_about(*kind, value);
                }
            }
            (Chosen::Action(chosen), _) => self.perform_chosen(*chosen),
            (Chosen::Article(id), _) => self.open_copy(*id),
            (Chosen::Compare(id), _) => self.compare_with(*id),
            (Chosen::Told(_, how), _) => self.notice = Some((*how).to_owned()),
            (Chosen::Row(row), _) => self.act(Action::Bottom, Some(*row)),
            (Chosen::Link(link), _) => self.effects.push(super::copy::opening(link)),
            (Chosen::Feed(page, near, address), _) => self.add_offered(page, *near, address),
            (Chosen::Does(does), _) => self.choose_rule(does.clone()),
            (Chosen::Is(_) | Chosen::Verdict(_), _) => {}
        }
        if matches!(choice.value, Chosen::Facet(..) | Chosen::Filter(_)) {
            self.show_list();
        }
    }

    /// The filter with a choice of a picker; `None` if the choice is no condition.
    fn with_choice(&self, purpose: Purpose, value: &Chosen) -> Option<Query> {
        match (value, purpose) {
            (Chosen::Facet(kind, value), _) => Some(self.requiring(*kind, value)),
            (Chosen::Filter(filter), Purpose::Saved) => Some(self.with_saved(filter)),
            (Chosen::Filter(filter), _) => Some(self.with_condition(filter)),
            _ => None,
        }
    }

    /// Asks what would be left with the choice under the cursor, unless that is known or asked for.
    pub(super) fn ask_preview(&mut self) {
        let Over::Picker(picker) = &mut self.over else { return };
        if !picker.previews() || layout::preview(self.setup.size).height == 0 {
            return;
        }
        let purpose = picker.purpose;
        let Some(choice) = picker.selected().cloned() else {
            picker.preview = None;
            self.asked.preview = None;
            return;
        };
        let known = picker.preview.as_ref().is_some_and(|preview| preview.value == choice.value);
        let asked = self.asked.preview.as_ref().is_some_and(|(_, value, ..)| *value == choice.value);
        if known || asked {
            return;
        }
        let Some(query) = self.with_choice(purpose, &choice.value) else { return };
        let limit = layout::preview(self.setup.size).rows();
        let ticket = self.ask(Lane::Preview, Question::Preview { query: self.resolve(&query), limit });
        // What is taken asks for articles about it, while the number beside the name is of all that mention it.
        let label = match &choice.value {
            Chosen::Facet(kind, value) if about_term(*kind, value).is_some() => {
                format!("about {}", choice.label)
            }
            _ => choice.label,
        };
        self.asked.preview = Some((ticket, choice.value, label));
    }

    pub(super) fn take_preview(&mut self, value: Chosen, label: String, page: Page, tally: Option<Tally>) {
        if let Over::Picker(picker) = &mut self.over {
            let titles = page.rows.into_iter().map(|row| row.title).collect();
            picker.preview = Some(Preview { value, label, rows: page.total, tally, titles });
        }
    }

    pub(super) fn move_choice(&mut self, action: Action) {
        if let Over::Help(help) = &mut self.over {
            match action {
                Action::ChoiceDown => help.move_by(1),
                Action::ChoiceUp => help.move_by(-1),
                Action::ChoicePageDown => help.move_page(1),
                _ => help.move_page(-1),
            }
        }
        if let Over::Picker(picker) = &mut self.over {
            let page = picker.height().max(1) as i64;
            picker.move_by(match action {
                Action::ChoiceDown => 1,
                Action::ChoiceUp => -1,
                Action::ChoicePageDown => page,
                _ => -page,
            });
        }
    }
}

/// A name in a role; `None` for a name without a letter or digit.
pub(super) fn in_role(role: Role, facet: &Facet) -> Option<Choice> {
    // The value of a person may have several names; that of any other name has one.
    let term = role_term(role, Kind::Person, &facet.value)?;
    Some(Choice::new(facet.name.clone(), Some(facet.count), Chosen::Filter(term)))
}

/// Spans of days to choose from: the last days, and the months of the result with their counts. `days` are those
/// of the result, the newest first.
pub(super) fn date_choices(today: NaiveDate, days: &[(NaiveDate, u64)]) -> Vec<Choice> {
    let recent =
        [("Today", "today"), ("The last 3 days", "3d"), ("The last week", "1w"), ("The last month", "1m")];
    let choice =
        |label: String, count, days: Days| Choice::new(label, count, Chosen::Filter(Term::Date(days).into()));
    let since = |(label, value): (&str, &str)| {
        Some(choice(label.to_owned(), None, Days::parse(value, Reading::Since, today)?))
    };
    let mut choices: Vec<Choice> = recent.into_iter().filter_map(since).collect();
    for (month, count) in months(days) {
        let next = month.checked_add_months(chrono::Months::new(1)).and_then(|day| day.pred_opt());
        let label = month.format("%B %Y · %Y-%m").to_string();
        choices.extend(Days::new(Some(month), next).map(|days| choice(label, Some(count), days)));
    }
    choices
}

/// The first day of each month that has articles, newest first, with their number.
fn months(days: &[(NaiveDate, u64)]) -> Vec<(NaiveDate, u64)> {
    let mut months: Vec<(NaiveDate, u64)> = Vec::new();
    for (day, count) in days {
        let first = day.with_day(1).unwrap_or(*day);
        match months.last_mut() {
            Some((month, sum)) if *month == first => *sum += count,
            _ => months.push((first, *count)),
        }
    }
    months
}

fn too_many() -> String {
    format!("the filter has more than {LARGEST} words and names with this; use fewer")
}

/// The typed text, if it is a span of days in the query language.
fn typed_date(typed: &str, today: NaiveDate) -> Option<Choice> {
    // Several words are one date: last week, 17 march 1987.
    let (field, value) = typed.split_once(':').unwrap_or(("date", typed));
    let (query, _) = Query::parse(&format!("{field}:{}", quoted(value.trim())), today);
    match query.chips() {
        [filter @ Filter::Term(Term::Date(days))] => {
            let label = format!("{days} · {}", days.in_words());
            Some(Choice::new(label, None, Chosen::Filter(filter.clone())))
        }
        _ => None,
    }
}
