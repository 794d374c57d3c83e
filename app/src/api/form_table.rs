//! The rules of every form, by the path that it is sent to.

use super::{bookmarks, form::FormRules, read_marks, settings, subscribers};

const RULES: [FormRules; 4] = [
    bookmarks::FORM,
    read_marks::FORM,
    settings::FORM,
    subscribers::FORM,
];

/// The rules of the form that is sent to this path.
pub fn form_rules(path: &str) -> FormRules {
    RULES
        .into_iter()
        .find(|rules| rules.path == path)
        .unwrap_or(FormRules::simple(""))
}
