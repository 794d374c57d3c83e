-- What a list is made from. A page walks one of these small rows per paper, never the papers themselves.

-- One row per paper and scope. Scopes are '' (everything), each archive ('cs') and each category ('cs.LG').
-- The primary key serves `sort=new` in any scope, and every filter beside it, from the index alone.
create table listings (
    scope text not null,
    announced integer not null,
    -- No foreign key: the store writes these rows together with the paper, and knows each by its full key.
    paper_id integer not null,
    upvotes integer not null default 0,
    stars integer not null default 0,
    has_code integer not null default 0 check (has_code in (0, 1)),
    primary key (scope, announced, paper_id)
) strict, without rowid;

-- sort=top: only papers with votes; those without follow by date.
create index listings_by_upvotes on listings (scope, upvotes, announced, paper_id, stars, has_code)
where upvotes > 0;

-- sort=stars: likewise.
create index listings_by_stars on listings (scope, stars, announced, paper_id, upvotes, has_code)
where stars > 0;

-- has=code, newest first: one paper in ten, so a walk over all of them would be long.
create index listings_with_code on listings (scope, announced, paper_id, upvotes, stars)
where has_code = 1;

-- min_upvotes, newest first.
create index listings_with_upvotes on listings (scope, announced, paper_id, upvotes, stars, has_code)
where upvotes > 0;

-- min_stars, newest first.
create index listings_with_stars on listings (scope, announced, paper_id, stars, upvotes, has_code)
where stars > 0;

-- Full text. The words are those of the papers table ("external content"), stored once; the store keeps the
-- two together in one transaction, without triggers, because a batch of 500 papers is indexed by one statement.
-- No stemming: a search for "convergence" finds that word.
create virtual table papers_fts using fts5 (
    title, authors, abstract,
    content = 'papers', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);

-- One run of the ranking: an epoch. A reader who follows "next" stays in the epoch of the first page.
create table rank_runs (
    epoch integer primary key,
    -- When it ran, and the moment it ranked for (the last news, when sources have long been silent).
    ran_at integer not null,
    ranked_for integer not null
) strict;

-- The papers that are not quiet, per run and window, hottest first. One row holds the whole order, because it
-- is always read whole: zstd-compressed JSON of
-- {"medians": {archive or "": {hf, gh, local}}, "entries": [[paper_id, [hf, gh, local, fresh], [hf, gh, local]], ...]}
-- with the weighted terms and the decayed gains of each paper.
create table rankings (
    epoch integer not null references rank_runs (epoch) on delete cascade,
    "window" text not null check ("window" in ('day', 'week', 'month')),
    entries blob not null,
    primary key (epoch, "window")
) strict, without rowid;
