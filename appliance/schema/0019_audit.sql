-- The record of acts becomes a chain in which a changed or missing row shows (how: audit/chain.py).

-- What may be erased one day is hashed by itself, with a salt of its own that goes with it.
alter table audit add column name_salt text not null default '';
alter table audit add column name_digest text not null default '';
alter table audit add column details_salt text not null default '';
alter table audit add column details_digest text not null default '';
-- '': from before there was a chain; such rows are hashed at the next start.
alter table audit add column hash text not null default '';

create index audit_by_act on audit(act, id);
create index audit_by_subject on audit(subject, id);
create index audit_by_time on audit(at, id);

create virtual table audit_words using fts5(
    name, caller, act, subject, details,
    content = 'audit', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
insert into audit_words(audit_words) values ('rebuild');

create trigger audit_words_added after insert on audit begin
    insert into audit_words(rowid, name, caller, act, subject, details)
    values (new.id, new.name, new.caller, new.act, new.subject, new.details);
end;
create trigger audit_words_blanked after update of name, details on audit begin
    insert into audit_words(audit_words, rowid, name, caller, act, subject, details)
    values ('delete', old.id, old.name, old.caller, old.act, old.subject, old.details);
    insert into audit_words(rowid, name, caller, act, subject, details)
    values (new.id, new.name, new.caller, new.act, new.subject, new.details);
end;
create trigger audit_words_removed after delete on audit begin
    insert into audit_words(audit_words, rowid, name, caller, act, subject, details)
    values ('delete', old.id, old.name, old.caller, old.act, old.subject, old.details);
end;

-- "insert or replace" would remove a row without its delete trigger.
create trigger audit_is_appended before insert on audit
when new.hash = '' or exists (select 1 from audit where id = new.id)
begin
    select raise(abort, 'the record of acts is only appended to');
end;

-- A row stays as it is, but for a name or details that are erased together with their salt.
create trigger audit_is_kept before update on audit
when old.hash != '' and not (
    new.id is old.id and new.at is old.at and new.caller is old.caller and new.act is old.act
    and new.subject is old.subject and new.collections is old.collections
    and new.name_digest is old.name_digest and new.details_digest is old.details_digest
    and new.hash is old.hash
    and (new.name is old.name and new.name_salt is old.name_salt
         or new.name = '' and new.name_salt = '')
    and (new.details is old.details and new.details_salt is old.details_salt
         or new.details = '{}' and new.details_salt = '')
)
begin
    select raise(abort, 'the record of acts is only appended to');
end;

-- Rows go from the old end only, after a row that says up to which, and with what hash.
create trigger audit_is_not_shortened before delete on audit
when old.id > coalesce(
    (select max(cast(subject as integer)) from audit where act = 'audit.forget'), 0)
begin
    select raise(abort, 'the record of acts is only appended to');
end;
