//! The code repository of a paper.

/// The state of a code repository, as its host last reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CodeState {
    /// Its host has not been contacted yet.
    #[default]
    Unknown,
    /// It exists.
    Reachable,
    /// It exists, and its owner has archived it.
    Archived,
    /// It does not exist, or is not public.
    Gone,
}

codes!(CodeState {
    Unknown = "unknown", "not checked yet";
    Reachable = "reachable", "available";
    Archived = "archived", "archived";
    Gone = "gone", "gone";
});

/// Where a code link was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CodeOrigin {
    /// Hugging Face reported it.
    HuggingFace,
    /// In the abstract.
    Abstract,
    /// In the authors' comments on arXiv.
    Comments,
    /// In the built-in sample.
    Sample,
    /// arXiv reported it.
    Arxiv,
    /// In an imported file; nothing more is stored about it.
    #[default]
    Import,
}

codes!(CodeOrigin {
    HuggingFace = "huggingface", "via Hugging Face";
    Abstract = "abstract", "from the abstract";
    Comments = "comments", "from the authors’ comments";
    Sample = "sample", "from the built-in sample";
    Arxiv = "arxiv", "from arXiv";
    Import = "import", "from an import";
});

/// The link to the code of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLink {
    /// The repository.
    pub url: String,
    /// Where the link was found: the label of a [`CodeOrigin`].
    pub provenance: &'static str,
    /// Whether the repository exists.
    pub state: CodeState,
}

/// Finds the code repository that a text names: the first `github.com` or `gitlab.com` URL of a project. User pages and
/// gists do not count. Trailing punctuation, `.git` and paths inside the repository are cut off.
pub fn code_link(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (at, host) = ["github.com/", "gitlab.com/"]
            .into_iter()
            .filter_map(|host| rest.find(host).map(|at| (at, host)))
            .min_by_key(|(at, _)| *at)?;
        let before = rest[..at].trim_end_matches("www.");
        let path = &rest[at + host.len()..];
        // Skips `gist.github.com`, `raw.github.com` and email addresses.
        let own_host =
            !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '@');
        if own_host && let Some(project) = project_path(path) {
            return Some(format!("https://{host}{project}"));
        }
        rest = path;
    }
}

fn project_path(path: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (owner, rest) = path.split_once('/')?;
    // The first part of the path of pages that belong to the site, as in `github.com/sponsors/x`.
    const SITE: [&str; 10] = [
        "features",
        "topics",
        "sponsors",
        "orgs",
        "about",
        "search",
        "marketplace",
        "settings",
        "apps",
        "users",
    ];
    if owner.is_empty()
        || owner.len() > 39
        || !owner.chars().all(|c| allowed(c) && c != '.')
        || SITE.contains(&owner.to_ascii_lowercase().as_str())
    {
        return None;
    }
    let name: String = rest.chars().take_while(|c| allowed(*c)).collect();
    let name = name.trim_end_matches(['.', '-', '_']);
    let name = name.strip_suffix(".git").unwrap_or(name).trim_end_matches('.');
    (1..=100).contains(&name.len()).then(|| format!("{owner}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_project_in_a_text_is_its_code() {
        for (text, found) in [
            (
                "code at https://github.com/formll/dog",
                Some("https://github.com/formll/dog"),
            ),
            ("(https://github.com/a/b.git).", Some("https://github.com/a/b")),
            (
                "see github.com/a/b/tree/main/x, and",
                Some("https://github.com/a/b"),
            ),
            (
                "https://www.github.com/a/b_c-d.e.",
                Some("https://github.com/a/b_c-d.e"),
            ),
            ("https://github.com/alice only a user", None),
            ("https://github.com/alice/ only a user", None),
            ("https://gist.github.com/a/b", None),
            (
                "https://github.com/sponsors/x then https://gitlab.com/g/p",
                Some("https://gitlab.com/g/p"),
            ),
            ("https://a.github.io/b", None),
            ("nothing", None),
        ] {
            assert_eq!(code_link(text).as_deref(), found, "{text}");
        }
    }
}
