//! SourceBatch the library about papers: many at once, merged with what is known, in one transaction.

use std::collections::{HashMap, HashSet};

use domain::{ArxivId, Paper};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{Sqlite, Transaction};

use super::{
    Result, SetAside, Store,
    announcements::write_announcements,
    merge::{ListingRow, Row, listing_keys},
    merged_paper::MergedPaper,
    sources::Checkpoint,
    to_json,
};

/// What became of one telling of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// Not known before.
    Imported,
    /// Known, and something of it is new.
    Updated,
    /// Nothing of it is new.
    Unchanged,
}

/// What a source told in one go: stored in one transaction, with how far it got.
#[derive(Debug)]
pub struct SourceBatch<'a> {
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
    /// each in turn. SourceBatch the same twice changes nothing the second time.
    pub async fn save_papers(&self, papers: &[Paper], now: Timestamp) -> Result<Vec<SaveOutcome>> {
        let mut tx = self.begin().await?;
        let outcomes = save_within(&mut tx, papers, now.as_second()).await?;
        tx.commit().await?;
        self.note_changes(&outcomes);
        Ok(outcomes)
    }

    /// Tells the library what a source told.
    pub async fn save_batch(&self, telling: &SourceBatch<'_>, now: Timestamp) -> Result<Vec<SaveOutcome>> {
        let at = now.as_second();
        let mut tx = self.begin().await?;
        let mut outcomes = save_within(&mut tx, telling.papers, at).await?;
        // To leave every list is a change like any other.
        for _ in 0..remove(&mut tx, telling.removed, at).await? {
            outcomes.push(SaveOutcome::Updated);
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
        self.note_changes(&outcomes);
        Ok(outcomes)
    }

    fn note_changes(&self, outcomes: &[SaveOutcome]) {
        self.counts.clear();
        if outcomes.contains(&SaveOutcome::Updated) {
            self.rankings.clear();
        }
    }
}

pub(super) async fn save_within(
    tx: &mut Transaction<'_, Sqlite>,
    papers: &[Paper],
    now: i64,
) -> Result<Vec<SaveOutcome>> {
    let mut batch = load(tx, papers).await?;
    let mut next_id = sqlx::query_scalar!(r#"select coalesce(max(id), 0) + 1 as "id!: i64" from papers"#)
        .fetch_one(&mut **tx)
        .await?;
    let mut outcomes = Vec::with_capacity(papers.len());
    for told in papers {
        outcomes.push(batch.merge(told, &mut next_id));
    }
    batch.write(tx, now).await?;
    Ok(outcomes)
}

/// The papers of a batch, by each name a telling may use for them.
struct Batch {
    papers: Vec<MergedPaper>,
    by_name: HashMap<String, usize>,
}

impl Batch {
    fn merge(&mut self, told: &Paper, next_id: &mut i64) -> SaveOutcome {
        let key = told.key().to_string();
        let title_key = domain::text::title_key(&told.title);
        // A title alone may mean any paper of that title; but of two identifiers with one title neither is the other.
        let may_be = |paper: &MergedPaper| told.arxiv_id.is_none() || paper.row.arxiv_id.is_none();
        let by_title = || {
            self.by_name
                .get(&title_name(&title_key))
                .filter(|index| may_be(&self.papers[**index]))
        };
        let known = self.by_name.get(&key).or_else(by_title).copied();
        let Some(index) = known else {
            let row = Row::new(*next_id, told);
            *next_id += 1;
            let mut merged_paper = MergedPaper {
                code_found_in: row.code_found_in(told),
                authors: (!told.authors.is_empty()).then(|| told.authors.clone()),
                row,
                stored: None,
                other_key: None,
                snapshots: HashMap::new(),
                new_snapshots: Vec::new(),
                announcements: told.announcement.into_iter().collect(),
            };
            merged_paper.sight(told);
            self.by_name.insert(key, self.papers.len());
            self.add(merged_paper);
            return SaveOutcome::Imported;
        };
        let merged_paper = &mut self.papers[index];
        let before = merged_paper.row.clone();
        if let Some(other) = merged_paper.row.other_key(told) {
            merged_paper.other_key.get_or_insert(other);
        }
        merged_paper.row.merge(told);
        if (&merged_paper.row.authors, merged_paper.row.author_count)
            != (&before.authors, before.author_count)
        {
            merged_paper.authors = Some(told.authors.clone());
        }
        if merged_paper.row.code_url != before.code_url {
            merged_paper.code_found_in = merged_paper.row.code_found_in(told);
        }
        let seen = merged_paper.sight(told);
        merged_paper.announcements.extend(told.announcement);
        self.by_name.insert(key, index);
        if merged_paper.row != before || seen {
            SaveOutcome::Updated
        } else {
            SaveOutcome::Unchanged
        }
    }

    fn add(&mut self, paper: MergedPaper) {
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
        let added: Vec<&MergedPaper> = self
            .papers
            .iter()
            .filter(|paper| paper.stored.is_none())
            .collect();
        let changed: Vec<&MergedPaper> = self
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
        batch.add(MergedPaper {
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

async fn insert_rows(tx: &mut Transaction<'_, Sqlite>, papers: &[&MergedPaper], now: i64) -> Result<()> {
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

async fn update_rows(tx: &mut Transaction<'_, Sqlite>, papers: &[&MergedPaper], now: i64) -> Result<()> {
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
async fn write_moves(tx: &mut Transaction<'_, Sqlite>, papers: &[&MergedPaper], now: i64) -> Result<()> {
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

async fn write_authors(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
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

async fn write_code(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
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

async fn write_set_aside(tx: &mut Transaction<'_, Sqlite>, telling: &SourceBatch<'_>) -> Result<()> {
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

async fn write_aliases(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
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

async fn write_snapshots(tx: &mut Transaction<'_, Sqlite>, papers: &[MergedPaper]) -> Result<()> {
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
