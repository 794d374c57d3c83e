-- When a paper first came among the first of a list: what the feed of a trending view tells, each paper once.
create table entered (
    -- '' (everything), an archive, a category: as in `listings`.
    scope text not null,
    -- Among the first so many by the heat of a week.
    top integer not null check (top in (10, 20, 50)),
    paper_id integer not null references papers (id) on delete cascade,
    -- The rank run at which it did, Unix seconds.
    at integer not null,
    primary key (scope, top, paper_id)
) strict, without rowid;

-- The feed, the latest first: `where scope = ? and top = ? order by at desc, paper_id desc`.
create index entered_by_time on entered (scope, top, at, paper_id);
-- Deleting a paper.
create index entered_by_paper on entered (paper_id);
