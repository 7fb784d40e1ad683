-- How many chunks of a collection hold each of its frequent words, counted now and then:
-- for a word of a large collection, reading its list at each question takes longer than
-- the rest of the search.
create table frequent_terms (
    collection text not null references collections(id) on delete cascade,
    term text not null,
    chunks integer not null,
    primary key (collection, term)
) without rowid;

-- The collection's chunks when its words were counted; 0 before they ever were.
alter table collections add column counted integer not null default 0;
