//! What the macros of authors stand for. Their definitions stayed in the paper.

use std::borrow::Cow;

use super::command::{Command, Maths};
use super::find::{all, find};

/// The TeX that a macro stands for. `None` leaves the macro as it is.
///
/// A single letter is replaced only if no argument follows it, because `\v{s}` is an accent. The
/// exceptions are the usual names of sets of numbers.
pub(crate) fn meaning(name: &str, has_argument: bool) -> Option<Cow<'static, str>> {
    if has_argument && name.len() == 1 && !matches!(name, "R" | "C" | "N" | "Z" | "Q") {
        return None;
    }
    definition(find(name)?, name)
}

/// Whether the command is one of [`macros`].
pub(crate) fn is_macro(name: &str) -> bool {
    find(name).is_some_and(is_definition)
}

/// Every macro with its TeX definition, for the library.
pub(crate) fn macros() -> Vec<(String, String)> {
    all()
        .filter(|(_, command)| is_definition(command))
        .filter_map(|(name, command)| Some((name.to_owned(), definition(command, name)?.into_owned())))
        .collect()
}

fn is_definition(command: &Command) -> bool {
    matches!(command.maths, Some(Maths::Means(_) | Maths::Upright))
}

fn definition(command: &Command, name: &str) -> Option<Cow<'static, str>> {
    match command.maths? {
        Maths::Means(tex) | Maths::Written(tex) => Some(Cow::Borrowed(tex)),
        Maths::Upright => Some(Cow::Owned(format!("\\operatorname{{{name}}} "))),
        _ => None,
    }
}
