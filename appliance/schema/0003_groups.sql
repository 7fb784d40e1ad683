-- Groups: people who belong together, and the collections that they open or close.

create table groups (
    id text primary key,
    name text not null unique collate nocase,
    created_at text not null
);

create table group_members (
    group_id text not null references groups(id) on delete cascade,
    person text not null references people(id) on delete cascade,
    primary key (group_id, person)
);

-- No reference to collections: these rows outlive their collection, so that what was
-- answered from it and written down about it does not open when it is removed.
create table collection_groups (
    collection text not null,
    group_id text not null references groups(id) on delete cascade,
    denied integer not null,      -- 0: its members may read; 1: they may not, whatever else holds
    primary key (collection, group_id, denied)
);
create index collection_groups_by_group on collection_groups(group_id);

-- The collections that an answer's passages came from, as JSON text.
alter table messages add column collections text not null default '[]';
update messages set collections = (
    select json_group_array(distinct documents.collection)
    from json_each(messages.answer, '$.passages') as passage
    join documents on documents.id = json_extract(passage.value, '$.document.id')
) where answer is not null;

-- The collections that an act was about, as JSON text; none: it is about no document.
alter table audit add column collections text not null default '[]';
update audit set collections = json_array(subject) where act like 'collection.%';
update audit set collections = (
    select json_group_array(collection) from documents where id = audit.subject
) where act like 'document.%';
update audit set collections = (
    select json_group_array(collection) from assistant_collections
    where assistant = audit.subject
) where act like 'assistant.%';
update audit set collections = (
    select json_group_array(documents.collection)
    from jobs join documents on documents.id = jobs.subject where jobs.id = audit.subject
) where act like 'job.%';
