//! Reading rankings.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Window,
    paper::PaperCard,
    ranking::{Gains, Heat},
};

use super::{
    cache::Key,
    ranking::{Ranked, Ranking},
    stored::StoredRanking,
};
use crate::{
    error::Result,
    json::{from_json, to_json},
    store::Store,
};

/// While papers move, a ranking is reloaded at most this often.
const RELOAD_EVERY: Duration = Duration::from_secs(5);

/// Row id, announced, upvotes, stars, has code (0 or 1), categories, primary category or else categories.
type FactRow = (i64, i64, i64, i64, i64, String, String);

impl Store {
    /// The cards of these papers, in this order, with their heat of this week.
    pub async fn cards_with_heat(&self, ids: &[i64], authors: usize) -> Result<Vec<PaperCard>> {
        let cards = self.cards(ids, None, authors).await?;
        self.with_heat(cards).await
    }

    /// Adds the heat of this week to cards.
    pub async fn with_heat(&self, cards: Vec<PaperCard>) -> Result<Vec<PaperCard>> {
        Ok(match self.current_ranking(Window::Week).await? {
            Some(ranking) => ranking.with_heat(cards),
            None => cards,
        })
    }

    /// The ranking of the latest run; `None` before the first run, and when the stored ranking is unreadable.
    pub async fn current_ranking(&self, window: Window) -> Result<Option<Arc<Ranking>>> {
        let epoch = sqlx::query_scalar!(r#"select max(epoch) as "epoch: i64" from rank_runs"#)
            .fetch_one(&self.readers)
            .await?;
        match epoch {
            Some(epoch) => self.ranking(epoch, window).await,
            None => Ok(None),
        }
    }

    /// The ranking of one run; `None` when it has been deleted or is unreadable. The papers in it may be some seconds
    /// old.
    pub async fn ranking(&self, epoch: i64, window: Window) -> Result<Option<Arc<Ranking>>> {
        self.ranking_as_of(epoch, window, 0).await
    }

    /// The ranking of one run, its papers in the state after this move or a later one. While papers move all the time, it
    /// is reloaded only every few seconds. A page that continues a listing never gets an older state than the first page:
    /// moves are only ever added.
    pub(crate) async fn ranking_as_of(
        &self,
        epoch: i64,
        window: Window,
        moves: i64,
    ) -> Result<Option<Arc<Ranking>>> {
        let key = (epoch, window.of_heat().code());
        let is_recent = |ranking: &Arc<Ranking>| ranking.moves >= moves;
        if let Some(ranking) = self.rankings.get(key).filter(is_recent) {
            return Ok(Some(ranking));
        }
        let mut reloaded = self.rankings.loading.lock().await;
        let known = self.rankings.get(key);
        if let Some(ranking) = known.clone().filter(is_recent) {
            return Ok(Some(ranking));
        }
        if let (Some(ranking), Some(at)) = (&known, *reloaded)
            && at.elapsed() < RELOAD_EVERY
        {
            return Ok(Some(ranking.clone()));
        }
        let Some(ranking) = self.load_ranking(key).await? else {
            return Ok(None);
        };
        if known.is_some() {
            *reloaded = Some(Instant::now());
        }
        let ranking = Arc::new(ranking);
        self.rankings.put(key, &ranking);
        Ok(Some(ranking))
    }

    async fn load_ranking(&self, key: Key) -> Result<Option<Ranking>> {
        if self.rankings.is_unreadable(key) {
            return Ok(None);
        }
        // Before the papers are read: a move in between makes the ranking older, never newer, than it says.
        let moves = self.newest().await?.moves;
        let (epoch, window) = key;
        let row = sqlx::query!(
            r#"select r.entries, u.ranked_for from rankings r join rank_runs u on u.epoch = r.epoch
               where r.epoch = $1 and r."window" = $2"#,
            epoch,
            window
        )
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let stored = match StoredRanking::decode(&row.entries) {
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(epoch, window, %error, "a stored ranking is unreadable and is ignored");
                self.rankings.set_unreadable(key);
                return Ok(None);
            }
        };
        let entries = self.ranked(&stored).await?;
        Ok(Some(Ranking::ordered(
            epoch,
            row.ranked_for,
            moves,
            stored.medians,
            entries,
        )))
    }

    /// The papers of a ranking that are still in the library.
    async fn ranked(&self, stored: &StoredRanking) -> Result<Vec<Ranked>> {
        let ids: Vec<i64> = stored.entries.iter().map(|(id, ..)| *id).collect();
        let ids = to_json(&ids)?;
        let facts = sqlx::query_scalar!(
            r#"select json_group_array(json_array(id, announced, coalesce(upvotes, 0), coalesce(stars, 0),
                          case when code_url is null then 0 else 1 end, categories, coalesce(primary_category, categories))) as "facts!: String"
               from papers where removed_at is null and id in (select cast(value as bigint) from json_each($1))"#,
            ids
        )
        .fetch_one(&self.readers)
        .await?;
        let facts: Vec<FactRow> = from_json(&facts)?;
        let mut facts: HashMap<i64, FactRow> = facts.into_iter().map(|fact| (fact.0, fact)).collect();
        Ok(stored
            .entries
            .iter()
            .filter_map(|(paper_id, terms, gains)| Some(ranked(facts.remove(paper_id)?, *terms, *gains)))
            .collect())
    }
}

fn ranked(fact: FactRow, terms: [f64; 4], gains: [f64; 3]) -> Ranked {
    let (paper_id, announced, upvotes, stars, has_code, categories, primary) = fact;
    let [hf, gh, local, fresh] = terms;
    let heat = Heat { hf, gh, local, fresh };
    let [hf, gh, local] = gains;
    Ranked {
        paper_id,
        heat,
        gains: Gains { hf, gh, local },
        announced,
        upvotes,
        stars,
        has_code: has_code != 0,
        categories,
        archive: primary.split(['.', ' ']).next().unwrap_or("").to_owned(),
    }
}
