//! Hugging Face's daily papers.

use domain::{
    Paper,
    paper::{CounterReading, Source, is_web_url},
};
use jiff::Timestamp;
use serde_json::Value;

use super::fields::{Object, count, identifier, text};

/// The beginning of 2023, the year in which Hugging Face Daily began, in Unix seconds.
const DAILY_BEGAN: i64 = 1_672_531_200;

/// Reads one element: the inner `paper` object, and the outer object if there is one.
pub(super) fn read(inner: &Object, outer: Option<&Object>, as_of: Timestamp) -> Result<Paper, String> {
    let string = |name: &str| text(inner, name).or_else(|| outer.and_then(|outer| text(outer, name)));
    let number = |name: &str| count(inner, name).or_else(|| outer.and_then(|outer| count(outer, name)));
    let at = |name: &str| string(name).and_then(|text| text.parse::<Timestamp>().ok());
    let listed = string("_listed_date").and_then(|day| format!("{day}T00:00:00Z").parse::<Timestamp>().ok());
    let captured_at = at("_captured_at").unwrap_or(as_of);
    let reading = |total: Option<u32>| {
        total.map(|total| CounterReading {
            at: captured_at,
            total,
        })
    };
    let authors = match inner.get("authors") {
        Some(Value::Array(authors)) => authors
            .iter()
            .filter_map(Value::as_object)
            .filter(|author| author.get("hidden") != Some(&Value::Bool(true)))
            .filter_map(|author| text(author, "name"))
            .collect(),
        _ => Vec::new(),
    };
    Ok(Paper {
        source: Source::HuggingFace,
        arxiv_id: Some(identifier(inner)?.0),
        title: string("title").unwrap_or_default(),
        abstract_text: string("summary").unwrap_or_default(),
        authors,
        published: text(inner, "publishedAt").and_then(|text| text.parse().ok()),
        code_url: string("githubRepo"),
        project_page: string("projectPage").filter(|url| is_web_url(url)),
        // A submission time later than the capture of the record is invalid. Upvotes are counted from this moment.
        hf_submitted_at: at("submittedOnDailyAt")
            .or(listed)
            .filter(|at| at.as_second() > DAILY_BEGAN && at.as_second() <= captured_at.as_second() + 86_400),
        num_comments: number("numComments"),
        upvotes: reading(number("upvotes")),
        stars: reading(number("githubStars")),
        ..Paper::default()
    })
}
