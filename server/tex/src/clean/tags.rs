//! Recognises the simple tags of HTML, JATS and MathML that exporters leave in a text.

use crate::steps;

/// The maximum length of a tag with its attributes, in bytes.
const LONGEST: usize = 300;

/// A supported tag at some position in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tag {
    /// Index of its `<`.
    pub start: usize,
    /// Index after its `>`.
    pub end: usize,
    pub form: Form,
    pub effect: Effect,
    /// Whether its name has a prefix, as in `<jats:p>`, or is as unusual, as in `<inline-formula>`. Prose
    /// never contains such a name.
    pub has_prefix: bool,
}

/// The role of a tag in its element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Opening,
    Closing,
    /// `<br/>`
    Whole,
}

/// How the content of an element is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Effect {
    Subscript,
    Superscript,
    Emphasis,
    /// A style that prose does not show, such as small capitals.
    Style,
    Paragraph,
    LineBreak,
}

/// The tags of a text, in order.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(length) = text[from..].find('<') {
        let at = from + length;
        from = at + 1;
        if let Some(tag) = tag(text, at) {
            from = tag.end;
            tags.push(tag);
        }
    }
    tags
}

/// The tag whose `<` is at byte `start`.
fn tag(text: &str, start: usize) -> Option<Tag> {
    steps::count(2 * LONGEST);
    let rest = &text[start + 1..];
    let (rest, is_closing) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
    let length = rest
        .bytes()
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b":-".contains(byte))
        .count();
    let (name, after) = rest.split_at(length);
    let end = after.bytes().take(LONGEST).position(|byte| byte == b'>')?;
    let attributes = &after[..end];
    let (attributes, is_whole) = attributes
        .strip_suffix('/')
        .map_or((attributes, false), |inside| (inside, true));
    if !are_attributes(attributes) || (is_closing && !attributes.trim().is_empty()) {
        return None;
    }
    let (effect, has_prefix) = effect(&name.to_ascii_lowercase())?;
    let form = match (is_closing, is_whole || effect == Effect::LineBreak) {
        (true, _) => Form::Closing,
        (false, true) => Form::Whole,
        (false, false) => Form::Opening,
    };
    Some(Tag {
        start,
        end: text.len() - after.len() + end + 1,
        form,
        effect,
        has_prefix,
    })
}

/// The effect of an element, and whether its name has a prefix. `None` if its tags stay text.
fn effect(name: &str) -> Option<(Effect, bool)> {
    if let Some(name) = name.strip_prefix("jats:").or_else(|| name.strip_prefix("mml:")) {
        let effect = match name {
            "sec" | "title" => Effect::Paragraph,
            _ => known(name).unwrap_or(Effect::Style),
        };
        return Some((effect, true));
    }
    let is_unusual = matches!(
        name,
        "disp-formula"
            | "ext-link"
            | "inline-formula"
            | "list-item"
            | "mfenced"
            | "mfrac"
            | "mover"
            | "mroot"
            | "mrow"
            | "mspace"
            | "msqrt"
            | "mstyle"
            | "msub"
            | "msubsup"
            | "msup"
            | "mtable"
            | "munder"
            | "munderover"
            | "named-content"
            | "sans-serif"
            | "styled-content"
            | "tex-math"
            | "xref"
    );
    let effect = match name {
        "list-item" | "sec" | "title" => Effect::Paragraph,
        "math" | "mi" | "mn" | "mo" | "mtd" | "mtext" | "mtr" | "semantics" => Effect::Style,
        _ if is_unusual => Effect::Style,
        _ => known(name)?,
    };
    Some((effect, is_unusual))
}

fn known(name: &str) -> Option<Effect> {
    Some(match name {
        "sub" | "inf" => Effect::Subscript,
        "sup" => Effect::Superscript,
        "i" | "em" | "italic" => Effect::Emphasis,
        "a" | "b" | "big" | "bold" | "code" | "font" | "monospace" | "sc" | "scp" | "small" | "span"
        | "strong" | "tt" | "u" | "underline" => Effect::Style,
        "div" | "li" | "ol" | "p" | "ul" => Effect::Paragraph,
        "br" => Effect::LineBreak,
        _ => return None,
    })
}

/// Whether the text between a name and the end of its tag is empty, or attributes with values.
///
/// In `a<b and c>d` it is neither of these.
fn are_attributes(text: &str) -> bool {
    let mut rest = text.trim_start();
    if rest.len() == text.len() && !text.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let name = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(byte))
            .count();
        let Some(value) = rest[name..].strip_prefix('=').filter(|_| name > 0) else {
            return false;
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let after = match quote {
            Some(quote) => value[1..].split_once(quote).map(|(_, after)| after),
            None => match value.find(char::is_whitespace).unwrap_or(value.len()) {
                0 => None,
                end => value.get(end..),
            },
        };
        let Some(after) = after else {
            return false;
        };
        rest = after.trim_start();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tags of a text as written.
    fn written(text: &str) -> Vec<&str> {
        tags(text)
            .into_iter()
            .map(|tag| &text[tag.start..tag.end])
            .collect()
    }

    #[test]
    fn known_tags_are_recognised_in_every_spelling() {
        for (text, expected) in [
            ("CO<sub>2</sub>", &["<sub>", "</sub>"][..]),
            ("CO<SUB>2</SUB >", &["<SUB>", "</SUB >"]),
            ("a<br>b<br/>c<br />", &["<br>", "<br/>", "<br />"]),
            ("<jats:p>x</jats:p>", &["<jats:p>", "</jats:p>"]),
            ("<jats:inline-formula>", &["<jats:inline-formula>"]),
            (
                "<span class=\"it\" id='a' lang=en>",
                &["<span class=\"it\" id='a' lang=en>"],
            ),
            (
                "<mml:mi mathvariant=\"normal\">",
                &["<mml:mi mathvariant=\"normal\">"],
            ),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn other_angle_brackets_are_not_tags() {
        for text in [
            "a<b and c>d",
            "x < y",
            "<T>",
            "<script>",
            "</script>",
            "<think>",
            "<x, y>",
            "<i",
            "<>",
            "</>",
            "< i>",
            "<b,c>",
            "<i and=>",
            "<b c>",
            "<img src=x>",
            "<é>",
            "<p$, $a>",
        ] {
            assert!(written(text).is_empty(), "{text}");
        }
    }
}
