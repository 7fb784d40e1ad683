-- A person, too, moves documents to the trash: one more reason why they lie there.
drop trigger documents_on_hold;
drop trigger trash_on_hold;
create table trash_of_all (
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
    reason text not null check (reason in ('missing', 'changed', 'source', 'removed')),
    origin text not null,         -- the address of its source; '' where a person removed it
    created_at text not null,
    trashed_at text not null
);
insert into trash_of_all
    (id, collection, title, file_name, media_type, bytes, sha256, paged, language, valid_from,
     valid_to, supersedes, reason, origin, created_at, trashed_at)
select id, collection, title, file_name, media_type, bytes, sha256, paged, language, valid_from,
       valid_to, supersedes, reason, origin, created_at, trashed_at
from trash;
drop table trash;
alter table trash_of_all rename to trash;
create index trash_by_collection on trash(collection, id);
create index trash_by_content on trash(sha256);
create index trash_by_age on trash(trashed_at);
create trigger documents_on_hold before delete on documents
when exists (select 1 from holds where subject = old.id and kind = 'document'
             union all
             select 1 from holds where subject = old.collection and kind = 'collection')
    and not exists (select 1 from trash where id = old.id)
begin
    select raise(abort, 'on hold');
end;
create trigger trash_on_hold before delete on trash
when exists (select 1 from holds where subject = old.id and kind = 'document'
             union all
             select 1 from holds where subject = old.collection and kind = 'collection')
    and not exists (select 1 from documents where id = old.id)
begin
    select raise(abort, 'on hold');
end;
