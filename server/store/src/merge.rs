//! How two tellings of one paper become one paper: pure rules, without SQL.

use domain::{
    Category, Paper, PaperKey,
    paper::{CounterReading, Published, Source, code_link},
};
use serde::Serialize;

use domain::calendar;

/// A paper as it is, or will be, stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    pub id: i64,
    pub key: String,
    pub announced: i64,
    pub upvotes: Option<i64>,
    pub stars: Option<i64>,
    pub code_url: Option<String>,
    pub categories: String,
    pub primary_category: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub arxiv_id: Option<String>,
    pub title_key: Option<String>,
    pub source: i64,
    pub version: Option<i64>,
    pub hf_submitted_at: Option<i64>,
    pub num_comments: Option<i64>,
    pub comments: Option<String>,
    pub doi: Option<String>,
    pub journal_ref: Option<String>,
    pub license: Option<String>,
    pub project_page: Option<String>,
    pub announced_on: Option<String>,
    pub announced_firm: i64,
    pub removed_at: Option<i64>,
    pub author_count: i64,
    pub title: String,
    pub authors: String,
    #[serde(rename = "abstract")]
    pub abstract_text: String,
}

/// One row of `listings`, as JSON for the bulk statements.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ListingRow {
    pub scope: String,
    pub announced: i64,
    pub paper_id: i64,
    pub upvotes: i64,
    pub stars: i64,
    pub has_code: i64,
}

impl Row {
    /// A paper told for the first time.
    pub fn new(id: i64, told: &Paper) -> Self {
        let mut row = Self {
            id,
            key: told.key().to_string(),
            announced: 0,
            upvotes: None,
            stars: None,
            code_url: None,
            categories: String::new(),
            primary_category: None,
            published: None,
            updated: None,
            arxiv_id: None,
            title_key: None,
            source: told.source.rank(),
            version: None,
            hf_submitted_at: None,
            num_comments: None,
            comments: None,
            doi: None,
            journal_ref: None,
            license: None,
            project_page: None,
            announced_on: None,
            announced_firm: 0,
            removed_at: None,
            author_count: 0,
            title: told.title.clone(),
            authors: String::new(),
            abstract_text: String::new(),
        };
        row.merge(told);
        row
    }

    /// Adds what a telling says. What it does not say stays; an older version and a less believed source only
    /// fill gaps. Signals are not merged here, since they have a history.
    pub fn merge(&mut self, told: &Paper) {
        let told_version = told.version.map(i64::from);
        let stored_updated = self
            .updated
            .as_deref()
            .and_then(|text| text.parse::<Published>().ok());
        let newer = match (told_version, self.version, told.updated, stored_updated) {
            (Some(told), Some(stored), ..) if told != stored => told > stored,
            // Dumps without versions still say when a paper last changed.
            (.., Some(told), Some(stored)) => told.day() >= stored.day(),
            _ => true,
        };
        let believed = newer && told.source.rank() >= self.source;
        let text = |stored: &mut String, told: &str| {
            if !told.is_empty() && (believed || stored.is_empty()) {
                told.clone_into(stored);
            }
        };
        text(&mut self.title, &told.title);
        text(&mut self.abstract_text, &told.abstract_text);
        if !told.authors.is_empty() && (believed || self.author_count == 0) {
            self.authors = told.authors.join(", ");
            self.author_count = told.authors.len() as i64;
        }
        if !told.categories.is_empty() && (believed || self.categories.is_empty()) {
            self.categories = told
                .categories
                .iter()
                .map(Category::as_str)
                .collect::<Vec<_>>()
                .join(" ");
        }
        let option = |stored: &mut Option<String>, told: Option<&str>| {
            if let Some(told) = told.filter(|told| !told.is_empty())
                && (believed || stored.is_none())
            {
                *stored = Some(told.to_owned());
            }
        };
        option(
            &mut self.primary_category,
            told.primary_category.as_ref().map(Category::as_str),
        );
        option(&mut self.comments, told.comments.as_deref());
        option(&mut self.doi, told.doi.as_deref());
        option(&mut self.journal_ref, told.journal_ref.as_deref());
        option(&mut self.license, told.license.as_deref());
        option(&mut self.project_page, told.project_page.as_deref());
        self.published = better_date(self.published.take(), told.published, believed);
        if let Some(updated) = told.updated
            && stored_updated.is_none_or(|stored| updated.sort_key() > stored.sort_key())
        {
            self.updated = Some(updated.to_string());
        }
        if let Some(submitted) = told.hf_submitted_at.map(|at| at.as_second()) {
            self.hf_submitted_at = Some(
                self.hf_submitted_at
                    .map_or(submitted, |stored| stored.min(submitted)),
            );
        }
        if let Some(count) = told.num_comments.map(i64::from) {
            self.num_comments = Some(self.num_comments.map_or(count, |stored| stored.max(count)));
        }
        if let Some(id) = &told.arxiv_id {
            self.arxiv_id = Some(id.to_string());
            self.key = id.to_string();
            self.title_key = None;
        } else if self.arxiv_id.is_none() {
            self.title_key = Some(domain::text::title_key(&self.title));
        }
        if newer {
            self.version = told_version.or(self.version);
        }
        self.source = self.source.max(told.source.rank());
        if told.live {
            // arXiv tells of it now, so it has it again.
            self.removed_at = None;
        }
        if let Some(day) = told.announced_on.map(|day| day.to_string()) {
            let firm = i64::from(told.announced_firm);
            // What the daily feed said is believed over what was concluded; of two equals the earlier, since a paper
            // is new once.
            if self
                .announced_on
                .as_ref()
                .is_none_or(|known| (firm, known) > (self.announced_firm, &day))
            {
                self.announced_on = Some(day);
                self.announced_firm = firm;
            }
        }
        self.announced = self.announced_at();
        if let Some(url) = told.code_url.as_deref().and_then(code_link) {
            self.code_url = Some(url);
        } else if self.code_url.is_none() {
            self.code_url =
                code_link(&self.abstract_text).or_else(|| self.comments.as_deref().and_then(code_link));
        }
    }

    fn announced_at(&self) -> i64 {
        if let Some(day) = self.announced_on.as_deref().and_then(|day| day.parse().ok()) {
            return calendar::announced_at(day).as_second();
        }
        let published = self
            .published
            .as_deref()
            .and_then(|text| text.parse::<Published>().ok());
        let month = || {
            self.arxiv_id
                .as_deref()
                .and_then(|id| id.parse().ok())
                .as_ref()
                .and_then(Published::of_arxiv_id)
        };
        published
            .or_else(month)
            .and_then(Published::sort_key)
            .or(self.hf_submitted_at)
            .unwrap_or(0)
    }

    /// Where the code link was found, for its provenance.
    pub fn code_found_in(&self, told: &Paper) -> Option<&'static str> {
        let url = self.code_url.as_deref()?;
        Some(
            if told.code_url.as_deref().and_then(code_link).as_deref() == Some(url) {
                match told.source {
                    Source::Sample => "sample",
                    Source::HuggingFace => "huggingface",
                    Source::Arxiv => "arxiv",
                }
            } else if code_link(&self.abstract_text).as_deref() == Some(url) {
                "abstract"
            } else {
                "comments"
            },
        )
    }

    /// The rows by which lists find this paper: everything, its archives, its categories.
    pub fn listing_rows(&self) -> Vec<ListingRow> {
        if self.removed_at.is_some() {
            return Vec::new();
        }
        scopes(&self.categories)
            .into_iter()
            .map(|scope| ListingRow {
                scope: scope.to_owned(),
                announced: self.announced,
                paper_id: self.id,
                upvotes: self.upvotes.unwrap_or(0),
                stars: self.stars.unwrap_or(0),
                has_code: i64::from(self.code_url.is_some()),
            })
            .collect()
    }

    /// The name that is not this paper's own after this telling, where there is one: its own until now when it gets
    /// an identifier, or the one a telling by title alone makes. It becomes an alias.
    pub fn other_key(&self, told: &Paper) -> Option<PaperKey> {
        match (&told.arxiv_id, &self.arxiv_id) {
            (Some(id), _) if self.key != id.as_str() => self.key.parse().ok(),
            (None, Some(_)) => Some(told.key()),
            _ => None,
        }
    }
}

/// The rows by which lists find a paper, as far as they are needed to take them away.
pub(super) fn listing_keys(paper_id: i64, announced: i64, categories: &str) -> Vec<ListingRow> {
    scopes(categories)
        .into_iter()
        .map(|scope| ListingRow {
            scope: scope.to_owned(),
            announced,
            paper_id,
            upvotes: 0,
            stars: 0,
            has_code: 0,
        })
        .collect()
}

/// The scopes of a paper with these (space separated) categories.
pub(super) fn scopes(categories: &str) -> Vec<&str> {
    let mut scopes = vec![""];
    for category in categories.split(' ').filter(|category| !category.is_empty()) {
        let archive = category.split('.').next().unwrap_or(category);
        for scope in [archive, category] {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    scopes
}

fn better_date(stored: Option<String>, told: Option<Published>, believed: bool) -> Option<String> {
    let Some(told) = told else { return stored };
    let Some(known) = stored.as_deref().and_then(|text| text.parse::<Published>().ok()) else {
        return Some(told.to_string());
    };
    // One day said more or less exactly: keep the more exact. Two different dates: believe the better source.
    let same = known.day() == told.day() || known.precision() == 0 || told.precision() == 0;
    let take = if same && told.precision() != known.precision() {
        told.precision() > known.precision()
    } else {
        believed
    };
    if take { Some(told.to_string()) } else { stored }
}

/// The later of two sightings; a total without change is no news.
pub(super) fn is_news(stored: Option<(i64, i64)>, seen: &CounterReading) -> bool {
    match stored {
        Some((at, total)) => seen.at.as_second() > at && i64::from(seen.total) != total,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: Source) -> Paper {
        Paper {
            source,
            arxiv_id: Some("2510.01234".parse().expect("id")),
            title: "A title".into(),
            ..Paper::default()
        }
    }

    #[test]
    fn what_a_later_telling_does_not_say_stays() {
        let full = Paper {
            abstract_text: "Text with https://github.com/a/b.".into(),
            authors: vec!["Ada".into(), "Emmy".into()],
            published: "2025-10-02".parse().ok(),
            categories: vec!["cs.LG".parse().expect("category")],
            doi: Some("10.1/x".into()),
            ..told(Source::Arxiv)
        };
        let mut row = Row::new(1, &full);
        let before = row.clone();
        row.merge(&told(Source::Arxiv));
        row.merge(&told(Source::HuggingFace));
        assert_eq!(row, before);
        assert_eq!(row.code_url.as_deref(), Some("https://github.com/a/b"));
    }

    #[test]
    fn the_better_source_is_believed_whatever_comes_last() {
        let arxiv = Paper {
            title: "From arXiv".into(),
            ..told(Source::Arxiv)
        };
        let other = Paper {
            title: "From elsewhere".into(),
            abstract_text: "Only here.".into(),
            ..told(Source::HuggingFace)
        };
        let (mut first, mut second) = (Row::new(1, &arxiv), Row::new(1, &other));
        first.merge(&other);
        second.merge(&arxiv);
        for row in [first, second] {
            assert_eq!(
                (row.title.as_str(), row.abstract_text.as_str()),
                ("From arXiv", "Only here.")
            );
        }
    }

    #[test]
    fn the_day_of_announcement_is_the_earliest_that_the_daily_feed_said() {
        let announced = |day: &str, firm| Paper {
            announced_on: day.parse().ok(),
            announced_firm: firm,
            published: "2025-10-01".parse().ok(),
            ..told(Source::Arxiv)
        };
        let mut row = Row::new(1, &announced("2025-10-03", false));
        assert_eq!(row.announced, 1_759_449_600); // 2025-10-03T00:00:00Z, 20:00 in New York on the 2nd
        row.merge(&announced("2025-10-06", true));
        assert_eq!(row.announced_on.as_deref(), Some("2025-10-06"));
        row.merge(&announced("2025-10-02", false));
        row.merge(&announced("2025-10-07", true));
        assert_eq!(row.announced_on.as_deref(), Some("2025-10-06"));
        row.merge(&announced("2025-10-03", true));
        assert_eq!(row.announced_on.as_deref(), Some("2025-10-03"));
    }

    #[test]
    fn an_older_version_only_fills_gaps() {
        let mut row = Row::new(
            1,
            &Paper {
                version: Some(2),
                title: "Second".into(),
                ..told(Source::Arxiv)
            },
        );
        row.merge(&Paper {
            version: Some(1),
            title: "First".into(),
            doi: Some("10.1/x".into()),
            ..told(Source::Arxiv)
        });
        assert_eq!(
            (row.title.as_str(), row.version, row.doi.as_deref()),
            ("Second", Some(2), Some("10.1/x"))
        );
    }

    #[test]
    fn a_date_becomes_more_exact_and_never_less() {
        let with = |date: &str| Paper {
            published: date.parse().ok(),
            ..told(Source::Arxiv)
        };
        let mut row = Row::new(1, &with("2025-10"));
        row.merge(&with("2025-10-02T10:00:00Z"));
        row.merge(&with("2025-10-02"));
        row.merge(&with("2025-10"));
        assert_eq!(row.published.as_deref(), Some("2025-10-02T10:00:00Z"));
    }

    #[test]
    fn scopes_are_everything_then_archives_and_categories_once() {
        assert_eq!(
            scopes("cs.LG cs.CL hep-th"),
            ["", "cs", "cs.LG", "cs.CL", "hep-th"]
        );
    }
}
