//! Rank runs: the order of the papers that are not quiet, per epoch and window.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, RwLock},
    time::{Duration, Instant},
};

use domain::{
    Window,
    paper::PaperCard,
    ranking::{Gains, Heat, HeatReport, Medians},
};

use super::{
    Result, Store, StoreError, entered::note_entered, frozen::Frozen, stored_ranking::StoredRanking, to_json,
};

/// Rank runs stay readable this long, so that a reader who comes back the next morning finds their place.
pub(super) const KEPT_SECONDS: i64 = 48 * 3_600;
/// While papers move, a ranking is read again at most so often.
const RELOAD_EVERY: Duration = Duration::from_secs(5);
/// Rankings held in memory: three windows of the current epoch and of a few before it.
const MOST_CACHED: usize = 12;

/// A paper of a ranking, with what filters ask about.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Row id.
    pub paper_id: i64,
    /// The terms of its heat.
    pub heat: Heat,
    /// The decayed gains behind them.
    pub gains: Gains,
    pub(super) announced: i64,
    pub(super) upvotes: i64,
    pub(super) stars: i64,
    pub(super) has_code: bool,
    pub(super) categories: String,
    /// By which its medians are chosen.
    archive: String,
}

/// The order of one epoch and window, hottest first.
#[derive(Debug)]
pub struct Ranking {
    /// Which rank run.
    pub epoch: i64,
    /// The moment it ranked for, Unix seconds.
    pub ranked_for: i64,
    /// Its papers are as they were after this move.
    pub(super) moves: i64,
    /// The typical gains it measured with: per archive, and under "" for everything else.
    pub medians: BTreeMap<String, Medians>,
    /// Hottest first; equal heat by date, then by row.
    pub entries: Vec<Ranked>,
    position: HashMap<i64, usize>,
}

impl Ranking {
    /// The same order in the library of an earlier moment: with these papers where, and what, they were then.
    pub(super) fn as_of(&self, frozen: &Frozen) -> Option<Self> {
        if !self
            .entries
            .iter()
            .any(|ranked| frozen.moved.contains_key(&ranked.paper_id))
        {
            return None;
        }
        let mut entries = self.entries.clone();
        for ranked in &mut entries {
            if let Some(was) = frozen.moved.get(&ranked.paper_id) {
                ranked.announced = was.announced;
                ranked.upvotes = was.upvotes;
                ranked.stars = was.stars;
                ranked.has_code = was.has_code;
                ranked.categories.clone_from(&was.categories);
            }
        }
        Some(Self::ordered(
            self.epoch,
            self.ranked_for,
            self.moves,
            self.medians.clone(),
            entries,
        ))
    }

    fn ordered(
        epoch: i64,
        ranked_for: i64,
        moves: i64,
        medians: BTreeMap<String, Medians>,
        mut entries: Vec<Ranked>,
    ) -> Self {
        entries.sort_by(|a, b| {
            b.heat
                .total()
                .total_cmp(&a.heat.total())
                .then(b.announced.cmp(&a.announced))
                .then(b.paper_id.cmp(&a.paper_id))
        });
        let position = entries
            .iter()
            .enumerate()
            .map(|(index, ranked)| (ranked.paper_id, index))
            .collect();
        Self {
            epoch,
            ranked_for,
            moves,
            medians,
            entries,
            position,
        }
    }

    /// This paper's entry; `None` when it is quiet.
    pub(super) fn get(&self, paper_id: i64) -> Option<&Ranked> {
        self.position.get(&paper_id).map(|index| &self.entries[*index])
    }

    /// The terms and gains of this paper; `None` when it is quiet.
    pub fn heat_of(&self, paper_id: i64) -> Option<HeatReport> {
        let ranked = self.get(paper_id)?;
        Some(HeatReport {
            heat: ranked.heat,
            gains: ranked.gains,
            typical: self.typical(&ranked.archive),
        })
    }

    /// Gives cards their heat.
    pub(super) fn warm(&self, mut cards: Vec<PaperCard>) -> Vec<PaperCard> {
        for card in &mut cards {
            card.heat = self.heat_of(card.id);
        }
        cards
    }

    /// The typical gains in an archive.
    pub fn typical(&self, archive: &str) -> Medians {
        self.medians
            .get(archive)
            .or_else(|| self.medians.get(""))
            .copied()
            .unwrap_or_default()
    }
}

/// The rankings that are being read, by epoch and window.
#[derive(Debug, Default)]
pub(super) struct Cache {
    known: RwLock<BTreeMap<(i64, &'static str), Arc<Ranking>>>,
    /// Stored rankings that this program cannot read: each is logged once.
    unreadable: Mutex<BTreeSet<(i64, &'static str)>>,
    /// One reads, the others wait for it.
    loading: tokio::sync::Mutex<Option<Instant>>,
}

impl Cache {
    /// Forgets what was read of the papers, after some have changed.
    pub fn clear(&self) {
        if let Ok(mut known) = self.known.write() {
            known.clear();
        }
    }

    fn is_unreadable(&self, key: (i64, &'static str)) -> bool {
        self.unreadable.lock().is_ok_and(|keys| keys.contains(&key))
    }

    fn set_unreadable(&self, key: (i64, &'static str)) {
        if let Ok(mut keys) = self.unreadable.lock() {
            keys.insert(key);
        }
    }

    fn get(&self, key: (i64, &'static str)) -> Option<Arc<Ranking>> {
        self.known.read().ok()?.get(&key).cloned()
    }

    fn put(&self, key: (i64, &'static str), ranking: &Arc<Ranking>) {
        if let Ok(mut known) = self.known.write() {
            known.insert(key, ranking.clone());
            while known.len() > MOST_CACHED {
                // The oldest, but not the one that was just asked for.
                let oldest = known.keys().find(|known| **known != key).copied();
                match oldest {
                    Some(oldest) => known.remove(&oldest),
                    None => break,
                };
            }
        }
    }
}

/// What the rank job reads about one paper: its signals and where it belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Signals {
    pub paper_id: i64,
    pub announced: i64,
    pub hf_submitted_at: Option<i64>,
    pub archive: String,
    pub hf: Vec<domain::ranking::Snapshot>,
    pub gh: Vec<domain::ranking::Snapshot>,
    /// When its repository was made, Unix seconds.
    pub code_created_at: Option<i64>,
    /// When each confirmed reader bookmarked it here, Unix seconds.
    pub local: Vec<i64>,
}

/// Paper, announced, entered Daily, category, repository made: as the query writes them.
type SignalRow = (i64, i64, Option<i64>, String, Option<i64>);

impl Store {
    /// The cards of these papers, in this order, with their heat of this week.
    pub async fn warm_cards(&self, ids: &[i64], authors: usize) -> Result<Vec<PaperCard>> {
        let cards = self.cards(ids, None, authors).await?;
        self.warmed(cards).await
    }

    /// Gives cards their heat of this week.
    pub async fn warmed(&self, cards: Vec<PaperCard>) -> Result<Vec<PaperCard>> {
        Ok(match self.current_ranking(Window::Week).await? {
            Some(ranking) => ranking.warm(cards),
            None => cards,
        })
    }

    /// The ranking of the latest run; `None` before the first.
    pub async fn current_ranking(&self, window: Window) -> Result<Option<Arc<Ranking>>> {
        let epoch = sqlx::query_scalar!(r#"select max(epoch) as "epoch: i64" from rank_runs"#)
            .fetch_one(&self.readers)
            .await?;
        match epoch {
            Some(epoch) => self.ranking(epoch, window).await,
            None => Ok(None),
        }
    }

    /// When the last rank run was, Unix seconds.
    pub async fn last_rank_run(&self) -> Result<Option<i64>> {
        Ok(
            sqlx::query_scalar!(r#"select max(ran_at) as "at: i64" from rank_runs"#)
                .fetch_one(&self.readers)
                .await?,
        )
    }

    /// The ranking of one run; `None` when it is no longer kept. What it says of its papers may be a moment old.
    pub async fn ranking(&self, epoch: i64, window: Window) -> Result<Option<Arc<Ranking>>> {
        self.ranking_as_of(epoch, window, 0).await
    }

    /// The ranking of one run, its papers as they were after this move or later. While papers move all the time, it is
    /// read again at most every few seconds; a page that goes on finds it no older than its first page did, since moves are only ever added.
    pub(super) async fn ranking_as_of(
        &self,
        epoch: i64,
        window: Window,
        moves: i64,
    ) -> Result<Option<Arc<Ranking>>> {
        let key = (epoch, window.of_heat().code());
        let fits = |ranking: &Arc<Ranking>| ranking.moves >= moves;
        if let Some(ranking) = self.rankings.get(key).filter(fits) {
            return Ok(Some(ranking));
        }
        let mut reloaded = self.rankings.loading.lock().await;
        let known = self.rankings.get(key);
        if let Some(ranking) = known.clone().filter(fits) {
            return Ok(Some(ranking));
        }
        if let (Some(ranking), Some(at)) = (known, *reloaded)
            && at.elapsed() < RELOAD_EVERY
        {
            return Ok(Some(ranking));
        }
        let stale = self.rankings.get(key).is_some();
        let Some(ranking) = self.load_ranking(epoch, key.1).await? else {
            return Ok(None);
        };
        if stale {
            *reloaded = Some(Instant::now());
        }
        let ranking = Arc::new(ranking);
        self.rankings.put(key, &ranking);
        Ok(Some(ranking))
    }

    async fn load_ranking(&self, epoch: i64, word: &'static str) -> Result<Option<Ranking>> {
        if self.rankings.is_unreadable((epoch, word)) {
            return Ok(None);
        }
        // Before the papers: what moves while they are read has moved since.
        let moves = self.newest().await?.moves;
        let row = sqlx::query!(
            r#"select r.entries, u.ranked_for from rankings r join rank_runs u using (epoch) where r.epoch = ? and r."window" = ?"#,
            epoch,
            word
        )
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let corrupt = |e: String| StoreError::Corrupt(format!("ranking {epoch}/{word}: {e}"));
        let stored = match StoredRanking::decode(&row.entries) {
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(epoch, window = word, %error, "a stored ranking is unreadable and is ignored");
                self.rankings.set_unreadable((epoch, word));
                return Ok(None);
            }
        };
        let ids: Vec<i64> = stored.entries.iter().map(|(id, ..)| *id).collect();
        let ids = to_json(&ids)?;
        // One row instead of thousands: each row costs a hop between threads.
        let facts = sqlx::query_scalar!(
            r#"select json_group_array(json_array(id, announced, coalesce(upvotes, 0), coalesce(stars, 0), code_url is not null, categories,
                          coalesce(primary_category, categories))) as "facts!: String"
               from papers where removed_at is null and id in (select value from json_each(?))"#,
            ids
        )
        .fetch_one(&self.readers)
        .await?;
        let facts: Vec<(i64, i64, i64, i64, i64, String, String)> =
            serde_json::from_str(&facts).map_err(|e| corrupt(e.to_string()))?;
        let mut facts: HashMap<i64, _> = facts.into_iter().map(|fact| (fact.0, fact)).collect();
        let entries: Vec<Ranked> = stored
            .entries
            .into_iter()
            .filter_map(|(paper_id, [hf, gh, local, fresh], [g_hf, g_gh, g_local])| {
                let (_, announced, upvotes, stars, has_code, categories, primary) =
                    facts.remove(&paper_id)?;
                Some(Ranked {
                    paper_id,
                    heat: Heat { hf, gh, local, fresh },
                    gains: Gains {
                        hf: g_hf,
                        gh: g_gh,
                        local: g_local,
                    },
                    announced,
                    upvotes,
                    stars,
                    has_code: has_code != 0,
                    categories,
                    archive: primary.split(['.', ' ']).next().unwrap_or("").to_owned(),
                })
            })
            .collect();
        Ok(Some(Ranking::ordered(
            epoch,
            row.ranked_for,
            moves,
            stored.medians,
            entries,
        )))
    }

    /// Stores a rank run and forgets those that are too old. Answers its epoch.
    pub async fn add_rank_run(
        &self,
        ran_at: i64,
        ranked_for: i64,
        rankings: &[(Window, StoredRanking)],
    ) -> Result<i64> {
        let mut tx = self.begin().await?;
        let epoch = sqlx::query_scalar!(
            r#"insert into rank_runs (epoch, ran_at, ranked_for)
               values ((select coalesce(max(epoch), 0) + 1 from rank_runs), ?, ?) returning epoch as "epoch!""#,
            ran_at,
            ranked_for
        )
        .fetch_one(&mut *tx)
        .await?;
        for (window, ranking) in rankings {
            let entries = ranking
                .encode()
                .map_err(|error| StoreError::Corrupt(format!("a new ranking: {error}")))?;
            let word = window.code();
            sqlx::query!(
                r#"insert into rankings (epoch, "window", entries) values (?, ?, ?)"#,
                epoch,
                word,
                entries
            )
            .execute(&mut *tx)
            .await?;
        }
        if let Some((_, week)) = rankings.iter().find(|(window, _)| *window == Window::Week) {
            note_entered(&mut tx, week, ran_at).await?;
            let heats: Vec<(i64, f64)> = week
                .entries
                .iter()
                .map(|(id, terms, _)| (*id, terms.iter().sum()))
                .collect();
            let heats = to_json(&heats)?;
            sqlx::query!(
                "update papers set heat = 0 where heat > 0 and id not in (select value ->> 0 from json_each(?))",
                heats
            )
            .execute(&mut *tx)
            .await?;
            sqlx::query!(
                "update papers set heat = new.value ->> 1 from json_each(?) new where papers.id = new.value ->> 0",
                heats
            )
            .execute(&mut *tx)
            .await?;
        }
        let oldest = ran_at - KEPT_SECONDS;
        sqlx::query!(
            "delete from rank_runs where ran_at < ? and epoch < ?",
            oldest,
            epoch
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("delete from moves where at < ?", oldest)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(epoch)
    }

    /// When a total was last read, and a paper last announced, up to `now`.
    pub async fn last_news(&self, now: i64) -> Result<(Option<i64>, Option<i64>)> {
        let news = sqlx::query!(
            r#"select (select max(at) from snapshots where at <= ?1) as "sighting: i64",
                      (select max(announced) from papers where announced <= ?1 and announced > 0) as "paper: i64""#,
            now
        )
        .fetch_one(&self.readers)
        .await?;
        Ok((news.sighting, news.paper))
    }

    /// Papers with a total read since `signals_since`, or announced since `fresh_since`, up to `now`, or bookmarked by a
    /// confirmed reader up to `bookmarked_until`, with the
    /// whole history of their totals (oldest first): what a total added is known only from the one before it, however
    /// long ago that was.
    pub async fn active_signals(
        &self,
        signals_since: i64,
        fresh_since: i64,
        now: i64,
        bookmarked_until: i64,
    ) -> Result<Vec<Signals>> {
        let papers = sqlx::query_scalar!(
            r#"with active as materialized (
                   select distinct paper_id as id from snapshots where at > ?1 and at <= ?3
                   union select id from papers where announced > ?2 and announced <= ?3
                   union select b.paper_id from bookmarks b join readers r on r.id = b.reader_id
                         where b.removed_at is null and b.created_at > ?1 and b.created_at <= ?4 and r.subscriber_id is not null)
               select json_group_array(json_array(p.id, p.announced, p.hf_submitted_at,
                          coalesce(p.primary_category, substr(p.categories, 1, instr(p.categories || ' ', ' ') - 1)),
                          (select r.created_at from repositories r where r.url = p.code_url))) as "papers!: String"
               from active join papers p on p.id = active.id where p.removed_at is null"#,
            signals_since,
            fresh_since,
            now,
            bookmarked_until
        )
        .fetch_one(&self.readers)
        .await?;
        let snapshots = sqlx::query_scalar!(
            r#"with active as materialized (
                   select distinct paper_id as id from snapshots where at > ?1 and at <= ?3
                   union select id from papers where announced > ?2 and announced <= ?3)
               select json_group_array(json_array(s.paper_id, s.signal, s.at, s.total)) as "snapshots!: String"
               from active join snapshots s on s.paper_id = active.id where s.at <= ?3"#,
            signals_since,
            fresh_since,
            now
        )
        .fetch_one(&self.readers)
        .await?;
        // One confirmed reader is one voice, however many browsers they read with.
        let local = sqlx::query_scalar!(
            r#"select json_group_array(json_array(paper_id, at)) as "local!: String" from (
                   select b.paper_id, min(b.created_at) as at
                   from bookmarks b join readers r on r.id = b.reader_id join subscribers s on s.id = r.subscriber_id
                   where b.removed_at is null and b.created_at > ?1 and b.created_at <= ?2 and s.confirmed_at is not null
                   group by b.paper_id, r.subscriber_id)"#,
            signals_since,
            bookmarked_until
        )
        .fetch_one(&self.readers)
        .await?;
        let corrupt = |e: serde_json::Error| StoreError::Corrupt(format!("signals: {e}"));
        let local: Vec<(i64, i64)> = serde_json::from_str(&local).map_err(corrupt)?;
        let papers: Vec<SignalRow> = serde_json::from_str(&papers).map_err(corrupt)?;
        let snapshots: Vec<(i64, String, i64, i64)> = serde_json::from_str(&snapshots).map_err(corrupt)?;
        let mut by_id: HashMap<i64, Signals> = papers
            .into_iter()
            .map(
                |(paper_id, announced, hf_submitted_at, category, code_created_at)| {
                    let archive = category.split('.').next().unwrap_or("").to_owned();
                    (
                        paper_id,
                        Signals {
                            paper_id,
                            announced,
                            hf_submitted_at,
                            archive,
                            hf: Vec::new(),
                            gh: Vec::new(),
                            code_created_at,
                            local: Vec::new(),
                        },
                    )
                },
            )
            .collect();
        for (paper_id, signal, at, total) in snapshots {
            if let Some(signals) = by_id.get_mut(&paper_id) {
                let history = if signal == "hf" {
                    &mut signals.hf
                } else {
                    &mut signals.gh
                };
                history.push(domain::ranking::Snapshot { at, total });
            }
        }
        for (paper_id, at) in local {
            if let Some(signals) = by_id.get_mut(&paper_id) {
                signals.local.push(at);
            }
        }
        let mut signals: Vec<Signals> = by_id.into_values().collect();
        for paper in &mut signals {
            paper.hf.sort_by_key(|seen| seen.at);
            paper.gh.sort_by_key(|seen| seen.at);
        }
        signals.sort_by_key(|paper| paper.paper_id);
        Ok(signals)
    }
}
