-- Questions without a good answer, grouped by meaning. Their words stay in ``messages`` alone:
-- what ends there, by retention, erasure or its owner, ends here.
create table gaps (
    id text primary key,
    assistant text not null references assistants(id) on delete cascade,
    state text not null default 'open' check (state in ('open', 'answered', 'dismissed', 'told')),
    former text,                         -- the state before the last change, while it can be undone
    answer text references approved_answers(id) on delete set null,
    document text references documents(id) on delete set null,
    created_at text not null,
    changed_at text
);
create index gaps_by_assistant on gaps(assistant);

create table gap_questions (
    message text primary key references messages(id) on delete cascade,
    gap text not null references gaps(id) on delete cascade,
    stamp text,                          -- whose vector it is
    vector blob
);
create index gap_questions_by_gap on gap_questions(gap);

-- By what a group is found: words, pairs of words and places in space of its first question.
create table gap_keys (
    assistant text not null,
    key text not null,
    gap text not null references gaps(id) on delete cascade,
    message text not null references gap_questions(message) on delete cascade,
    primary key (assistant, key, gap)
) without rowid;
create index gap_keys_by_message on gap_keys(message);
create index gap_keys_by_gap on gap_keys(gap);

create trigger gap_ends after delete on gap_questions
when not exists (select 1 from gap_questions where gap = old.gap) begin
    delete from gaps where id = old.gap;
end;

-- What may be looked at next: without this, every message is.
create index messages_without_answer on messages(id) where state = 'refused' or good = 0;
