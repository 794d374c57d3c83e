//! Papers: telling the library about many at once, and reading one or a page of them.

use std::collections::{HashMap, HashSet};

use domain::{
    ArxivId, Category, Paper, PaperKey,
    paper::{CodeLink, CodeState, History, PaperCard, Published, Sighting, Signal, Source},
    upstream::Announcement,
};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{Sqlite, Transaction};

use super::{
    ReaderId, Result, Store, StoreError, from_json,
    merge::{ListingRow, Row, is_news, listing_keys},
    sources::Checkpoint,
    to_json,
};
use crate::sources::SetAside;

/// What became of one telling of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Not known before.
    Imported,
    /// Known, and something of it is new.
    Updated,
    /// Nothing of it is new.
    Unchanged,
}

/// Everything the page of one paper says.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperPage {
    /// What its card says, with all authors.
    pub card: PaperCard,
    /// All categories.
    pub categories: Vec<Category>,
    /// Last change.
    pub updated: Option<Published>,
    /// Latest version known.
    pub version: Option<u32>,
    /// The authors' remarks.
    pub comments: Option<String>,
    /// DOI of the published version.
    pub doi: Option<String>,
    /// Where it was published.
    pub journal_ref: Option<String>,
    /// Licence URL.
    pub license: Option<String>,
    /// Project page.
    pub project_page: Option<String>,
    /// When it entered Hugging Face Daily.
    pub hf_submitted_at: Option<Timestamp>,
    /// Who told title and abstract.
    pub source: Source,
    /// What arXiv announced of it, the latest last.
    pub announcements: Vec<Announcement>,
    /// Where its code is now, when it has moved.
    pub moved_to: Option<String>,
    /// arXiv has deleted the record.
    pub removed: bool,
}

/// What a source told in one go: stored in one transaction, with how far it got.
#[derive(Debug)]
pub(crate) struct Telling<'a> {
    /// Papers to merge.
    pub papers: &'a [Paper],
    /// Papers that arXiv has deleted.
    pub removed: &'a [ArxivId],
    /// Records that could not be read.
    pub set_aside: &'a [SetAside],
    /// How far the harvest got with this.
    pub checkpoint: Option<&'a Checkpoint>,
    /// The run this belongs to.
    pub run: i64,
}

/// Points of a history that a card draws.
const MOST_POINTS: i64 = 40;

/// One paper of a batch while it is merged.
struct Working {
    row: Row,
    stored: Option<Row>,
    authors: Option<Vec<String>>,
    code_found_in: Option<&'static str>,
    /// A name that is no longer, or never was, the paper's own, and that it answers to.
    other_key: Option<PaperKey>,
    /// Totals by (signal, day): moment and total.
    snapshots: HashMap<(&'static str, String), (i64, i64)>,
    new_snapshots: Vec<(&'static str, String)>,
    announcements: Vec<Announcement>,
}

#[derive(Serialize)]
struct SnapshotRow<'a> {
    paper_id: i64,
    signal: &'a str,
    day: &'a str,
    at: i64,
    total: i64,
}

impl Store {
    /// Tells the library about papers, in one transaction: known ones are merged, others added. Answers for
    /// each in turn. Telling the same twice changes nothing the second time.
    pub async fn tell(&self, papers: &[Paper], now: Timestamp) -> Result<Vec<Told>> {
        let mut tx = self.begin().await?;
        let outcomes = tell_within(&mut tx, papers, now.as_second()).await?;
        tx.commit().await?;
        self.told(&outcomes);
        Ok(outcomes)
    }

    /// Tells the library what a source told.
    pub(crate) async fn tell_of(&self, telling: &Telling<'_>, now: Timestamp) -> Result<Vec<Told>> {
        let at = now.as_second();
        let mut tx = self.begin().await?;
        let mut outcomes = tell_within(&mut tx, telling.papers, at).await?;
        // To leave every list is a change like any other.
        for _ in 0..remove(&mut tx, telling.removed, at).await? {
            outcomes.push(Told::Updated);
        }
        write_set_aside(&mut tx, telling).await?;
        if let Some(Checkpoint {
            scope,
            from_day,
            token,
            began,
        }) = telling.checkpoint
        {
            sqlx::query!(
                "insert into harvests (scope, from_day, token, began) values (?1, ?2, ?3, ?4)
                 on conflict (scope) do update set from_day = ?2, token = ?3, began = ?4",
                scope,
                from_day,
                token,
                began
            )
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.told(&outcomes);
        Ok(outcomes)
    }

    fn told(&self, outcomes: &[Told]) {
        self.counts.clear();
        if outcomes.contains(&Told::Updated) {
            self.rankings.clear();
        }
    }

    /// How many papers arXiv announced as new, cross-listed and replaced on these days.
    pub async fn announced_between(
        &self,
        first: jiff::civil::Date,
        last: jiff::civil::Date,
    ) -> Result<[u64; 3]> {
        let (first, last) = (first.to_string(), last.to_string());
        let rows = sqlx::query!(
            r#"select kind, count(*) as "n!: i64" from announcements where day between ? and ? group by kind"#,
            first,
            last
        )
        .fetch_all(&self.readers)
        .await?;
        let mut counts = [0; 3];
        for row in rows {
            let place = match row.kind.as_str() {
                "new" => 0,
                "cross" => 1,
                _ => 2,
            };
            counts[place] += u64::try_from(row.n).unwrap_or(0);
        }
        Ok(counts)
    }

    /// The papers of which arXiv announced a new version on this day: name, title, version; the first `most`.
    pub async fn replaced_on(
        &self,
        day: jiff::civil::Date,
        most: i64,
    ) -> Result<Vec<(PaperKey, String, Option<u32>)>> {
        let day = day.to_string();
        let rows = sqlx::query!(
            "select p.key, p.title, a.version from announcements a join papers p on p.id = a.paper_id
             where a.day = ? and a.kind in ('replace', 'replace-cross') and p.removed_at is null
             order by p.title limit ?",
            day,
            most
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let version = row.version.and_then(|version| u32::try_from(version).ok());
                Some((row.key.parse().ok()?, row.title, version))
            })
            .collect())
    }

    /// Of these papers, how many were submitted before a moment, and of how many that is known exactly.
    pub(crate) async fn submitted_before(&self, ids: &[&ArxivId], at: Timestamp) -> Result<(u64, u64)> {
        let ids = to_json(&ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())?;
        let at = at.as_second();
        let row = sqlx::query!(
            r#"select count(*) as "known!: i64", coalesce(sum(unixepoch(p.published) < ?2), 0) as "early!: i64"
               from json_each(?1) id join papers p on p.arxiv_id = id.value where p.published like '%T%'"#,
            ids,
            at
        )
        .fetch_one(&self.readers)
        .await?;
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        Ok((number(row.early), number(row.known)))
    }

    /// How many of these papers arXiv announced as new on an earlier day.
    pub(crate) async fn announced_before(&self, ids: &[&ArxivId], day: jiff::civil::Date) -> Result<u64> {
        let ids = to_json(&ids.iter().map(|id| id.as_str()).collect::<Vec<_>>())?;
        let day = day.to_string();
        let count = sqlx::query_scalar!(
            r#"select count(distinct p.id) as "n!: i64" from json_each(?1) id join papers p on p.arxiv_id = id.value
               join announcements a on a.paper_id = p.id where a.kind = 'new' and a.day < ?2"#,
            ids,
            day
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The row id behind a public name, today's or an earlier one.
    pub async fn paper_id(&self, key: &PaperKey) -> Result<Option<i64>> {
        let key = key.to_string();
        Ok(sqlx::query_scalar!(
            r#"select id as "id!" from papers where key = ?1
               union all select paper_id from paper_aliases where key = ?1"#,
            key
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Everything known of one paper; `None` when there is no such paper.
    pub async fn paper(&self, key: &PaperKey, reader: Option<ReaderId>) -> Result<Option<PaperPage>> {
        let Some(id) = self.paper_id(key).await? else {
            return Ok(None);
        };
        let cards = self.cards(&[id], reader, usize::MAX).await?;
        let Some(card) = self.warmed(cards).await?.pop() else {
            return Ok(None);
        };
        let row = sqlx::query!(
            r#"select categories, updated, version, comments, doi, journal_ref, license, project_page, hf_submitted_at, source,
                      removed_at is not null as "removed!: bool",
                      (select r.moved_to from repositories r where r.url = p.code_url) as "moved_to: String",
                      (select json_group_array(json_object('day', a.day, 'kind', a.kind, 'version', a.version) order by a.day)
                       from announcements a where a.paper_id = p.id) as "announcements!: String"
               from papers p where id = ?"#,
            id
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(Some(PaperPage {
            card,
            categories: row
                .categories
                .split(' ')
                .filter_map(|name| name.parse().ok())
                .collect(),
            updated: row.updated.and_then(|text| text.parse().ok()),
            version: row.version.and_then(|version| u32::try_from(version).ok()),
            comments: row.comments,
            doi: row.doi,
            journal_ref: row.journal_ref,
            license: row.license,
            project_page: row.project_page,
            hf_submitted_at: row.hf_submitted_at.and_then(|at| Timestamp::from_second(at).ok()),
            source: Source::from_rank(row.source),
            announcements: from_json(&row.announcements)?,
            moved_to: row.moved_to,
            removed: row.removed,
        }))
    }

    /// The cards of these papers, in this order, with at most `authors` authors each. Unknown ids are left out.
    pub async fn cards(
        &self,
        ids: &[i64],
        reader: Option<ReaderId>,
        authors: usize,
    ) -> Result<Vec<PaperCard>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids_json = to_json(&ids)?;
        let authors = i64::try_from(authors).unwrap_or(i64::MAX);
        let reader = reader.map_or(0, |reader| reader.0);
        let most_points = MOST_POINTS;
        let rows = sqlx::query!(
            r#"select p.id as "id!", p.key, p.title, p.abstract as abstract_text, p.author_count,
                      coalesce(p.published, p.announced_on) as published, p.announced,
                      p.primary_category, p.categories, p.upvotes, p.stars, p.code_url,
                      (select c.found_in from code_repositories c where c.paper_id = p.id and c.url = p.code_url) as "found_in: String",
                      (select r.state from repositories r where r.url = p.code_url) as "code_state: String",
                      (select json_object('day', a.day, 'kind', a.kind, 'version', a.version) from announcements a
                       where a.paper_id = p.id order by a.day desc limit 1) as "announcement: String",
                      (select json_group_array(json_array(s.signal, s.at, s.total)) from (
                           select * from (select signal, at, total from snapshots where paper_id = p.id and signal = 'hf' order by day desc limit ?4)
                           union all
                           select * from (select signal, at, total from snapshots where paper_id = p.id and signal = 'gh' order by day desc limit ?4)) s) as "history!: String",

                      (select json_group_array(a.name order by a.position) from paper_authors a
                       where a.paper_id = p.id and a.position < ?2) as "authors!: String",
                      exists (select 1 from bookmarks b where b.reader_id = ?3 and b.paper_id = p.id and b.removed_at is null) as "bookmarked!: bool"
               from papers p where p.id in (select value from json_each(?1))"#,
            ids_json,
            authors,
            reader,
            most_points
        )
        .fetch_all(&self.readers)
        .await?;
        let mut cards = HashMap::with_capacity(rows.len());
        for row in rows {
            let key = row
                .key
                .parse()
                .map_err(|e| StoreError::Corrupt(format!("the name of paper {}: {e}", row.id)))?;
            let authors: Vec<String> = from_json(&row.authors)?;
            let first_category = row.categories.split(' ').next().filter(|name| !name.is_empty());
            let card = PaperCard {
                id: row.id,
                key,
                title: row.title,
                abstract_text: row.abstract_text,
                authors,
                author_count: usize::try_from(row.author_count).unwrap_or(0),
                published: row.published.and_then(|text| text.parse().ok()),
                announced: row.announced,
                primary_category: row
                    .primary_category
                    .as_deref()
                    .or(first_category)
                    .and_then(|name| name.parse().ok()),
                upvotes: row.upvotes.and_then(|n| u32::try_from(n).ok()),
                stars: row.stars.and_then(|n| u32::try_from(n).ok()),
                code: row.code_url.map(|url| CodeLink {
                    url,
                    provenance: CodeLink::provenance_words(row.found_in.as_deref()),
                    state: CodeState::from_word(row.code_state.as_deref()),
                }),
                announcement: row
                    .announcement
                    .as_deref()
                    .and_then(|text| serde_json::from_str(text).ok()),
                history: histories(&from_json::<Vec<_>>(&row.history)?),
                heat: None,
                bookmarked: row.bookmarked,
            };
            cards.insert(row.id, card);
        }
        Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
    }

    /// Papers after row `after`, as they would be told again, at most `limit`: the pages of an export.
    pub async fn export_after(&self, after: i64, limit: i64) -> Result<Vec<(i64, Paper)>> {
        let rows = sqlx::query!(
            r#"select p.id as "id!", p.arxiv_id, p.source, p.version, p.title, p.abstract as abstract_text, p.published, p.updated,
                      p.primary_category, p.categories, p.comments, p.doi, p.journal_ref, p.license, p.code_url,
                      p.project_page, p.hf_submitted_at, p.num_comments, p.announced_on, p.announced_firm,
                      (select json_group_array(a.name order by a.position) from paper_authors a where a.paper_id = p.id) as "authors!: String",
                      (select json_array(s.at, s.total) from snapshots s
                       where s.paper_id = p.id and s.signal = 'hf' order by s.day desc limit 1) as "upvotes: String",
                      (select json_array(s.at, s.total) from snapshots s
                       where s.paper_id = p.id and s.signal = 'gh' order by s.day desc limit 1) as "stars: String"
               from papers p where p.id > ? and p.removed_at is null order by p.id limit ?"#,
            after,
            limit
        )
        .fetch_all(&self.readers)
        .await?;
        let sighting = |text: Option<String>| -> Option<Sighting> {
            let (at, total) = serde_json::from_str::<(i64, u32)>(&text?).ok()?;
            Some(Sighting {
                at: Timestamp::from_second(at).ok()?,
                total,
            })
        };
        Ok(rows
            .into_iter()
            .map(|row| {
                let paper = Paper {
                    source: Source::from_rank(row.source),
                    arxiv_id: row.arxiv_id.and_then(|id| id.parse().ok()),
                    version: row.version.and_then(|version| u32::try_from(version).ok()),
                    title: row.title,
                    abstract_text: row.abstract_text,
                    authors: serde_json::from_str(&row.authors).unwrap_or_default(),
                    published: row.published.and_then(|text| text.parse().ok()),
                    updated: row.updated.and_then(|text| text.parse().ok()),
                    primary_category: row.primary_category.and_then(|name| name.parse().ok()),
                    categories: row
                        .categories
                        .split(' ')
                        .filter_map(|name| name.parse().ok())
                        .collect(),
                    comments: row.comments,
                    doi: row.doi,
                    journal_ref: row.journal_ref,
                    license: row.license,
                    code_url: row.code_url,
                    project_page: row.project_page,
                    hf_submitted_at: row.hf_submitted_at.and_then(|at| Timestamp::from_second(at).ok()),
                    num_comments: row.num_comments.and_then(|n| u32::try_from(n).ok()),
                    upvotes: sighting(row.upvotes),
                    stars: sighting(row.stars),
                    announced_on: row.announced_on.and_then(|day| day.parse().ok()),
                    announced_firm: row.announced_firm != 0,
                    announcement: None,
                    live: false,
                };
                (row.id, paper)
            })
            .collect())
    }
}

pub(super) async fn tell_within(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[Paper],
    now: i64,
) -> Result<Vec<Told>> {
    let mut batch = load(tx, papers).await?;
    let mut next_id = sqlx::query_scalar!(r#"select coalesce(max(id), 0) + 1 as "id!: i64" from papers"#)
        .fetch_one(&mut **tx)
        .await?;
    let mut outcomes = Vec::with_capacity(papers.len());
    for told in papers {
        outcomes.push(batch.tell(told, &mut next_id));
    }
    batch.write(tx, now).await?;
    Ok(outcomes)
}

/// The papers of a batch, by each name a telling may use for them.
struct Batch {
    papers: Vec<Working>,
    by_name: HashMap<String, usize>,
}

impl Batch {
    fn tell(&mut self, told: &Paper, next_id: &mut i64) -> Told {
        let key = told.key().to_string();
        let title_key = domain::text::title_key(&told.title);
        // A title alone may mean any paper of that title; but of two identifiers with one title neither is the other.
        let may_be = |paper: &Working| told.arxiv_id.is_none() || paper.row.arxiv_id.is_none();
        let by_title = || {
            self.by_name
                .get(&title_name(&title_key))
                .filter(|index| may_be(&self.papers[**index]))
        };
        let known = self.by_name.get(&key).or_else(by_title).copied();
        let Some(index) = known else {
            let row = Row::new(*next_id, told);
            *next_id += 1;
            let mut working = Working {
                code_found_in: row.code_found_in(told),
                authors: (!told.authors.is_empty()).then(|| told.authors.clone()),
                row,
                stored: None,
                other_key: None,
                snapshots: HashMap::new(),
                new_snapshots: Vec::new(),
                announcements: told.announcement.into_iter().collect(),
            };
            working.sight(told);
            self.by_name.insert(key, self.papers.len());
            self.add(working);
            return Told::Imported;
        };
        let working = &mut self.papers[index];
        let before = working.row.clone();
        if let Some(other) = working.row.other_key(told) {
            working.other_key.get_or_insert(other);
        }
        working.row.merge(told);
        if (&working.row.authors, working.row.author_count) != (&before.authors, before.author_count) {
            working.authors = Some(told.authors.clone());
        }
        if working.row.code_url != before.code_url {
            working.code_found_in = working.row.code_found_in(told);
        }
        let seen = working.sight(told);
        working.announcements.extend(told.announcement);
        self.by_name.insert(key, index);
        if working.row != before || seen {
            Told::Updated
        } else {
            Told::Unchanged
        }
    }

    fn add(&mut self, paper: Working) {
        let (title, index) = (
            title_name(&domain::text::title_key(&paper.row.title)),
            self.papers.len(),
        );
        if paper.row.arxiv_id.is_none() {
            self.by_name.insert(title, index);
        } else {
            self.by_name.entry(title).or_insert(index);
        }
        self.papers.push(paper);
    }

    async fn write(self, tx: &mut Transaction<'_, Sqlite>, now: i64) -> Result<()> {
        let added: Vec<&Working> = self
            .papers
            .iter()
            .filter(|paper| paper.stored.is_none())
            .collect();
        let changed: Vec<&Working> = self
            .papers
            .iter()
            .filter(|paper| paper.stored.as_ref().is_some_and(|stored| *stored != paper.row))
            .collect();
        let reworded: Vec<i64> = changed
            .iter()
            .filter(|paper| {
                paper.stored.as_ref().is_some_and(|stored| {
                    (&stored.title, &stored.authors, &stored.abstract_text)
                        != (&paper.row.title, &paper.row.authors, &paper.row.abstract_text)
                })
            })
            .map(|paper| paper.row.id)
            .collect();
        unindex(tx, &reworded).await?;
        let old_listings: Vec<ListingRow> = changed
            .iter()
            .filter_map(|paper| paper.stored.as_ref())
            .flat_map(Row::listing_rows)
            .collect();
        delete_listings(tx, &old_listings).await?;
        write_moves(tx, &changed, now).await?;
        update_rows(tx, &changed, now).await?;
        insert_rows(tx, &added, now).await?;
        let indexed: Vec<i64> = added.iter().map(|paper| paper.row.id).chain(reworded).collect();
        index(tx, &indexed).await?;
        let mut listings: Vec<ListingRow> = added
            .iter()
            .chain(&changed)
            .flat_map(|paper| paper.row.listing_rows())
            .collect();
        // In the order of the tree they go into.
        listings
            .sort_by(|a, b| (&a.scope, a.announced, a.paper_id).cmp(&(&b.scope, b.announced, b.paper_id)));
        insert_listings(tx, &listings).await?;
        write_authors(tx, &self.papers).await?;
        write_code(tx, &self.papers).await?;
        write_aliases(tx, &self.papers).await?;
        write_announcements(tx, &self.papers).await?;
        write_snapshots(tx, &self.papers).await
    }
}

impl Working {
    /// Takes the totals of a telling into the history; true when they were news.
    fn sight(&mut self, told: &Paper) -> bool {
        let mut news = false;
        for (signal, seen) in [("hf", &told.upvotes), ("gh", &told.stars)] {
            let Some(seen) = seen else { continue };
            let day = seen.at.strftime("%Y-%m-%d").to_string();
            let slot = (signal, day);
            if is_news(self.snapshots.get(&slot).copied(), seen) {
                self.snapshots
                    .insert(slot.clone(), (seen.at.as_second(), i64::from(seen.total)));
                self.new_snapshots.push(slot);
                news = true;
            }
            let latest = self
                .snapshots
                .iter()
                .filter(|((s, _), _)| *s == signal)
                .map(|(_, seen)| *seen)
                .max();
            let total = latest.map(|(_, total)| total);
            match signal {
                "hf" => self.row.upvotes = total,
                _ => self.row.stars = total,
            }
        }
        news
    }
}

fn title_name(title_key: &str) -> String {
    // No public name begins so.
    format!("title:{title_key}")
}

/// The papers with an identifier that bear the title of a telling without one. They have no title key, so the words
/// are asked for; such tellings are rare.
async fn named_by_arxiv(tx: &mut Transaction<'_, Sqlite>, papers: &[Paper]) -> Result<Vec<i64>> {
    let titles: Vec<&str> = papers
        .iter()
        .filter(|paper| paper.arxiv_id.is_none())
        .map(|paper| paper.title.as_str())
        .collect();
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let phrases = to_json(
        &titles
            .iter()
            .map(|title| format!("{{title}} : \"{}\"", title.replace('"', "\"\"")))
            .collect::<Vec<_>>(),
    )?;
    let found = sqlx::query!(
        r#"select p.id as "id!", p.title from json_each(?) phrase cross join papers_fts cross join papers p
           where papers_fts match phrase.value and p.id = papers_fts.rowid and p.arxiv_id is not null"#,
        phrases
    )
    .fetch_all(&mut **tx)
    .await?;
    let keys: HashSet<String> = titles
        .iter()
        .map(|title| domain::text::title_key(title))
        .collect();
    Ok(found
        .into_iter()
        .filter(|row| keys.contains(&domain::text::title_key(&row.title)))
        .map(|row| row.id)
        .collect())
}

/// Reads what is stored of the papers a batch tells of.
async fn load(tx: &mut Transaction<'_, Sqlite>, papers: &[Paper]) -> Result<Batch> {
    let keys = to_json(
        &papers
            .iter()
            .map(|paper| paper.key().to_string())
            .collect::<Vec<_>>(),
    )?;
    let titles = to_json(
        &papers
            .iter()
            .map(|paper| domain::text::title_key(&paper.title))
            .collect::<Vec<_>>(),
    )?;
    let named = to_json(&named_by_arxiv(tx, papers).await?)?;
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id!", key, announced, upvotes, stars, code_url, categories, primary_category, published, updated, arxiv_id,
                  title_key, source, version, hf_submitted_at, num_comments, comments, doi, journal_ref, license,
                  project_page, announced_on, announced_firm, removed_at, author_count, title, authors,
                  abstract as abstract_text
           from papers where id in (
               select id from papers where key in (select value from json_each(?1))
               union select paper_id from paper_aliases where key in (select value from json_each(?1))
               union select id from papers where title_key in (select value from json_each(?2))
               union select value from json_each(?3)
           ) order by id"#,
        keys,
        titles,
        named
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut batch = Batch {
        papers: Vec::with_capacity(papers.len()),
        by_name: HashMap::with_capacity(papers.len()),
    };
    if rows.is_empty() {
        return Ok(batch);
    }
    let ids = to_json(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let mut by_id = HashMap::with_capacity(rows.len());
    for row in rows {
        let index = batch.papers.len();
        by_id.insert(row.id, index);
        batch.by_name.insert(row.key.clone(), index);
        batch.add(Working {
            stored: Some(row.clone()),
            row,
            authors: None,
            code_found_in: None,
            other_key: None,
            snapshots: HashMap::new(),
            new_snapshots: Vec::new(),
            announcements: Vec::new(),
        });
    }
    let aliases = sqlx::query!(
        "select key, paper_id from paper_aliases where paper_id in (select value from json_each(?1)) and key in (select value from json_each(?2))",
        ids,
        keys
    )
    .fetch_all(&mut **tx)
    .await?;
    for alias in aliases {
        if let Some(index) = by_id.get(&alias.paper_id) {
            batch.by_name.insert(alias.key, *index);
        }
    }
    if papers
        .iter()
        .any(|paper| paper.upvotes.is_some() || paper.stars.is_some())
    {
        let snapshots = sqlx::query!(
            "select paper_id, signal, day, at, total from snapshots where paper_id in (select value from json_each(?))",
            ids
        )
        .fetch_all(&mut **tx)
        .await?;
        for seen in snapshots {
            let signal = if seen.signal == "hf" { "hf" } else { "gh" };
            if let Some(index) = by_id.get(&seen.paper_id) {
                batch.papers[*index]
                    .snapshots
                    .insert((signal, seen.day), (seen.at, seen.total));
            }
        }
    }
    Ok(batch)
}

/// Takes papers out of the full-text index, by the words that are still stored.
async fn unindex(tx: &mut Transaction<'_, Sqlite>, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = to_json(&ids)?;
    sqlx::query!(
        "insert into papers_fts (papers_fts, rowid, title, authors, abstract)
         select 'delete', id, title, authors, abstract from papers where id in (select value from json_each(?))",
        ids
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn index(tx: &mut Transaction<'_, Sqlite>, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = to_json(&ids)?;
    sqlx::query!(
        "insert into papers_fts (rowid, title, authors, abstract)
         select id, title, authors, abstract from papers where id in (select value from json_each(?)) order by id",
        ids
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn insert_rows(tx: &mut Transaction<'_, Sqlite>, papers: &[&Working], now: i64) -> Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let rows = to_json(&papers.iter().map(|paper| &paper.row).collect::<Vec<_>>())?;
    sqlx::query!(
        "insert into papers (id, key, announced, upvotes, stars, code_url, categories, primary_category, published, updated,
                             arxiv_id, title_key, source, version, hf_submitted_at, num_comments, comments, doi, journal_ref,
                             license, project_page, announced_on, announced_firm, removed_at, author_count, title, authors,
                             abstract, added_at, changed_at)
         select value ->> 'id', value ->> 'key', value ->> 'announced', value ->> 'upvotes', value ->> 'stars',
                value ->> 'code_url', value ->> 'categories', value ->> 'primary_category', value ->> 'published',
                value ->> 'updated', value ->> 'arxiv_id', value ->> 'title_key', value ->> 'source', value ->> 'version',
                value ->> 'hf_submitted_at', value ->> 'num_comments', value ->> 'comments', value ->> 'doi',
                value ->> 'journal_ref', value ->> 'license', value ->> 'project_page', value ->> 'announced_on',
                value ->> 'announced_firm', value ->> 'removed_at', value ->> 'author_count', value ->> 'title', value ->> 'authors', value ->> 'abstract', ?2, ?2
         from json_each(?1)",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn update_rows(tx: &mut Transaction<'_, Sqlite>, papers: &[&Working], now: i64) -> Result<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let rows = to_json(&papers.iter().map(|paper| &paper.row).collect::<Vec<_>>())?;
    sqlx::query!(
        "update papers set
             key = new.value ->> 'key', announced = new.value ->> 'announced', upvotes = new.value ->> 'upvotes',
             stars = new.value ->> 'stars', code_url = new.value ->> 'code_url', categories = new.value ->> 'categories',
             primary_category = new.value ->> 'primary_category', published = new.value ->> 'published',
             updated = new.value ->> 'updated', arxiv_id = new.value ->> 'arxiv_id', title_key = new.value ->> 'title_key',
             source = new.value ->> 'source', version = new.value ->> 'version',
             hf_submitted_at = new.value ->> 'hf_submitted_at', num_comments = new.value ->> 'num_comments',
             comments = new.value ->> 'comments', doi = new.value ->> 'doi', journal_ref = new.value ->> 'journal_ref',
             license = new.value ->> 'license', project_page = new.value ->> 'project_page',
             announced_on = new.value ->> 'announced_on', announced_firm = new.value ->> 'announced_firm',
             removed_at = new.value ->> 'removed_at', author_count = new.value ->> 'author_count', title = new.value ->> 'title',
             authors = new.value ->> 'authors', abstract = new.value ->> 'abstract', changed_at = ?2
         from json_each(?1) new where papers.id = new.value ->> 'id'",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Remembers where the papers stood that are about to move.
async fn write_moves(tx: &mut Transaction<'_, Sqlite>, papers: &[&Working], now: i64) -> Result<()> {
    let keys = |row: &Row| {
        (
            row.announced,
            row.upvotes.unwrap_or(0),
            row.stars.unwrap_or(0),
            i64::from(row.code_url.is_some()),
        )
    };
    let moved: Vec<_> = papers
        .iter()
        .filter_map(|paper| Some((paper.stored.as_ref()?, &paper.row)))
        // A paper that is in no list stands nowhere.
        .filter(|(stored, _)| stored.removed_at.is_none())
        .filter(|(stored, row)| (keys(stored), &stored.categories) != (keys(row), &row.categories))
        .map(|(stored, _)| {
            let (announced, upvotes, stars, has_code) = keys(stored);
            (stored.id, announced, upvotes, stars, has_code, &stored.categories)
        })
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let rows = to_json(&moved)?;
    sqlx::query!(
        "insert into moves (at, paper_id, announced, upvotes, stars, has_code, categories)
         select ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 from json_each(?1)",
        rows,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn delete_listings(tx: &mut Transaction<'_, Sqlite>, rows: &[ListingRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "delete from listings where (scope, announced, paper_id) in (
             select value ->> 'scope', value ->> 'announced', value ->> 'paper_id' from json_each(?))",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn insert_listings(tx: &mut Transaction<'_, Sqlite>, rows: &[ListingRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into listings (scope, announced, paper_id, upvotes, stars, has_code)
         select value ->> 'scope', value ->> 'announced', value ->> 'paper_id', value ->> 'upvotes', value ->> 'stars',
                value ->> 'has_code'
         from json_each(?)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_authors(tx: &mut Transaction<'_, Sqlite>, papers: &[Working]) -> Result<()> {
    let named: Vec<(i64, &Vec<String>)> = papers
        .iter()
        .filter_map(|paper| paper.authors.as_ref().map(|authors| (paper.row.id, authors)))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let rows = to_json(&named)?;
    sqlx::query!(
        "delete from paper_authors where paper_id in (select value ->> 0 from json_each(?))",
        rows
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into paper_authors (paper_id, position, name)
         select p.value ->> 0, a.key, a.value from json_each(?) p, json_each(p.value, '$[1]') a",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_code(tx: &mut Transaction<'_, Sqlite>, papers: &[Working]) -> Result<()> {
    let found: Vec<(i64, &str, &str)> = papers
        .iter()
        .filter_map(|paper| Some((paper.row.id, paper.row.code_url.as_deref()?, paper.code_found_in?)))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    let rows = to_json(&found)?;
    sqlx::query!(
        "insert into code_repositories (paper_id, url, found_in)
         select value ->> 0, value ->> 1, value ->> 2 from json_each(?) where true on conflict do nothing",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The signals that have two totals or more, oldest first.
fn histories(points: &[(String, i64, i64)]) -> Vec<History> {
    [Signal::Upvotes, Signal::Stars]
        .into_iter()
        .filter_map(|signal| {
            let mut points: Vec<(i64, i64)> = points
                .iter()
                .filter(|(name, ..)| name == signal.word())
                .map(|(_, at, total)| (*at, *total))
                .collect();
            points.sort_unstable();
            (points.len() >= 2).then_some(History { signal, points })
        })
        .collect()
}

/// Takes papers out of every list; whoever bookmarked them keeps them.
async fn remove(tx: &mut Transaction<'_, Sqlite>, ids: &[ArxivId], now: i64) -> Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let ids = to_json(&ids)?;
    let known = sqlx::query!(
        r#"select id as "id!", announced, categories from papers
           where arxiv_id in (select value from json_each(?)) and removed_at is null"#,
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    let listed: Vec<ListingRow> = known
        .iter()
        .flat_map(|paper| listing_keys(paper.id, paper.announced, &paper.categories))
        .collect();
    delete_listings(tx, &listed).await?;
    sqlx::query!(
        "update papers set removed_at = ?2, heat = 0
         where arxiv_id in (select value from json_each(?1)) and removed_at is null",
        ids,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(known.len())
}

async fn write_set_aside(tx: &mut Transaction<'_, Sqlite>, telling: &Telling<'_>) -> Result<()> {
    if telling.set_aside.is_empty() {
        return Ok(());
    }
    let short = |text: &str| text.chars().take(300).collect::<String>();
    let rows: Vec<(String, String)> = telling
        .set_aside
        .iter()
        .map(|aside| (short(&aside.record), short(&aside.reason)))
        .collect();
    let (run, rows) = (telling.run, to_json(&rows)?);
    // A source gone mad sets everything aside; a few hundred are enough to see why.
    sqlx::query!(
        "insert into set_aside (run_id, position, record, reason)
         select ?1, (select coalesce(max(position), -1) from set_aside where run_id = ?1) + 1 + key, value ->> 0, value ->> 1
         from json_each(?2) where key < 300 - (select count(*) from set_aside where run_id = ?1)",
        run,
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_announcements(tx: &mut Transaction<'_, Sqlite>, papers: &[Working]) -> Result<()> {
    let mut announced: HashMap<(String, i64), Announcement> = HashMap::new();
    for paper in papers {
        for said in &paper.announcements {
            announced
                .entry((said.day.to_string(), paper.row.id))
                .and_modify(|known| {
                    if said.kind < known.kind {
                        *known = *said;
                    }
                })
                .or_insert(*said);
        }
    }
    if announced.is_empty() {
        return Ok(());
    }
    let rows: Vec<(String, i64, &str, Option<u32>)> = announced
        .into_iter()
        .map(|((day, id), said)| (day, id, said.kind.word(), said.version))
        .collect();
    let rows = to_json(&rows)?;
    // The strongest: new, cross, replace, replace-cross.
    sqlx::query!(
        "insert into announcements (day, paper_id, kind, version)
         select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(?) where true
         on conflict (day, paper_id) do update set kind = excluded.kind, version = excluded.version
         where instr('new cross replace replace-cross', excluded.kind) < instr('new cross replace replace-cross', kind)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_aliases(tx: &mut Transaction<'_, Sqlite>, papers: &[Working]) -> Result<()> {
    let other: Vec<(String, i64)> = papers
        .iter()
        .filter_map(|paper| Some((paper.other_key.as_ref()?.to_string(), paper.row.id)))
        .collect();
    if other.is_empty() {
        return Ok(());
    }
    let rows = to_json(&other)?;
    sqlx::query!(
        "insert into paper_aliases (key, paper_id)
         select value ->> 0, value ->> 1 from json_each(?) where true on conflict do nothing",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_snapshots(tx: &mut Transaction<'_, Sqlite>, papers: &[Working]) -> Result<()> {
    let mut rows = Vec::new();
    for paper in papers {
        for slot in &paper.new_snapshots {
            if let Some((at, total)) = paper.snapshots.get(slot) {
                rows.push(SnapshotRow {
                    paper_id: paper.row.id,
                    signal: slot.0,
                    day: &slot.1,
                    at: *at,
                    total: *total,
                });
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into snapshots (paper_id, signal, day, at, total)
         select value ->> 'paper_id', value ->> 'signal', value ->> 'day', value ->> 'at', value ->> 'total'
         from json_each(?) where true
         on conflict (paper_id, signal, day) do update set at = excluded.at, total = excluded.total",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
