-- Lifetime: what a person settles about a page, and which document follows which.

-- Beside the pages and not in them: a page that is read again does not lose what was settled,
-- and what was read stays where a person corrected it.
create table reviews (
    document text not null references documents(id) on delete cascade,
    number integer not null,
    accepted integer not null default 0,
    text text,                    -- in place of what was read; null: as it was read
    caller text not null,         -- kind:id
    name text not null,           -- as it was then
    at text not null,
    primary key (document, number)
);

-- Pages that a person should look at; those not legible are among them. Kept, not counted:
-- a list of documents would read every page of all of them.
alter table documents add column pages_to_check integer not null default 0;
update documents set pages_to_check = pages_unreadable;

-- How the next reading goes: whether by OCR, and the numbers of the pages that it replaces
-- as JSON text (null: all).
alter table documents add column ocr text not null default 'auto'
    check (ocr in ('auto', 'always', 'never'));
alter table documents add column rereading text;

create index documents_by_former on documents(supersedes) where supersedes is not null;
create index documents_dated on documents(collection)
    where valid_from is not null or valid_to is not null or supersedes is not null;

create table signatures (         -- of a document's text: see index/likeness.py
    document text primary key references documents(id) on delete cascade,
    signature blob not null
);

create table proposals (          -- "new version of …?"
    id text primary key,
    document text not null references documents(id) on delete cascade,
    older text not null references documents(id) on delete cascade,
    similarity real not null,
    state text not null check (state in ('open', 'accepted', 'dismissed')),
    created_at text not null,
    unique (document, older)      -- one that was dismissed does not come back
);
create index proposals_by_older on proposals(older);
