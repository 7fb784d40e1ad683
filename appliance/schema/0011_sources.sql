-- Sources: where a collection's documents come from besides uploads, and the trash.

create table sources (
    id text primary key,
    collection text not null references collections(id) on delete cascade,
    kind text not null check (kind in ('page', 'site', 'folder')),
    address text not null,        -- a web address, or the folder's path
    schedule text not null,       -- 'manual', 'hourly', 'daily 03:00', 'weekly mon 03:00'
    options text not null,        -- JSON
    due_at text,                  -- null: nobody starts it but people
    mark text,                    -- which disk a folder lay on at the last run
    created_at text not null,
    unique (collection, kind, address)
);
create index sources_by_due on sources(due_at) where due_at is not null;

create table source_entries (     -- one row for each thing of a source that a run took note of
    source text not null references sources(id) on delete cascade,
    key text not null,            -- its path within the folder, or its address
    name text not null,
    document text references documents(id) on delete set null,
    former text references documents(id) on delete set null,  -- until the new version is ready
    owned integer not null,       -- 0: the document was in the library before, and stays in it
    bytes integer,
    changed text,                 -- an etag, or the time of its last change
    sha256 text,
    problem text,                 -- JSON; why it is no document
    seen_by text,                 -- the last run that saw it
    seen_at text,
    primary key (source, key)
) without rowid;
create index source_entries_by_document on source_entries(document);
create index source_entries_by_former on source_entries(former) where former is not null;

create table source_runs (
    id text primary key,
    source text not null references sources(id) on delete cascade,
    state text not null check (state in
        ('queued', 'running', 'done', 'held', 'rejected', 'failed', 'cancelled')),
    dry_run integer not null,
    confirmed integer not null,   -- 1: somebody saw what it removes, and wants that
    added integer not null default 0,
    changed integer not null default 0,
    removed integer not null default 0,
    renamed integer not null default 0,
    unchanged integer not null default 0,
    failed integer not null default 0,
    problem text,                 -- JSON
    created_at text not null,
    started_at text,
    ended_at text
);
create index source_runs_by_source on source_runs(source);
-- Never two at once, whoever starts them.
create unique index source_runs_under_way on source_runs(source)
    where state in ('queued', 'running');

create table source_log (         -- what a run did, or would do, to which thing
    id integer primary key,
    run text not null references source_runs(id) on delete cascade,
    act text not null check (act in ('add', 'change', 'remove', 'rename', 'fail')),
    key text not null,
    name text not null,
    former text,                  -- the key that a renamed thing had
    document text,
    planned integer not null,     -- 1: not done, or not yet
    problem text                  -- JSON; the reason, where there is one
);
create index source_log_by_run on source_log(run, planned, act, key);

create table trash (              -- documents that a sync removed; their pages and chunks are gone
    id text primary key,          -- the document's
    collection text not null references collections(id) on delete cascade,
    title text not null,
    file_name text not null,
    media_type text not null,
    bytes integer not null,
    sha256 text not null,
    paged integer not null,
    language text,
    valid_from text,
    valid_to text,
    supersedes text,
    reason text not null check (reason in ('missing', 'changed', 'source')),
    origin text not null,         -- the address of its source
    created_at text not null,
    trashed_at text not null
);
create index trash_by_collection on trash(collection, id);
create index trash_by_content on trash(sha256);
create index trash_by_age on trash(trashed_at);
