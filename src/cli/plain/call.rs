//! Which action a typed line calls: by its keys or its name from the table of actions, and what stands behind.

use crate::app::action::{ACTIONS, Action, ActionInfo, Context, Group};
use crate::config::nearest;

/// What a line comes to.
pub enum Call<'a> {
    /// The action, and the words after its key or name.
    Action(Action, &'a str),
    /// None; this name is the nearest.
    Unknown(&'static str),
}

/// The actions that have a meaning in lines: those of the panes, but what only arranges a screen.
pub fn known() -> impl Iterator<Item = &'static ActionInfo> {
    ACTIONS.iter().filter(|info| {
        let panes = info.action.is_in(Context::List) || info.action.is_in(Context::Reader);
        let typed = matches!(info.group, Group::Show | Group::Line);
        let own = matches!(
            info.action,
            Action::PaneNext
                | Action::PanePrevious
                | Action::SaveSearch
                | Action::RenameSearch
                | Action::RemoveSearch
                | Action::ThisIs
                | Action::FullText
        );
        let general = info.group == Group::General && !matches!(info.name, "help" | "quit");
        panes && !typed && !own && !general
    })
}

/// Keys may be typed with blanks between them or without, the longest first: `yy`, `f p NAME`.
pub fn find(line: &str) -> Call<'_> {
    let mut best: Option<(usize, Action, &str)> = None;
    for info in known() {
        let spellings = info.keys.iter().flat_map(|keys| [(*keys).to_owned(), keys.replace(' ', "")]);
        for spelling in spellings.chain([info.name.to_owned()]) {
            let Some(rest) = line.strip_prefix(&spelling) else { continue };
            let whole = rest.is_empty() || rest.starts_with(' ');
            if whole && best.is_none_or(|(length, ..)| spelling.len() > length) {
                best = Some((spelling.len(), info.action, rest.trim()));
            }
        }
    }
    match best {
        Some((_, action, rest)) => Call::Action(action, rest),
        None => {
            let verb = line.split(' ').next().unwrap_or(line);
            Call::Unknown(nearest(verb, known().map(|info| info.name)))
        }
    }
}
