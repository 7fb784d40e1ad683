-- Browsers in which somebody has signed in before: their tries are counted by themselves, so
-- that nobody is kept out of their account by a stranger who guesses at it.
create table devices (            -- the token itself is only in the browser's cookie
    token_hash text primary key,
    person text not null references people(id) on delete cascade,
    seen_at text not null
);
create index devices_by_person on devices(person, seen_at);
