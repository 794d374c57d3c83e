//! Recognises the kind of a record, and reads it.

use domain::Paper;
use serde_json::Value;

use super::{arxiv, export, fields::Object, hugging_face, json, moments::Moments};
use crate::{import::printable::printable, plain_texts::with_plain_texts};

/// Reads one record. The error says why it is not a paper, and is safe to print.
pub(crate) fn read_record(record: &[u8], moments: Moments) -> Result<Paper, String> {
    read(record, moments).map_err(|reason| printable(&reason))
}

fn read(record: &[u8], moments: Moments) -> Result<Paper, String> {
    let Value::Object(object) = json::parse(record)? else {
        return Err("not a JSON object".to_owned());
    };
    let paper = match kind(&object) {
        Some(Kind::HuggingFace) => match object.get("paper") {
            Some(Value::Object(inner)) => hugging_face::read(inner, Some(&object), moments)?,
            _ => hugging_face::read(&object, None, moments)?,
        },
        Some(Kind::Export) => export::read(object, moments)?,
        Some(Kind::Arxiv) => arxiv::read(&object, moments)?,
        None => {
            return Err(
                "unrecognised kind of record: it is not a Hugging Face paper, an arXiv row or a record of our own export"
                    .to_owned(),
            );
        }
    };
    paper.check()?;
    Ok(with_plain_texts(paper))
}

enum Kind {
    HuggingFace,
    Export,
    Arxiv,
}

/// The kind of a record, recognised by fields that only this kind has.
fn kind(object: &Object) -> Option<Kind> {
    let has = |names: &[&str]| names.iter().any(|name| object.contains_key(*name));
    let source = object.get("source").and_then(Value::as_str);
    if matches!(object.get("paper"), Some(Value::Object(_))) {
        Some(Kind::HuggingFace)
    } else if source.is_some_and(|source| ["sample", "hugging_face", "arxiv"].contains(&source))
        // Broadsheet's export has neither field. `source` is not enough, because other programs write it too.
        && !has(&["id", "entry_id"])
    {
        Some(Kind::Export)
    } else if has(&["publishedAt", "upvotes", "submittedOnDailyAt", "githubRepo"]) {
        Some(Kind::HuggingFace)
    } else if has(&[
        "abstract",
        "categories",
        "update_date",
        "authors_parsed",
        "entry_id",
    ]) {
        Some(Kind::Arxiv)
    } else if has(&["summary"]) {
        Some(Kind::HuggingFace)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Paper, String> {
        let now = "2026-11-24T12:00:00Z".parse().expect("time");
        read_record(json.as_bytes(), Moments { as_of: now, now })
    }

    #[test]
    fn both_forms_of_a_hugging_face_paper_give_the_same_paper() {
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
    fn a_record_without_a_paper_gives_a_reason() {
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
            (
                r#"{"id":2510.0123,"title":"x","abstract":"x"}"#,
                "must be a string",
            ),
            (r#"{"id":"banana","title":"x","abstract":"x"}"#, "banana"),
            (r#"{"source":"arxiv","title":"x","published":"soon"}"#, "soon"),
        ] {
            let reason = read(json).expect_err(json);
            assert!(reason.contains(why), "{json}: {reason}");
        }
    }

    #[test]
    fn invalid_values_count_as_missing() {
        let paper = read(r#"{"id":"2510.01234","title":"T","summary":null,"authors":"?","upvotes":-3,"publishedAt":"soon","githubRepo":"javascript:alert(1)","projectPage":"javascript:alert(1)"}"#).expect("paper");
        assert_eq!(
            (paper.upvotes, paper.published, paper.project_page),
            (None, None, None)
        );
    }
}
