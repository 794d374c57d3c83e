//! Harvests the configured sets page by page.

use std::collections::HashSet;

use domain::{
    Category, Upstream,
    edition::{parse_date, utc_day},
};
use jiff::{ToSpan, civil::Date};
use store::{Checkpoint, StoreError};

use super::{record::translate, set::oai_set, url::list_records, wire};
use crate::{
    fetch::{Body, FetchError, FetchRequest, Fetched, text_of},
    sources::{Adapter, SourceContext, SourceRecords},
};

/// How many days the first harvest goes back.
const FIRST_DAYS: i64 = 3;
/// How often a harvest may begin again because its token expired.
const MOST_RESTARTS: u32 = 2;
/// Bytes of the longest token that is accepted; real ones are far shorter.
const MOST_TOKEN: usize = 4_096;

/// Follows the configured sets.
#[derive(Debug, Clone, Copy)]
pub struct ArxivOai;

impl Adapter for ArxivOai {
    async fn pass(&self, source: &SourceContext, from: Option<Date>) -> Result<(), FetchError> {
        let mut refused = None;
        for set in &source.settings.sets {
            match Harvest::new(source, set, from).run().await {
                // If arXiv does not know one set, the others are still harvested.
                Err(FetchError::Refused(message)) => refused = Some(message),
                outcome => outcome?,
            }
        }
        refused.map_or(Ok(()), |message| Err(FetchError::Refused(message)))
    }
}

/// The harvest of one set.
struct Harvest<'a> {
    source: &'a SourceContext,
    category: &'a Category,
    /// arXiv's name of the set.
    set: String,
    /// Since when everything is harvested, if this is a backfill.
    backfill: Option<Date>,
    /// The format that is requested: `arXivRaw`, which has the versions, or else `arXiv`.
    format: &'static str,
    restarts: u32,
    papers: u64,
    tokens: HashSet<String>,
}

impl<'a> Harvest<'a> {
    fn new(source: &'a SourceContext, category: &'a Category, backfill: Option<Date>) -> Self {
        Self {
            source,
            category,
            set: oai_set(category),
            backfill,
            format: "arXivRaw",
            restarts: 0,
            papers: 0,
            tokens: HashSet::new(),
        }
    }

    /// Harvests the set to its end. Each page is stored together with the checkpoint that leads to the next page.
    async fn run(mut self) -> Result<(), FetchError> {
        let mut checkpoint = self.begin().await?;
        loop {
            let Some(page) = self.fetch(&checkpoint).await? else {
                return Ok(());
            };
            if let Some((code, message)) = &page.error
                && code != "noRecordsMatch"
            {
                checkpoint = self.adapt(checkpoint, code, message).await?;
                continue;
            }
            checkpoint = self.save(&checkpoint, page).await?;
            self.source
                .report(&format!("{}: {} records", self.category, self.papers));
            if checkpoint.token.is_none() {
                return Ok(());
            }
        }
    }

    /// Where the harvest begins. An interrupted harvest continues; a backfill that was completed begins again.
    async fn begin(&self) -> Result<Checkpoint, StoreError> {
        let scope = match self.backfill {
            Some(day) => format!("{}#{day}", self.set),
            None => self.set.clone(),
        };
        let known = self.source.store.harvest(&scope).await?;
        Ok(known
            .filter(|known| self.backfill.is_none() || known.token.is_some())
            .unwrap_or_else(|| Checkpoint {
                scope,
                from_day: self
                    .backfill
                    .unwrap_or_else(|| self.today().saturating_sub(FIRST_DAYS.days()))
                    .to_string(),
                token: None,
                began: None,
            }))
    }

    fn today(&self) -> Date {
        utc_day(self.source.clock.now())
    }

    async fn fetch(&self, checkpoint: &Checkpoint) -> Result<Option<wire::Page>, FetchError> {
        let url = list_records(
            &self.source.settings.arxiv_oai,
            &self.set,
            &checkpoint.from_day,
            self.format,
            checkpoint.token.as_deref(),
        );
        let fetched = self
            .source
            .fetcher
            .fetch(&FetchRequest::get(Upstream::ArxivOai, url), |body: &Body| {
                wire::read(&text_of(&body.bytes))
            })
            .await;
        match fetched {
            Ok(Fetched::Fresh(page)) => Ok(Some(page)),
            Ok(Fetched::Unchanged | Fetched::Missing) => Ok(None),
            Err(error) => {
                // A token that is refused now will be refused tomorrow, so the next harvest begins again.
                if matches!(error, FetchError::Refused(_)) && checkpoint.token.is_some() {
                    self.source
                        .save(SourceRecords::default(), Some(&checkpoint.begun_again()))
                        .await?;
                }
                Err(error)
            }
        }
    }

    /// Reacts to an error of the protocol: begins again, asks for the other format, or fails.
    async fn adapt(
        &mut self,
        checkpoint: Checkpoint,
        code: &str,
        message: &str,
    ) -> Result<Checkpoint, FetchError> {
        match code {
            // Tokens expire after a day. Storing a record twice changes nothing, so the harvest begins again.
            "badResumptionToken" if self.restarts < MOST_RESTARTS => {
                self.restarts += 1;
                self.tokens.clear();
                Ok(checkpoint.begun_again())
            }
            "cannotDisseminateFormat" if self.format == "arXivRaw" => {
                self.format = "arXiv";
                Ok(checkpoint)
            }
            _ => {
                let message = format!(
                    "arXiv’s OAI-PMH service refuses the set {}: {code} {message}",
                    self.set
                );
                let now = self.source.clock.now();
                self.source
                    .store
                    .source_failed(Upstream::ArxivOai, &message, now, now)
                    .await?;
                Err(FetchError::Refused(message))
            }
        }
    }

    /// Stores a page; returns the checkpoint of the next page, or without a token that of the next harvest.
    async fn save(&mut self, checkpoint: &Checkpoint, page: wire::Page) -> Result<Checkpoint, FetchError> {
        let (records, newest) = translate(page.records);
        let began = checkpoint.began.clone().unwrap_or(page.response_date);
        let next = match page.token {
            Some(token) if token.len() > MOST_TOKEN || !self.tokens.insert(token.clone()) => {
                // The records of this page are valid all the same.
                self.source.save(records, Some(&checkpoint.begun_again())).await?;
                return Err(FetchError::Refused(format!(
                    "arXiv’s OAI-PMH service repeats a page of the set {}",
                    self.set
                )));
            }
            Some(token) => Checkpoint {
                token: Some(token),
                began: Some(began),
                ..checkpoint.clone()
            },
            None => Checkpoint {
                from_day: self.next_from(&began).to_string(),
                ..checkpoint.begun_again()
            },
        };
        let count = records.papers.len() as u64;
        self.papers += count;
        self.source.save(records, Some(&next)).await?;
        if count > 0 {
            let now = self.source.clock.now();
            let newest = newest.min(Some(utc_day(now)));
            self.source
                .store
                .source_batch(Upstream::ArxivOai, newest, self.papers, now)
                .await?;
        }
        Ok(next)
    }

    /// The first day of the next harvest: the day on which this one began by the server's clock. The changes of that
    /// day
    /// are stored twice, which does no harm.
    fn next_from(&self, began: &str) -> Date {
        let today = self.today();
        parse_date(began.get(..10).unwrap_or_default())
            .unwrap_or_else(|| today.saturating_sub(1.day()))
            // If the server's clock is ahead, a later day would skip records.
            .min(today)
    }
}
