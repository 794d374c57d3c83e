//! arXiv by OAI-PMH: every record that changed since the last complete harvest, and the backfill.

mod set;
pub mod wire;

use std::collections::HashSet;

use domain::{
    ArxivId, Category, Paper, Upstream,
    edition::{parse_date, utc_day},
    paper::{Published, Source},
    text::one_line,
};
use jiff::{ToSpan, civil::Date, fmt::rfc2822};

use self::set::oai_set;
use super::{Adapter, Harvest, SourceContext};
use crate::names::{display_name, joined_names};
use store::SetAside;

use crate::fetch::{Body, FetchError, FetchRequest, Fetched, text_of};
use store::Checkpoint;

/// How far back the first harvest goes.
const FIRST_DAYS: i64 = 3;
/// A record that is new to arXiv is stamped within this many days of its submission (a weekend and a holiday).
const NEW_WITHIN_DAYS: i32 = 7;
/// A token that expires again and again leads nowhere.
const MOST_RESTARTS: u32 = 2;
/// Longer than any token, short enough for an address.
const MOST_TOKEN: usize = 4_096;

/// The adapter.
#[derive(Debug, Clone, Copy)]
pub struct ArxivOai;

impl Adapter for ArxivOai {
    async fn pass(&self, source: &SourceContext, from: Option<Date>) -> Result<(), FetchError> {
        let mut refused = None;
        for set in &source.settings.sets {
            match harvest(source, set, from).await {
                // A set it does not know must not keep the others from us.
                Err(FetchError::Refused(what)) => refused = Some(what),
                outcome => outcome?,
            }
        }
        refused.map_or(Ok(()), |what| Err(FetchError::Refused(what)))
    }
}

/// One question: the first of a harvest, or the next.
fn url(base: &str, set: &str, from: &str, prefix: &str, token: Option<&str>) -> String {
    let mut query = form(&[("verb", "ListRecords")]);
    match token {
        // The token is an exclusive argument.
        Some(token) => query.push_str(&form(&[("resumptionToken", token)])),
        None => query.push_str(&form(&[("metadataPrefix", prefix), ("set", set), ("from", from)])),
    }
    format!("{base}?{}", query.trim_start_matches('&'))
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        query.push('&');
        query.push_str(name);
        query.push('=');
        domain::listing::push_encoded(&mut query, value);
    }
    query
}

/// Harvests one set to its end, page by page; each page is told together with the way on from it.
async fn harvest(source: &SourceContext, category: &Category, from: Option<Date>) -> Result<(), FetchError> {
    let set = oai_set(category);
    let scope = match from {
        Some(day) => format!("{set}#{day}"),
        None => set.clone(),
    };
    let fresh = || {
        let first = utc_day(source.clock.now()).saturating_sub(FIRST_DAYS.days());
        Checkpoint {
            scope: scope.clone(),
            from_day: from.unwrap_or(first).to_string(),
            token: None,
            began: None,
        }
    };
    // A backfill that is complete begins anew; one that was interrupted goes on.
    let known = source.store.harvest(&scope).await?;
    let mut at = known
        .filter(|known| from.is_none() || known.token.is_some())
        .unwrap_or_else(fresh);
    let mut prefix = "arXivRaw";
    let mut restarts = 0;
    let mut taken = 0_u64;
    let mut tokens = HashSet::new();
    loop {
        let url = url(
            &source.settings.arxiv_oai,
            &set,
            &at.from_day,
            prefix,
            at.token.as_deref(),
        );
        let answer = source
            .fetcher
            .ask(&FetchRequest::get(Upstream::ArxivOai, url), |body: &Body| {
                wire::read(&text_of(&body.bytes))
            })
            .await;
        let page = match answer {
            Ok(Fetched::Fresh(page)) => page,
            Ok(Fetched::Unchanged | Fetched::Missing) => return Ok(()),
            Err(trouble) => {
                // A way on that is refused leads nowhere tomorrow either: the next harvest begins again.
                if matches!(trouble, FetchError::Refused(_)) && at.token.is_some() {
                    source
                        .save_papers(Harvest::default(), Some(&at.begun_again()))
                        .await?;
                }
                return Err(trouble);
            }
        };
        if let Some((code, words)) = &page.error {
            match code.as_str() {
                "noRecordsMatch" => {}
                "badResumptionToken" if restarts < MOST_RESTARTS => {
                    // Tokens live for a day. SourceBatch a record twice changes nothing, so the harvest begins again.
                    restarts += 1;
                    tokens.clear();
                    at.token = None;
                    at.began = None;
                    continue;
                }
                "cannotDisseminateFormat" if prefix == "arXivRaw" => {
                    prefix = "arXiv";
                    continue;
                }
                _ => {
                    let what = format!("arXiv’s harvest refuses {set}: {code} {words}");
                    let now = source.clock.now();
                    source
                        .store
                        .source_failed(Upstream::ArxivOai, &what, now, now)
                        .await?;
                    return Err(FetchError::Refused(what));
                }
            }
        }
        let now = source.clock.now();
        let began = at.began.clone().unwrap_or_else(|| page.response_date.clone());
        let (batch, newest) = translate(page.records);
        taken += batch.papers.len() as u64;
        let any = !batch.papers.is_empty();
        let next = match page.token {
            Some(token) if token.len() > MOST_TOKEN || !tokens.insert(token.clone()) => {
                // What the page held is kept.
                source.save_papers(batch, Some(&at.begun_again())).await?;
                return Err(FetchError::Refused(format!(
                    "arXiv’s harvest leads from one page of {set} to the same again"
                )));
            }
            Some(token) => Checkpoint {
                token: Some(token),
                began: Some(began),
                ..at.clone()
            },
            None => Checkpoint {
                scope: scope.clone(),
                // The next harvest asks from the day this one began; what changed on it is told twice, harmlessly.
                from_day: parse_date(began.get(..10).unwrap_or_default())
                    .unwrap_or_else(|| utc_day(now).saturating_sub(1.day()))
                    // A clock of theirs that goes ahead must not make us miss what comes until then.
                    .min(utc_day(now))
                    .to_string(),
                token: None,
                began: None,
            },
        };
        source.save_papers(batch, Some(&next)).await?;
        if any {
            source
                .store
                .source_batch(Upstream::ArxivOai, newest.min(Some(utc_day(now))), taken, now)
                .await?;
        }
        source.say(&format!("{category}: {taken} records"));
        if next.token.is_none() {
            return Ok(());
        }
        at = next;
    }
}

/// What the records mean, and the day of the latest.
fn translate(records: Vec<Result<wire::Record, (String, String)>>) -> (Harvest, Option<Date>) {
    let mut harvest = Harvest::default();
    let mut newest = None;
    for record in records {
        match record {
            Err((record, reason)) => harvest.set_aside.push(SetAside { record, reason }),
            Ok(record) => {
                let name = record.header.identifier.trim().to_owned();
                newest = newest.max(parse_date(record.header.datestamp.get(..10).unwrap_or_default()));
                if record.header.status.as_deref() == Some("deleted") {
                    match identifier(&name) {
                        Ok(id) => harvest.removed.push(id),
                        Err(reason) => harvest.set_aside.push(SetAside { record: name, reason }),
                    }
                    continue;
                }
                match paper(record) {
                    Ok(paper) => harvest.papers.push(paper),
                    Err(reason) => harvest.set_aside.push(SetAside { record: name, reason }),
                }
            }
        }
    }
    (harvest, newest)
}

fn identifier(name: &str) -> Result<ArxivId, String> {
    name.rsplit(':')
        .next()
        .unwrap_or(name)
        .parse()
        .map_err(|error: domain::arxiv::InvalidArxivId| error.to_string())
}

fn paper(record: wire::Record) -> Result<Paper, String> {
    let stamped = parse_date(record.header.datestamp.trim().get(..10).unwrap_or_default());
    let metadata = record.metadata.ok_or("there is no metadata in it")?;
    let mut paper = match (metadata.arxiv, metadata.raw) {
        (_, Some(raw)) => from_raw(raw)?,
        (Some(arxiv), None) => from_arxiv(arxiv)?,
        (None, None) => return Err("its metadata is in neither of arXiv’s formats".to_owned()),
    };
    paper.check()?;
    // A first version stamped soon after it was submitted has just been announced; anything later is a change.
    if let (Some(stamped), Some(submitted), true) =
        (stamped, paper.published, paper.version.unwrap_or(1) == 1)
        && paper.updated.is_none()
    {
        let days = stamped
            .since(submitted.day())
            .map_or(i32::MAX, |span| span.get_days());
        if (0..=NEW_WITHIN_DAYS).contains(&days) {
            paper.announced_on = Some(stamped);
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

fn said(text: Option<String>) -> Option<String> {
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
            .filter(|number| (1..=domain::arxiv::MOST_VERSION).contains(number))
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
        abstract_text: said(raw.abstract_text).unwrap_or_default(),
        authors: raw.authors.as_deref().map(joined_names).unwrap_or_default(),
        published: first.and_then(moment).or_else(|| Published::of_arxiv_id(&id)),
        updated: last.filter(|last| number(last) > Some(1)).and_then(moment),
        primary_category: categories.first().cloned(),
        categories,
        comments: said(raw.comments),
        doi: said(raw.doi),
        journal_ref: said(raw.journal_ref),
        license: said(raw.license).filter(|url| domain::paper::is_web_url(url)),
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
    let authors = record
        .authors
        .author
        .into_iter()
        .map(|author| {
            let parts = [author.forenames, author.keyname, author.suffix].map(Option::unwrap_or_default);
            display_name(&parts.join(" "))
        })
        .filter(|name| !name.is_empty())
        .collect();
    Ok(Paper {
        source: Source::Arxiv,
        title: one_line(&record.title),
        abstract_text: said(record.abstract_text).unwrap_or_default(),
        authors,
        published: day(&record.created).or_else(|| Published::of_arxiv_id(&id)),
        updated: day(&record.updated),
        primary_category: categories.first().cloned(),
        categories,
        comments: said(record.comments),
        doi: said(record.doi),
        journal_ref: said(record.journal_ref),
        license: said(record.license).filter(|url| domain::paper::is_web_url(url)),
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
        let (harvest, newest) = translate(page(RAW).records);
        let paper = &harvest.papers[0];
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
    fn a_spoilt_record_is_set_aside_and_the_rest_is_kept() {
        let spoilt = [
            RAW.replace("2611.01234", "2611.00001")
                .replace("&amp;", "&nonsense;"),
            RAW.replace("2611.01234", "2611.00002")
                .replace("<id>2611.00002</id>", "<id>banana</id>"),
            RAW.replace("2611.01234", "2611.00003")
                .replace("</title>", "</titel>"),
            RAW.replace("2611.01234", "2611.00004")
                .replace("Words", "W\u{fffd}rds"),
        ];
        let page = page(&format!("{}{RAW}", spoilt.join("")));
        assert_eq!(page.token.as_deref(), Some("6793091|1001"));
        let (harvest, _) = translate(page.records);
        assert_eq!(harvest.papers.len(), 1, "{:?}", harvest.set_aside);
        assert_eq!(harvest.set_aside.len(), 4);
        assert!(harvest.set_aside[3].reason.contains("encoding"));
        assert_eq!(harvest.set_aside[0].record, "oai:arXiv.org:2611.00001");
    }

    #[test]
    fn a_deleted_record_names_its_paper() {
        let page = page(
            r#"<record><header status="deleted"><identifier>oai:arXiv.org:hep-th/9901001</identifier><datestamp>2026-11-24</datestamp></header></record>"#,
        );
        assert_eq!(translate(page.records).0.removed[0].as_str(), "hep-th/9901001");
    }

    #[test]
    fn what_is_no_harvest_says_so() {
        for (text, why) in [
            ("<html><body>Retry</body></html>", "<html>"),
            ("", "not XML"),
            ("plain words", "not XML"),
            ("<OAI-PMH><ListRecords><record><header>", "breaks off"),
            ("<OAI-PMH><ListRecords></ListRecords>", "breaks off"),
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

    #[test]
    fn a_token_is_the_only_argument_beside_the_verb() {
        assert_eq!(
            url("http://x/oai", "cs:cs:LG", "2026-11-24", "arXivRaw", None),
            "http://x/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs%3Acs%3ALG&from=2026-11-24"
        );
        assert_eq!(
            url("http://x/oai", "cs", "2026-11-24", "arXivRaw", Some("1|2")),
            "http://x/oai?verb=ListRecords&resumptionToken=1%7C2"
        );
    }
}
