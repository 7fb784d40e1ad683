-- The signed reports of what leaves this server, the newest fifty.
create table egress_reports (
    id text primary key,
    made_at text not null,
    passed integer not null,
    file text not null             -- as it was signed, byte for byte
) without rowid;
