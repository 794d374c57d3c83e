//! What the macros of authors stand for. Their definitions stayed in the paper.

use std::borrow::Cow;

use super::command::Maths;
use super::find::find;

/// The TeX that a macro stands for. `None` leaves the macro as it is.
///
/// A single letter is replaced only if no argument follows it, because `\v{s}` is an accent. The
/// exceptions are the usual names of sets of numbers.
pub(crate) fn meaning(name: &str, has_argument: bool) -> Option<Cow<'static, str>> {
    if has_argument && name.len() == 1 && !matches!(name, "R" | "C" | "N" | "Z" | "Q") {
        return None;
    }
    match find(name)?.maths? {
        Maths::Means(tex) => Some(Cow::Borrowed(tex)),
        Maths::Upright => Some(Cow::Owned(format!("\\operatorname{{{name}}} "))),
        _ => None,
    }
}
