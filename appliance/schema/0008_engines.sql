-- Engines that write instead of the built-in one: servers on the site's network, and hosted
-- providers, to which questions and passages leave the building. Their keys are files.
create table engines (
    id text primary key,
    name text not null unique collate nocase,
    kind text not null check (kind in ('site', 'openai', 'anthropic', 'mistral')),
    addresses text not null,       -- JSON; asked in turn
    model text not null,           -- as the server calls it
    context integer not null,      -- tokens that prompt and answer may fill together
    created_at text not null
);

alter table assistants add column engine text references engines (id); -- null: the built-in one
create index assistants_by_engine on assistants (engine) where engine is not null;
