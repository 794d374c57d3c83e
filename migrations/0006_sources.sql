-- Following the sources: what was heard from whom, when to ask again, and what arXiv announced.

-- The day arXiv announced the paper (the date of its listing, US Eastern); null where only the submission is known.
alter table papers add column announced_on text;
-- 1 when arXiv's own daily feed said that day, 0 when it was concluded from a harvest.
alter table papers add column announced_firm integer not null default 0;
-- arXiv has deleted the record: kept for those who bookmarked it, left out of every list.
alter table papers add column removed_at integer;
create index papers_removed on papers (id) where removed_at is not null;

-- The repositories to be asked for stars: `where code_url = ?`, and all papers that share one.
create index papers_by_code on papers (code_url) where code_url is not null;

-- Where a paper stood in the lists before it moved: each change of what lists are ordered and filtered by. A reader
-- who follows "next" goes on in the library as it was when they began. Kept as long as rank runs are.
create table moves (
    id integer primary key autoincrement,
    at integer not null,
    paper_id integer not null references papers (id) on delete cascade,
    announced integer not null,
    upvotes integer not null,
    stars integer not null,
    has_code integer not null,
    categories text not null
) strict;

-- Forgetting: `where at < ?`; and for the deletion of a paper.
create index moves_by_time on moves (at);
create index moves_by_paper on moves (paper_id);

-- What arXiv announced, day by day. A paper announced in several ways on one day has the strongest.
create table announcements (
    day text not null,
    paper_id integer not null references papers (id) on delete cascade,
    kind text not null check (kind in ('new', 'cross', 'replace', 'replace-cross')),
    version integer,
    primary key (day, paper_id)
) strict, without rowid;

-- The announcements of the papers on a page: `where paper_id in (…)`.
create index announcements_by_paper on announcements (paper_id, day, kind, version);

-- Code repositories as their host describes them; the papers that name them are in `code_repositories`.
create table repositories (
    url text primary key,
    state text not null check (state in ('unknown', 'reachable', 'archived', 'gone')),
    -- Where it has moved to, when its host redirects.
    moved_to text,
    stars integer,
    created_at integer,
    pushed_at integer,
    checked_at integer not null,
    -- Not before this moment.
    next_check_at integer not null
) strict, without rowid;

-- One row per host that wants to be asked slowly. Held in the file, so that a restart or a second process keeps the
-- distance too. While a request is on its way `free_at` lies as far ahead as the longest request may take.
create table gates (
    name text primary key,
    -- Milliseconds since 1970: the next request may leave then.
    free_at integer not null
) strict, without rowid;

-- What is known of the health of each source.
create table sources (
    name text primary key,
    -- Passes that failed since the last that did not; the wait grows with them.
    failures integer not null default 0,
    -- Passes that ended in trouble since the last that was complete: what a reader is told goes by these.
    failed_passes integer not null default 0,
    -- The circuit is open: nothing is asked before this moment.
    rest_until integer,
    last_answer_at integer,
    -- The last batch that held anything: when it was taken, the day it was for, how much it held.
    last_batch_at integer,
    last_batch_day text,
    last_batch_size integer,
    -- When a daily source last answered truthfully that there is nothing (a weekend, a holiday).
    last_empty_day text,
    last_error text,
    last_error_at integer,
    -- The source answered with what it had answered before, under a new date.
    repeated_day text
) strict, without rowid;

-- Where each harvest is, written in the transaction that stores its papers.
create table harvests (
    -- The set; `#2020-01-01` behind it for a backfill from that day.
    scope text primary key,
    -- From which day the next harvest asks; moves when one is complete.
    from_day text not null,
    -- The way on, while one is under way.
    token text,
    -- `responseDate` of the first answer of the harvest under way: where the next begins.
    began text
) strict, without rowid;

-- For conditional requests: what the server said of the answer we have.
create table validators (
    url text primary key,
    etag text,
    last_modified text,
    seen_at integer not null
) strict, without rowid;

-- When each job is due next, and who is at it.
create table jobs (
    name text primary key,
    due_at integer not null,
    -- Asked for before that while it ran: by something it may not have seen any more.
    hurried_at integer,
    -- While it runs: after this moment whoever ran it is taken to have died.
    lease_until integer,
    lease_owner integer
) strict, without rowid;

-- Every run of a job.
create table job_runs (
    id integer primary key,
    job text not null,
    started_at integer not null,
    ended_at integer,
    requests integer not null default 0,
    imported integer not null default 0,
    updated integer not null default 0,
    unchanged integer not null default 0,
    set_aside integer not null default 0,
    error text
) strict;

-- The last runs of a job: `where job = ? order by id desc`.
create index job_runs_by_job on job_runs (job, id);

-- Records that could not be read, with the reason; forgotten with their run.
create table set_aside (
    run_id integer not null references job_runs (id) on delete cascade,
    position integer not null,
    record text not null,
    reason text not null,
    primary key (run_id, position)
) strict, without rowid;

-- A reader who has confirmed an address counts in heat: one address, one voice, whatever number of browsers.
alter table readers add column subscriber_id integer references subscribers (id) on delete set null;
create index readers_by_subscriber on readers (subscriber_id) where subscriber_id is not null;

-- The bookmarks that count: `where removed_at is null and created_at >= ?`.
create index bookmarks_that_count on bookmarks (created_at, paper_id, reader_id) where removed_at is null;
