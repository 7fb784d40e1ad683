-- Whom an assistant is for. Of minors less is kept, and nothing is told of one of them.
alter table assistants add column audience text not null default 'adults'
    check (audience in ('adults', 'minors'));
alter table notices add column guardian text not null default '';
