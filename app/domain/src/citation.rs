//! Dates and journals as citation formats and catalogues expect them.

use crate::paper::Published;

/// `2025/10/31`, or `2025/10` if only the month is known. Highwire's meta tags write dates in this way.
pub fn slashed(published: Published) -> String {
    published.label().replace('-', "/")
}

/// The name of the journal at the beginning of arXiv's free text: `Phys. Rev. D` for `Phys. Rev. D 76 (2007) 013009`.
/// `None` if the text begins with something else.
pub fn journal_title(journal_ref: &str) -> Option<&str> {
    let end = journal_ref
        .find(|c: char| c.is_ascii_digit() || matches!(c, ',' | ';' | ':' | '('))
        .unwrap_or(journal_ref.len());
    let mut name = journal_ref[..end].trim();
    for word in ["volume", "vol.", "vol", "issue", "no.", "pp."] {
        let at = name.len().saturating_sub(word.len());
        if let (Some(front), Some(back)) = (name.get(..at), name.get(at..))
            && back.eq_ignore_ascii_case(word)
            && front.ends_with(char::is_whitespace)
        {
            name = front.trim_end();
        }
    }
    let name = name.trim_end_matches(['-', '–', '—', '"', '\'']).trim_end();
    (name.chars().filter(|c| c.is_alphabetic()).count() >= 3).then_some(name)
}

/// Whether arXiv's free text names the proceedings of a conference. Otherwise it names a journal.
pub fn is_conference(journal_ref: &str) -> bool {
    let words = journal_ref.to_lowercase();
    ["proceedings", "proc.", "conference", "workshop", "symposium"]
        .iter()
        .any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_precise_as_it_is_known() {
        let slashed = |text: &str| slashed(text.parse().expect(text));
        assert_eq!(slashed("2025-10"), "2025/10");
        assert_eq!(slashed("2025-10-31"), "2025/10/31");
        assert_eq!(slashed("2025-10-31T12:00:00Z"), "2025/10/31");
    }

    #[test]
    fn the_name_of_a_journal_ends_where_its_numbers_begin() {
        for (text, name) in [
            ("Phys. Rev. D 76 (2007) 013009", Some("Phys. Rev. D")),
            ("Phys.Rev.D76:013009,2007", Some("Phys.Rev.D")),
            (
                "Journal of Machine Learning Research, 22(1), 2021",
                Some("Journal of Machine Learning Research"),
            ),
            (
                "Transactions on Machine Learning Research (TMLR), 2024",
                Some("Transactions on Machine Learning Research"),
            ),
            ("Neural Networks, Vol. 12", Some("Neural Networks")),
            ("Neural Networks vol 12", Some("Neural Networks")),
            ("Nature", Some("Nature")),
            ("Математический сборник 12", Some("Математический сборник")),
            ("35th Conference on Something", None),
            ("J. 12", None),
            ("", None),
        ] {
            assert_eq!(journal_title(text), name, "{text}");
        }
    }

    #[test]
    fn a_conference_is_distinguished_from_a_journal() {
        assert!(is_conference("Proceedings of the 41st ICML, PMLR 235, 2024"));
        assert!(!is_conference("Phys. Rev. D 76 (2007) 013009"));
    }
}
