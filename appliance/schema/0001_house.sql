-- The house: people and doors, assistants and documents, conversations and jobs.
-- Times are RFC 3339 UTC text; lists and facts are JSON text.

create table facts (              -- one row per fact about this installation
    name text primary key,
    value text not null
);

create table people (
    id text primary key,
    name text not null,
    email text not null unique collate nocase,
    role text not null check (role in ('admin', 'editor', 'member', 'auditor')),
    language text not null,
    password_hash text not null,
    created_at text not null
);

create table sessions (           -- the token itself is only in the person's cookie
    token_hash text primary key,
    person text not null references people(id) on delete cascade,
    created_at text not null,
    expires_at text not null,
    seen_at text not null
);
create index sessions_by_person on sessions(person);

create table attempts (           -- failed sign-ins and other throttled acts; a restart does not forgive
    bucket text not null,
    at real not null              -- seconds since 1970
);
create index attempts_by_bucket on attempts(bucket, at);

create table keys (
    id text primary key,
    name text not null,
    secret_hash text not null unique,
    scopes text not null,
    assistants text,              -- null: all
    created_at text not null,
    expires_at text,
    last_used_at text
);

create table assistants (
    id text primary key,
    slug text not null unique,
    public_id text not null unique,
    name text not null,
    language text not null,
    instructions text not null,
    greeting text not null,
    suggestions text not null,
    refusal text not null,
    contact text not null,
    mode text,                    -- null: generate when a language model is there
    strictness text not null,
    accent text not null,
    origins text not null,
    created_at text not null
);

create table collections (
    id text primary key,
    name text not null,
    created_at text not null
);

create table assistant_collections (
    assistant text not null references assistants(id) on delete cascade,
    collection text not null references collections(id) on delete cascade,
    primary key (assistant, collection)
);

create table documents (
    id text primary key,
    collection text not null references collections(id) on delete cascade,
    title text not null,
    file_name text not null,
    media_type text not null,
    bytes integer not null,
    sha256 text not null,
    language text,
    paged integer not null default 0,  -- 1: its pages are pages on paper, and citations name them
    state text not null check (state in ('queued', 'reading', 'indexing', 'ready', 'failed')),
    problem text,
    pages integer not null default 0,
    pages_unreadable integer not null default 0,
    chunks integer not null default 0,
    created_at text not null,
    ready_at text,
    valid_from text,
    valid_to text,
    supersedes text
);
create unique index documents_by_content on documents(collection, sha256);

create table pages (
    document text not null references documents(id) on delete cascade,
    number integer not null,
    how text not null,
    confidence real,
    text text not null,
    notes text not null,
    headings text not null,
    primary key (document, number)
);

create table conversations (
    id text primary key,
    assistant text not null references assistants(id) on delete cascade,
    owner text not null,          -- kind:id of the caller who began it
    title text not null,
    created_at text not null,
    updated_at text not null
);
create index conversations_by_owner on conversations(owner, updated_at);

create table messages (
    id text primary key,
    conversation text not null references conversations(id) on delete cascade,
    question text not null,
    state text not null,          -- asked, then answered, refused or stopped
    answer text,                  -- the whole answer as JSON, once there is one
    good integer,
    reason text,
    comment text,
    created_at text not null
);
create index messages_by_conversation on messages(conversation, id);

create table jobs (
    id text primary key,
    kind text not null,
    subject text not null,
    state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    done integer not null default 0,
    total integer not null default 0,
    unit text not null default '',
    attempts integer not null default 0,
    not_before text not null,
    lease_until text,
    cancel_asked integer not null default 0,
    problem text,
    created_at text not null,
    started_at text,
    ended_at text
);
create index jobs_by_state on jobs(state, not_before);
create index jobs_by_subject on jobs(subject);

create table audit (              -- append-only: no code updates or deletes a row
    id integer primary key,
    at text not null,
    caller text not null,         -- kind:id
    name text not null,           -- as it was then
    act text not null,
    subject text not null,
    details text not null
);

create table visitors (           -- a widget visitor's short session
    token_hash text primary key,
    id text not null,
    assistant text not null references assistants(id) on delete cascade,
    origin text not null,
    created_at text not null,
    expires_at text not null
);
