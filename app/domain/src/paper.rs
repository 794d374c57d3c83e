//! A paper, its public name, and when it came out.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::{
    ArxivId, Category,
    edition::{parse_date, utc_day},
    ranking::HeatReport,
    text,
    upstream::Announcement,
};

/// Longer than any title (arXiv allows far less).
const MOST_TITLE: usize = 2_000;
/// arXiv allows 1,920 characters; the longest known are a few thousand.
const MOST_ABSTRACT: usize = 30_000;
/// The largest collaborations sign with three to five thousand names.
const MOST_AUTHORS: usize = 10_000;
const MOST_NAME: usize = 500;
const MOST_NOTE: usize = 10_000;

/// The name of a paper in URLs: its arXiv identifier, or an own stable one where that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PaperKey {
    /// The paper is on arXiv under this identifier.
    Arxiv(ArxivId),
    /// Made from the title, so that every installation gives the same paper the same name: `bs-0123456789ab`.
    Own(String),
}

/// Why a text names no paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” names no paper: it is neither an arXiv identifier nor one of ours")]
pub struct InvalidPaperKey(String);

impl PaperKey {
    /// The own name of a paper without an arXiv identifier.
    pub fn of_title(title: &str) -> Self {
        Self::Own(format!(
            "bs-{:012x}",
            text::fingerprint(&text::title_key(title)) & 0xffff_ffff_ffff
        ))
    }

    /// The arXiv identifier, if it is one.
    pub fn arxiv_id(&self) -> Option<&ArxivId> {
        match self {
            Self::Arxiv(id) => Some(id),
            Self::Own(_) => None,
        }
    }

    /// A name without slashes, for element ids and file names.
    pub fn slug(&self) -> String {
        self.to_string().replace('/', "-")
    }
}

impl FromStr for PaperKey {
    type Err = InvalidPaperKey;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(hex) = text.strip_prefix("bs-")
            && hex.len() == 12
            && hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return Ok(Self::Own(text.to_owned()));
        }
        text.parse()
            .map(Self::Arxiv)
            .map_err(|_| InvalidPaperKey(text.chars().take(60).collect()))
    }
}

impl TryFrom<String> for PaperKey {
    type Error = InvalidPaperKey;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PaperKey> for String {
    fn from(key: PaperKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PaperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arxiv(id) => id.fmt(f),
            Self::Own(name) => f.write_str(name),
        }
    }
}

/// When a paper came out, as exactly as the source says and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Published {
    /// Only the month is known (from the arXiv identifier); holds its first day.
    Month(Date),
    /// The day.
    Day(Date),
    /// The second.
    At(Timestamp),
}

/// Why a text is no date of a paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no date: write 2025-10, 2025-10-31 or 2025-10-31T12:00:00Z")]
pub struct InvalidPublished(String);

impl Published {
    /// The month an arXiv identifier carries.
    pub fn of_arxiv_id(id: &ArxivId) -> Option<Self> {
        let (year, month) = id.year_month();
        Date::new(year, month, 1).ok().map(Self::Month)
    }

    /// The day it is filed under (the first of the month where only that is known).
    pub fn day(self) -> Date {
        match self {
            Self::Month(first) => first,
            Self::Day(day) => day,
            Self::At(at) => utc_day(at),
        }
    }

    /// Unix seconds for ordering: the beginning of what is known.
    pub fn sort_key(self) -> i64 {
        match self {
            Self::At(at) => at.as_second(),
            Self::Month(day) | Self::Day(day) => DateTime::from_parts(day, jiff::civil::Time::midnight())
                .to_zoned_datetime(TimeZone::UTC)
                .map_or(0, |zoned| zoned.timestamp().as_second()),
        }
    }

    /// 0 for a month, 1 for a day, 2 for a second: a better-known date replaces a vaguer one.
    pub fn precision(self) -> u8 {
        match self {
            Self::Month(_) => 0,
            Self::Day(_) => 1,
            Self::At(_) => 2,
        }
    }

    /// `2025-10` or `2025-10-31`: for `<time datetime>` and for people alike.
    pub fn label(self) -> String {
        match self {
            Self::Month(first) => format!("{:04}-{:02}", first.year(), first.month()),
            _ => self.day().to_string(),
        }
    }
}

impl FromStr for Published {
    type Err = InvalidPublished;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidPublished(text.chars().take(40).collect());
        let text = text.trim();
        if let Some(day) = parse_date(text) {
            return Ok(Self::Day(day));
        }
        if text.len() == 7 {
            return parse_date(&format!("{text}-01"))
                .map(Self::Month)
                .ok_or_else(invalid);
        }
        let at: Timestamp = text.parse().map_err(|_| invalid())?;
        // A source that knows only the day writes midnight.
        let zoned = at.to_zoned_datetime(TimeZone::UTC);
        Ok(if zoned.time() == jiff::civil::Time::midnight() {
            Self::Day(zoned.date())
        } else {
            Self::At(at)
        })
    }
}

impl TryFrom<String> for Published {
    type Error = InvalidPublished;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Published> for String {
    fn from(published: Published) -> Self {
        published.to_string()
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => at.fmt(f),
            _ => f.write_str(&self.label()),
        }
    }
}

/// Who said what a paper's title and abstract are; a later one is believed over an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The built-in sample; some of its abstracts are cut.
    #[default]
    Sample,
    /// Hugging Face daily papers.
    HuggingFace,
    /// arXiv itself.
    Arxiv,
}

impl Source {
    /// How the store writes it.
    pub fn rank(self) -> i64 {
        match self {
            Self::Sample => 0,
            Self::HuggingFace => 1,
            Self::Arxiv => 2,
        }
    }

    /// Reads what [`Source::rank`] wrote.
    pub fn from_rank(rank: i64) -> Self {
        match rank {
            2 => Self::Arxiv,
            1 => Self::HuggingFace,
            _ => Self::Sample,
        }
    }
}

/// A total of votes or stars at a moment, as a source reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterReading {
    /// When it was read.
    pub at: Timestamp,
    /// The total then.
    pub total: u32,
}

/// A paper as a source tells it: what is `None` or empty was not said, and erases nothing when merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct Paper {
    /// Where this telling comes from.
    pub source: Source,
    /// The identifier on arXiv, where known.
    pub arxiv_id: Option<ArxivId>,
    /// The version this telling describes, where known.
    pub version: Option<u32>,
    /// One line; may hold TeX.
    pub title: String,
    /// One paragraph; may hold TeX. Empty when not known.
    #[serde(rename = "abstract")]
    pub abstract_text: String,
    /// In the order of the paper. Empty when not known.
    pub authors: Vec<String>,
    /// First version.
    pub published: Option<Published>,
    /// Last change of the metadata or the paper.
    pub updated: Option<Published>,
    /// arXiv's primary category.
    pub primary_category: Option<Category>,
    /// All categories, the primary one first where known. Empty when not known.
    pub categories: Vec<Category>,
    /// The authors' remarks on arXiv.
    pub comments: Option<String>,
    /// DOI of the published version.
    pub doi: Option<String>,
    /// Where it was published.
    pub journal_ref: Option<String>,
    /// URL of the licence.
    pub license: Option<String>,
    /// Code repository.
    pub code_url: Option<String>,
    /// Project page.
    pub project_page: Option<String>,
    /// When it entered Hugging Face Daily: its votes are counted from then.
    pub hf_submitted_at: Option<Timestamp>,
    /// Comments on Hugging Face.
    pub num_comments: Option<u32>,
    /// Upvotes on Hugging Face.
    pub upvotes: Option<CounterReading>,
    /// Stars of the code repository.
    pub stars: Option<CounterReading>,
    /// The day arXiv announced it as new: the date of its listing, US Eastern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced_on: Option<Date>,
    /// That day was said by arXiv's own daily feed, not concluded from a harvest.
    #[serde(skip_serializing_if = "is_false")]
    pub announced_firm: bool,
    /// What the daily feed announces with this telling; kept day by day.
    #[serde(skip)]
    pub announcement: Option<Announcement>,
    /// SaveOutcome by arXiv itself just now, not by a file.
    #[serde(skip)]
    pub live: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Paper {
    /// The public name.
    pub fn key(&self) -> PaperKey {
        match &self.arxiv_id {
            Some(id) => PaperKey::Arxiv(id.clone()),
            None => PaperKey::of_title(&self.title),
        }
    }

    /// Checks that the paper can be stored; the error says in words why not.
    pub fn check(&self) -> Result<(), String> {
        if self.title.is_empty() {
            return Err("no title".to_owned());
        }
        if self.title.len() > MOST_TITLE {
            return Err(format!("the title is longer than {MOST_TITLE} bytes"));
        }
        if crate::text::title_key(&self.title).is_empty() {
            return Err("the title has neither letters nor digits".to_owned());
        }
        if self.abstract_text.len() > MOST_ABSTRACT {
            return Err(format!("the abstract is longer than {MOST_ABSTRACT} bytes"));
        }
        if self.authors.len() > MOST_AUTHORS || self.authors.iter().any(|name| name.len() > MOST_NAME) {
            return Err(format!(
                "more than {MOST_AUTHORS} authors, or a name longer than {MOST_NAME} bytes"
            ));
        }
        let notes = [
            &self.comments,
            &self.doi,
            &self.journal_ref,
            &self.license,
            &self.project_page,
        ];
        if notes.into_iter().flatten().any(|note| note.len() > MOST_NOTE) {
            return Err(format!(
                "comments, DOI, journal, licence or project page longer than {MOST_NOTE} bytes"
            ));
        }
        Ok(())
    }
}

/// Whether this is an address that may become a link.
pub fn is_web_url(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && !url.contains(char::is_whitespace)
        && url.len() <= 2_000
}

/// What is counted of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Upvotes on Hugging Face.
    Upvotes,
    /// Stars of its code.
    Stars,
}

impl Signal {
    /// How the store writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upvotes => "hf",
            Self::Stars => "gh",
        }
    }
}

/// The totals of one signal over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Of what.
    pub signal: Signal,
    /// Moment (Unix seconds) and total, oldest first; two or more.
    pub points: Vec<(i64, i64)>,
}

/// The state of a code repository, as its host last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// Not asked yet.
    Unknown,
    /// It is there.
    Reachable,
    /// It is there, and nobody works on it any more.
    Archived,
    /// It is not there, or not public.
    Gone,
}

impl CodeState {
    /// Reads what the store wrote.
    pub fn from_word(word: Option<&str>) -> Self {
        match word {
            Some("reachable") => Self::Reachable,
            Some("archived") => Self::Archived,
            Some("gone") => Self::Gone,
            _ => Self::Unknown,
        }
    }
}

/// Where the code is, who said so, and whether it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLink {
    /// The repository.
    pub url: String,
    /// In words: "from the abstract", "via Hugging Face".
    pub provenance: &'static str,
    /// Whether it is there.
    pub state: CodeState,
}

impl CodeLink {
    /// Provenance in words, from how the store writes it.
    pub fn provenance_words(found_in: Option<&str>) -> &'static str {
        match found_in {
            Some("huggingface") => "via Hugging Face",
            Some("abstract") => "from the abstract",
            Some("comments") => "from the authors’ comments",
            Some("sample") => "from the built-in sample",
            Some("arxiv") => "from arXiv",
            _ => "from an import",
        }
    }
}

/// What a card says of a paper.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperCard {
    /// Row id.
    pub id: i64,
    /// Public name.
    pub key: PaperKey,
    /// One line; may hold TeX.
    pub title: String,
    /// One paragraph; may hold TeX. Empty when not known.
    pub abstract_text: String,
    /// The first authors (all of them on the paper's own page).
    pub authors: Vec<String>,
    /// How many authors there are.
    pub author_count: usize,
    /// First version.
    pub published: Option<Published>,
    /// The day arXiv announced it, where known.
    pub announced_on: Option<Date>,
    /// Last change of the metadata or the paper, where there was one.
    pub updated: Option<Published>,
    /// Unix seconds by which it is ordered.
    pub announced: i64,
    /// arXiv's primary category.
    pub primary_category: Option<Category>,
    /// All categories.
    pub categories: Vec<Category>,
    /// Upvotes on Hugging Face; `None` if never listed there.
    pub upvotes: Option<u32>,
    /// Stars of its code; `None` if not known.
    pub stars: Option<u32>,
    /// Code repository.
    pub code: Option<CodeLink>,
    /// How and when arXiv announced it last.
    pub announcement: Option<Announcement>,
    /// Totals day by day, oldest first, of the signals that have two or more.
    pub history: Vec<History>,
    /// Its heat and what it is made of, in the window of the listing; `None` when quiet.
    pub heat: Option<HeatReport>,
    /// Kept by the asking reader.
    pub bookmarked: bool,
    /// Marked as read by the asking reader.
    pub read: bool,
}

impl PaperCard {
    /// The authors the card holds, and how many more there are; empty when none are known.
    pub fn byline(&self) -> String {
        let mut names = self.authors.join(", ");
        if self.author_count > self.authors.len() {
            names.push_str(&format!(" and {} more", self.author_count - self.authors.len()));
        }
        names
    }
}

/// The code repository a text names: the first `github.com` or `gitlab.com` URL of a project. User pages and
/// gists are refused; trailing punctuation, `.git` and paths inside the repository are cut (`SOURCES.md`).
pub fn code_link(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (at, host) = ["github.com/", "gitlab.com/"]
            .into_iter()
            .filter_map(|host| rest.find(host).map(|at| (at, host)))
            .min_by_key(|(at, _)| *at)?;
        let before = rest[..at].trim_end_matches("www.");
        let path = &rest[at + host.len()..];
        // `gist.github.com`, `raw.github.com` and mail addresses are other places.
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
    // `github.com/sponsors/x` and the like belong to the site, not to a person.
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
    fn a_paper_without_an_identifier_has_a_stable_name_of_its_own() {
        let key = PaperKey::of_title("Goldilocks and the bootstrap");
        assert_eq!(key, PaperKey::of_title("Goldilocks  and the Bootstrap."));
        assert_eq!(key.to_string().parse::<PaperKey>(), Ok(key));
    }

    #[test]
    fn a_date_says_no_more_than_is_known() {
        let published = |text: &str| text.parse::<Published>().expect(text);
        assert_eq!(published("2025-10").label(), "2025-10");
        assert_eq!(published("2026-04-30T00:00:00.000Z"), published("2026-04-30"));
        assert_eq!(
            published("2023-11-30T10:40:34Z").to_string(),
            "2023-11-30T10:40:34Z"
        );
        assert_eq!(published("1970-01-02").sort_key(), 86_400);
        for text in ["", "2025", "2025-13", "2025-02-30", "yesterday", "0000-00"] {
            assert!(text.parse::<Published>().is_err(), "{text}");
        }
    }

    #[test]
    fn code_is_found_by_the_rules() {
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
