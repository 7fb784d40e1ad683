-- Erasures at a person's right: what was asked, and the receipt.

create table erasures (
    id text primary key,
    kind text not null check (kind in ('person', 'visitor', 'conversation', 'document')),
    subject text not null,        -- an id; nothing that says who it was
    reason text not null,
    asked_by text not null,       -- kind:id
    asked_at text not null,
    done_at text,                 -- null: rows are gone, their traces not yet
    receipt text not null         -- JSON: what was removed, counted
);
create index erasures_by_subject on erasures(kind, subject);
