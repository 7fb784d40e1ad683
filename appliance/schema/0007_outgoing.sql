-- What this server asked of others, by day: the page "network exit" shows thirty of them.
create table outgoing (
    day text not null,             -- of UTC
    origin text not null,          -- scheme, host and port
    purpose text not null,         -- "pull", "generate" …
    requests integer not null,
    last_at text not null,
    primary key (day, origin, purpose)
) without rowid;
