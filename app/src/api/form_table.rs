//! The rules of every form, by the path that it is sent to.

use super::{bookmarks, form::FormRules, settings, subscribers};

const RULES: [FormRules; 4] = [
    bookmarks::FORM,
    settings::READ_FORM,
    settings::SETTINGS_FORM,
    subscribers::FORM,
];

/// The rules of the form that is sent to this path.
pub fn form_rules(path: &str) -> FormRules {
    RULES
        .into_iter()
        .find(|rules| rules.path == path)
        .unwrap_or(FormRules::simple(""))
}
