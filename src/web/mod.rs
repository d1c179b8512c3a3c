//! Pages: rendered here, readable without scripts. GET shows, POST acts.

mod assets;
mod layout;
mod problems;
mod words;

pub use assets::asset;
pub use problems::{explain, refusal};
