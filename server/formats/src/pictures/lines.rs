//! Text into lines, as a compositor would set it: as few as it takes, and those of about one length.

use textwrap::{WordSeparator, core::Fragment, wrap_algorithms::wrap_first_fit};

use super::fonts::{Cut, fonts};

/// A word and the white space behind it, by their widths.
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

/// Sets a text in lines no wider than `width` (in parts of the size of its type), at most `most` of them; what is left
/// over shows as an ellipsis. The last is whether all of it is there.
pub(super) fn set(cut: Cut, text: &str, width: f32, most: usize) -> (Vec<String>, bool) {
    let pieces = pieces(cut, text, width);
    let lines = wrap(&pieces, width);
    if lines.len() <= most {
        return (balanced(&pieces, width, lines.len()), true);
    }
    let mut kept: Vec<String> = lines.into_iter().take(most).collect();
    if let Some(last) = kept.last_mut() {
        *last = shortened(cut, &format!("{last} "), width);
    }
    (kept, false)
}

/// As much of a line as fits, and an ellipsis.
pub(super) fn fitted(cut: Cut, text: &str, width: f32) -> String {
    if fonts().width(cut, text) <= width {
        text.to_owned()
    } else {
        shortened(cut, text, width)
    }
}

fn shortened(cut: Cut, text: &str, width: f32) -> String {
    let mut kept = text;
    loop {
        let bare = kept.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '(')
        });
        let line = format!("{bare}…");
        if bare.is_empty() || fonts().width(cut, &line) <= width {
            return line;
        }
        // A whole word less, or of a single one a letter.
        let end = match bare.rfind(' ') {
            Some(at) if at > 0 => at,
            _ => bare.char_indices().next_back().map_or(0, |(at, _)| at),
        };
        kept = &bare[..end];
    }
}

/// The places a line may end at (Unicode Standard Annex 14); a word wider than a line is cut between letters.
fn pieces(cut: Cut, text: &str, width: f32) -> Vec<Piece<'_>> {
    let fonts = fonts();
    let mut pieces = Vec::new();
    for word in WordSeparator::UnicodeBreakProperties.find_words(text) {
        let space = f64::from(fonts.width(cut, word.whitespace));
        let mut rest = word.word;
        while fonts.width(cut, rest) > width {
            let mut sum = 0.0;
            let end = rest
                .char_indices()
                .find(|(at, c)| {
                    sum += fonts.width(cut, c.encode_utf8(&mut [0; 4]));
                    *at > 0 && sum > width
                })
                .map_or(rest.len(), |(at, _)| at);
            let (front, back) = rest.split_at(end);
            pieces.push(Piece {
                text: front,
                width: f64::from(fonts.width(cut, front)),
                space: 0.0,
            });
            rest = back;
        }
        pieces.push(Piece {
            text: rest,
            width: f64::from(fonts.width(cut, rest)),
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

/// The narrowest setting in as many lines.
fn balanced(pieces: &[Piece<'_>], width: f32, count: usize) -> Vec<String> {
    let (mut too_narrow, mut enough) = (width / 2.0, width);
    while enough - too_narrow > 0.1 {
        let middle = f32::midpoint(too_narrow, enough);
        // A word wider than that would stick out.
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
        fonts().width(Cut::Headline, line)
    }

    #[test]
    fn the_lines_of_a_title_are_of_about_one_length() {
        let title =
            "Strong convergence of an inertial algorithm for maximal monotone inclusions with applications";
        let (lines, whole) = set(Cut::Headline, title, 16.0, 5);
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
            let (lines, _) = set(Cut::Headline, &title, 12.0, 5);
            assert!(
                lines.len() <= 5 && lines.iter().all(|line| wide(line) <= 12.01),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_ends_with_an_ellipsis_at_a_word() {
        let (lines, whole) = set(Cut::Headline, &"words, and ".repeat(60), 20.0, 3);
        assert!(!whole && lines.len() == 3);
        let last = lines.last().expect("three");
        assert!(last.ends_with("words…") || last.ends_with("and…"), "{last}");
        assert!(wide(last) <= 20.0);
        assert_eq!(fitted(Cut::Text, "short", 20.0), "short");
    }
}
