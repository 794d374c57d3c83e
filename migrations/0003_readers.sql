-- Anonymous readers: made at the first bookmark, known by a random token in a signed cookie.
create table readers (
    id integer primary key,
    -- SHA-256 of the token; the token itself is only in the reader's cookie.
    token_hash blob not null unique check (length(token_hash) = 32),
    created_at integer not null
) strict;

-- Kept papers. The key makes keeping twice the same as once.
create table bookmarks (
    reader_id integer not null references readers (id) on delete cascade,
    paper_id integer not null references papers (id) on delete cascade,
    created_at integer not null,
    -- Taken back at this moment; kept for an hour, so that undo puts it where it was. Null while kept.
    removed_at integer,
    primary key (reader_id, paper_id)
) strict, without rowid;

-- The bookmarks page, latest first: `where reader_id = ? order by created_at desc, paper_id desc`.
create index bookmarks_by_time on bookmarks (reader_id, created_at, paper_id) where removed_at is null;
