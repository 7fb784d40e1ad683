-- How visitors meet an assistant; one without a row has the defaults of the program.
create table widgets (
    assistant text primary key references assistants(id) on delete cascade,
    limits text not null default '{}'
);

create table widget_days (        -- questions that visitors have asked on a day of this server
    assistant text not null references assistants(id) on delete cascade,
    day text not null,
    questions integer not null,
    primary key (assistant, day)
);

-- A digest: it counts, and tells nobody where a visitor was.
alter table visitors add column address text not null default '';

create index conversations_by_assistant on conversations(assistant, updated_at);
