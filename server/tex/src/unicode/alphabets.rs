//! Letters as double-struck letters, superscripts and subscripts.

/// A letter or digit in double-struck type, as in ℝ; itself if Unicode does not have it.
pub(super) fn double_struck(letter: char) -> char {
    let (start, from) = match letter {
        // These were in Unicode before the alphabet.
        'C' => return 'ℂ',
        'H' => return 'ℍ',
        'N' => return 'ℕ',
        'P' => return 'ℙ',
        'Q' => return 'ℚ',
        'R' => return 'ℝ',
        'Z' => return 'ℤ',
        'A'..='Z' => (0x1D538, 'A'),
        'a'..='z' => (0x1D552, 'a'),
        '0'..='9' => (0x1D7D8, '0'),
        _ => return letter,
    };
    char::from_u32(start + (u32::from(letter) - u32::from(from))).unwrap_or(letter)
}

/// `c` as a superscript, if Unicode has it.
pub(super) fn superscript(c: char) -> Option<char> {
    pick(
        c,
        "0123456789+-−=()niabcdefghjklmoprstuvwxyzβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵝᵞᵟᶿᵠᵡ",
    )
    .or_else(|| {
        pick(
            c,
            "∗*′∘°†‡§¶®™©TABDEGHIJKLMNOPRUVW",
            "**′°°†‡§¶®™©ᵀᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ",
        )
    })
}

/// `c` as a subscript, if Unicode has it.
pub(super) fn subscript(c: char) -> Option<char> {
    pick(
        c,
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
    )
}

fn pick(c: char, from: &str, to: &str) -> Option<char> {
    from.chars()
        .zip(to.chars())
        .find(|(plain, _)| *plain == c)
        .map(|(_, script)| script)
}
