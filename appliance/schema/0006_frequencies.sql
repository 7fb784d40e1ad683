-- How large collections are and how often their words occur, kept rather than counted: over a
-- million chunks, either takes longer than the rest of a search.

-- The chunks of a collection, kept by the triggers.
alter table collections add column chunks integer not null default 0;
update collections set chunks = (select count(*) from chunks where shelf = number);
create unique index collections_by_number on collections(number);

-- With the counter, the token ``q12q`` that stood in each chunk of shelf 12 has no use. All is
-- indexed again, because FTS5 removes a row by exactly the terms it was indexed with.
drop trigger chunk_comes;
drop trigger chunk_goes;
drop table term_counts;
drop table chunk_terms;
drop view shelved_terms;
create view shelved_terms as
    select id,
        replace(
            ' ' || replace(heading_terms, char(10), ' '), ' ', ' q' || shelf || 'q'
        ) as heading_terms,
        replace(' ' || replace(terms, char(10), ' '), ' ', ' q' || shelf || 'q') as terms
    from chunks;
create virtual table chunk_terms using fts5(
    heading_terms, terms,
    content = 'shelved_terms', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
insert into chunk_terms(chunk_terms) values ('rebuild');
create virtual table term_counts using fts5vocab(chunk_terms, 'row');

create trigger chunk_comes after insert on chunks begin
    insert into chunk_terms(rowid, heading_terms, terms)
    select id, heading_terms, terms from shelved_terms where id = new.id;
    update collections set chunks = chunks + 1 where number = new.shelf;
end;
create trigger chunk_goes before delete on chunks begin
    insert into chunk_terms(chunk_terms, rowid, heading_terms, terms)
    select 'delete', id, heading_terms, terms from shelved_terms where id = old.id;
    update collections set chunks = chunks - 1 where number = old.shelf;
end;

-- How many chunks of a collection hold each of its frequent words, counted now and then.
create table frequent_terms (
    collection text not null references collections(id) on delete cascade,
    term text not null,
    chunks integer not null,
    primary key (collection, term)
) without rowid;

-- The collection's chunks when its words were counted; 0 before they ever were.
alter table collections add column counted integer not null default 0;
