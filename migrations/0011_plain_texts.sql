-- The plain form of title and abstract: no TeX, no entities, no tags, no invisible characters. Pages, feeds, email and citations
-- show it. Each paper has one row.
create table plain_texts (
    paper_id integer primary key references papers (id) on delete cascade,
    -- Null until it is made; the empty text when the source text is plain already.
    title text,
    abstract text
) strict;

-- The job that makes missing plain texts: `where title is null or abstract is null`.
create index plain_texts_missing on plain_texts (paper_id) where title is null or abstract is null;

insert into plain_texts (paper_id) select id from papers;

-- The parts of a name as JSON (family name, given names, particle, suffix), only where they do not follow from the printed name.
alter table paper_authors add column parts text;
-- What names are compared by: `von neumann, john`. Null until it is made.
alter table paper_authors add column sort_key text;

-- The job that makes missing keys: `where sort_key is null`.
create index paper_authors_without_key on paper_authors (paper_id) where sort_key is null;
