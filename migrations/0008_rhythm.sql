-- When each subscriber's mail comes, and how much is in it.
alter table subscribers add column hour integer not null default 8 check (hour between 0 and 23);
-- The days of the week it comes on: 1 Monday, 2 Tuesday, 4 Wednesday … 64 Sunday. arXiv announces nothing on Fridays and
-- Saturdays, so Monday to Friday have news.
alter table subscribers add column days integer not null default 31 check (days between 1 and 127);
alter table subscribers add column papers integer not null default 10 check (papers in (5, 10, 20));
-- Nothing is sent before this moment, Unix seconds.
alter table subscribers add column paused_until integer;

-- SHA-256 of the token in this letter that opens the subscriber's preferences. Each letter has its own; all keep working.
alter table deliveries add column preferences_hash blob;
create unique index deliveries_by_preferences on deliveries (preferences_hash) where preferences_hash is not null;
