-- What a reader has marked as read, or has had marked while reading: their lists show it dimmed.
create table readings (
    reader_id integer not null references readers (id) on delete cascade,
    paper_id integer not null references papers (id) on delete cascade,
    read_at integer not null,
    primary key (reader_id, paper_id)
) strict, without rowid;

-- What a reader would rather not see, as they typed it: their lists fold such papers away.
create table mutes (
    reader_id integer not null references readers (id) on delete cascade,
    kind text not null check (kind in ('word', 'category')),
    what text not null,
    -- As typed, from 0.
    position integer not null,
    primary key (reader_id, kind, what)
) strict, without rowid;
