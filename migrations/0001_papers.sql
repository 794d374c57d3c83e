-- Papers and what is known of them. One row per paper, whatever number of sources and versions told of it.
create table papers (
    -- Small columns first and the abstract last: SQLite reads a row only as far as it must, and most questions
    -- never need the text.
    id integer primary key,
    -- The name in URLs: the arXiv identifier, or `bs-` and 12 hex digits made from the title.
    key text not null unique check (length(key) between 1 and 40),
    -- Unix seconds by which the paper is ordered in time; 0 when nothing is known.
    announced integer not null default 0,
    -- Latest totals; the history is in `snapshots`. Null when never seen.
    upvotes integer,
    stars integer,
    -- Heat over a week as of the last rank run, for people who look into the file; lists follow `rankings`.
    heat real not null default 0,
    code_url text,
    -- All categories, space separated, the primary one first where known; `listings` holds them one by one.
    categories text not null default '',
    primary_category text,
    -- First version, as exactly as known: 2025-10, 2025-10-31 or 2025-10-31T12:00:00Z.
    published text,
    updated text,
    arxiv_id text unique,
    -- The title in small letters without punctuation, only while `arxiv_id` is null: when arXiv tells of the
    -- same title later, it is this paper and not a second one.
    title_key text unique,
    -- Who told title and abstract: 0 the sample, 1 Hugging Face, 2 arXiv. A higher one is believed.
    source integer not null default 0,
    version integer,
    -- When it entered Hugging Face Daily, Unix seconds.
    hf_submitted_at integer,
    num_comments integer,
    comments text,
    doi text,
    journal_ref text,
    license text,
    project_page text,
    -- When this row was first stored and last changed.
    added_at integer not null,
    changed_at integer not null,
    author_count integer not null default 0,
    title text not null check (title <> ''),
    -- Authors joined by ", " in order: what the full-text index reads; `paper_authors` holds them one by one.
    authors text not null default '',
    abstract text not null default ''
) strict;

-- The rank job resets what has gone quiet: `where heat > 0`.
create index papers_with_heat on papers (heat) where heat > 0;

-- "New papers since" in the masthead, and the papers young enough to be fresh: `where announced >= ?`.
create index papers_by_announced on papers (announced);

-- A paper that got an arXiv identifier (or another one) keeps answering under its earlier name.
create table paper_aliases (
    key text primary key,
    paper_id integer not null references papers (id) on delete cascade
) strict, without rowid;

-- Ordered authors, one by one.
create table paper_authors (
    paper_id integer not null references papers (id) on delete cascade,
    position integer not null,
    name text not null,
    primary key (paper_id, position)
) strict, without rowid;

-- Code repositories and where we learned of them: 'huggingface', 'abstract', 'comments', 'sample'.
create table code_repositories (
    paper_id integer not null references papers (id) on delete cascade,
    url text not null,
    found_in text not null,
    primary key (paper_id, url)
) strict, without rowid;

-- Totals by day: signal 'hf' counts upvotes, 'gh' stars. One a day, the last seen.
create table snapshots (
    paper_id integer not null references papers (id) on delete cascade,
    signal text not null check (signal in ('hf', 'gh')),
    day text not null,
    -- Unix seconds at which the total was read.
    at integer not null,
    total integer not null check (total >= 0),
    primary key (paper_id, signal, day)
) strict, without rowid;

-- The rank job reads the history of what moved lately: `where at >= ?`.
create index snapshots_by_time on snapshots (at);
