//! Separates real tags from angle brackets that only look like tags.

use super::tags::{Effect, Form, Tag};
use crate::steps;

/// What happens to a tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// It is not a tag: it stays as written.
    Text,
    /// It is removed.
    Nothing,
    /// It is a break between words or paragraphs.
    Break,
    /// It opens an element that is closed later.
    Begin,
    /// It closes the element that was opened last.
    End,
}

/// What happens to each tag. Opening and closing tags are properly nested.
///
/// `<i>` alone may be code, as in `vector<i>`, so an element without a prefix needs both tags. Breaks
/// and names with a prefix always count as tags.
pub(super) fn roles(text: &str, tags: &[Tag]) -> Vec<Role> {
    let mut roles: Vec<Role> = tags.iter().map(|tag| alone(text, *tag)).collect();
    let mut open: Vec<usize> = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        match tag.form {
            Form::Opening => open.push(index),
            Form::Whole => {}
            Form::Closing => {
                let Some(begin) = last_open(&mut open, tags, tag.effect) else {
                    continue;
                };
                let content = &text[tags[begin].end..tag.start];
                if tag.has_prefix || !is_about_tags(content) {
                    (roles[begin], roles[index]) = if is_break(tag.effect) {
                        (Role::Break, Role::Break)
                    } else {
                        (Role::Begin, Role::End)
                    };
                }
            }
        }
    }
    roles
}

/// Closes the last open element with this effect. Unclosed elements inside it are dropped.
///
/// Each element is dropped only once. If none has the effect, none is dropped, but the search is
/// short: the open elements have few different effects.
fn last_open(open: &mut Vec<usize>, tags: &[Tag], effect: Effect) -> Option<usize> {
    const FARTHEST: usize = 16;
    steps::count(FARTHEST);
    let near = open.len().saturating_sub(FARTHEST);
    let place = open[near..]
        .iter()
        .rposition(|index| tags[*index].effect == effect)?;
    let begin = open[near + place];
    open.truncate(near + place);
    Some(begin)
}

/// What happens to a tag without its counterpart.
fn alone(text: &str, tag: Tag) -> Role {
    let before = &text[..tag.start];
    match (tag.form, tag.effect) {
        (_, Effect::LineBreak) => Role::Break,
        (_, Effect::Paragraph) if tag.has_prefix => Role::Break,
        // Leave the tag in "the <p> element".
        (Form::Opening, Effect::Paragraph) if before.is_empty() || before.ends_with(['.', '>']) => {
            Role::Break
        }
        (Form::Closing, Effect::Paragraph) if !before.ends_with(char::is_whitespace) => Role::Break,
        _ if tag.has_prefix => Role::Nothing,
        _ => Role::Text,
    }
}

/// Whether the text mentions the tags instead of using them, as in `<code> and </code>`.
fn is_about_tags(content: &str) -> bool {
    matches!(
        content.trim(),
        "and" | "or" | "to" | "/" | "," | "..." | "…" | ". . ."
    )
}

fn is_break(effect: Effect) -> bool {
    matches!(effect, Effect::Paragraph | Effect::LineBreak)
}
