//! The code repository of a paper: its state, and where its link was found.

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
    /// In an imported file, which does not say more.
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
