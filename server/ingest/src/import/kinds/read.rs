//! Recognises the kind of a record, and reads it.

use domain::Paper;
use jiff::Timestamp;
use serde_json::Value;

use super::{arxiv, export, hugging_face};

/// Reads one record. The error says why it is not a paper. `as_of` is the moment at which the file was current;
/// totals without a time of their own use it.
pub(crate) fn read_record(record: &[u8], as_of: Timestamp) -> Result<Paper, String> {
    let value: Value = serde_json::from_slice(record).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(object) = value else {
        return Err("not a JSON object".to_owned());
    };
    let has = |names: [&str; 3]| names.iter().any(|name| object.contains_key(*name));
    let paper = if let Some(Value::Object(inner)) = object.get("paper") {
        hugging_face::read(inner, Some(&object), as_of)?
    } else if matches!(object.get("source"), Some(Value::String(source)) if ["sample", "hugging_face", "arxiv"].contains(&source.as_str()))
    {
        export::read(object)?
    } else if has(["summary", "publishedAt", "upvotes"]) {
        hugging_face::read(&object, None, as_of)?
    } else if has(["abstract", "categories", "update_date"]) {
        arxiv::read(&object)?
    } else {
        return Err(
            "unrecognised kind of record: it is not a Hugging Face paper, an arXiv row or a record of our own export"
                .to_owned(),
        );
    };
    paper.check()?;
    Ok(paper)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Paper, String> {
        read_record(json.as_bytes(), "2026-11-24T12:00:00Z".parse().expect("time"))
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
