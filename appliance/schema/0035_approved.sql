-- What the office has an assistant say word for word, and to which questions.
create table approved_answers (
    id text primary key,
    assistant text not null references assistants(id) on delete cascade,
    text text not null,
    cites integer not null default 0,    -- whether it names a page: also once that one is gone
    document text references documents(id) on delete set null,
    page integer,
    quote text not null default '',      -- of the page: what is marked on it
    active integer not null default 1,
    hits integer not null default 0,
    last_hit_at text,
    created_at text not null,
    updated_at text not null
);
create index approved_answers_by_assistant on approved_answers(assistant, id);
create index approved_answers_by_document on approved_answers(document) where document is not null;

create table approved_questions (
    id integer primary key,
    answer text not null references approved_answers(id) on delete cascade,
    text text not null,
    plain text not null,                 -- its words folded: two answers to one question is none
    stamp text,                          -- whose vector it is
    vector blob
);
create index approved_questions_by_answer on approved_questions(answer);
