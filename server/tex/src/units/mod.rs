//! Numbers and units of the siunitx package: `\SI{10}{\nano\metre}` is 10 nm.
//!
//! They become TeX that does not need the package, so that each writer handles them like any formula. As in
//! siunitx, a thin space separates a number from its unit, and `\per` means a negative power.

mod chemistry;
mod names;
mod number;
mod unit;

use crate::arguments::{argument, optional};
use crate::lexer::{self, Token};
use chemistry::chemistry;
use number::{list, number};
use unit::unit;

/// A command of siunitx, or `\ce` of mhchem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Siunitx {
    /// `\num{1e5}`
    Number,
    /// `\unit{\metre}`
    Unit,
    /// `\qty{5}{\kelvin}`
    Quantity,
    /// `\numrange{1}{2}`
    NumberRange,
    /// `\qtyrange{1}{2}{\metre}`
    QuantityRange,
    /// `\numlist{1;2;3}`
    NumberList,
    /// `\qtylist{1;2;3}{\metre}`
    QuantityList,
    /// `\ang{1;2;3}`: degrees, minutes and seconds.
    Angle,
    /// `\ce{H2O}`: a chemical formula.
    Chemistry,
}

impl Siunitx {
    /// The command with this name, without its backslash, from any version of the package.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "num" | "complexnum" | "numproduct" | "tablenum" => Self::Number,
            "si" | "unit" => Self::Unit,
            "SI" | "qty" | "complexqty" | "qtyproduct" => Self::Quantity,
            "numrange" => Self::NumberRange,
            "SIrange" | "qtyrange" => Self::QuantityRange,
            "numlist" => Self::NumberList,
            "SIlist" | "qtylist" => Self::QuantityList,
            "ang" => Self::Angle,
            "ce" | "cee" => Self::Chemistry,
            _ => return None,
        })
    }

    /// The number of its arguments in braces.
    pub(crate) fn arguments(self) -> usize {
        match self {
            Self::Number | Self::Unit | Self::NumberList | Self::Angle | Self::Chemistry => 1,
            Self::Quantity | Self::NumberRange | Self::QuantityList => 2,
            Self::QuantityRange => 3,
        }
    }

    /// Its output in TeX. Missing arguments are empty.
    pub(crate) fn tex(self, arguments: &[&[Token<'_>]]) -> String {
        let argument = |index: usize| arguments.get(index).copied().unwrap_or_default();
        let source = |index| lexer::source(argument(index));
        match self {
            Self::Number => number(&source(0)),
            Self::Unit => unit(argument(0)),
            Self::Quantity => with_unit(&number(&source(0)), &unit(argument(1))),
            Self::NumberRange => format!("{}\\text{{ to }}{}", number(&source(0)), number(&source(1))),
            Self::QuantityRange => {
                let unit = unit(argument(2));
                let (from, to) = (
                    with_unit(&number(&source(0)), &unit),
                    with_unit(&number(&source(1)), &unit),
                );
                format!("{from}\\text{{ to }}{to}")
            }
            Self::NumberList => list(&source(0), number),
            Self::QuantityList => {
                let unit = unit(argument(1));
                list(&source(0), |item| with_unit(&number(item), &unit))
            }
            Self::Angle => angle(&source(0)),
            Self::Chemistry => chemistry(argument(0)),
        }
    }
}

/// The siunitx command `name` that ends before index `at`, rewritten as plain TeX, and the index after its arguments.
///
/// `None` if it is not a siunitx command or lacks arguments: some authors define `\si` as σ.
pub(crate) fn siunitx(name: &str, tokens: &[Token<'_>], at: usize) -> Option<(String, usize)> {
    let command = Siunitx::named(name)?;
    let (_, mut at) = optional(tokens, at);
    if tokens.get(at) != Some(&Token::Open) {
        return None;
    }
    let mut arguments = Vec::with_capacity(command.arguments());
    while arguments.len() < command.arguments() {
        let (inside, after) = argument(tokens, at)?;
        arguments.push(inside);
        // `\SI{5}[\$]{…}` has a unit before the number.
        (_, at) = optional(tokens, after);
    }
    Some((command.tex(&arguments), at))
}

/// A number and its unit. Signs such as ° have no space before them.
fn with_unit(number: &str, unit: &str) -> String {
    let touches = ["\\text{°}", "\\text{′}", "\\text{″}"]
        .into_iter()
        .any(|sign| unit.starts_with(sign));
    let gap = if touches || number.is_empty() || unit.is_empty() {
        ""
    } else {
        "\\,"
    };
    format!("{number}{gap}{unit}")
}

/// Degrees, minutes and seconds between semicolons. Empty ones are left out.
fn angle(source: &str) -> String {
    let parts = source.split(';').zip(["°", "′", "″"]);
    parts
        .filter(|(part, _)| !part.trim().is_empty())
        .map(|(part, sign)| format!("{}\\text{{{sign}}}", number(part)))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::plain;

    #[test]
    fn quantities_read_as_a_number_and_its_unit() {
        for (tex, expected) in [
            ("\\SI{10}{\\nano\\metre}", "10 nm"),
            ("\\qty{5}{\\kelvin}", "5 K"),
            ("$\\SI{3}{\\km}$", "3 km"),
            (
                "$L=\\qty{140}{\\per\\femto\\barn}$, $\\num{3.2e-4}$",
                "L=140 fb⁻¹, 3.2 × 10⁻⁴",
            ),
            ("\\num{1e5}", "1 × 10⁵"),
            ("\\SI{2.5e-3}{\\micro\\meter}", "2.5 × 10⁻³ μm"),
            ("\\si{\\kilo\\metre\\per\\second}", "km s⁻¹"),
            ("\\unit{\\kg\\metre\\squared\\per\\second\\cubed}", "kg m² s⁻³"),
            ("\\si{\\per\\square\\cm}", "cm⁻²"),
            ("\\SI{9.8}{m/s^2}", "9.8 m/s²"),
            ("\\SI{9.8}{km.s^{-1}.Mpc^{-1}}", "9.8 km s⁻¹ Mpc⁻¹"),
            ("\\SI{300}{km s^{-1}}", "300 km s⁻¹"),
            ("\\qty[per-mode=symbol]{5}{\\eV\\tothe{4}}", "5 eV⁴"),
            (
                "\\SI{20}{\\degreeCelsius} and \\SI{5}{\\percent}",
                "20 °C and 5 %",
            ),
            (
                "\\SI{90}{\\degree}, \\ang{45}, \\ang{1;2;3.5}, \\ang{;;4}",
                "90°, 45°, 1°2′3.5″, 4″",
            ),
            (
                "\\SIrange{1}{2}{\\mm} or \\qtyrange{3}{4}{\\GHz}",
                "1 mm to 2 mm or 3 GHz to 4 GHz",
            ),
            (
                "\\numrange{1}{2e3}, \\numlist{1;2;3}, \\qtylist{1;2}{\\K}",
                "1 to 2 × 10³, 1, 2 and 3, 1 K and 2 K",
            ),
            (
                "\\SI{5}{\\um}, \\SI{5}{\\kohm}, \\SI{5}{k\\Omega}, \\SI{5}{\\mu m}",
                "5 μm, 5 kΩ, 5 kΩ, 5 μm",
            ),
            (
                "\\SI{1.2(3)}{\\angstrom}, \\num{1.2 \\pm 0.3}, \\num{-3+-1}",
                "1.2(3) Å, 1.2 ± 0.3, -3 ± 1",
            ),
            (
                "\\num{3 x 4}, \\num{e5}, \\num{.5}, \\num{1.0E+3}, \\num{n}",
                "3 × 4, 10⁵, 0.5, 1.0 × 10³, n",
            ),
            ("\\SI{7}{\\parsec}, \\SI{7}{\\foo\\per\\bar}", "7 pc, 7 foo bar⁻¹"),
            ("\\SI{1}{\\of}, \\SI{1}{}, \\SI{}{\\m}", "1, 1, m"),
        ] {
            assert_eq!(plain(tex), expected, "{tex}");
        }
    }

    #[test]
    fn commands_without_their_arguments_are_not_quantities() {
        assert_eq!(plain("$\\si$ and $\\qty(x)$"), "σ and (x)");
        assert_eq!(plain("$\\qty{x}$"), "x");
    }
}
