//! How two records of one paper become one: pure rules, without SQL.

use domain::{
    Category, Paper, calendar,
    name::joined,
    paper::{Published, code_link},
};

use jiff::Timestamp;

use super::row::Row;

impl Row {
    /// Adds what a record says. Values that the record does not have stay. An older version and a less trusted source only
    /// fill gaps. Counters are not merged here, because they have a history.
    pub fn merge(&mut self, paper: &Paper, now: Timestamp) {
        let is_newer = self.is_newer(paper);
        let is_trusted = is_newer && paper.source.rank() >= self.source;
        self.merge_texts(paper, is_trusted);
        self.merge_dates(paper, is_trusted);
        self.merge_identity(paper);
        if let Some(count) = paper.num_comments.map(i64::from) {
            self.num_comments = Some(self.num_comments.map_or(count, |stored| stored.max(count)));
        }
        if is_newer {
            self.version = paper.version.map(i64::from).or(self.version);
        }
        self.source = self.source.max(paper.source.rank());
        if paper.live {
            // arXiv lists the paper, so it is not deleted there.
            self.removed_at = None;
        }
        self.merge_announcement(paper);
        self.announced = self.announced_at(now);
    }

    /// Chooses the code link: that of the record, else the stored one, else the one in the texts. A stored link that was
    /// found in the texts is found again, because the texts may have changed.
    pub(super) fn link_code(&mut self, paper: &Paper, is_from_texts: bool) {
        if let Some(url) = paper.code_url.as_deref().and_then(code_link) {
            self.code_url = Some(url);
        } else if self.code_url.is_none() || is_from_texts {
            self.code_url = code_in_texts(&self.abstract_text, self.comments.as_deref());
        }
    }

    /// Whether a record describes the stored version or a later one.
    fn is_newer(&self, paper: &Paper) -> bool {
        let version = paper.version.map(i64::from);
        match (version, self.version, paper.updated, self.stored_updated()) {
            (Some(version), Some(stored), ..) if version != stored => version > stored,
            // Files without versions still say when a paper last changed.
            (.., Some(updated), Some(stored)) => updated.day() >= stored.day(),
            _ => true,
        }
    }

    fn stored_updated(&self) -> Option<Published> {
        self.updated.as_deref()?.parse().ok()
    }

    fn merge_texts(&mut self, paper: &Paper, is_trusted: bool) {
        let text = |stored: &mut String, new: &str| {
            if !new.is_empty() && (is_trusted || stored.is_empty()) {
                new.clone_into(stored);
            }
        };
        text(&mut self.title, &paper.title);
        text(&mut self.abstract_text, &paper.abstract_text);
        if !paper.authors.is_empty() && (is_trusted || self.author_count == 0) {
            self.authors = joined(&paper.authors);
            self.author_count = paper.authors.len() as i64;
        }
        let categories: Vec<&str> = paper.categories.iter().map(Category::as_str).collect();
        text(&mut self.categories, &categories.join(" "));
        let option = |stored: &mut Option<String>, new: Option<&str>| {
            if let Some(new) = new.filter(|new| !new.is_empty())
                && (is_trusted || stored.is_none())
            {
                *stored = Some(new.to_owned());
            }
        };
        option(
            &mut self.primary_category,
            paper.primary_category.as_ref().map(Category::as_str),
        );
        option(&mut self.comments, paper.comments.as_deref());
        option(&mut self.doi, paper.doi.as_deref());
        option(&mut self.journal_ref, paper.journal_ref.as_deref());
        option(&mut self.license, paper.license.as_deref());
        option(&mut self.project_page, paper.project_page.as_deref());
    }

    fn merge_dates(&mut self, paper: &Paper, is_trusted: bool) {
        self.published = better_date(self.published.take(), paper.published, is_trusted);
        if let Some(updated) = paper.updated
            && self
                .stored_updated()
                .is_none_or(|stored| updated.sort_key() > stored.sort_key())
        {
            self.updated = Some(updated.to_string());
        }
        if let Some(submitted) = paper.hf_submitted_at.map(|at| at.as_second()) {
            self.hf_submitted_at = Some(
                self.hf_submitted_at
                    .map_or(submitted, |stored| stored.min(submitted)),
            );
        }
    }

    fn merge_identity(&mut self, paper: &Paper) {
        if let Some(id) = &paper.arxiv_id {
            self.arxiv_id = Some(id.to_string());
            self.key = id.to_string();
            self.title_key = None;
        } else if self.arxiv_id.is_none() {
            self.title_key = Some(domain::text::title_key(&self.title));
        }
    }

    fn merge_announcement(&mut self, paper: &Paper) {
        let Some(day) = paper.announced_on.map(|day| day.to_string()) else {
            return;
        };
        let firm = i64::from(paper.announced_firm);
        // The day in the daily feed is trusted over a day that was concluded from a harvest. Of two equal ones the earlier
        // counts, because a paper is new only once.
        if self
            .announced_on
            .as_ref()
            .is_none_or(|known| (firm, known) > (self.announced_firm, &day))
        {
            self.announced_on = Some(day);
            self.announced_firm = firm;
        }
    }

    /// The time under which the paper is listed, in Unix seconds: its announcement, else the best known date, else 0. The
    /// month in the identifier does not count if it is in the future, unless the paper is already listed under it: then
    /// the clock may be wrong.
    pub(super) fn announced_at(&self, now: Timestamp) -> i64 {
        if let Some(day) = self.announced_on.as_deref().and_then(|day| day.parse().ok()) {
            return calendar::announced_at(day).as_second();
        }
        let published = self
            .published
            .as_deref()
            .and_then(|text| text.parse::<Published>().ok());
        let month = || {
            self.month_of_identifier()
                .filter(|month| month.is_believable(now) || month.sort_key() == Some(self.announced))
        };
        published
            .or_else(month)
            .and_then(Published::sort_key)
            .or(self.hf_submitted_at)
            .unwrap_or(0)
    }
}

/// The code link in the abstract, or else in the authors' comments.
pub(super) fn code_in_texts(abstract_text: &str, comments: Option<&str>) -> Option<String> {
    code_link(abstract_text).or_else(|| comments.and_then(code_link))
}

fn better_date(stored: Option<String>, new: Option<Published>, is_trusted: bool) -> Option<String> {
    let Some(new) = new else { return stored };
    let Some(known) = stored.as_deref().and_then(|text| text.parse::<Published>().ok()) else {
        return Some(new.to_string());
    };
    // The same day in two precisions: keep the more precise. Two different days: trust the better source.
    let same = known.day() == new.day() || known.precision() == 0 || new.precision() == 0;
    let take = if same && new.precision() != known.precision() {
        new.precision() > known.precision()
    } else {
        is_trusted
    };
    if take { Some(new.to_string()) } else { stored }
}

#[cfg(test)]
mod tests {
    use domain::paper::Source;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().expect("time")
    }

    fn new_row(paper: &Paper) -> Row {
        Row::new(1, paper, now())
    }

    fn from(source: Source) -> Paper {
        Paper {
            source,
            arxiv_id: Some("2510.01234".parse().expect("id")),
            title: "A title".into(),
            ..Paper::default()
        }
    }

    #[test]
    fn values_that_a_later_record_does_not_have_stay() {
        let full = Paper {
            abstract_text: "Text with https://github.com/a/b.".into(),
            authors: vec!["Ada".into(), "Emmy".into()],
            published: "2025-10-02".parse().ok(),
            categories: vec!["cs.LG".parse().expect("category")],
            doi: Some("10.1/x".into()),
            ..from(Source::Arxiv)
        };
        let mut row = new_row(&full);
        let before = row.clone();
        row.merge(&from(Source::Arxiv), now());
        row.merge(&from(Source::HuggingFace), now());
        assert_eq!(row, before);
        assert_eq!(row.code_url.as_deref(), Some("https://github.com/a/b"));
    }

    #[test]
    fn the_better_source_is_trusted_in_either_order() {
        let arxiv = Paper {
            title: "From arXiv".into(),
            ..from(Source::Arxiv)
        };
        let other = Paper {
            title: "From elsewhere".into(),
            abstract_text: "Only here.".into(),
            ..from(Source::HuggingFace)
        };
        let (mut first, mut second) = (new_row(&arxiv), new_row(&other));
        first.merge(&other, now());
        second.merge(&arxiv, now());
        for row in [first, second] {
            assert_eq!(
                (row.title.as_str(), row.abstract_text.as_str()),
                ("From arXiv", "Only here.")
            );
        }
    }

    #[test]
    fn the_day_of_announcement_is_the_earliest_in_the_daily_feed() {
        let announced = |day: &str, firm| Paper {
            announced_on: day.parse().ok(),
            announced_firm: firm,
            published: "2025-10-01".parse().ok(),
            ..from(Source::Arxiv)
        };
        let mut row = new_row(&announced("2025-10-03", false));
        assert_eq!(row.announced, 1_759_449_600); // 2025-10-03T00:00:00Z, 20:00 in New York on the 2nd
        row.merge(&announced("2025-10-06", true), now());
        assert_eq!(row.announced_on.as_deref(), Some("2025-10-06"));
        row.merge(&announced("2025-10-02", false), now());
        row.merge(&announced("2025-10-07", true), now());
        assert_eq!(row.announced_on.as_deref(), Some("2025-10-06"));
        row.merge(&announced("2025-10-03", true), now());
        assert_eq!(row.announced_on.as_deref(), Some("2025-10-03"));
    }

    #[test]
    fn an_older_version_only_fills_gaps() {
        let mut row = new_row(&Paper {
            version: Some(2),
            title: "Second".into(),
            ..from(Source::Arxiv)
        });
        row.merge(
            &Paper {
                version: Some(1),
                title: "First".into(),
                doi: Some("10.1/x".into()),
                ..from(Source::Arxiv)
            },
            now(),
        );
        assert_eq!(
            (row.title.as_str(), row.version, row.doi.as_deref()),
            ("Second", Some(2), Some("10.1/x"))
        );
    }

    #[test]
    fn a_date_becomes_more_precise_and_never_less() {
        let with = |date: &str| Paper {
            published: date.parse().ok(),
            ..from(Source::Arxiv)
        };
        let mut row = new_row(&with("2025-10"));
        row.merge(&with("2025-10-02T10:00:00Z"), now());
        row.merge(&with("2025-10-02"), now());
        row.merge(&with("2025-10"), now());
        assert_eq!(row.published.as_deref(), Some("2025-10-02T10:00:00Z"));
    }
}
