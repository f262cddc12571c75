//! Gives the article to a command of the person's own, saves it to a file, and performs several actions for one key.

use super::super::App;
use super::super::action::Action;
use super::super::message::Effect;
use super::super::over::{Offer, Over, Prompt, PromptPurpose};
use crate::article::ArticleId;
use crate::outlet::Form;

/// The most bytes of the name of a file that is made of a title.
const LONGEST_NAME: usize = 60;

impl App {
    /// The article that leaves the reader; says why there is none.
    fn article_to_give(&mut self) -> Option<ArticleId> {
        if self.setup.closed.is_some() {
            self.notice = Some(
                "this is a kiosk: no command is run here and no file is written; y y copies the link"
                    .to_owned(),
            );
            return None;
        }
        let id = self.subject();
        if id.is_none() {
            self.notice = Some("no article is selected".to_owned());
        }
        id
    }

    pub(super) fn open_pipe_prompt(&mut self) {
        let Some(id) = self.article_to_give() else { return };
        let purpose = PromptPurpose::Pipe(id, self.setup.piped_as);
        self.over = Over::Prompt(Prompt::new(purpose, &self.piped));
    }

    /// Gives an article to the command that was typed. `md: command` chooses the form; a `!` before the command gives it
    /// the terminal.
    pub(super) fn pipe(&mut self, id: ArticleId, form: Form, typed: &str) {
        let typed = typed.trim();
        let named =
            typed.split_once(':').and_then(|(name, rest)| Some((Form::find(name.trim())?, rest.trim())));
        let (form, command) = named.unwrap_or((form, typed));
        let (whole, command) = match command.strip_prefix('!') {
            Some(command) => (true, command.trim()),
            None => (false, command),
        };
        if command.is_empty() {
            return;
        }
        typed.clone_into(&mut self.piped);
        self.notice = Some(format!("running {command} …"));
        self.effects.push(Effect::Pipe { id, form, command: command.to_owned(), whole });
    }

    pub(super) fn open_save_to_prompt(&mut self) {
        let Some(id) = self.article_to_give() else { return };
        let title = self.list.row(id).map(|row| row.title.clone());
        let shown = self.reader.shown().filter(|shown| shown.stored.id == id);
        let title = title.or_else(|| shown.map(|shown| shown.stored.article.title.clone()));
        let path = format!("{}{}.md", self.setup.save_to, file_name(&title.unwrap_or_default()));
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Save(id), &path));
    }

    pub(super) fn save_article(&mut self, id: ArticleId, typed: &str) {
        let path = typed.trim().to_owned();
        if !path.is_empty() {
            self.effects.push(Effect::Save { id, path, replace: false });
        }
    }

    /// Asks for the paths that begin with what is typed.
    pub(super) fn ask_paths(&mut self) {
        if let Over::Prompt(prompt) = &mut self.over {
            prompt.edited = true;
            prompt.chosen = None;
            prompt.offers.clear();
            self.effects.push(Effect::ListPaths(prompt.line.text().to_owned()));
        }
    }

    pub(super) fn take_paths(&mut self, typed: &str, paths: &[String]) {
        if let Over::Prompt(prompt) = &mut self.over
            && matches!(prompt.purpose, PromptPurpose::Save(_))
            && prompt.line.text() == typed
        {
            let label = |path: &String| {
                let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path).to_owned();
                if path.ends_with('/') { name + "/" } else { name }
            };
            let offer = |path: &String| Offer { label: label(path), count: None, text: path.clone() };
            prompt.offers = paths.iter().map(offer).collect();
            prompt.word = 0;
        }
    }

    /// Handles Tab in the prompts that are no searches: another form, or the next path. Returns whether it was one.
    pub(super) fn complete_otherwise(&mut self, step: i64) -> bool {
        let Over::Prompt(prompt) = &mut self.over else { return false };
        match &mut prompt.purpose {
            PromptPurpose::Pipe(_, form) => {
                *form = form.after(step);
                true
            }
            PromptPurpose::Save(_) if prompt.offers.is_empty() => {
                self.ask_paths();
                true
            }
            PromptPurpose::Save(_) | PromptPurpose::Board(_) => {
                let Prompt { line, offers, chosen, .. } = prompt;
                let next = match *chosen {
                    Some(at) => (at as i64 + step).rem_euclid(offers.len() as i64) as usize,
                    None if step < 0 => offers.len().saturating_sub(1),
                    None => 0,
                };
                if let Some(offer) = offers.get(next) {
                    line.end();
                    line.replace_before(0, &offer.text);
                    *chosen = Some(next);
                }
                true
            }
            _ => false,
        }
    }

    /// Performs the actions of one key, each with the words that its prompt asks for. It stops where a prompt is left open.
    pub(super) fn act_in_turn(&mut self, steps: Vec<(Action, String)>) {
        for (action, words) in steps {
            if action == Action::MarkRead && !words.is_empty() {
                self.mark_so(words == "read");
                continue;
            }
            self.act(action, None);
            let asks = matches!(self.over, Over::Prompt(_) | Over::Picker(_));
            if asks && !words.is_empty() {
                self.edit(super::super::line::Line::delete_line);
                self.edit(|line| line.paste(&words));
                self.finish(Action::Accept);
            }
            if !matches!(self.over, Over::Nothing) {
                break;
            }
        }
    }

    /// Marks the article as read, or as unread, whatever it is.
    fn mark_so(&mut self, read: bool) {
        let Some(id) = self.subject() else { return };
        let row = self.list.row(id).map(|row| row.read);
        let shown = self.reader.shown().filter(|shown| shown.stored.id == id).map(|shown| shown.stored.read);
        if row.or(shown) == Some(!read) {
            self.act(Action::MarkRead, None);
        }
    }
}

/// A name for the file of an article: the words of its title, in lower case.
fn file_name(title: &str) -> String {
    let mut name = String::new();
    for word in title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if name.len() + word.len() + 1 > LONGEST_NAME {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(&word.to_lowercase());
    }
    if name.is_empty() { "article".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_makes_a_name_without_anything_special() {
        assert_eq!(file_name("Ada's Ferry: 3/4 full!"), "ada-s-ferry-3-4-full");
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name("…"), "article");
        assert!(file_name(&"word ".repeat(50)).len() <= LONGEST_NAME);
    }
}
