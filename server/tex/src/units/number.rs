//! Numbers as siunitx reads them.

/// A number in TeX: `1e5` is `1 \times 10^{5}`. Text that is not a number stays as written.
pub(super) fn number(source: &str) -> String {
    let compact: String = source
        .replace("\\pm", "±")
        .replace("\\times", "x")
        .replace("+-", "±")
        .replace("+/-", "±")
        .replace("\\,", "")
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '~' | '{' | '}'))
        .collect();
    if !compact
        .chars()
        .all(|c| c.is_ascii_digit() || "eEdDx.,+-±()<>=i".contains(c))
    {
        return source.trim().to_owned();
    }
    let factors: Vec<String> = compact.split('x').map(factor).collect();
    factors.join(" \\times ")
}

/// A number without products: digits, an uncertainty, and an exponent.
fn factor(source: &str) -> String {
    let (digits, exponent) = match source.split_once(['e', 'E', 'd', 'D']) {
        Some((digits, exponent)) => (digits, Some(exponent.trim_start_matches('+'))),
        None => (source, None),
    };
    // The empty group makes plain text keep the space after the sign.
    let mut tex = digits.replace('±', " \\pm{} ");
    if tex.starts_with('.') {
        tex.insert(0, '0');
    }
    match exponent {
        Some(exponent) if tex.is_empty() => format!("10^{{{exponent}}}"),
        Some(exponent) => format!("{tex} \\times 10^{{{exponent}}}"),
        None => tex,
    }
}

/// The maximum number of items in a list. Each is shown with the unit, so a long list with a long unit would be huge.
const MOST_ITEMS: usize = 20;

/// The items, which semicolons separate, as `1, 2 and 3`.
pub(super) fn list(source: &str, show: impl Fn(&str) -> String) -> String {
    let items: Vec<String> = source.split(';').take(MOST_ITEMS).map(show).collect();
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}\\text{{ and }}{last}", rest.join(", ")),
        _ => items.concat(),
    }
}
