//! (to come)

pub mod renderer;
