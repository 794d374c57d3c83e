//! Turns OAI-PMH records into papers.

use domain::{
    ArxivId, Category, Paper,
    arxiv::{InvalidArxivId, MOST_VERSION},
    edition::parse_date,
    paper::{Published, Source, is_web_url},
    text::one_line,
};
use jiff::{civil::Date, fmt::rfc2822};
use store::SetAside;

use super::wire;
use crate::{
    names::{RawName, clean_names, split_names},
    sources::SourceRecords,
};

/// A new record has a datestamp within this many days of its submission: a weekend and a holiday.
const NEW_WITHIN_DAYS: i32 = 7;

/// Turns records into papers; also returns the day of the latest record.
pub(super) fn translate(
    records: Vec<Result<wire::Record, (String, String)>>,
) -> (SourceRecords, Option<Date>) {
    let mut parsed = SourceRecords::default();
    let mut newest = None;
    for record in records {
        match record {
            Err((record, reason)) => parsed.set_aside.push(SetAside { record, reason }),
            Ok(record) => {
                let name = record.header.identifier.trim().to_owned();
                newest = newest.max(parse_date(record.header.datestamp.get(..10).unwrap_or_default()));
                if record.header.status.as_deref() == Some("deleted") {
                    match identifier(&name) {
                        Ok(id) => parsed.removed.push(id),
                        Err(reason) => parsed.set_aside.push(SetAside { record: name, reason }),
                    }
                    continue;
                }
                match paper(record) {
                    Ok(paper) => parsed.papers.push(paper),
                    Err(reason) => parsed.set_aside.push(SetAside { record: name, reason }),
                }
            }
        }
    }
    (parsed, newest)
}

fn identifier(name: &str) -> Result<ArxivId, String> {
    name.rsplit(':')
        .next()
        .unwrap_or(name)
        .parse()
        .map_err(|error: InvalidArxivId| error.to_string())
}

fn paper(record: wire::Record) -> Result<Paper, String> {
    let datestamp = parse_date(record.header.datestamp.trim().get(..10).unwrap_or_default());
    let metadata = record.metadata.ok_or("it has no metadata")?;
    let mut paper = match (metadata.arxiv, metadata.raw) {
        (_, Some(raw)) => from_raw(raw)?,
        (Some(arxiv), None) => from_arxiv(arxiv)?,
        (None, None) => return Err("its metadata is in an unknown format".to_owned()),
    };
    paper.check()?;
    // If a first version has a datestamp soon after its submission, it was announced on that day. A later datestamp is
    // that of a change.
    if let (Some(datestamp), Some(submitted), true) =
        (datestamp, paper.published, paper.version.unwrap_or(1) == 1)
        && paper.updated.is_none()
    {
        let days = datestamp
            .since(submitted.day())
            .map_or(i32::MAX, |span| span.get_days());
        if (0..=NEW_WITHIN_DAYS).contains(&days) {
            paper.announced_on = Some(datestamp);
        }
    }
    Ok(paper)
}

fn categories(text: Option<&str>) -> Vec<Category> {
    text.unwrap_or_default()
        .split_whitespace()
        .filter_map(|name| name.parse().ok())
        .collect()
}

fn one_line_or_none(text: Option<String>) -> Option<String> {
    text.map(|text| one_line(&text)).filter(|text| !text.is_empty())
}

fn from_raw(raw: wire::RawRecord) -> Result<Paper, String> {
    let id: ArxivId = identifier(raw.id.trim())?;
    let moment = |version: &wire::Version| {
        rfc2822::parse(version.date.trim())
            .ok()
            .map(|zoned| Published::At(zoned.timestamp()))
    };
    let number = |version: &wire::Version| {
        version
            .version
            .trim()
            .trim_start_matches('v')
            .parse::<u32>()
            .ok()
            .filter(|number| (1..=MOST_VERSION).contains(number))
    };
    let (first, last) = (
        raw.version.iter().min_by_key(|version| number(version)),
        raw.version.iter().max_by_key(|version| number(version)),
    );
    let categories = categories(raw.categories.as_deref());
    Ok(Paper {
        source: Source::Arxiv,
        version: last.and_then(number),
        title: one_line(&raw.title),
        abstract_text: one_line_or_none(raw.abstract_text).unwrap_or_default(),
        authors: raw.authors.as_deref().map(split_names).unwrap_or_default(),
        published: first.and_then(moment).or_else(|| Published::of_arxiv_id(&id)),
        updated: last.filter(|last| number(last) > Some(1)).and_then(moment),
        primary_category: categories.first().cloned(),
        categories,
        comments: one_line_or_none(raw.comments),
        doi: one_line_or_none(raw.doi),
        journal_ref: one_line_or_none(raw.journal_ref),
        license: one_line_or_none(raw.license).filter(|url| is_web_url(url)),
        arxiv_id: Some(id),
        live: true,
        ..Paper::default()
    })
}

fn from_arxiv(record: wire::ArxivRecord) -> Result<Paper, String> {
    let id: ArxivId = identifier(record.id.trim())?;
    let day = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| text.trim().parse::<Published>().ok())
    };
    let categories = categories(record.categories.as_deref());
    let authors = record.authors.author.iter().map(|author| RawName::Fields {
        family: author.keyname.as_deref().unwrap_or_default(),
        given: author.forenames.as_deref().unwrap_or_default(),
        suffix: author.suffix.as_deref().unwrap_or_default(),
    });
    let authors = clean_names(authors);
    Ok(Paper {
        source: Source::Arxiv,
        title: one_line(&record.title),
        abstract_text: one_line_or_none(record.abstract_text).unwrap_or_default(),
        authors,
        published: day(&record.created).or_else(|| Published::of_arxiv_id(&id)),
        updated: day(&record.updated),
        primary_category: categories.first().cloned(),
        categories,
        comments: one_line_or_none(record.comments),
        doi: one_line_or_none(record.doi),
        journal_ref: one_line_or_none(record.journal_ref),
        license: one_line_or_none(record.license).filter(|url| is_web_url(url)),
        arxiv_id: Some(id),
        live: true,
        ..Paper::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(records: &str) -> wire::Page {
        wire::read(&format!(
            "<?xml version=\"1.0\"?><OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>2026-11-24T01:00:00Z</responseDate><request verb=\"ListRecords\">x</request><ListRecords>{records}<resumptionToken cursor=\"0\">6793091|1001</resumptionToken></ListRecords></OAI-PMH>"
        ))
        .expect("a page")
    }

    const RAW: &str = r#"<record><header><identifier>oai:arXiv.org:2611.01234</identifier><datestamp>2026-11-24</datestamp><setSpec>cs:cs:LG</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2611.01234</id><submitter>Ada</submitter><version version="v1"><date>Mon, 23 Nov 2026 10:00:00 GMT</date><size>10kb</size><source_type>D</source_type></version><title>A title
  &amp; more</title><authors>Ada Lovelace (London), Emmy Noether</authors><categories>cs.LG 68T05 stat.ML</categories><license>http://creativecommons.org/licenses/by/4.0/</license><abstract>  Words $a&lt;b$.
</abstract></arXivRaw></metadata></record>"#;

    #[test]
    fn a_raw_record_is_read_with_its_versions() {
        let (records, newest) = translate(page(RAW).records);
        let paper = &records.papers[0];
        assert_eq!(paper.title, "A title & more");
        assert_eq!(paper.abstract_text, "Words $a<b$.");
        assert_eq!(paper.authors, ["Ada Lovelace", "Emmy Noether"]);
        assert_eq!(paper.version, Some(1));
        assert_eq!(paper.published, "2026-11-23T10:00:00Z".parse().ok());
        assert_eq!(paper.categories.len(), 2);
        assert_eq!(paper.announced_on, "2026-11-24".parse().ok());
        assert_eq!(newest, "2026-11-24".parse().ok());
    }

    #[test]
    fn a_malformed_record_is_set_aside_and_the_others_are_read() {
        let malformed = [
            RAW.replace("2611.01234", "2611.00001")
                .replace("&amp;", "&nonsense;"),
            RAW.replace("2611.01234", "2611.00002")
                .replace("<id>2611.00002</id>", "<id>banana</id>"),
            RAW.replace("2611.01234", "2611.00003")
                .replace("</title>", "</titel>"),
            RAW.replace("2611.01234", "2611.00004")
                .replace("Words", "W\u{fffd}rds"),
        ];
        let page = page(&format!("{}{RAW}", malformed.join("")));
        assert_eq!(page.token.as_deref(), Some("6793091|1001"));
        let (records, _) = translate(page.records);
        assert_eq!(records.papers.len(), 1, "{:?}", records.set_aside);
        assert_eq!(records.set_aside.len(), 4);
        assert!(records.set_aside[3].reason.contains("encoding"));
        assert_eq!(records.set_aside[0].record, "oai:arXiv.org:2611.00001");
    }

    #[test]
    fn a_deleted_record_removes_its_paper() {
        let page = page(
            r#"<record><header status="deleted"><identifier>oai:arXiv.org:hep-th/9901001</identifier><datestamp>2026-11-24</datestamp></header></record>"#,
        );
        assert_eq!(translate(page.records).0.removed[0].as_str(), "hep-th/9901001");
    }

    #[test]
    fn a_response_that_is_not_oai_pmh_is_refused() {
        for (text, why) in [
            ("<html><body>Retry</body></html>", "<html>"),
            ("", "not XML"),
            ("plain words", "not XML"),
            ("<OAI-PMH><ListRecords><record><header>", "incomplete XML"),
            ("<OAI-PMH><ListRecords></ListRecords>", "incomplete XML"),
        ] {
            let error = wire::read(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
        let error = wire::read("<OAI-PMH><responseDate>x</responseDate><error code=\"badResumptionToken\">expired</error></OAI-PMH>").expect("an error").error;
        assert_eq!(
            error,
            Some(("badResumptionToken".to_owned(), "expired".to_owned()))
        );
    }
}
