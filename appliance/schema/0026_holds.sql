-- Legal holds: what nobody may delete while a dispute needs it, by whatever path they come.
create table holds (
    id text primary key,
    kind text not null check (kind in ('document', 'collection', 'conversation', 'person')),
    subject text not null,        -- its id
    name text not null,           -- what it is held for, such as the number of a lawsuit
    reason text not null,
    placed_by text not null,      -- kind:id
    placed_at text not null,
    unique (kind, subject, name)
);
create index holds_by_subject on holds(subject, kind);

-- A held document may go to the trash with its file (a sync moves it there), and stays there.
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
create trigger collections_on_hold before delete on collections
when exists (select 1 from holds where subject = old.id and kind = 'collection')
begin
    select raise(abort, 'on hold');
end;

create trigger conversations_on_hold before delete on conversations
when exists (select 1 from holds where subject = old.id and kind = 'conversation'
             union all
             select 1 from holds where kind = 'person' and old.owner = 'person:' || subject)
begin
    select raise(abort, 'on hold');
end;
create trigger conversations_stay_whose_they_are before update of owner, title on conversations
when exists (select 1 from holds where subject = old.id and kind = 'conversation'
             union all
             select 1 from holds where kind = 'person' and old.owner = 'person:' || subject)
begin
    select raise(abort, 'on hold');
end;
create trigger messages_on_hold before delete on messages
when exists (select 1 from holds where subject = old.conversation and kind = 'conversation'
             union all
             select 1 from holds join conversations on owner = 'person:' || subject
             where kind = 'person' and conversations.id = old.conversation)
begin
    select raise(abort, 'on hold');
end;
create trigger questions_on_hold before update of question on messages
when exists (select 1 from holds where subject = old.conversation and kind = 'conversation'
             union all
             select 1 from holds join conversations on owner = 'person:' || subject
             where kind = 'person' and conversations.id = old.conversation)
begin
    select raise(abort, 'on hold');
end;

create trigger people_on_hold before delete on people
when exists (select 1 from holds where subject = old.id and kind = 'person')
begin
    select raise(abort, 'on hold');
end;
-- What somebody under a hold did, and what was done about them, is not blanked nor forgotten.
create trigger acts_on_hold_are_not_blanked before update of name, details on audit
when exists (select 1 from holds where kind = 'person'
             and (old.caller = 'person:' || subject or old.subject = subject))
begin
    select raise(abort, 'on hold');
end;
create trigger acts_on_hold before delete on audit
when exists (select 1 from holds where kind = 'person'
             and (old.caller = 'person:' || subject or old.subject = subject))
begin
    select raise(abort, 'on hold');
end;
