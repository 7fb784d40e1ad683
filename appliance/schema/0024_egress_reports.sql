-- The signed reports of what leaves this server, the newest fifty.
create table egress_reports (
    id text primary key,
    made_at text not null,
    passed integer not null,
    file text not null             -- as it was signed, byte for byte
) without rowid;

create table egress_keys (
    name text primary key,         -- "report": there is one
    sealed text not null           -- the private key that signs, as the vault sealed it
) without rowid;
