//! Where the panes lie on a screen of a given size.

/// The size of the screen in cells; either may be 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub width: u16,
    pub height: u16,
}
