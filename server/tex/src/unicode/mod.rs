//! Formulas as plain Unicode, for where no markup can go.

mod alphabets;
mod formula;
mod pieces;
mod words;

pub(crate) use formula::flatten;
pub(crate) use pieces::script_of_prose;
pub(crate) use words::flatten_words;
