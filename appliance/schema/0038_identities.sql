-- Whom a site vouches for: a secret for each widget, and what a conversation keeps of it.
create table widget_identities (
    assistant text primary key references assistants(id) on delete cascade,
    sealed text not null,
    made_at text not null,
    required integer not null default 0  -- whether nobody else is let in
);

alter table visitors add column vouched integer not null default 0;
alter table visitors add column asked_by text not null default '';    -- the site's own id
alter table visitors add column asked_name text not null default '';
alter table conversations add column asked_by text not null default '';
alter table conversations add column asked_name text not null default '';

create trigger conversations_keep_who_asked before update of asked_by, asked_name on conversations
when exists (select 1 from holds where subject = old.id and kind = 'conversation')
begin
    select raise(abort, 'on hold');
end;
