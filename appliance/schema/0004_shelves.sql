-- Shelves: every term in the keyword index carries the number of its collection, so a search
-- reads the lists of the collections it may see and no others. What lies on other shelves
-- changes neither its hits nor its counts nor its scores nor the time it takes.

alter table collections add column number integer;
update collections set number = rowid;
create trigger collection_comes after insert on collections when new.number is null begin
    update collections set number = (select coalesce(max(number), 0) + 1 from collections)
    where id = new.id;
end;

alter table chunks add column shelf integer;
drop trigger chunk_comes;
drop trigger chunk_goes;
drop table term_counts;
drop table chunk_terms;
update chunks set shelf = (
    select number from collections join documents on documents.collection = collections.id
    where documents.id = chunks.document);

-- ``multa`` on shelf 12 is the one token ``q12qmulta``; ``q12q`` alone stands in each chunk.
create view shelved_terms as
    select id,
        'q' || shelf || 'q' || replace(
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
end;
create trigger chunk_goes before delete on chunks begin
    insert into chunk_terms(chunk_terms, rowid, heading_terms, terms)
    select 'delete', id, heading_terms, terms from shelved_terms where id = old.id;
end;
