-- What signs the forms that are sent on to a program of the house: one secret an assistant.
create table hook_secrets (
    assistant text primary key references assistants(id) on delete cascade,
    sealed text not null,
    made_at text not null
);
