//! Breaks text into as few lines as possible, of about the same length.

use textwrap::{WordSeparator, core::Fragment, wrap_algorithms::wrap_first_fit};

use super::font::Font;
use super::fonts::fonts;

/// A word with the widths of itself and of the space after it.
#[derive(Debug, Clone)]
struct Piece<'a> {
    text: &'a str,
    width: f64,
    space: f64,
}

impl Fragment for Piece<'_> {
    fn width(&self) -> f64 {
        self.width
    }
    fn whitespace_width(&self) -> f64 {
        self.space
    }
    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// A text in at most `most` lines, and whether it fits. If it does not, the last line ends with an ellipsis.
///
/// `width` is the width of a line, in parts of the font size.
pub(super) fn broken(font: Font, text: &str, width: f32, most: usize) -> (Vec<String>, bool) {
    let pieces = pieces(font, text, width);
    let lines = wrap(&pieces, width);
    if lines.len() <= most {
        return (balanced(&pieces, width, lines.len()), true);
    }
    let mut shown: Vec<String> = lines.into_iter().take(most).collect();
    if let Some(last) = shown.last_mut() {
        *last = shortened(font, &format!("{last} "), width);
    }
    (shown, false)
}

/// A text as one line. If it is too wide, its end is replaced by an ellipsis.
pub(super) fn fitted(font: Font, text: &str, width: f32) -> String {
    if fonts().width(font, text) <= width {
        text.to_owned()
    } else {
        shortened(font, text, width)
    }
}

fn shortened(font: Font, text: &str, width: f32) -> String {
    let mut rest = text;
    loop {
        let bare = rest.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '(')
        });
        let line = format!("{bare}…");
        if bare.is_empty() || fonts().width(font, &line) <= width {
            return line;
        }
        // Remove the last word, or the last letter of the only word.
        let end = match bare.rfind(' ') {
            Some(at) if at > 0 => at,
            _ => bare.char_indices().next_back().map_or(0, |(at, _)| at),
        };
        rest = &bare[..end];
    }
}

/// The parts between which a line may end (Unicode Standard Annex 14). A word wider than a line is cut between
/// letters.
fn pieces(font: Font, text: &str, width: f32) -> Vec<Piece<'_>> {
    let fonts = fonts();
    let mut pieces = Vec::new();
    for word in WordSeparator::UnicodeBreakProperties.find_words(text) {
        let space = f64::from(fonts.width(font, word.whitespace));
        let mut rest = word.word;
        while fonts.width(font, rest) > width {
            let mut sum = 0.0;
            let end = rest
                .char_indices()
                .find(|(at, c)| {
                    sum += fonts.width(font, c.encode_utf8(&mut [0; 4]));
                    *at > 0 && sum > width
                })
                .map_or(rest.len(), |(at, _)| at);
            let (front, back) = rest.split_at(end);
            pieces.push(Piece {
                text: front,
                width: f64::from(fonts.width(font, front)),
                space: 0.0,
            });
            rest = back;
        }
        pieces.push(Piece {
            text: rest,
            width: f64::from(fonts.width(font, rest)),
            space,
        });
    }
    pieces
}

fn wrap(pieces: &[Piece<'_>], width: f32) -> Vec<String> {
    wrap_first_fit(pieces, &[f64::from(width)])
        .into_iter()
        .map(|line| {
            let mut text = String::new();
            for piece in line {
                text.push_str(piece.text);
                if piece.space > 0.0 {
                    text.push(' ');
                }
            }
            text.trim_end().to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect()
}

/// The text in `count` lines, as narrow as possible.
fn balanced(pieces: &[Piece<'_>], width: f32, count: usize) -> Vec<String> {
    let (mut too_narrow, mut enough) = (width / 2.0, width);
    while enough - too_narrow > 0.1 {
        let middle = f32::midpoint(too_narrow, enough);
        // A wider word would stick out.
        let fits = pieces.iter().all(|piece| piece.width <= f64::from(middle));
        if fits && wrap(pieces, middle).len() <= count {
            enough = middle;
        } else {
            too_narrow = middle;
        }
    }
    wrap(pieces, enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(line: &str) -> f32 {
        fonts().width(Font::Headline, line)
    }

    #[test]
    fn the_lines_of_a_title_have_about_the_same_length() {
        let title =
            "Strong convergence of an inertial algorithm for maximal monotone inclusions with applications";
        let (lines, whole) = broken(Font::Headline, title, 16.0, 5);
        assert!(whole);
        assert_eq!(lines.join(" "), title);
        let widths: Vec<f32> = lines.iter().map(|line| wide(line)).collect();
        let (least, most) = widths
            .iter()
            .fold((f32::MAX, 0.0_f32), |(a, b), w| (a.min(*w), b.max(*w)));
        assert!(most <= 16.0 && least > most * 0.6, "{lines:?} {widths:?}");
    }

    #[test]
    fn a_word_wider_than_a_line_is_cut_and_nothing_sticks_out() {
        for title in [
            "a".repeat(300),
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft of it"
                .to_owned(),
        ] {
            let (lines, _) = broken(Font::Headline, &title, 12.0, 5);
            assert!(
                lines.len() <= 5 && lines.iter().all(|line| wide(line) <= 12.01),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_text_that_does_not_fit_ends_with_an_ellipsis_after_a_word() {
        let (lines, whole) = broken(Font::Headline, &"words, and ".repeat(60), 20.0, 3);
        assert!(!whole && lines.len() == 3);
        let last = lines.last().expect("three");
        assert!(last.ends_with("words…") || last.ends_with("and…"), "{last}");
        assert!(wide(last) <= 20.0);
        assert_eq!(fitted(Font::Text, "short", 20.0), "short");
    }
}
