//! What each action of the table does in lines.

use super::{PAGE, Plain, help, today};
use crate::analysis::Kind;
use crate::app::action::Action;
use crate::cli::error::CliError;
use crate::cli::out::Out;
use crate::library::Cancel;
use crate::listing::{FacetKind, Marking, Stored, Window};
use crate::query::{Query, Target};

impl Plain<'_> {
    /// Does `action`; `rest` is what was typed behind it.
    pub(super) fn act(&mut self, action: Action, rest: &str, out: &mut Out) -> Result<(), CliError> {
        match action {
            Action::Down | Action::PageDown | Action::HalfDown => self.more(out),
            Action::Top | Action::ViewList => self.list(out),
            Action::Bottom => self.last(out),
            Action::ArticleNext => self.step(1, out),
            Action::ArticlePrevious | Action::PreviousUnread => self.step(-1, out),
            Action::NextUnread => self.show_unread(out),
            Action::Open => self.show(self.at.map_or(1, |at| at + 1), out),
            Action::Search | Action::EditFilter => self.search(rest, out),
            Action::FilterPerson => self.filter(FacetKind::Entity(Kind::Person), rest, out),
            Action::FilterCountry => self.filter(FacetKind::Entity(Kind::Country), rest, out),
            Action::FilterOrg => self.filter(FacetKind::Entity(Kind::Org), rest, out),
            Action::FilterPlace => self.filter(FacetKind::Entity(Kind::Place), rest, out),
            Action::FilterSource => self.filter(FacetKind::Source, rest, out),
            Action::FilterTag => self.filter(FacetKind::Tag, rest, out),
            Action::FilterDate if rest.is_empty() => self.timeline(out),
            Action::FilterDate => self.add_words(&format!("date:{rest}"), out),
            Action::FilterSaved if rest.is_empty() => self.saved(out),
            Action::FilterSaved => self.search(&format!("@{rest}"), out),
            Action::FilterQuotes => self.toggle("has:quote", out),
            Action::FilterUnread => self.toggle("is:unread", out),
            Action::FilterStarred => self.toggle("is:starred", out),
            Action::FilterClear => self.narrow(&Query::everything(), out),
            Action::FilterDrop => self.narrow(&self.query.without_last(), out),
            Action::Require | Action::Exclude | Action::Only => self.with_name(action, out),
            Action::NameNext => self.tell_name(1, out),
            Action::NamePrevious => self.tell_name(-1, out),
            Action::QuoteNext | Action::QuotePrevious | Action::CopyQuote => self.article_quotes(out),
            Action::MarkRead | Action::Star | Action::Tag => self.mark_current(action, rest, out),
            Action::MarkAllRead => {
                let marked = self.library.mark(&Target::Matching(self.query.clone()), Marking::Read)?;
                self.rows.iter_mut().for_each(|row| row.read = true);
                self.tell_marked(Some(marked), out)
            }
            Action::Undo => {
                let marked = self.library.undo()?;
                self.tell_marked(marked, out)
            }
            Action::Redo => {
                let marked = self.library.redo()?;
                self.tell_marked(marked, out)
            }
            Action::CopyLink | Action::OpenLink | Action::Links | Action::CopyAddress | Action::CopyTitle => {
                self.address(action, out)
            }
            Action::ViewPeople => self.names(Kind::Person, out),
            Action::ViewCountries => self.names(Kind::Country, out),
            Action::ViewQuotes => self.quotes(out),
            Action::ViewTimeline => self.timeline(out),
            Action::Up | Action::PageUp | Action::HalfUp | Action::Back => self.list(out),
            _ => help(out),
        }
    }

    /// The article `by` places on from the one read last.
    pub(super) fn step(&mut self, by: isize, out: &mut Out) -> Result<(), CliError> {
        let at = match self.at {
            Some(at) => at.checked_add_signed(by),
            None => Some(0),
        };
        match at {
            Some(at) => self.show(at + 1, out),
            None => Ok(out.line("That was the first.")?),
        }
    }

    /// The end of the list, numbered on from 1.
    fn last(&mut self, out: &mut Out) -> Result<(), CliError> {
        let page = self.library.page(&self.query, Window::Last { limit: PAGE }, &Cancel::new())?;
        self.rows.clear();
        (self.at, self.name) = (None, None);
        out.line("The last of the list:")?;
        self.add(page.rows, out)
    }

    fn filter(&mut self, kind: FacetKind, name: &str, out: &mut Out) -> Result<(), CliError> {
        if !name.is_empty() {
            return self.narrow(&self.query.require(kind, name), out);
        }
        for facet in self.library.names(kind, "", &self.query, 40, &Cancel::new())? {
            out.line(&format!("{}, {}", facet.name, articles(facet.count)))?;
        }
        Ok(out.line("Give a name behind the command.")?)
    }

    fn add_words(&mut self, words: &str, out: &mut Out) -> Result<(), CliError> {
        let (query, hints) = Query::parse(words, today());
        for hint in hints {
            out.line(&format!("Note: {}", hint.message))?;
        }
        self.narrow(&self.query.with(query.filter), out)
    }

    /// With this condition, or without it where it is there.
    fn toggle(&mut self, words: &str, out: &mut Out) -> Result<(), CliError> {
        let filter = Query::parse(words, today()).0.filter;
        let query = match self.query.chips().iter().position(|chip| *chip == filter) {
            Some(at) => self.query.without(at),
            None => self.query.with(filter),
        };
        self.narrow(&query, out)
    }

    fn saved(&self, out: &mut Out) -> Result<(), CliError> {
        for folder in self.searches.all() {
            out.line(&format!("{}: {}", folder.name, folder.text))?;
        }
        Ok(out.line("Give the name of a saved search behind the command.")?)
    }

    fn timeline(&self, out: &mut Out) -> Result<(), CliError> {
        for (day, count) in self.library.timeline(&self.query, &Cancel::new())? {
            out.line(&format!("{day}, {}", articles(count)))?;
        }
        Ok(())
    }

    /// The article read last, or the first of the list.
    fn current(&self) -> Result<Option<Stored>, CliError> {
        match self.rows.get(self.at.unwrap_or(0)) {
            Some(row) => Ok(self.library.load(row.key.id)?),
            None => Ok(None),
        }
    }

    fn tell_name(&mut self, by: isize, out: &mut Out) -> Result<(), CliError> {
        let Some(stored) = self.current()? else { return Ok(out.line("There is no article.")?) };
        let names = &stored.analysis.entities;
        let at = self.name.map_or(Some(0), |at| at.checked_add_signed(by));
        let Some((at, entity)) = at.and_then(|at| Some((at, names.get(at)?))) else {
            return Ok(out.line("No further name in this article.")?);
        };
        self.name = Some(at);
        let kind = match entity.kind {
            Kind::Person => "person",
            Kind::Country => "country",
            Kind::Org => "organisation",
            Kind::Place => "place",
        };
        Ok(out.line(&format!("{}, {kind} ({} of {})", entity.name, at + 1, names.len()))?)
    }

    fn with_name(&mut self, action: Action, out: &mut Out) -> Result<(), CliError> {
        let stored = self.current()?;
        let entity = stored.as_ref().and_then(|stored| stored.analysis.entities.get(self.name?));
        let Some(entity) = entity else {
            return Ok(out.line("Which name? next-name (e) goes to one in the article.")?);
        };
        let (kind, name) = (FacetKind::Entity(entity.kind), entity.name.as_str());
        let query = match action {
            Action::Require => self.query.require(kind, name),
            Action::Exclude => self.query.exclude(kind, name),
            _ => self.query.only(kind, name),
        };
        self.narrow(&query, out)
    }

    fn article_quotes(&self, out: &mut Out) -> Result<(), CliError> {
        let Some(row) = self.rows.get(self.at.unwrap_or(0)) else {
            return Ok(out.line("There is no article.")?);
        };
        let quotes = self.library.quotes(&self.query, usize::MAX, &Cancel::new())?;
        let mut found = false;
        for quote in quotes.iter().filter(|quote| quote.key == row.key) {
            found = true;
            let speaker = quote.speaker.as_deref().unwrap_or("Somebody");
            out.line(&format!("{speaker}: {}", quote.text.replace('\n', " ")))?;
        }
        if found { Ok(()) } else { Ok(out.line("No quotes in this article.")?) }
    }

    /// Marks the article read last, or the one whose number is typed.
    fn mark_current(&mut self, action: Action, rest: &str, out: &mut Out) -> Result<(), CliError> {
        let typed = rest.parse::<usize>().ok().filter(|_| action != Action::Tag);
        let number = typed.unwrap_or_else(|| self.at.map_or(1, |at| at + 1));
        let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get(at)) else {
            return Ok(out.line("Which? Give its number in the list.")?);
        };
        // The row may be older than an undo.
        let Some(stored) = self.library.load(row.key.id)? else {
            return Ok(out.line("That article is gone.")?);
        };
        let marking = match (action, rest.strip_prefix('-')) {
            (Action::MarkRead, _) if stored.read => Marking::Unread,
            (Action::MarkRead, _) => Marking::Read,
            (Action::Star, _) if stored.starred => Marking::Unstar,
            (Action::Star, _) => Marking::Star,
            _ if rest.is_empty() => return Ok(out.line("Give the tag behind the command.")?),
            (_, Some(tag)) => Marking::Untag(tag.trim().to_owned()),
            (_, None) => Marking::Tag(rest.to_owned()),
        };
        self.mark(Some(&number.to_string()), marking, out)
    }

    /// What would be copied or opened is told, to be taken by hand.
    fn address(&self, action: Action, out: &mut Out) -> Result<(), CliError> {
        let Some(article) = self.current()?.map(|stored| stored.article) else {
            return Ok(out.line("There is no article.")?);
        };
        let text = match action {
            Action::CopyTitle => Some(article.title),
            Action::CopyAddress => article.path.or(article.url),
            _ => article.url,
        };
        match text {
            Some(text) if !text.is_empty() => Ok(out.line(&format!("To copy: {text}"))?),
            _ => Ok(out.line("This article has none.")?),
        }
    }
}

fn articles(count: u64) -> String {
    if count == 1 { "1 article".to_owned() } else { format!("{count} articles") }
}
