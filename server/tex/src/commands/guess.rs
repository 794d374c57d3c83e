//! Guesses at unknown macros.

use super::command::Symbol;
use super::find::symbol;

/// Guesses what an unknown macro stands for from its name: `\cA`, `\calA`, `\Acal`, `\bbR`, `\bfx`,
/// `\bGamma`, `\zbar`.
///
/// Only for names that TeX does not have: by these rules `\beta` would be a bold η.
pub(crate) fn guess(name: &str, has_argument: bool) -> Option<String> {
    if has_argument && name.len() == 1 {
        return None;
    }
    bold_greek(name)
        .or_else(|| accented_letter(name))
        .or_else(|| letter_of_alphabet(name))
        .or_else(|| glued(name))
}

/// `\timesn`: the space before the letter was lost.
fn glued(name: &str) -> Option<String> {
    let (sign, letter) = name.split_at_checked(name.len().checked_sub(1)?)?;
    let is_sign = matches!(
        sign,
        "cdot" | "cup" | "ell" | "geq" | "leq" | "subset" | "subseteq" | "sum" | "times"
    );
    is_sign.then(|| format!("\\{sign} {letter}"))
}

fn bold_greek(name: &str) -> Option<String> {
    let greek = name.strip_prefix('b')?;
    matches!(symbol(greek)?, Symbol::Greek(_)).then(|| format!("{{\\boldsymbol{{\\{greek}}}}}"))
}

fn accented_letter(name: &str) -> Option<String> {
    ["bar", "hat", "tilde", "vec", "dot"]
        .into_iter()
        .find_map(|accent| {
            let letter = name.strip_suffix(accent).filter(|rest| rest.len() == 1)?;
            Some(format!("{{\\{accent}{{{letter}}}}}"))
        })
}

fn letter_of_alphabet(name: &str) -> Option<String> {
    if let Some(letter) = name.strip_suffix("cal").filter(|rest| is_capital(rest)) {
        return Some(format!("{{\\mathcal{{{letter}}}}}"));
    }
    let (alphabet, letter) = name.split_at_checked(name.len().checked_sub(1)?)?;
    let font = match alphabet {
        // Only its author knows which alphabet `\M` is from, so the plain letter is shown.
        "" => "mathrm",
        _ if alphabet == letter && is_capital(letter) => "mathbb",
        "c" | "cal" | "m" | "g" if is_capital(letter) => "mathcal",
        "bb" | "ds" if is_capital(letter) => "mathbb",
        "s" | "scr" if is_capital(letter) => "mathscr",
        "fr" | "frak" | "f" if is_capital(letter) => "mathfrak",
        "b" | "bf" | "bm" | "v" | "vec" | "mathbf" => "mathbf",
        "rm" => "mathrm",
        _ => return None,
    };
    Some(format!("{{\\{font}{{{letter}}}}}"))
}

fn is_capital(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
