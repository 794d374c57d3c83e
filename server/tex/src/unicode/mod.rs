//! Formulas as plain Unicode, for where no markup can go.

mod alphabets;
mod formula;
mod pieces;
mod words;

pub(crate) use formula::flatten;
pub(crate) use pieces::push_script;
pub(crate) use words::flatten_words;
