-- What an assistant looks like, its pictures, and the versions of its settings.
alter table assistants add column look text not null default '{}';

create table logos (
    assistant text not null references assistants(id) on delete cascade,
    sha256 text not null,             -- of the picture as it is kept
    picture blob not null,            -- a PNG that was made here
    created_at text not null,
    primary key (assistant, sha256)
);

create table assistant_versions (
    assistant text not null references assistants(id) on delete cascade,
    number integer not null,
    created_at text not null,
    author text not null,             -- kind:id; '' for one who is not known any more
    act text not null check (act in ('made', 'changed', 'restored')),
    settings text not null,
    primary key (assistant, number)
);

-- What is there is the first version: the first change can be undone as well.
insert into assistant_versions
select id, 1, created_at, '', 'made', json_object('name', name, 'language', language,
    'instructions', instructions, 'greeting', greeting, 'suggestions', json(suggestions),
    'refusal', refusal, 'contact', contact, 'mode', mode, 'strictness', strictness,
    'accent', accent, 'origins', json(origins), 'engine', engine,
    'look', json('{"logo":"","icon":"paper","position":"right","label":"","disclaimer":"","words":{}}'))
from assistants;
