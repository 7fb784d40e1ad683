-- What visitors are told before they may ask; a changed notice is a new version.
create table notices (
    assistant text not null references assistants(id) on delete cascade,
    version integer not null,
    basis text not null check (basis in ('acknowledgement', 'consent')),
    text text not null,
    controller text not null,
    contact text not null,
    purpose text not null,
    retention text not null,
    sensitive text not null,
    link text not null,
    created_at text not null,
    primary key (assistant, version)
);

alter table visitors add column notice integer;       -- the version that was accepted
alter table conversations add column notice integer;  -- and was in force at the last question
