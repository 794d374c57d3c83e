//! Parentheses in lists of authors.

use std::collections::HashMap;

use domain::name::is_organisation;

use super::other_words::{after_for, is_et_al};

/// The list without its parentheses, and the collaborations that were in them. Most parentheses contain an affiliation. After a
/// collaboration they may contain its members, which stay in the list. Some lists never close a parenthesis: it ends at the
/// next comma.
pub(super) fn without_parentheses(text: &str) -> (String, Vec<String>) {
    let closing = closing_parentheses(text);
    let mut kept = String::with_capacity(text.len());
    let mut collaborations = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['(', ')']) {
        kept.push_str(&text[at..at + found]);
        let here = at + found;
        if text[here..].starts_with(')') {
            at = here + 1;
            continue;
        }
        let closed = closing.get(&here).copied();
        let follows_organisation = is_organisation(last_name(&kept));
        let inside = match closed {
            Some(closed) => &text[here + 1..closed],
            // Only the last parenthesis can reach the end of the list, so this is done once.
            None if follows_organisation && !text[here + 1..].contains('(') => &text[here + 1..],
            None => "",
        };
        let are_members = follows_organisation && are_members(inside);
        if are_members {
            let separator = if text.contains(';') { ";" } else { "," };
            kept.push_str(separator);
            kept.push_str(inside);
        } else if closed.is_some() {
            collaborations.extend(collaboration_in(inside));
        }
        at = match closed {
            Some(closed) => closed + 1,
            None if are_members => text.len(),
            None => text[here..].find(',').map_or(text.len(), |comma| here + comma),
        };
    }
    kept.push_str(&text[at..]);
    (kept, collaborations)
}

/// Maximum bytes of one name that is looked at before a parenthesis.
const MOST_NAME: usize = 200;

/// The last name of a list.
fn last_name(list: &str) -> &str {
    let start = list
        .char_indices()
        .rev()
        .take_while(|(at, c)| list.len() - at <= MOST_NAME && !matches!(c, ',' | ';' | ':'))
        .last()
        .map_or(list.len(), |(at, _)| at);
    let name = list[start..].trim();
    name.rsplit(" and ").next().unwrap_or(name)
}

/// Whether a text is a list of people: every part is a name of two words or more, and one has an initial or there are
/// several. An affiliation has a part of one word, such as its city, or a word such as "University".
fn are_members(text: &str) -> bool {
    let parts: Vec<&str> = text
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .map(without_et_al)
        .filter(|part| !part.is_empty() && !is_et_al(part))
        .collect();
    let is_initial = |word: &str| word.ends_with('.') && word.starts_with(char::is_uppercase);
    let is_person = |part: &str| {
        let words = part.split_whitespace().count();
        let begins_place = [
            "New ", "Los ", "Hong ", "United ", "South ", "North ", "San ", "Santa ",
        ];
        (2..=5).contains(&words)
            && part.starts_with(char::is_uppercase)
            && !part.chars().any(|c| c.is_ascii_digit())
            && !is_organisation(part)
            && !part.contains(" of ")
            && !begins_place.iter().any(|place| part.starts_with(place))
    };
    let has_initial = || {
        parts
            .iter()
            .any(|part| part.split_whitespace().next().is_some_and(is_initial))
    };
    !parts.is_empty() && parts.iter().all(|part| is_person(part)) && (parts.len() > 1 || has_initial())
}

fn without_et_al(part: &str) -> &str {
    let part = part.trim();
    [" et al.", " et al", " et. al."]
        .iter()
        .find_map(|ending| part.strip_suffix(ending))
        .unwrap_or(part)
}

/// The collaboration in a text in parentheses: `ATLAS Collaboration`, `CERN, for the Gemini Team`. A team or a group that is
/// not after "for" is an affiliation.
fn collaboration_in(text: &str) -> Option<String> {
    text.split([',', ';']).find_map(|part| {
        let part = part.trim();
        let (name, is_marked) = match after_for(part) {
            Some(name) => (name, true),
            None => (part.strip_prefix("the ").unwrap_or(part), false),
        };
        let last = name.rsplit(' ').next().unwrap_or(name).to_lowercase();
        let is_collaboration = matches!(last.as_str(), "collaboration" | "collaborations" | "consortium")
            || is_marked && is_organisation(name);
        (is_collaboration && name.contains(' ') && !name.contains(['(', ')'])).then(|| name.to_owned())
    })
}

/// The place of each opening parenthesis that is closed, with the place of its partner.
fn closing_parentheses(text: &str) -> HashMap<usize, usize> {
    let mut open = Vec::new();
    let mut closing = HashMap::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' => open.push(at),
            ')' => {
                if let Some(partner) = open.pop() {
                    closing.insert(partner, at);
                }
            }
            _ => {}
        }
    }
    closing
}
