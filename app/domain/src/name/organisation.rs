//! Collaborations, teams and companies that are listed as authors.

use crate::fold::fold;

/// Words that occur only in names of organisations, in lower case.
const WORDS: [&str; 59] = [
    "academy",
    "agency",
    "alliance",
    "association",
    "center",
    "centre",
    "coalition",
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
    "developers",
    "experiment",
    "federation",
    "foundation",
    "gmbh",
    "group",
    "hospital",
    "inc",
    "initiative",
    "institut",
    "institute",
    "institution",
    "investigators",
    "lab",
    "laboratories",
    "laboratory",
    "labs",
    "llc",
    "ltd",
    "ministry",
    "network",
    "observatory",
    "organisation",
    "organization",
    "partnership",
    "platforms",
    "programme",
    "project",
    "research",
    "robotics",
    "society",
    "survey",
    "team",
    "technologies",
    "telescope",
    "universidad",
    "universita",
    "universitat",
    "universite",
    "university",
    "workshop",
];

/// Words that show an organisation even where a source gives a family name and given names.
const STRONG_WORDS: [&str; 9] = [
    "collaboration",
    "collaborations",
    "committee",
    "consortium",
    "group",
    "initiative",
    "project",
    "team",
    "workshop",
];

/// Companies and laboratories whose name is not also the name of people. `Huawei`, `Kimi`, `Meta`, `Seed` and
/// `Zhipu` are.
const COMPANIES: [&str; 37] = [
    "alibaba",
    "anthropic",
    "baidu",
    "bigcode",
    "bigscience",
    "bytedance",
    "deepmind",
    "deepseek",
    "eleutherai",
    "facebook",
    "futuresearch",
    "google",
    "huggingface",
    "iflytek",
    "internlm",
    "kuaishou",
    "laion",
    "linkedin",
    "llm-jp",
    "longcat",
    "meituan",
    "microsoft",
    "minimax",
    "naver",
    "nvidia",
    "openai",
    "openbmb",
    "opengvlab",
    "openmoss",
    "qwen",
    "salesforce",
    "sensetime",
    "stepfun",
    "tencent",
    "xiaohongshu",
    "xiaomi",
    "yandex",
];

/// Endings of one-word names of organisations: `EverestAI`, `WanTeam`. Names of people that miss a space, such as
/// `LetongWang`, look the same otherwise.
const ENDINGS: [&str; 14] = [
    "AI", "Bench", "Group", "Lab", "Labs", "Learning", "ML", "Mind", "NLP", "Net", "Project", "Research",
    "Robotics", "Team",
];

/// Whether a printed name belongs to a collaboration, a team or a company: `The ATLAS Collaboration`, `Gemini Team`,
/// `DeepSeek-AI`, `OpenAI`, `Google DeepMind`.
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
        _ if words.iter().any(|word| is_company(word)) || ends_with_ai(&words) => true,
        ["Meta", "FAIR" | "GenAI", ..] => true,
        [first, last] if !is_strong(last) && is_family_name_after(first, last) => false,
        // "The" is also a Vietnamese name.
        words => words.iter().any(|word| is_word_of_organisations(word)),
    }
}

/// Whether a name is only the name of a company: `Google`, `Google DeepMind`.
pub fn is_company_name(name: &str) -> bool {
    !name.trim().is_empty() && name.split_whitespace().all(is_company)
}

/// Whether a name belongs to an organisation although its source gives a family name and given names.
pub(super) fn is_surely_organisation(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.iter().any(|word| is_strong(word) || is_company(word)) || ends_with_ai(&words)
}

fn is_strong(word: &str) -> bool {
    is_among(&STRONG_WORDS, word)
}

fn is_word_of_organisations(word: &str) -> bool {
    is_among(&WORDS, word)
}

fn is_company(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && is_among(&COMPANIES, word)
}

/// Whether a word is in a list of words in small letters. Capitals, accents and punctuation around it do not count.
fn is_among(words: &[&str], word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    // Most words are ASCII, and need no copy to be compared.
    if bare.is_ascii() {
        words.iter().any(|known| known.eq_ignore_ascii_case(bare))
    } else {
        words.contains(&fold(bare).as_str())
    }
}

fn ends_with_ai(words: &[&str]) -> bool {
    words.len() > 1
        && words
            .last()
            .is_some_and(|last| *last == "AI" || last.ends_with("-AI"))
}

/// Whether the second of two words is a family name, although it also names organisations: `A. Lab`, `Kenneth Center`. An
/// organisation has an abbreviation there: `NASA Center`.
fn is_family_name_after(first: &str, last: &str) -> bool {
    let is_initial = first.ends_with('.') && first.chars().filter(|c| c.is_alphabetic()).count() == 1;
    let is_word = first.chars().skip(1).all(|c| c.is_lowercase() || c == '-');
    is_initial || is_word && matches!(last, "Center" | "Centre" | "Council")
}

/// People have at least two names. A single word is an organisation if it has a digit, only capitals, or a word of
/// organisations in it.
fn is_name_of_one_word(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_in_capitals = |part: &str| part.chars().count() >= 3 && part.chars().all(char::is_uppercase);
    let has_ending = ENDINGS
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .any(|start| start.ends_with(char::is_lowercase));
    let has_organisation_part = word.contains('-')
        && word
            .split('-')
            .any(|part| is_strong(part) || is_company(part) || is_in_capitals(part));
    is_company(word)
        || is_strong(word)
        || has_ending
        || has_organisation_part
        || word.ends_with("-AI")
        || letters.len() >= 3 && letters.iter().all(|c| c.is_uppercase())
        || word.chars().any(|c| c.is_ascii_digit())
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
            "Google DeepMind",
            "Google",
            "ByteDance Seed",
            "Bytedance Seed",
            "BigScience Workshop",
            "Qwen Team",
            "Meta AI",
            "Meta FAIR",
            "Microsoft Research",
            "NVIDIA",
            "LLM-jp",
            "Ling-Team",
            "Imagen-Team-Google",
            "WanTeam",
            "EverestAI",
            "DeepMind",
            "MiniMax",
            "Dark Energy Survey",
            "Linux Foundation",
            "Université de Montréal",
            "Consortium",
            "Nanbeige Lab",
            "Eyened Reading Center",
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
            "Brian Seed",
            "Young Seed",
            "Ana Meta Dolinar",
            "Kimi Chen",
            "Huawei Shen",
            "Kenneth Center",
            "A. Lab",
            "J. Society",
            "Peter Bank",
            "LetongWang",
            "ElShiekh",
            "Aqeel-ur-Rehman",
            "Mistral Dupont",
        ] {
            assert!(!is_organisation(name), "{name}");
        }
    }
}
