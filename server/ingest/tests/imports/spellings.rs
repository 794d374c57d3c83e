//! The same paper as different programs export it.

use domain::Paper;
use testing::{at, key};

use crate::helpers::{Files, counts, import_file, papers_of};

async fn paper_of(record: &str) -> Paper {
    papers_of(&[record]).await.remove(0)
}

#[tokio::test]
async fn authors_are_strings_objects_or_lists() {
    for (kind, authors) in [
        ("summary", r#"["Ada Lovelace","Emmy Noether"]"#),
        (
            "summary",
            r#"[{"name":"Ada Lovelace"},{"name":"X","hidden":true},{"name":"Emmy Noether"}]"#,
        ),
        (
            "summary",
            r#"[{"given":"Ada","family":"Lovelace"},{"first":"Emmy","last":"Noether"}]"#,
        ),
        ("summary", r#""Ada Lovelace, Emmy Noether""#),
        ("abstract", r#""Ada Lovelace and Emmy Noether""#),
        ("abstract", r#"["Lovelace, Ada","Noether, Emmy"]"#),
        ("abstract", r#"[{"fullname":"Ada Lovelace"},"Emmy Noether"]"#),
        ("abstract", r#""['Ada Lovelace', 'Emmy Noether']""#),
    ] {
        let record = format!(
            r#"{{"id":"2611.01234","title":"T","{kind}":"S.","authors":{authors},"publishedAt":"2026-11-20T00:00:00.000Z","upvotes":3}}"#
        );
        assert_eq!(
            paper_of(&record).await.authors,
            ["Ada Lovelace", "Emmy Noether"],
            "{record}"
        );
    }
}

#[tokio::test]
async fn counts_are_numbers_floats_or_text() {
    for (upvotes, stars) in [
        ("12", "3"),
        ("12.0", "3.0"),
        (r#""12""#, r#"" 3 ""#),
        (r#""12.0""#, "3e0"),
    ] {
        let record = format!(
            r#"{{"id":"2611.01234","title":"T","summary":"S.","upvotes":{upvotes},"githubStars":{stars},"numComments":0.0}}"#
        );
        let paper = paper_of(&record).await;
        let total = |reading: Option<domain::paper::CounterReading>| reading.map(|reading| reading.total);
        assert_eq!(
            (total(paper.upvotes), total(paper.stars), paper.num_comments),
            (Some(12), Some(3), Some(0)),
            "{record}"
        );
    }
    for upvotes in ["-3", "1.5", "NaN", "4294967296", "null", r#""many""#] {
        let record = format!(r#"{{"id":"2611.01234","title":"T","summary":"S.","upvotes":{upvotes}}}"#);
        assert_eq!(paper_of(&record).await.upvotes, None, "{record}");
    }
}

#[tokio::test]
async fn a_missing_value_may_be_nan() {
    let expected = paper_of(r#"{"id":"2611.01234","title":"T","abstract":"A.","categories":"cs.LG"}"#).await;
    for missing in ["NaN", "Infinity", "-Infinity", "null", r#""nan""#, r#""""#] {
        let record = format!(
            r#"{{"id":"2611.01234","title":"T","abstract":"A.","categories":"cs.LG","license":{missing},"journal-ref":{missing},"doi":{missing},"comments":{missing},"update_date":{missing},"versions":{missing},"authors":{missing}}}"#
        );
        assert_eq!(paper_of(&record).await, expected, "{record}");
    }
}

#[tokio::test]
async fn a_date_may_be_unix_time() {
    for (published, submitted) in [
        ("1763596800000", "1763683200000"),
        ("1763596800", "1763683200"),
        ("1763596800000000", "1763683200000000"),
        (r#""1763596800000""#, r#""1763683200""#),
        (r#""2025-11-20""#, r#""2025-11-21 00:00:00""#),
        (r#""20 Nov 2025""#, r#""Fri, 21 Nov 2025 00:00:00 GMT""#),
        (r#""2025-11-20T00:00:00""#, r#""2025-11-21T00:00:00.000+0000""#),
    ] {
        let record = format!(
            r#"{{"id":"2511.01234","title":"T","summary":"S.","publishedAt":{published},"submittedOnDailyAt":{submitted}}}"#
        );
        let paper = paper_of(&record).await;
        assert_eq!(
            (paper.published, paper.hf_submitted_at),
            ("2025-11-20".parse().ok(), Some(at("2025-11-21T00:00:00Z"))),
            "{record}"
        );
        let row = format!(
            r#"{{"id":"2511.01234","title":"T","abstract":"S.","versions":[{{"version":"v1","created":{published}}}],"update_date":{submitted}}}"#
        );
        let paper = paper_of(&row).await;
        assert_eq!(
            (paper.published, paper.updated),
            ("2025-11-20".parse().ok(), "2025-11-21".parse().ok()),
            "{row}"
        );
    }
}

#[tokio::test]
async fn a_zero_that_stands_for_a_missing_date_is_not_a_date() {
    for date in [
        "0",
        r#""1970-01-01T00:00:00.000Z""#,
        r#""0001-01-01T00:00:00Z""#,
        r#""soon""#,
    ] {
        let record =
            format!(r#"{{"id":"2611.01234","title":"T","summary":"S.","publishedAt":{date},"upvotes":1}}"#);
        assert_eq!(paper_of(&record).await.published, None, "{record}");
        let row = format!(r#"{{"id":"2611.01234","title":"T","abstract":"S.","published":{date}}}"#);
        assert_eq!(paper_of(&row).await.published, "2026-11".parse().ok(), "{row}");
    }
}

#[tokio::test]
async fn the_identifier_may_be_a_url_and_its_field_may_have_another_name() {
    for fields in [
        r#""id":"2611.01234v1""#,
        r#""id":"http://arxiv.org/abs/2611.01234v1""#,
        r#""id":"arXiv:2611.01234""#,
        r#""entry_id":"https://arxiv.org/abs/2611.01234v1""#,
        r#""arxiv_id":"2611.01234""#,
        r#""\ufeffid":" 2611.01234 ""#,
        r#""paper_id":"2611.01234","id":17"#,
        r#""paperId":"649def34f8be52c8b66281af98ae884c09aef38b","externalIds":{"ArXiv":"2611.01234"}"#,
        r#""eprint":"2611.01234","id":null"#,
        r#""id":"W2741809807","doi":"https://doi.org/10.48550/arXiv.2611.01234""#,
    ] {
        let record = format!(r#"{{{fields},"title":"T","abstract":"A."}}"#);
        assert_eq!(paper_of(&record).await.key(), key("2611.01234"), "{record}");
    }
}

#[tokio::test]
async fn an_old_identifier_keeps_its_archive() {
    for id in [
        "oai:arXiv.org:cmp-lg/9808001",
        "arXiv:cmp-lg/9808001",
        "http://arxiv.org/abs/cmp-lg/9808001v1",
        "cmp-lg/9808001v1",
    ] {
        let record = format!(r#"{{"id":"{id}","title":"T","abstract":"A."}}"#);
        // cs/9808001 is another paper.
        assert_eq!(paper_of(&record).await.key(), key("cmp-lg/9808001"), "{record}");
    }
}

#[tokio::test]
async fn half_an_emoji_or_another_json_mistake_does_not_lose_the_record() {
    for (summary, expected) in [
        (r"Great results \ud83e", "Great results \u{fffd}"),
        (r"\udd80 Great results", "\u{fffd} Great results"),
        ("Great\tresults", "Great results"),
        (r"Great \ud83e\udd80 results", "Great 🦀 results"),
    ] {
        let record = format!(r#"{{"id":"2611.01234","title":"T","summary":"{summary}","upvotes":1,}}"#);
        assert_eq!(paper_of(&record).await.abstract_text, expected, "{record}");
    }
}

#[tokio::test]
async fn results_of_the_arxiv_api_are_arxiv_rows() {
    let paper = paper_of(
        r#"{"entry_id":"http://arxiv.org/abs/2611.01234v2","updated":"2026-11-22T10:00:00+00:00","published":"2026-11-20 10:00:00","title":"T","authors":["Ada Lovelace"],"summary":"S.","comment":"5 pages","journal_ref":null,"doi":"10.1/x","primary_category":"stat.ML","categories":["cs.LG","stat.ML"],"pdf_url":"http://arxiv.org/pdf/2611.01234v2"}"#,
    )
    .await;
    assert_eq!(
        (
            paper.source,
            paper.abstract_text.as_str(),
            paper.comments.as_deref(),
            paper.categories.len()
        ),
        (domain::paper::Source::Arxiv, "S.", Some("5 pages"), 2)
    );
    assert_eq!(
        paper
            .primary_category
            .map(|category| category.to_string())
            .as_deref(),
        Some("stat.ML")
    );
    assert_eq!(paper.published, "2026-11-20T10:00:00Z".parse().ok());
}

#[tokio::test]
async fn an_export_that_pandas_rewrote_is_still_our_export() {
    let record = r#"{"source":"arxiv","arxiv_id":"2611.01234","version":2,"title":"T","abstract":"A.","published":"2026-11-20T10:00:00Z","num_comments":3,"upvotes":{"at":"2026-11-21T08:00:00Z","total":12}}"#;
    let again = r#"{"source":"arxiv","arxiv_id":"2611.01234","version":2.0,"title":"T","abstract":"A.","published":1795168800000,"num_comments":"3","upvotes":{"at":1795248000000,"total":12.0},"doi":NaN,"authors":null,"stars":null}"#;
    assert_eq!(papers_of(&[again]).await, papers_of(&[record]).await);
}

#[tokio::test]
async fn messages_about_rejects_are_short_and_safe_to_print() {
    let library = testing::Library::new().await;
    let long = "x".repeat(10_000);
    let records = [
        r#"{"id":"\u001b[31mred\u001b[0m\u0007","title":"T","abstract":"A."}"#.to_owned(),
        r#"{"id":"\u202e4321.1162\u2066\r\nimported 5","title":"T","abstract":"A."}"#.to_owned(),
        format!(r#"{{"source":"arxiv","title":"T","published":"{long}"}}"#),
        format!(r#"{{"source":"arxiv","title":"T","authors":"\u001b]0;{long}"}}"#),
        r#"{"source":"arxiv","title":"T","categories":["\u009b2J"]}"#.to_owned(),
    ];
    let path = Files::new();
    let path = path.write("x.jsonl", records.join("\n").as_bytes());
    let (summary, rejects) = import_file(&library.store, &path).await;
    assert_eq!(summary, counts(0, 0, 0, 5));
    for (line, reason) in rejects {
        assert!(
            !reason
                .chars()
                .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
            "{line}: {reason:?}"
        );
        assert!(reason.chars().count() <= 301, "{line}: {reason}");
    }
}
