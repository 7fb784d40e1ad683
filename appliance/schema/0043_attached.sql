-- What somebody lays beside a conversation: a shelf of its own, which is in no list, is read by
-- nobody else, and ends with the conversation.
alter table collections add column conversation text
    references conversations(id) on delete cascade;
create unique index collections_by_conversation on collections(conversation)
    where conversation is not null;

create table leftovers (          -- contents whose rows ended with a conversation, not yet files
    sha256 text primary key
);
create trigger conversation_leaves_files before delete on conversations begin
    insert or ignore into leftovers (sha256)
    select d.sha256 from documents d join collections c on c.id = d.collection
    where c.conversation = old.id;
end;
