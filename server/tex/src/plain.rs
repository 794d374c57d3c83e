//! Titles and abstracts as one line of plain text.

use super::clean::{clean, tidy};
use super::prose::{self, Piece};
use super::unicode::flatten;

/// The version of the result of [`plain()`].
///
/// Increase it whenever the result changes for any text, so that stored plain texts are computed again.
pub const PLAIN_VERSION: i64 = 3;

/// The text on one line of plain Unicode, for email, `<title>`, feeds and the search index: `$x^2$`
/// is x².
///
/// Entities and simple tags of HTML are resolved, invisible characters and ligatures are replaced,
/// and letters are composed (NFC). An unknown macro shows its argument, or its name if it has none.
/// Empty only if the text has no visible characters.
pub fn plain(text: &str) -> String {
    let cleaned = clean(text);
    if is_without_tex(&cleaned) {
        let line = on_one_line(&cleaned);
        if !line.is_empty() {
            return line;
        }
    }
    let mut line = String::with_capacity(cleaned.len());
    for piece in prose::read(&cleaned) {
        match piece {
            Piece::Text(text) | Piece::Emphasis(text) => line.push_str(&text),
            Piece::Formula { source, .. } => line.push_str(&flatten(source)),
            Piece::Link { url, words } => {
                let text = words.map(plain).filter(|text| !text.is_empty());
                line.push_str(&text.unwrap_or(url));
            }
        }
    }
    // Accents in formulas and in prose may have produced characters that can be composed.
    let tidied = if line.is_ascii() { None } else { tidy(&line) };
    let line = on_one_line(&tidied.unwrap_or(line));
    if line.is_empty() { as_written(text) } else { line }
}

/// A text that would be empty, as its author wrote it but without invisible characters.
pub(super) fn as_written(text: &str) -> String {
    on_one_line(tidy(text).as_deref().unwrap_or(text))
}

/// Whether the text contains nothing that TeX treats specially.
fn is_without_tex(text: &str) -> bool {
    let mut last = b' ';
    text.bytes().all(|byte| {
        let before = std::mem::replace(&mut last, byte);
        match byte {
            b'\\' | b'$' | b'{' | b'}' | b'`' | b'~' => false,
            b'-' | b'\'' => before != byte,
            _ => true,
        }
    })
}

fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut push = |word: &str| {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    };
    // Bytes are compared several times faster than characters. In ASCII, only the vertical tab is treated differently.
    if text.is_ascii() && !text.contains('\u{b}') {
        text.split_ascii_whitespace().for_each(&mut push);
    } else {
        text.split_whitespace().for_each(&mut push);
    }
    line
}
