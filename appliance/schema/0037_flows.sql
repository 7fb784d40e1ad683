-- What an owner switches on for an assistant: opening hours, and a person to ask instead.
create table flows (
    assistant text primary key references assistants(id) on delete cascade,
    hours text not null default '{}',
    person text not null default '{}'
);

-- Conversations that their asker handed over to a person of the house.
create table handovers (
    id text primary key,
    assistant text not null references assistants(id) on delete cascade,
    conversation text not null references conversations(id) on delete cascade,
    state text not null default 'open' check (state in ('open', 'done')),
    reach_by text not null,              -- how the asker wants to be reached, in their words
    note text not null,
    created_at text not null,
    done_at text
);
create unique index handovers_open on handovers(conversation) where state = 'open';
create index handovers_by_assistant on handovers(assistant, state);
create index handovers_by_conversation on handovers(conversation);
