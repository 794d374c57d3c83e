//! The kinds of records that are recognised, each read into one [`Paper`].
//!
//! Reading is lenient about what a record leaves out or writes oddly (then that field is as if it were not said)
//! and strict about the two things without which there is no paper: its title and a valid identifier.

use domain::{
    ArxivId, Category, Paper,
    paper::{CounterReading, Published, Source},
    text::one_line,
};
use jiff::{Timestamp, fmt::rfc2822};
use serde_json::{Map, Value};

use crate::names::{display_name, joined_names};

/// Hugging Face Daily began in 2023.
const DAILY_BEGAN: i64 = 1_672_531_200;

type Object = Map<String, Value>;

/// Reads one record. The error says in words why there is no paper in it. `as_of` is when the file was true: the
/// moment of totals that carry none.
pub(crate) fn paper(record: &[u8], as_of: Timestamp) -> Result<Paper, String> {
    let value: Value = serde_json::from_slice(record).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(object) = value else {
        return Err("not a JSON object".to_owned());
    };
    let paper = if let Some(Value::Object(inner)) = object.get("paper") {
        hugging_face(inner, Some(&object), as_of)
    } else if matches!(object.get("source"), Some(Value::String(source)) if ["sample", "hugging_face", "arxiv"].contains(&source.as_str()))
    {
        return export(object);
    } else if object.contains_key("summary")
        || object.contains_key("publishedAt")
        || object.contains_key("upvotes")
    {
        hugging_face(&object, None, as_of)
    } else if object.contains_key("abstract")
        || object.contains_key("categories")
        || object.contains_key("update_date")
    {
        arxiv(&object)
    } else {
        return Err("the kind of record is not known: neither a Hugging Face paper, nor an arXiv row, nor our own export".to_owned());
    }?;
    paper.check()?;
    Ok(paper)
}

/// Our own export; also the form of the built-in sample.
fn export(object: Object) -> Result<Paper, String> {
    let mut paper: Paper =
        serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())?;
    paper.title = one_line(&paper.title);
    paper.abstract_text = one_line(&paper.abstract_text);
    paper.authors = paper
        .authors
        .iter()
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty())
        .collect();
    paper.project_page = paper.project_page.filter(|url| domain::paper::is_web_url(url));
    paper.license = paper.license.filter(|url| domain::paper::is_web_url(url));
    paper.check()?;
    Ok(paper)
}

/// An element of Hugging Face's daily papers: the inner `paper` object, with the outer one where there is one.
fn hugging_face(inner: &Object, outer: Option<&Object>, as_of: Timestamp) -> Result<Paper, String> {
    let said = |name: &str| text(inner, name).or_else(|| outer.and_then(|outer| text(outer, name)));
    let counted = |name: &str| count(inner, name).or_else(|| outer.and_then(|outer| count(outer, name)));
    let at = |name: &str| said(name).and_then(|text| text.parse::<Timestamp>().ok());
    let listed = said("_listed_date").and_then(|day| format!("{day}T00:00:00Z").parse::<Timestamp>().ok());
    let seen_at = at("_captured_at").unwrap_or(as_of);
    let sighting = |total: Option<u32>| total.map(|total| CounterReading { at: seen_at, total });
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
        title: said("title").unwrap_or_default(),
        abstract_text: said("summary").unwrap_or_default(),
        authors,
        published: text(inner, "publishedAt").and_then(|text| text.parse().ok()),
        code_url: said("githubRepo"),
        project_page: said("projectPage").filter(|url| domain::paper::is_web_url(url)),
        // Not after it was seen there: votes are counted from then.
        hf_submitted_at: at("submittedOnDailyAt")
            .or(listed)
            .filter(|at| at.as_second() > DAILY_BEGAN && at.as_second() <= seen_at.as_second() + 86_400),
        num_comments: counted("numComments"),
        upvotes: sighting(counted("upvotes")),
        stars: sighting(counted("githubStars")),
        ..Paper::default()
    })
}

/// A row of arXiv's metadata snapshot.
fn arxiv(object: &Object) -> Result<Paper, String> {
    let (id, version_of_id) = identifier(object)?;
    let versions = match object.get("versions") {
        Some(Value::Array(versions)) => versions.as_slice(),
        _ => &[],
    };
    let created = |version: &Value| {
        let text = version.get("created")?.as_str()?;
        rfc2822::parse(text)
            .ok()
            .map(|zoned| Published::At(zoned.timestamp()))
    };
    let categories: Vec<Category> = match object.get("categories") {
        // Some dumps write a list instead of one string.
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .flat_map(str::split_whitespace)
            .filter_map(|name| name.parse().ok())
            .collect(),
        _ => text(object, "categories")
            .unwrap_or_default()
            .split(' ')
            .filter_map(|name| name.parse().ok())
            .collect(),
    };
    let primary = text(object, "primary_category")
        .and_then(|name| name.parse().ok())
        .or_else(|| categories.first().cloned());
    Ok(Paper {
        source: Source::Arxiv,
        published: text(object, "published")
            .and_then(|text| text.parse().ok())
            .or_else(|| versions.first().and_then(created))
            .or_else(|| Published::of_arxiv_id(&id)),
        arxiv_id: Some(id),
        version: version_of_id.or_else(|| u32::try_from(versions.len()).ok().filter(|count| *count > 0)),
        title: text(object, "title").unwrap_or_default(),
        abstract_text: text(object, "abstract").unwrap_or_default(),
        authors: authors(object),
        updated: text(object, "update_date").and_then(|text| text.parse().ok()),
        primary_category: primary,
        categories,
        comments: text(object, "comments"),
        doi: text(object, "doi"),
        journal_ref: text(object, "journal-ref").or_else(|| text(object, "journal_ref")),
        license: text(object, "license").filter(|url| domain::paper::is_web_url(url)),
        ..Paper::default()
    })
}

fn identifier(object: &Object) -> Result<(ArxivId, Option<u32>), String> {
    let id = match object.get("id") {
        Some(Value::String(id)) => id.clone(),
        // 2510.01230 written as a number has lost its zero: it cannot be trusted.
        Some(Value::Number(number)) => {
            return Err(format!("the identifier {number} is a number; it must be a text"));
        }
        _ => return Err("no arXiv identifier (`id`)".to_owned()),
    };
    ArxivId::parse_versioned(&id).map_err(|error| error.to_string())
}

/// Authors of a snapshot row: the parsed list where there is one, else one comma-joined string.
fn authors(object: &Object) -> Vec<String> {
    if let Some(Value::Array(parsed)) = object.get("authors_parsed") {
        // [last, first, suffix, affiliation…]
        let name = |parts: &Value| {
            let part = |index: usize| parts.get(index).and_then(Value::as_str).unwrap_or_default();
            display_name(&[part(1), part(0), part(2)].join(" "))
        };
        return parsed.iter().map(name).filter(|name| !name.is_empty()).collect();
    }
    match object.get("authors") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(display_name)
            .filter(|name| !name.is_empty())
            .collect(),
        _ => text(object, "authors")
            .map(|joined| joined_names(&joined))
            .unwrap_or_default(),
    }
}

/// A text field on one line; `None` when it is absent, empty or something else.
fn text(object: &Object, name: &str) -> Option<String> {
    let text = one_line(object.get(name)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

fn count(object: &Object, name: &str) -> Option<u32> {
    object
        .get(name)?
        .as_u64()
        .and_then(|count| u32::try_from(count).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Paper, String> {
        paper(json.as_bytes(), "2026-11-24T12:00:00Z".parse().expect("time"))
    }

    #[test]
    fn both_forms_of_a_hugging_face_paper_are_one() {
        let inner = r#"{"id":"2604.27488","title":"A\n  title","summary":"Text.","authors":[{"name":"Ada"},{"name":"B","hidden":true}],"publishedAt":"2026-04-30T00:00:00.000Z","submittedOnDailyAt":"2026-05-06T08:25:31.891Z","upvotes":7,"githubRepo":"https://github.com/a/b","_captured_at":"2026-05-06T10:01:31Z"}"#;
        let outer = format!(
            r#"{{"paper":{inner},"publishedAt":"2026-05-06T00:00:00.000Z","title":"A title","numComments":1}}"#
        );
        let (inner, outer) = (read(inner).expect("inner"), read(&outer).expect("outer"));
        assert_eq!(inner.title, "A title");
        assert_eq!(inner.authors, ["Ada"]);
        assert_eq!(inner.published, "2026-04-30".parse().ok());
        assert_eq!(
            inner.upvotes.map(|seen| (seen.at.to_string(), seen.total)),
            Some(("2026-05-06T10:01:31Z".into(), 7))
        );
        assert_eq!(
            outer,
            Paper {
                num_comments: Some(1),
                ..inner
            }
        );
    }

    #[test]
    fn an_arxiv_row_is_read_with_its_versions() {
        let paper = read(r#"{"id":"0704.0001","authors":"C. Bal\\'azs, E. L. Berger (Argonne, IL) and C.-P. Yuan","title":"T","abstract":"  A\n","categories":"hep-ph 68T05 cs.lg","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"},{"version":"v2","created":"Tue, 24 Jul 2007 20:10:27 GMT"}],"update_date":"2008-11-26","journal-ref":"Phys","license":null}"#).expect("row");
        assert_eq!(paper.authors, ["C. Balázs", "E. L. Berger", "C.-P. Yuan"]);
        assert_eq!(
            paper.published.map(|at| at.to_string()).as_deref(),
            Some("2007-04-02T19:18:42Z")
        );
        assert_eq!(
            (
                paper.version,
                paper.categories.len(),
                paper.abstract_text.as_str()
            ),
            (Some(2), 2, "A")
        );
        assert_eq!(
            paper.primary_category.map(|c| c.to_string()).as_deref(),
            Some("hep-ph")
        );
    }

    #[test]
    fn a_record_without_a_paper_says_why() {
        for (json, why) in [
            ("{", "not JSON"),
            ("[1]", "not a JSON object"),
            ("{}", "kind of record"),
            (r#"{"id":"2510.01234","abstract":"x"}"#, "no title"),
            (r#"{"id":"2510.01234","title":" \n ","abstract":"x"}"#, "no title"),
            (
                r#"{"id":"2510.01234","title":"!!!","abstract":"x"}"#,
                "neither letters",
            ),
            (r#"{"title":"x","abstract":"x"}"#, "no arXiv identifier"),
            (r#"{"id":2510.0123,"title":"x","abstract":"x"}"#, "must be a text"),
            (r#"{"id":"banana","title":"x","abstract":"x"}"#, "banana"),
            (r#"{"source":"arxiv","title":"x","published":"soon"}"#, "soon"),
        ] {
            let reason = read(json).expect_err(json);
            assert!(reason.contains(why), "{json}: {reason}");
        }
    }

    #[test]
    fn odd_values_are_as_if_not_said() {
        let paper = read(r#"{"id":"2510.01234","title":"T","summary":null,"authors":"?","upvotes":-3,"publishedAt":"soon","githubRepo":"javascript:alert(1)","projectPage":"javascript:alert(1)"}"#).expect("paper");
        assert_eq!(
            (paper.upvotes, paper.published, paper.project_page),
            (None, None, None)
        );
    }
}
