-- Views: lists that somebody has by mail or keeps. One row per list, whoever wants it.
create table views (
    id integer primary key,
    -- The query of the list's address in its one canonical spelling: '' the front page, '?sort=new&category=cs.LG'.
    query text not null unique check (length(query) <= 4000),
    -- Random: the name of its issues on the web. Numbers could be counted through, and what people search for is theirs.
    slug text not null unique check (length(slug) = 22),
    created_at integer not null
) strict;

-- Who has which view by mail: the sections of their mail.
create table subscriptions (
    subscriber_id integer not null references subscribers (id) on delete cascade,
    view_id integer not null references views (id),
    -- 'pending' until the button behind a confirmation mail is pressed.
    state text not null check (state in ('pending', 'active')),
    -- Sections come in this order.
    position integer not null,
    -- What the reader calls it; null: the list in words.
    name text check (length(name) between 1 and 80),
    added_at integer not null,
    primary key (subscriber_id, view_id)
) strict, without rowid;
-- "Does anybody want it": `where view_id = ?`.
create index subscriptions_by_view on subscriptions (view_id);

-- What was frozen when it was first composed: everybody who has this view on this day chooses from the same list.
create table issues (
    id integer primary key,
    view_id integer not null references views (id),
    -- The day it is dated; it goes to press at 21:00 in New York the evening before, after arXiv's announcement.
    day text not null,
    composed_at integer not null,
    unique (view_id, day)
) strict;
create table issue_papers (
    issue_id integer not null references issues (id) on delete cascade,
    position integer not null,
    paper_id integer not null references papers (id) on delete cascade,
    -- 1: for everybody. 0: fills the first mail of whoever has just subscribed.
    is_news integer not null check (is_news in (0, 1)),
    -- Why it is here, in words, as of then.
    why text not null,
    primary key (issue_id, position)
) strict, without rowid;
-- Deleting a paper.
create index issue_papers_by_paper on issue_papers (paper_id);

-- Everybody so far had the front page.
insert into views (query, slug, created_at)
values ('', substr(lower(hex(randomblob(16))), 1, 22), 0);
insert into subscriptions (subscriber_id, view_id, state, position, added_at)
select s.id, v.id, case s.state when 'pending' then 'pending' else 'active' end, 0, s.created_at
from subscribers s, views v;

-- The letters anew, with more kinds and ends. Both tables are made before either is dropped, so that dropping cascades
-- into nothing; renaming carries the reference along.
create table deliveries_anew (
    -- Never given twice: what becomes of a letter is noted by it, also after its reader has been deleted.
    id integer primary key autoincrement,
    subscriber_id integer not null references subscribers (id) on delete cascade,
    kind text not null check (kind in ('confirm', 'digest', 'goodbye')),
    -- For 'digest' the subscriber's local day, 2026-11-24; for the others when it was asked, Unix seconds.
    period text not null,
    -- 'deferred' waits for another try. Ends: 'sent', handed over; 'bounced', refused for good or come back; 'failed',
    -- given up after its last try; 'suppressed', its address is not written to any more; 'dropped', no longer wanted.
    state text not null default 'queued' check (
        state in ('queued', 'sending', 'deferred', 'sent', 'bounced', 'failed', 'suppressed', 'dropped')
    ),
    attempts integer not null default 0,
    -- Not before this moment, Unix seconds.
    next_try_at integer not null,
    -- While 'sending': after this moment the sender is taken to have died.
    lease_until integer,
    -- The domain of the address: letters to one domain are paced.
    domain text not null,
    -- Random. The tokens of this letter and its Message-ID are an HMAC of it under the program's secret, so that a
    -- repeated attempt sends the very same letter while the file holds no token.
    nonce blob not null check (length(nonce) = 16),
    -- SHA-256 of the unsubscribe token in this letter. Each letter has its own; all keep working.
    unsubscribe_hash blob unique,
    -- SHA-256 of the token that opens the preferences; likewise.
    preferences_hash blob unique,
    last_error text,
    queued_at integer not null,
    sent_at integer,
    unique (subscriber_id, kind, period)
) strict;
insert into deliveries_anew
select d.id, d.subscriber_id, d.kind, d.period,
    case when d.state = 'queued' and d.attempts > 0 then 'deferred' else d.state end,
    d.attempts, d.next_try_at, d.lease_until, lower(substr(s.email, instr(s.email, '@') + 1)),
    d.nonce, d.unsubscribe_hash, d.preferences_hash, d.last_error, d.queued_at, d.sent_at
from deliveries d join subscribers s on s.id = d.subscriber_id;
create table delivery_papers_anew (
    delivery_id integer not null references deliveries_anew (id) on delete cascade,
    position integer not null,
    -- Of the delivery, for the index below.
    subscriber_id integer not null,
    -- The section; null in letters older than views.
    issue_id integer references issues (id),
    paper_id integer not null references papers (id) on delete cascade,
    primary key (delivery_id, position)
) strict, without rowid;
insert into delivery_papers_anew
select p.delivery_id, p.position, d.subscriber_id, null, p.paper_id
from delivery_papers p join deliveries d on d.id = p.delivery_id;
drop table delivery_papers;
drop table deliveries;
alter table deliveries_anew rename to deliveries;
alter table delivery_papers_anew rename to delivery_papers;
-- The sender: `where state in (…) and next_try_at <= ? order by next_try_at, id`.
create index deliveries_waiting on deliveries (next_try_at, id) where state in ('queued', 'sending', 'deferred');
-- "Which of these papers has this subscriber been sent".
create index delivery_papers_by_subscriber on delivery_papers (subscriber_id, paper_id, delivery_id);
-- Deleting a paper.
create index delivery_papers_by_paper on delivery_papers (paper_id, delivery_id);
-- Deleting an issue nobody was sent.
create index delivery_papers_by_issue on delivery_papers (issue_id, subscriber_id) where issue_id is not null;

-- Nobody is asked to confirm before this moment, Unix seconds: whoever leaves by a letter that asked for nothing they
-- wished has peace.
alter table subscribers add column quiet_until integer;

-- Addresses that are not written to any more. Kept when their subscriber is deleted, hence only as an HMAC.
create table suppressions (
    address_hash blob primary key check (length(address_hash) = 32),
    reason text not null check (reason in ('bounced', 'complained')),
    -- What the mail server said, or that of the reader's provider.
    words text not null,
    at integer not null,
    -- When its reader last asked to try again, and a letter went.
    tried_at integer
) strict, without rowid;
-- Refusals for good, counted before an address is suppressed. One a letter.
create table refusals (
    address_hash blob not null check (length(address_hash) = 32),
    letter text not null,
    at integer not null,
    words text not null,
    primary key (address_hash, letter)
) strict, without rowid;
create index refusals_by_time on refusals (at);

-- Views that a reader keeps at hand, without an address.
create table saved_views (
    reader_id integer not null references readers (id) on delete cascade,
    view_id integer not null references views (id),
    -- What the reader calls it; null: the list in words.
    name text check (length(name) between 1 and 80),
    saved_at integer not null,
    primary key (reader_id, view_id)
) strict, without rowid;
create index saved_views_by_view on saved_views (view_id);
