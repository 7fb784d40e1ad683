-- What was asked of others counts twice: what was sent, and what the gate kept back.
alter table outgoing add column refused integer not null default 0;
alter table outgoing add column first_at text not null default '';  -- of that day
update outgoing set first_at = last_at;  -- "not after": nothing earlier was written down
