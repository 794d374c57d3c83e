//! Papers for tests.

use domain::{
    Paper,
    paper::{CounterReading, Source},
};

use super::values::at;

/// A paper from arXiv with required fields only.
pub fn a_paper(id: &str) -> Paper {
    Paper {
        source: Source::Arxiv,
        arxiv_id: Some(id.parse().expect(id)),
        title: format!("Paper {}", id.replace(['.', '/'], " ")),
        ..Paper::default()
    }
}

/// A paper with a title only.
pub fn a_titled_paper(title: &str) -> Paper {
    Paper {
        title: title.to_owned(),
        ..Paper::default()
    }
}

/// Sets the fields of a paper.
pub trait PaperBuilder: Sized {
    /// The source.
    fn told_by(self, source: Source) -> Self;
    /// The title.
    fn titled(self, title: &str) -> Self;
    /// The abstract.
    fn with_abstract(self, text: &str) -> Self;
    /// The authors.
    fn by(self, authors: &[&str]) -> Self;
    /// The categories, separated by spaces.
    fn in_categories(self, categories: &str) -> Self;
    /// The day of publication.
    fn published(self, date: &str) -> Self;
    /// The URL of the code.
    fn with_code(self, url: &str) -> Self;
    /// Upvotes as read at a moment.
    fn with_upvotes(self, total: u32, seen_at: &str) -> Self;
    /// Stars as read at a moment.
    fn with_stars(self, total: u32, seen_at: &str) -> Self;
}

impl PaperBuilder for Paper {
    fn told_by(self, source: Source) -> Self {
        Self { source, ..self }
    }
    fn titled(self, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..self
        }
    }
    fn with_abstract(self, text: &str) -> Self {
        Self {
            abstract_text: text.to_owned(),
            ..self
        }
    }
    fn by(self, authors: &[&str]) -> Self {
        Self {
            authors: authors.iter().map(|name| (*name).into()).collect(),
            ..self
        }
    }
    fn in_categories(self, categories: &str) -> Self {
        Self {
            categories: categories
                .split(' ')
                .map(|name| name.parse().expect(name))
                .collect(),
            ..self
        }
    }
    fn published(self, date: &str) -> Self {
        Self {
            published: Some(date.parse().expect(date)),
            ..self
        }
    }
    fn with_code(self, url: &str) -> Self {
        Self {
            code_url: Some(url.to_owned()),
            ..self
        }
    }
    fn with_upvotes(self, total: u32, seen_at: &str) -> Self {
        Self {
            upvotes: Some(CounterReading {
                at: at(seen_at),
                total,
            }),
            ..self
        }
    }
    fn with_stars(self, total: u32, seen_at: &str) -> Self {
        Self {
            stars: Some(CounterReading {
                at: at(seen_at),
                total,
            }),
            ..self
        }
    }
}
