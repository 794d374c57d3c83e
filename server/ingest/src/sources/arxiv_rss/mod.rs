//! arXiv's daily feed: what was announced, on which day, and as what.

pub mod wire;

use domain::{
    ArxivId, Category, Paper, Upstream,
    paper::Source,
    text::one_line,
    upstream::{AnnounceKind, Announcement},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    fmt::rfc2822,
};

use super::{Adapter, Harvest, SourceContext};
use crate::names::joined_names;
use store::SetAside;

use crate::fetch::{Body, FetchError, FetchRequest, Fetched, text_of};
use domain::calendar::{closed_at, eastern_day, eastern_moment, has_listing, listing_before};

/// A paper that is new is announced in the month of its identifier, or after the holidays of the next.
const NEW_WITHIN_DAYS: i64 = 62;
/// On a working day an empty feed may only not be there yet; from this hour on it is believed.
const BELIEVED_FROM: Time = Time::constant(12, 0, 0, 0);

/// The adapter.
#[derive(Debug, Clone, Copy)]
pub struct ArxivRss;

/// One batch: the papers of a day.
#[derive(Debug, Default)]
pub struct Batch {
    /// What it holds.
    pub harvest: Harvest,
    /// The day it is for, as it says.
    pub day: Option<Date>,
    /// The day of the channel: of an answer without items, too.
    pub channel: Option<Date>,
}

impl Adapter for ArxivRss {
    async fn pass(&self, source: &SourceContext, _from: Option<Date>) -> Result<(), FetchError> {
        let now = source.clock.now();
        let today = eastern_day(now);
        if source.store.batch_is_in(Upstream::ArxivRss, today).await? {
            return Ok(());
        }
        let sets: Vec<&str> = source.settings.sets.iter().map(Category::as_str).collect();
        let ask = FetchRequest {
            conditional: true,
            ..FetchRequest::get(
                Upstream::ArxivRss,
                format!("{}/{}", source.settings.arxiv_rss, sets.join("+")),
            )
        };
        let answer = source
            .fetcher
            .ask(&ask, |body: &Body| {
                let feed = wire::read(&text_of(&body.bytes))?;
                Ok((translate(feed, today), body.validators.clone()))
            })
            .await?;
        let Fetched::Fresh((batch, validators)) = answer else {
            return Ok(());
        };
        let size = batch.harvest.papers.len();
        let Some(day) = batch.day else {
            // Nothing today, and it says so: a weekend or a holiday. An empty answer of another day is not yet today's.
            let believed = !has_listing(today) || now >= eastern_moment(today, BELIEVED_FROM);
            if believed
                && size == 0
                && batch.harvest.set_aside.is_empty()
                && batch.channel.is_none_or(|channel| channel == today)
            {
                source.store.source_empty(Upstream::ArxivRss, today).await?;
            }
            source.save_papers(batch.harvest, None).await?;
            source.say("no announcements today");
            return Ok(());
        };
        let new: Vec<&ArxivId> = batch
            .harvest
            .papers
            .iter()
            .filter(|paper| {
                paper
                    .announcement
                    .is_some_and(|announced| announced.kind == AnnounceKind::New)
            })
            .filter_map(|paper| paper.arxiv_id.as_ref())
            .collect();
        // Papers are announced as new once: a batch that is half made of earlier ones is the earlier one. Where that
        // one was missed, the harvest knows: nearly all of a batch was submitted after the one before it was closed.
        let again = source.store.announced_before(&new, day).await?;
        let closed = closed_at(listing_before(day));
        let (early, known) = source.store.submitted_before(&new, closed).await?;
        let repeated = again * 2 >= new.len() as u64 || known >= 5 && early * 10 >= known * 9;
        if !new.is_empty() && repeated {
            source.store.source_repeated(Upstream::ArxivRss, day).await?;
            source.say(&format!(
                "{day}: an earlier batch under this date; nothing was taken from it"
            ));
            return Ok(());
        }
        source.save_papers(batch.harvest, None).await?;
        source
            .store
            .source_batch(Upstream::ArxivRss, Some(day), size as u64, now)
            .await?;
        // An empty answer is not remembered: it has to be seen again on the next day.
        source
            .store
            .remember_validators(&ask.url, &validators, now)
            .await?;
        source.say(&format!("{day}: {size} announcements"));
        Ok(())
    }
}

/// What the feed means. `today` stands in for a date that is missing.
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
                batch.harvest.set_aside.push(SetAside { record, reason });
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
                    // What it says of the paper holds; the day does not.
                    tracing::warn!(record = name, %day, "announced on a day that cannot be");
                    paper.announced_on = None;
                    paper.announced_firm = false;
                    paper.announcement = None;
                }
                batch.harvest.papers.push(paper);
            }
            Err(reason) => batch.harvest.set_aside.push(SetAside { record: name, reason }),
        }
    }
    batch
}

/// Whether this paper can have been announced on this day: not before its month, not after today, and if it is new not
/// long after its month.
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

/// The date of the listing.
fn listing(text: &str) -> Option<Date> {
    date(text).filter(|day| has_listing(*day))
}

/// The day it is at arXiv.
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
        .unwrap_or("an item without identifier")
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
        Some(word) => word
            .trim()
            .parse::<AnnounceKind>()
            .map_err(|_| format!("“{word}” is no way to announce a paper"))?,
        None => announced_as(&described).ok_or("it does not say how it is announced")?,
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
        authors: item
            .creator
            .iter()
            .flat_map(|names| joined_names(names))
            .collect(),
        primary_category: categories.first().cloned(),
        categories,
        license: item
            .rights
            .map(|rights| one_line(&rights))
            .filter(|url| domain::paper::is_web_url(url)),
        // A paper that is only cross-listed may be years old.
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

/// `arXiv:2508.13426v1 Announce Type: cross`, where the element of its own is missing.
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
    fn an_rss_batch_tells_new_from_replaced() {
        let today = "2026-11-24".parse().expect("a day");
        let batch = translate(wire::read(RSS).expect("a feed"), today);
        assert_eq!(batch.day, Some(today));
        assert_eq!(batch.harvest.set_aside.len(), 1);
        let [new, old] = &batch.harvest.papers[..] else {
            panic!("{:?}", batch.harvest)
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
    fn what_is_no_feed_says_so() {
        for (text, why) in [
            ("<html><p>Sorry</p></html>", "<html>"),
            ("<rss><channel><item><title>", "breaks off"),
            ("{}", "not XML"),
        ] {
            assert!(wire::read(text).expect_err(text).contains(why), "{text}");
        }
    }
}
