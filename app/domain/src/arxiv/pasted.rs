//! Finds arXiv identifiers in what people paste and share.

use super::id::ArxivId;

/// Sites whose URLs name a paper by its arXiv identifier, and their subdomains.
const SITES: [&str; 6] = [
    "arxiv.org",
    "alphaxiv.org",
    "huggingface.co",
    "hf.co",
    "doi.org",
    "ar5iv.org",
];

/// What may stand before the identifier in the path of such a URL.
const PATHS: [&str; 7] = [
    "abs/",
    "pdf/",
    "html/",
    "format/",
    "overview/",
    "papers/",
    "10.48550/arxiv.",
];

/// How a URL without its scheme begins.
const WITHOUT_SCHEME: [&str; 4] = [
    "arxiv.org/",
    "www.arxiv.org/",
    "huggingface.co/papers/",
    "alphaxiv.org/",
];

impl ArxivId {
    /// Reads the identifier from what people paste: `arXiv:2510.01234v2`, an abs, pdf or html URL of arXiv or of a site
    /// built on it, or an arXiv DOI. `None` for any other text.
    pub fn from_pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains(char::is_whitespace) {
            return None;
        }
        if let Some(id) = unversioned(text) {
            return Some(id);
        }
        if let Some(rest) = after(text, "arxiv:").or_else(|| after(text, "10.48550/arxiv.")) {
            return unversioned(rest);
        }
        let rest = after(text, "https://")
            .or_else(|| after(text, "http://"))
            .or_else(|| {
                WITHOUT_SCHEME
                    .iter()
                    .any(|start| after(text, start).is_some())
                    .then_some(text)
            })?;
        let (host, path) = rest.split_once('/')?;
        let host = host.to_ascii_lowercase();
        if !SITES
            .iter()
            .any(|site| host == *site || host.ends_with(&format!(".{site}")))
        {
            return None;
        }
        let path = path
            .split(['?', '#'])
            .next()
            .unwrap_or(path)
            .trim_end_matches('/');
        let path = path.strip_suffix(".pdf").unwrap_or(path);
        PATHS
            .iter()
            .find_map(|prefix| after(path, prefix))
            .and_then(unversioned)
    }

    /// Finds the first identifier in what another program shares: `[2510.01234] A title`, or a sentence with a link.
    pub fn in_text(text: &str) -> Option<Self> {
        let around =
            |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | '"' | '“' | '”');
        text.split(around)
            .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', '?']))
            .filter(|word| !word.is_empty())
            .find_map(Self::from_pasted)
    }
}

fn unversioned(text: &str) -> Option<ArxivId> {
    ArxivId::parse_versioned(text).ok().map(|(id, _)| id)
}

/// What follows this prefix, whose letters are matched in any case.
fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_url_gives_its_identifier() {
        for text in [
            "arXiv:2510.01234",
            "https://arxiv.org/abs/2510.01234v3",
            "http://www.arxiv.org/pdf/2510.01234.pdf",
            "arxiv.org/abs/2510.01234?context=cs",
            "https://huggingface.co/papers/2510.01234",
            "https://www.alphaxiv.org/abs/2510.01234",
            "https://doi.org/10.48550/arXiv.2510.01234",
            "10.48550/arXiv.2510.01234",
        ] {
            assert_eq!(
                ArxivId::from_pasted(text).expect(text).as_str(),
                "2510.01234",
                "{text}"
            );
        }
        assert_eq!(
            ArxivId::from_pasted("https://arxiv.org/abs/hep-th/9901001")
                .expect("old")
                .as_str(),
            "hep-th/9901001"
        );
        for text in [
            "https://example.com/abs/2510.01234",
            "attention",
            "https://arxiv.org/list/cs.LG/new",
            "Ünïcode",
            "arXiv:é",
        ] {
            assert_eq!(ArxivId::from_pasted(text), None, "{text}");
        }
    }

    #[test]
    fn a_shared_text_gives_its_identifier() {
        for text in [
            "[2510.01234] A title, and what it says",
            "Look at this: https://arxiv.org/abs/2510.01234v2.",
            "A title (arXiv:2510.01234)\nhttps://example.com/",
            "<https://huggingface.co/papers/2510.01234>",
        ] {
            assert_eq!(
                ArxivId::in_text(text).expect(text).as_str(),
                "2510.01234",
                "{text}"
            );
        }
        for text in [
            "",
            "A title",
            "https://example.com/2510.01234",
            "on 12.2024 at 10:30",
        ] {
            assert_eq!(ArxivId::in_text(text), None, "{text}");
        }
    }
}
