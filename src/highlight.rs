//! The highlight layer: layers of (span, tag) in, disjoint runs out. Tags mean; only the theme knows colours.
