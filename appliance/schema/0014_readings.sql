create table readings (           -- readings that have begun and not ended
    document text primary key references documents(id) on delete cascade,
    stamp text not null           -- of which file by which reader the committed pages are
);
