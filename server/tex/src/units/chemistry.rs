//! Chemical formulas of the mhchem package: `\ce{H2O}` is H₂O.

use crate::lexer::{self, Token};

/// A chemical formula as TeX that does not need the package.
///
/// Digits after an element or a bracket are subscripts. `^` and a sign at the end of a word are the charge.
pub(crate) fn chemistry(tokens: &[Token<'_>]) -> String {
    let source = lexer::source(tokens);
    let words: Vec<String> = source.split_whitespace().map(word).collect();
    words.join("\\ ")
}

fn word(source: &str) -> String {
    match source {
        "->" | "-->" => return "\\rightarrow ".to_owned(),
        "<-" => return "\\leftarrow ".to_owned(),
        "<->" => return "\\leftrightarrow ".to_owned(),
        "<=>" | "<=>>" | "<<=>" => return "\\rightleftharpoons ".to_owned(),
        "+" | "-" | "=" => return source.to_owned(),
        _ => {}
    }
    let mut out = String::from("\\mathrm{");
    let mut last = ' ';
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_charge = matches!(rest, "+" | "-") && last != ' ';
        let taken = if digits > 0 && (last.is_alphabetic() || matches!(last, ')' | ']' | '}')) {
            out.push_str(&format!("_{{{}}}", &rest[..digits]));
            digits
        } else if is_charge {
            out.push_str(&format!("^{{{c}}}"));
            1
        } else if let Some(script) = rest.strip_prefix('^').filter(|script| !script.starts_with('{')) {
            let length = script
                .bytes()
                .take_while(|byte| byte.is_ascii_digit() || b"+-".contains(byte))
                .count();
            out.push_str(&format!("^{{{}}}", &script[..length]));
            1 + length
        } else {
            out.push(c);
            c.len_utf8()
        };
        last = rest[..taken].chars().next_back().unwrap_or(c);
        rest = &rest[taken..];
    }
    out.push('}');
    out
}

#[cfg(test)]
mod tests {
    use crate::{mathml::mathml, plain};

    #[test]
    fn chemical_formulas_have_small_digits_and_charges() {
        for (text, expected) in [
            ("\\ce{H2O} and $\\ce{CO2}$", "H₂O and CO₂"),
            ("\\ce{SO4^2-}, \\ce{Na+}, \\ce{Fe^{3+}}", "SO₄²⁻, Na⁺, Fe³⁺"),
            (
                "\\ce{Ca(OH)2}, \\ce{^{13}C}, \\ce{LiNi_{0.8}O2}",
                "Ca(OH)₂, ¹³C, LiNi_(0.8)O₂",
            ),
            ("\\ce{2H2 + O2 -> 2H2O}", "2H₂ + O₂ → 2H₂O"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
        assert!(
            mathml("\\ce{SO4^2-} + \\ce{2H2 -> H4}", false).is_some_and(|markup| markup.contains("<msub"))
        );
    }
}
