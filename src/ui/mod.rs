//! Draws the state of the reader. Changes nothing, decides nothing, reads nothing but its arguments.

use crate::app::App;
use crate::keymap::Keyboard;
use crate::theme::Theme;
use ratatui::Frame;

/// Draws the whole screen. The same arguments always give the same frame.
pub fn draw(_app: &App, _keyboard: &Keyboard, _theme: &Theme, _frame: &mut Frame<'_>) {}
