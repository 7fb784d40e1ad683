-- People come by invitation, choose their passwords themselves, and can be sent away without
-- being removed.

alter table people add column active integer not null default 1;  -- 0: may not sign in
alter table sessions add column address text not null default '';
alter table sessions add column browser text not null default '';  -- in words: "Firefox · Linux"

-- A key ends with whoever made it in the console; one made in a terminal is the house's.
alter table keys add column owner text references people(id) on delete cascade;
update keys set owner = (
    select people.id from audit join people on audit.caller = 'person:' || people.id
    where audit.act = 'key.create' and audit.subject = keys.id
);
create index keys_by_owner on keys(owner) where owner is not null;

create table invitations (
    id text primary key,
    token_hash text not null unique,  -- the token itself is only in the link
    name text not null,               -- "": whoever is invited says it
    email text not null unique collate nocase,
    role text not null check (role in ('admin', 'editor', 'member', 'auditor')),
    language text not null,
    groups text not null,             -- JSON: ids
    invited_by text not null,         -- the name as it was then
    created_at text not null,
    expires_at text not null
);

create table resets (
    token_hash text primary key,
    person text not null references people(id) on delete cascade,
    created_at text not null,
    expires_at text not null
);
create index resets_by_person on resets(person);

create table letters (                -- e-mails that wait to be sent, and no others
    id text primary key,
    content text not null,            -- sealed: it holds a link that opens the house
    created_at text not null,
    expires_at text not null          -- from when on nobody needs it
);
