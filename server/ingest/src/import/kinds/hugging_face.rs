//! Hugging Face's daily papers.

use domain::{
    Paper,
    paper::{CounterReading, Source, is_web_url},
};
use jiff::Timestamp;

use super::{
    authors::authors,
    categories::{categories, primary},
    dates::{first_date, first_moment},
    fields::{Object, count, identifier, text},
    moments::Moments,
};

/// The beginning of 2023, the year in which Hugging Face Daily began, in Unix seconds.
const DAILY_BEGAN: i64 = 1_672_531_200;

/// Reads one element: the inner `paper` object, and the outer object if there is one.
pub(super) fn read(inner: &Object, outer: Option<&Object>, moments: Moments) -> Result<Paper, String> {
    let string = |name: &str| text(inner, name).or_else(|| outer.and_then(|outer| text(outer, name)));
    let number = |name: &str| count(inner, name).or_else(|| outer.and_then(|outer| count(outer, name)));
    let moment = |name: &str| -> Option<Timestamp> {
        first_moment(inner, &[name]).or_else(|| first_moment(outer?, &[name]))
    };
    let captured_at = moments.of_reading(moment("_captured_at"));
    let reading = |name: &str| {
        number(name).map(|total| CounterReading {
            at: captured_at,
            total,
        })
    };
    let authors = Some(authors(inner)).filter(|names| !names.is_empty());
    let categories = categories(inner);
    Ok(Paper {
        source: Source::HuggingFace,
        arxiv_id: Some(identifier(inner, moments)?.0),
        title: string("title").unwrap_or_default(),
        abstract_text: string("summary")
            .or_else(|| string("abstract"))
            .unwrap_or_default(),
        authors: authors.or_else(|| outer.map(self::authors)).unwrap_or_default(),
        // In the outer object, this is the day the paper was in Daily.
        published: first_date(inner, &["publishedAt", "published"]).filter(|date| moments.believe(date)),
        primary_category: primary(inner, &categories),
        categories,
        code_url: string("githubRepo"),
        project_page: string("projectPage").filter(|url| is_web_url(url)),
        // A submission time later than the capture of the record is invalid. Upvotes are counted from this moment.
        hf_submitted_at: moment("submittedOnDailyAt")
            .or_else(|| moment("_listed_date"))
            .filter(|at| at.as_second() > DAILY_BEGAN && at.as_second() <= captured_at.as_second() + 86_400),
        num_comments: number("numComments"),
        upvotes: reading("upvotes"),
        stars: reading("githubStars"),
        ..Paper::default()
    })
}
