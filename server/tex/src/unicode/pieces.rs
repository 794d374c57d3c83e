//! Writes names, gaps, scripts and fractions of plain text.

use super::alphabets;
use crate::lexer::Token;

/// Writes a name, with a space between it and a letter or digit before it.
pub(super) fn push_name(out: &mut String, name: &str) {
    if out.ends_with(|c: char| c.is_alphanumeric()) {
        out.push(' ');
    }
    out.push_str(name);
}

/// Writes a space if the next token would touch the name before it.
pub(super) fn push_gap(out: &mut String, next: Option<&Token<'_>>) {
    if matches!(next, Some(Token::Char(c)) if c.is_alphanumeric()) || matches!(next, Some(Token::Word(_))) {
        push_space(out);
    }
}

/// Writes a space, unless there is one.
pub(super) fn push_space(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Writes a script: in small letters if Unicode has them all, otherwise after `^` or `_`.
pub(super) fn push_script(out: &mut String, is_upper: bool, script: &str) {
    let small_letter = if is_upper {
        alphabets::superscript
    } else {
        alphabets::subscript
    };
    if script.is_empty() {
        return;
    }
    match script.chars().map(small_letter).collect::<Option<String>>() {
        Some(script) => out.push_str(&script),
        None => {
            out.push(if is_upper { '^' } else { '_' });
            if script.chars().all(char::is_alphanumeric) || script.chars().count() == 1 {
                out.push_str(script);
            } else {
                out.push_str(&format!("({script})"));
            }
        }
    }
}

/// A script of prose after the character `before`. The ending of an ordinal number is not raised: "1st".
pub(crate) fn script_of_prose(sign: char, before: char, script: &str) -> String {
    let is_ordinal = sign == '^'
        && matches!(script, "st" | "nd" | "rd" | "th")
        && (before.is_alphanumeric() || matches!(before, '$' | ')' | '-'));
    if is_ordinal {
        return script.to_owned();
    }
    let mut out = String::new();
    push_script(&mut out, sign == '^', script);
    out
}

/// A sign struck through, as by `\not`.
pub(super) fn negated(sign: &str) -> String {
    let composed = match sign {
        "=" => "≠",
        "∈" => "∉",
        "≡" => "≢",
        "⊂" => "⊄",
        "⊆" => "⊈",
        "∼" => "≁",
        "∃" => "∄",
        _ => return format!("{sign}\u{338}"),
    };
    composed.to_owned()
}

/// The text, in parentheses unless it is one letter or one number.
pub(super) fn in_parentheses(text: &str) -> String {
    let is_one =
        text.chars().filter(|c| c.is_alphanumeric()).count() <= 1 || text.chars().all(char::is_numeric);
    if is_one && !text.contains(['+', '-', ' ']) {
        text.to_owned()
    } else {
        format!("({text})")
    }
}
