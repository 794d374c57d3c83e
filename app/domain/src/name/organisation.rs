//! Collaborations, teams and companies that are listed as authors.

/// Words that occur only in names of organisations, in lower case.
const WORDS: [&str; 37] = [
    "association",
    "center",
    "centre",
    "collaboration",
    "collaborations",
    "collaborators",
    "committee",
    "community",
    "company",
    "consortium",
    "contributors",
    "corporation",
    "council",
    "department",
    "experiment",
    "foundation",
    "gmbh",
    "group",
    "inc",
    "initiative",
    "institute",
    "institution",
    "lab",
    "laboratories",
    "laboratory",
    "labs",
    "llc",
    "ltd",
    "network",
    "organisation",
    "organization",
    "partnership",
    "project",
    "research",
    "society",
    "team",
    "university",
];

/// Whether a printed name belongs to a collaboration, a team or a company: `The ATLAS Collaboration`, `Gemini Team`,
/// `DeepSeek-AI`, `OpenAI`.
pub fn is_organisation(name: &str) -> bool {
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [] => false,
        [word] => is_name_of_one_word(word),
        ["the", ..] => true,
        ["The" | "THE", word] => is_name_of_one_word(word) || is_word_of_organisations(word),
        // "The" is also a Vietnamese name.
        words => {
            words.iter().any(|word| is_word_of_organisations(word))
                || words
                    .last()
                    .is_some_and(|last| *last == "AI" || last.ends_with("-AI"))
        }
    }
}

/// Words that show an organisation even where a source gives a family name and given names.
const STRONG_WORDS: [&str; 8] = [
    "collaboration",
    "collaborations",
    "committee",
    "consortium",
    "group",
    "initiative",
    "project",
    "team",
];

/// Whether a name belongs to an organisation although its source gives a family name and given names.
pub(super) fn is_surely_organisation(name: &str) -> bool {
    name.split_whitespace()
        .any(|word| STRONG_WORDS.contains(&word.to_lowercase().as_str()))
}

fn is_word_of_organisations(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    WORDS.contains(&word.as_str())
}

/// People have at least two names. A single word is an organisation if it has a digit, a capital after a small letter,
/// or only capitals.
fn is_name_of_one_word(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let all: Vec<char> = word.chars().collect();
    let capital_inside = all
        .windows(2)
        .any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
        && !has_prefix_of_names(word);
    let in_capitals = letters.len() >= 3 && letters.iter().all(|c| c.is_uppercase());
    word.ends_with("-AI") || capital_inside || in_capitals || word.chars().any(|c| c.is_ascii_digit())
}

/// `McCarthy` and `DeVito` are people.
fn has_prefix_of_names(word: &str) -> bool {
    ["Mc", "Mac", "De", "Di", "La", "Le", "Du", "Van", "Von", "Fitz"]
        .iter()
        .any(|prefix| word.starts_with(prefix) && word[prefix.len()..].starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collaborations_teams_and_companies_are_organisations() {
        for name in [
            "The ATLAS Collaboration",
            "BELLE Collaboration",
            "Gemini Team",
            "Gemini Team, Google",
            "Open Science Consortium",
            "the LIGO Scientific Collaboration",
            "OpenAI",
            "DeepSeek-AI",
            "Zhipu AI",
            "NVIDIA",
            "Event Horizon Telescope Collaboration",
            "IceCube Collaboration",
            "Institute for Advanced Study",
            "01.AI",
            "xAI",
        ] {
            assert!(is_organisation(name), "{name}");
        }
    }

    #[test]
    fn people_are_not_organisations() {
        for name in [
            "Ada Lovelace",
            "Plato",
            "Jr-Shin Li",
            "McCarthy",
            "Ai Weiwei",
            "X. Y. Zhao",
            "Theodore Roosevelt",
            "Al Gore",
            "李 明",
            "Teamer Smith",
            "Müller-Lüdenscheidt",
            "The Anh Han",
            "The Viet Bui",
        ] {
            assert!(!is_organisation(name), "{name}");
        }
    }
}
