-- People who asked for the daily mail.
create table subscribers (
    id integer primary key,
    -- As typed, for the To header.
    email text not null,
    -- In small letters: one subscription per mailbox.
    email_key text not null unique,
    -- IANA time zone the browser reported, or UTC.
    zone text not null,
    -- 'pending' until the button behind the confirmation mail is pressed; 'active'; 'stopped' by unsubscribing.
    state text not null check (state in ('pending', 'active', 'stopped')),
    created_at integer not null,
    confirmed_at integer,
    -- SHA-256 of the confirmation token, and when it stops working.
    confirm_hash blob unique,
    confirm_expires_at integer,
    -- When the last confirmation mail was queued: not again within ten minutes.
    confirm_sent_at integer,
    -- When the next daily mail is due, Unix seconds; null unless active.
    due_at integer
) strict;

-- The daily job: `where state = 'active' and due_at <= ? order by due_at`.
create index subscribers_by_due on subscribers (due_at) where state = 'active';

-- Every letter to be sent, once. Queueing the same letter twice is impossible by its key; a crash leaves the row
-- to be taken up again. Between the mail server's "accepted" and our row saying so a crash can repeat a letter
-- (with the same Message-ID): at least once, as with all mail.
create table deliveries (
    id integer primary key,
    subscriber_id integer not null references subscribers (id) on delete cascade,
    kind text not null check (kind in ('confirm', 'digest')),
    -- For 'digest' the subscriber's local day, 2026-11-24; for 'confirm' when it was asked, Unix seconds.
    period text not null,
    state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'dropped')),
    attempts integer not null default 0,
    -- Not before this moment, Unix seconds.
    next_try_at integer not null,
    -- While 'sending': after this moment the sender is taken to have died.
    lease_until integer,
    -- Random. The tokens of this letter are an HMAC of it under the program's secret, so that a repeated attempt
    -- sends the very same letter while the file holds no token.
    nonce blob not null check (length(nonce) = 16),
    -- SHA-256 of the unsubscribe token in this letter. Each letter has its own; all keep working.
    unsubscribe_hash blob unique,
    last_error text,
    queued_at integer not null,
    sent_at integer,
    unique (subscriber_id, kind, period)
) strict;

-- The sender: `where state in ('queued', 'sending') and next_try_at <= ? order by next_try_at`.
create index deliveries_waiting on deliveries (next_try_at) where state in ('queued', 'sending');

-- The papers of each daily mail, in order; also "papers this subscriber has been sent".
create table delivery_papers (
    delivery_id integer not null references deliveries (id) on delete cascade,
    position integer not null,
    paper_id integer not null references papers (id) on delete cascade,
    primary key (delivery_id, position)
) strict, without rowid;

-- Deleting a paper, and "was it sent": `where paper_id = ?`.
create index delivery_papers_by_paper on delivery_papers (paper_id, delivery_id);
