-- Retention: what each lot was kept for when it was last looked through, and what waits.

create table retention (
    lot text primary key,         -- 'conversations', 'conversations:ASSISTANT', 'audit' …
    days integer not null,        -- as of the last time that something could be removed
    ran_at text not null,
    removed integer not null,     -- at that time
    waits text check (waits in ('many', 'clock'))  -- for an administrator to confirm it
);
-- How many days an assistant's conversations are kept; null: as long as everybody's.
alter table assistants add column keep_days integer;
create index conversations_by_age on conversations(updated_at);
create index jobs_by_end on jobs(ended_at) where ended_at is not null;
