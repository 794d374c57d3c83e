-- What the program keeps for itself: the secret when none is configured, the version of the data.
create table settings (
    name text primary key,
    value blob not null
) strict, without rowid;
