-- Golden questions: what an assistant must answer, or must refuse, and how each run of them went.

create table golden_questions (
    id text primary key,
    assistant text not null references assistants(id) on delete cascade,
    question text not null,
    document text not null,       -- title, file's name or id of the one expected; '': any
    page integer,
    phrases text not null,        -- JSON: what the answer has to say
    must_refuse integer not null,
    created_at text not null,
    changed_at text not null,
    unique (assistant, question)
);

create table golden_runs (
    id text primary key,
    assistant text not null references assistants(id) on delete cascade,
    token text not null,          -- what it stood on, in short: another one means another run
    basis text not null,          -- what it stood on, as JSON; '' in all but the newest run
    collections text not null,    -- JSON: what the assistant read then, for the walls
    changes text not null,        -- JSON: what is not as it was in the run before
    results text not null,        -- JSON: one for each question, without a word of a document
    passed integer not null,
    failed integer not null,
    started_at text not null,
    ended_at text not null
);
create index golden_runs_by_assistant on golden_runs(assistant, id);
