-- Intake forms: what an owner has whoever asks fill in, and what was filled in, which lies with
-- the conversations that were handed over and ends with them.
alter table flows add column form text not null default '{}';
alter table handovers add column form text not null default '';       -- the title, '' for none
alter table handovers add column answers text not null default '[]';  -- [{"label", "value"}]

-- Open is one of each: the conversation itself, and every form of it.
drop index handovers_open;
create unique index handovers_open on handovers(conversation, form) where state = 'open';
