//! Turns a daily feed into papers.

use domain::{
    ArxivId, Category, Paper,
    calendar::{eastern_day, has_listing},
    paper::{Source, is_web_url},
    text::one_line,
    upstream::{AnnounceKind, Announcement},
};
use jiff::{Timestamp, ToSpan, civil::Date, fmt::rfc2822};
use store::SetAside;

use super::wire;
use crate::{names::split_names, sources::SourceRecords};

/// A new paper is announced in the month of its identifier, or after holidays in the next month.
const NEW_WITHIN_DAYS: i64 = 62;

/// The announcements of one day.
#[derive(Debug, Default)]
pub struct Batch {
    /// Its papers.
    pub records: SourceRecords,
    /// The day of its items; `None` without items.
    pub day: Option<Date>,
    /// The day of the channel, which a feed without items has too.
    pub channel: Option<Date>,
}

/// Turns a feed into papers. An item without a date gets that of the channel, or else `today`.
pub fn translate(feed: wire::Feed, today: Date) -> Batch {
    let channel = feed.published.as_deref().and_then(date);
    let mut batch = Batch {
        channel,
        ..Batch::default()
    };
    let channel = channel.filter(|day| has_listing(*day));
    for item in feed.items {
        let item = match item {
            Ok(item) => item,
            Err((record, reason)) => {
                batch.records.set_aside.push(SetAside { record, reason });
                continue;
            }
        };
        let name = name(&item).to_owned();
        let day = item
            .pub_date
            .as_deref()
            .or(item.published.as_deref())
            .and_then(listing)
            .or(channel)
            .unwrap_or(today);
        match paper(item, &name, day) {
            Ok(mut paper) => {
                if is_plausible(&paper, day, today) {
                    batch.day = batch.day.max(Some(day));
                } else {
                    // The paper itself is right; only its day is not.
                    tracing::warn!(record = name, %day, "ignored an impossible day of announcement");
                    paper.announced_on = None;
                    paper.announced_firm = false;
                    paper.announcement = None;
                }
                batch.records.papers.push(paper);
            }
            Err(reason) => batch.records.set_aside.push(SetAside { record: name, reason }),
        }
    }
    batch
}

/// Whether this paper can have been announced on this day: not before the month of its identifier, not after today, and
/// if it is new, not long after that month.
fn is_plausible(paper: &Paper, day: Date, today: Date) -> bool {
    let month = paper.arxiv_id.as_ref().and_then(|id| {
        let (year, month) = id.year_month();
        Date::new(year, month, 1).ok()
    });
    let is_new = paper.announced_on.is_some();
    month.is_some_and(|first| {
        (first..=today).contains(&day) && (!is_new || day <= first.saturating_add(NEW_WITHIN_DAYS.days()))
    })
}

/// The day of an announcement; `None` for a day on which arXiv announces nothing.
fn listing(text: &str) -> Option<Date> {
    date(text).filter(|day| has_listing(*day))
}

/// The day at arXiv of a moment in RFC 2822 or RFC 3339.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let at: Timestamp = rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
        .or_else(|| text.parse().ok())?;
    Some(eastern_day(at))
}

fn name(item: &wire::Item) -> &str {
    let guid = item.guid.as_ref().map(|guid| guid.text.as_str());
    guid.or(item.id.as_deref())
        .unwrap_or("an item without an identifier")
        .trim()
}

fn paper(item: wire::Item, name: &str, day: Date) -> Result<Paper, String> {
    let (id, version) = ArxivId::parse_versioned(name.rsplit(':').next().unwrap_or(name))
        .map_err(|error| error.to_string())?;
    let described = item
        .description
        .or(item.summary.map(|summary| summary.text))
        .unwrap_or_default();
    let kind = match item.announce_type.as_deref() {
        Some(kind) => kind
            .trim()
            .parse::<AnnounceKind>()
            .map_err(|error| format!("its announcement type is not known: {error}"))?,
        None => announced_as(&described).ok_or("it has no announcement type")?,
    };
    let abstract_text = described
        .split_once("Abstract:")
        .map_or(described.as_str(), |(_, text)| text);
    let categories: Vec<Category> = item
        .category
        .iter()
        .filter_map(|category| category.term.as_deref().or(category.text.as_deref()))
        .filter_map(|name| name.parse().ok())
        .collect();
    let paper = Paper {
        source: Source::Arxiv,
        version,
        title: one_line(&item.title),
        abstract_text: one_line(abstract_text),
        authors: item.creator.iter().flat_map(|names| split_names(names)).collect(),
        primary_category: categories.first().cloned(),
        categories,
        license: item
            .rights
            .map(|rights| one_line(&rights))
            .filter(|url| is_web_url(url)),
        // A paper that is only cross-listed or replaced may be years old.
        announced_on: (kind == AnnounceKind::New).then_some(day),
        announced_firm: kind == AnnounceKind::New,
        live: true,
        announcement: Some(Announcement { day, kind, version }),
        arxiv_id: Some(id),
        ..Paper::default()
    };
    paper.check()?;
    Ok(paper)
}

/// The announcement type in a description, as in `arXiv:2508.13426v1 Announce Type: cross`. It stands in for a missing
/// element.
fn announced_as(description: &str) -> Option<AnnounceKind> {
    let (_, rest) = description.split_once("Announce Type:")?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.LG</link>
<lastBuildDate>Tue, 24 Nov 2026 05:00:11 +0000</lastBuildDate><pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate>
<skipDays><day>Sunday</day><day>Saturday</day></skipDays>
<item><title>A &amp; B</title><link>https://arxiv.org/abs/2611.01234</link>
<description>arXiv:2611.01234v1 Announce Type: new 
Abstract: Words &lt; more.</description><guid isPermaLink="false">oai:arXiv.org:2611.01234v1</guid><category>cs.LG</category><category>68T05</category>
<pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate><arxiv:announce_type>new</arxiv:announce_type><dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights><dc:creator>Ada Lovelace, Emmy Noether</dc:creator></item>
<item><title>Older</title><description>arXiv:2510.00001v3 Announce Type: replace-cross 
Abstract: Words.</description><guid isPermaLink="false">oai:arXiv.org:2510.00001v3</guid><category>stat.ML</category><category>cs.LG</category><arxiv:announce_type>replace-cross</arxiv:announce_type><dc:creator>A. One</dc:creator></item>
<item><title>Nameless</title><description>x</description></item>
</channel></rss>"#;

    #[test]
    fn new_papers_are_distinguished_from_replaced_ones() {
        let today = "2026-11-24".parse().expect("a day");
        let batch = translate(wire::read(RSS).expect("a feed"), today);
        assert_eq!(batch.day, Some(today));
        assert_eq!(batch.records.set_aside.len(), 1);
        let [new, old] = &batch.records.papers[..] else {
            panic!("{:?}", batch.records)
        };
        assert_eq!(
            (new.title.as_str(), new.abstract_text.as_str()),
            ("A & B", "Words < more.")
        );
        assert_eq!(new.authors, ["Ada Lovelace", "Emmy Noether"]);
        assert_eq!((new.announced_on, new.announced_firm), (Some(today), true));
        assert_eq!(old.announced_on, None);
        assert_eq!(
            old.announcement,
            Some(Announcement {
                day: today,
                kind: AnnounceKind::ReplaceCross,
                version: Some(3)
            })
        );
    }

    #[test]
    fn a_response_that_is_not_a_feed_is_refused() {
        for (text, why) in [
            ("<html><p>Sorry</p></html>", "<html>"),
            ("<rss><channel><item><title>", "incomplete XML"),
            ("{}", "not XML"),
        ] {
            assert!(wire::read(text).expect_err(text).contains(why), "{text}");
        }
    }
}
