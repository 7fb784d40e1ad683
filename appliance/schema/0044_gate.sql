-- An assistant whose settings are changed only when its golden questions still pass, and the
-- change that waits for them, or that turned one red.
alter table assistants add column gated integer not null default 0;

create table held_changes (
    assistant text primary key references assistants(id) on delete cascade,
    changes text not null,            -- field by field, as they were wanted
    author text not null,             -- kind:id
    act text not null check (act in ('changed', 'restored')),
    state text not null default 'asking' check (state in ('asking', 'red')),
    results text not null default '[]',
    created_at text not null
);
