-- From where a key may be used, and from where it last was.

alter table keys add column addresses text;       -- JSON: networks, "10.0.0.0/8"; null: anywhere
alter table keys add column last_used_from text;  -- an address
