//! Folds text to the form that people type in a search.

use unicode_normalization::UnicodeNormalization;

use crate::text::{is_control_or_noncharacter, is_invisible, one_line};

/// Folds a text to the letters that people type for it, so that spellings of one word compare equal.
///
/// - Lower case; one space between words.
/// - No diacritics on Latin, Greek and Cyrillic letters, no points on Hebrew and Arabic ones: `Erdős` is `erdos`. Marks in
///   other scripts are part of the word and are kept.
/// - Compatibility characters are replaced (NFKC, Unicode Standard Annex 15): `CO₂` is `co2`, `ﬁ` is `fi`, `𝒪` is `o`.
/// - Letters that Unicode does not decompose are spelled out: ł is `l`, ø is `o`, ß is `ss`, æ is `ae`, đ is `d`, ı is `i`.
/// - One or two Greek letters become their names, as separate words: `α-alumina` is `alpha-alumina`, `αβ` is `alpha beta`,
///   `ΔE` is `delta e`. Three or more are a Greek word and stay Greek.
/// - A micro sign or μ before a unit is `u`: `10 µm` is `10 um`. The number is not needed, because a search for `μm` has
///   none.
/// - Dashes are `-`, curly quotation marks are straight, and invisible and control characters are left out.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else {
        fold_letters(text, &mut folded);
        folded = name_greek_letters(&folded).nfc().collect();
    }
    one_line(&folded)
}

/// All steps except Greek letter names. The result may still be decomposed.
fn fold_letters(text: &str, folded: &mut String) {
    // NFKD makes two primes of a double prime.
    let text = text.chars().map(|c| if c == '″' { '"' } else { c });
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if is_dropped_mark(c) || is_invisible(c) || is_control_or_noncharacter(c) {
            continue;
        }
        match written_out(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
}

/// Whether people leave out this mark: a diacritic, or a point of Hebrew or Arabic. The marks of other scripts, such as
/// those of kana, make different letters: は is not ば.
fn is_dropped_mark(c: char) -> bool {
    let is_diacritic = matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}');
    let is_point = matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}');
    is_point || is_diacritic
}

/// The ASCII spelling of a lower-case letter or sign that Unicode does not decompose.
fn written_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' | 'ƚ' => "l",
        'ø' | 'ɵ' => "o",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'đ' | 'ð' | 'ɖ' => "d",
        'ħ' => "h",
        'ı' | 'ɨ' => "i",
        'ĸ' => "k",
        'ŋ' => "n",
        'ŧ' => "t",
        'þ' => "th",
        'ƀ' => "b",
        'ƶ' => "z",
        'ɓ' => "b",
        'ɗ' => "d",
        'ə' => "e",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '－' => "-",
        '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '′' | 'ʹ' => "'",
        '“' | '”' | '„' | '‟' | '«' | '»' => "\"",
        '⁄' | '∕' => "/",
        '×' => "x",
        'ς' => "σ",
        // The increment sign looks like Δ.
        '∆' => "δ",
        _ => return None,
    })
}

/// The Greek letters and their names in English.
const GREEK: [(char, &str); 24] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

fn greek_name(c: char) -> Option<&'static str> {
    GREEK
        .iter()
        .find(|(letter, _)| *letter == c)
        .map(|(_, name)| *name)
}

/// The shortest run of Greek letters that is read as a Greek word. A shorter run is letters of formulas: `αβ-divergence`.
const SHORTEST_WORD: usize = 3;

/// Units after a micro sign, in small letters.
const UNITS: [&str; 16] = [
    "m", "s", "l", "g", "k", "v", "w", "a", "f", "h", "j", "ev", "mol", "pa", "hz", "sv",
];

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}') && c.is_alphabetic()
}

/// Replaces each Greek letter that is not in a Greek word with its name.
fn name_greek_letters(text: &str) -> String {
    let mut named = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if is_greek(c) {
            let end = rest.find(|c| !is_greek(c)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            push_greek(&mut named, run, after);
            rest = after;
        } else {
            named.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    named
}

/// Adds a run of Greek letters. `after` is the text after it.
fn push_greek(named: &mut String, run: &str, after: &str) {
    if run.chars().count() >= SHORTEST_WORD {
        named.push_str(run);
        return;
    }
    if run == "μ" && !named.ends_with(char::is_alphabetic) && starts_with_unit(after) {
        named.push('u');
        return;
    }
    for c in run.chars() {
        if named.ends_with(char::is_alphabetic) {
            named.push(' ');
        }
        match greek_name(c) {
            Some(name) => named.push_str(name),
            None => named.push(c),
        }
    }
    if after.starts_with(char::is_alphabetic) {
        named.push(' ');
    }
}

fn starts_with_unit(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    UNITS.contains(&&text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn diacritics_are_left_out() {
        for (text, typed) in [
            ("Schrödinger", "schrodinger"),
            ("Poincaré", "poincare"),
            ("Erdo\u{30b}s", "erdos"),
            ("Nguyễn Thị Hồng", "nguyen thi hong"),
            ("Çelik ŞAHİN", "celik sahin"),
            ("Ёлкин", "елкин"),
            ("Ἀριστοτέλης", "αριστοτελησ"),
            ("שָׁלוֹם", "שלום"),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn letters_that_unicode_does_not_decompose_are_spelled_out() {
        for (text, typed) in [
            ("Łukasz Kaiser", "lukasz kaiser"),
            ("Jørgen Ørsted", "jorgen orsted"),
            ("Straße GROẞ", "strasse gross"),
            ("Æther œuvre", "aether oeuvre"),
            ("Đorđe Ðóra", "dorde dora"),
            ("Yıldız", "yildiz"),
            ("Þór Ħal", "thor hal"),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn sub_and_superscripts_ligatures_and_alphabets_are_plain() {
        for (text, typed) in [
            ("CO₂ and H₂O", "co2 and h2o"),
            ("10⁻³ m²", "10-3 m2"),
            ("eﬃcient ﬁt", "efficient fit"),
            ("𝒪(n) 𝐱 ℝ", "o(n) x r"),
            ("ＧＰＴ－４", "gpt-4"),
            ("state‑of–the—art −1", "state-of-the-art -1"),
            ("O’Neil “quoted”", "o'neil \"quoted\""),
            ("trans\u{ad}for\u{200b}mers", "transformers"),
            (" a\u{a0}\n b\u{0} ", "a b"),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn a_greek_letter_is_its_name_and_a_greek_word_stays_greek() {
        for (text, typed) in [
            ("α-alumina", "alpha-alumina"),
            ("β-VAE", "beta-vae"),
            ("π₀", "pi0"),
            ("4π", "4pi"),
            ("ϵ-greedy and ϕ", "epsilon-greedy and phi"),
            ("Δ", "delta"),
            ("𝛼", "alpha"),
            ("λόγος", "λογοσ"),
            ("π-μο", "pi-mu omicron"),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_greek_letter_is_a_word_of_its_own() {
        for (text, typed) in [
            ("αβ-divergence", "alpha beta-divergence"),
            ("(ε,δ)-private", "(epsilon,delta)-private"),
            ("ΔE and ∆E", "delta e and delta e"),
            ("ΛCDM", "lambda cdm"),
            ("TGFβ1", "tgf beta1"),
            ("∆-stepping", "delta-stepping"),
            ("μP and μTransfer", "mu p and mu transfer"),
            ("εδN", "epsilon delta n"),
            ("éα", "e alpha"),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn the_micro_sign_of_a_unit_is_u() {
        for (text, typed) in [
            ("10 µm", "10 um"),
            ("10 μm", "10 um"),
            ("10μm²", "10um2"),
            ("5 µs, 3 μL/min", "5 us, 3 ul/min"),
            ("2.5 μg/mL", "2.5 ug/ml"),
            ("㎛", "um"),
            ("50 μeV", "50 uev"),
            ("µ", "mu"),
            ("μ-law", "mu-law"),
            ("μmap", "mu map"),
            ("Fμm", "f mu m"),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn primes_and_double_primes_are_quotation_marks() {
        for (text, typed) in [
            ("5′ 30″", "5' 30\""),
            ("f″(x)", "f\"(x)"),
            ("x‴", "x'''"),
            ("«a» „b“", "\"a\" \"b\""),
        ] {
            assert_eq!(fold(text), typed, "{text}");
        }
    }

    #[test]
    fn marks_that_make_another_letter_are_kept() {
        for text in ["ば", "ガ", "パ", "한국어", "हिन्दी", "ไทย", "深層学習"] {
            assert_eq!(fold(text), text);
        }
    }

    proptest! {
        #[test]
        fn folding_any_text_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_greek_text_twice_changes_nothing(text in "[αβμςΔ∆µϝasmA \u{301}\u{3099}\u{345}′″0-]{0,20}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
