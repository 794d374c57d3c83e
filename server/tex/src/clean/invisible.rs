//! Invisible characters.

use domain::text::{self, is_joiner_or_selector};

/// Whether a character is invisible and may be removed from any text.
///
/// Joiners and variation selectors are not among them, because they change how their neighbours
/// look. Neither is white space.
pub(crate) fn is_invisible(c: char) -> bool {
    text::is_control_or_noncharacter(c) || (text::is_invisible(c) && !is_joiner_or_selector(c))
}

/// Whether the joiner or variation selector `c` changes how its neighbours look.
///
/// `before` is the last visible character, `after` the next character of the text.
pub(super) fn is_needed(c: char, before: Option<char>, after: Option<char>) -> bool {
    let both = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match c {
        '\u{200c}' => both(joins_letters),
        '\u{200d}' => both(joins_letters) || both(is_of_emoji),
        '\u{fe0e}' | '\u{fe0f}' => {
            before.is_some_and(is_of_emoji) || (before.is_some_and(is_keycap) && after == Some('\u{20e3}'))
        }
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => before.is_some_and(is_ideograph),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => before.is_some_and(joins_letters),
        _ => true,
    }
}

/// Whether the letter belongs to a script whose letters join: Arabic, Syriac, Mongolian, and the scripts
/// of India and of South East Asia.
fn joins_letters(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{dff}'
        | '\u{f00}'..='\u{109f}'
        | '\u{1700}'..='\u{18af}'
        | '\u{1900}'..='\u{1cff}'
        | '\u{a800}'..='\u{aaff}'
        | '\u{abc0}'..='\u{abff}'
        | '\u{fb50}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}'
        | '\u{10a00}'..='\u{10aff}'
        | '\u{11000}'..='\u{11fff}'
        | '\u{1e900}'..='\u{1e95f}')
}

/// Whether the character is in a Unicode block that holds emoji, or modifies an emoji.
fn is_of_emoji(c: char) -> bool {
    matches!(c,
        '©' | '®' | '\u{200d}' | '\u{203c}' | '\u{2049}' | '™' | 'ℹ'
        | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}'
        | 'Ⓜ'
        | '\u{25a0}'..='\u{27bf}'
        | '\u{2934}' | '\u{2935}'
        | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{fe0e}' | '\u{fe0f}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Whether the character is the base of a keycap, as in 1️⃣.
fn is_keycap(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
