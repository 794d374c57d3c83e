//! BibTeX, as described in "BibTeXing" (Oren Patashnik, 1988), with the fields that arXiv writes.

use std::fmt::Write;

use domain::paper::PaperCard;

/// One `@misc` entry for a paper, with all authors of the card.
pub fn bibtex(card: &PaperCard) -> String {
    let mut entry = format!("@misc{{{},\n", citation_key(card));
    let mut field = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(entry, "  {name} = {{{value}}},");
    };
    field("title", &format!("{{{}}}", escaped(&card.title)));
    if !card.authors.is_empty() {
        let authors: Vec<String> = card.authors.iter().map(|name| person(name)).collect();
        field("author", &authors.join(" and "));
    }
    if let Some(published) = card.published {
        field("year", &published.day().year().to_string());
        field("month", &published.day().month().to_string());
    }
    if let Some(id) = card.key.arxiv_id() {
        field("eprint", id.as_str());
        field("archivePrefix", "arXiv");
        if let Some(category) = &card.primary_category {
            field("primaryClass", category.as_str());
        }
        field("url", &format!("https://arxiv.org/abs/{id}"));
    }
    entry.push_str("}\n");
    entry
}

/// The entries of many papers.
pub fn bibliography(cards: &[PaperCard]) -> String {
    cards.iter().map(bibtex).collect::<Vec<_>>().join("\n")
}

/// A key of letters, digits, `:` and `-`: `hinder2025:2510.01234`. The key of the paper makes it unique.
fn citation_key(card: &PaperCard) -> String {
    let surname: String = card
        .authors
        .first()
        .and_then(|name| name.split_whitespace().last())
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(char::to_lowercase)
        .collect();
    let year = card
        .published
        .map(|published| published.day().year().to_string())
        .unwrap_or_default();
    let key = card.key.slug();
    if surname.is_empty() {
        key
    } else {
        format!("{surname}{year}:{key}")
    }
}

/// A name for the author field. BibTeX splits at commas and "and", so braces keep such a name, often of a team,
/// together.
fn person(name: &str) -> String {
    let name = escaped(name);
    let is_split = name.contains(',')
        || name
            .split_whitespace()
            .any(|word| word.eq_ignore_ascii_case("and"));
    if is_split { format!("{{{name}}}") } else { name }
}

/// Text for a field. It may hold TeX: formulas stay as they are, and special characters outside them are escaped.
///
/// Unbalanced braces would end the field in the wrong place, so such a text loses its TeX.
fn escaped(text: &str) -> String {
    let mut depth = 0_i32;
    let balanced = text.chars().all(|c| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth >= 0
    });
    if balanced && depth == 0 && !text.ends_with('\\') {
        escaped_outside_formulas(text)
    } else {
        escaped_outside_formulas(&text.replace(['{', '}', '\\'], ""))
    }
}

fn escaped_outside_formulas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let dollars_pair = text.matches('$').count() - text.matches("\\$").count();
    let mut in_maths = false;
    let mut previous = ' ';
    for c in text.chars() {
        let quoted = previous == '\\';
        match c {
            '$' if !quoted && dollars_pair.is_multiple_of(2) => {
                in_maths = !in_maths;
                out.push(c);
            }
            '$' | '%' | '&' | '#' | '_' if !in_maths && !quoted => {
                out.push('\\');
                out.push(c);
            }
            // Without braces it would put an accent on the next letter.
            '^' if !in_maths && !quoted => out.push_str("\\^{}"),
            _ => out.push(c),
        }
        previous = if quoted { ' ' } else { c };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_formulas_are_not() {
        assert_eq!(
            escaped("R&D at 5% of $x_1 & y$ for a_b"),
            r"R\&D at 5\% of $x_1 & y$ for a\_b"
        );
        assert_eq!(
            escaped(r"already \& done, costs \$5 and $6"),
            r"already \& done, costs \$5 and \$6"
        );
        assert_eq!(escaped("un}balanced{"), "unbalanced");
    }
}
