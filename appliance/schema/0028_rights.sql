-- Who uses an assistant, who changes it, and who takes originals along.

alter table assistants add column access text not null default 'everyone'
    check (access in ('everyone', 'signed_in', 'groups'));

create table assistant_groups (       -- whose members use it, where access is 'groups'
    assistant text not null references assistants(id) on delete cascade,
    group_id text not null references groups(id) on delete cascade,
    primary key (assistant, group_id)
);
create index assistant_groups_by_group on assistant_groups(group_id);

create table assistant_editors (
    assistant text not null references assistants(id) on delete cascade,
    person text not null references people(id) on delete cascade,
    primary key (assistant, person)
);
create index assistant_editors_by_person on assistant_editors(person);

-- Who looks after a collection while no assistant reads it: who made it, or who edited the
-- last assistant that did.
create table collection_editors (
    collection text not null references collections(id) on delete cascade,
    person text not null references people(id) on delete cascade,
    primary key (collection, person)
);
create index collection_editors_by_person on collection_editors(person);

alter table collections add column originals text not null default 'everyone'
    check (originals in ('everyone', 'editors'));

-- Editors were editors of everything: an upgrade takes nothing from them.
insert into assistant_editors (assistant, person)
select assistants.id, people.id from assistants, people where people.role = 'editor';
insert into collection_editors (collection, person)
select collections.id, people.id from collections, people
where people.role = 'editor'
    and not exists (select 1 from assistant_collections where collection = collections.id);
