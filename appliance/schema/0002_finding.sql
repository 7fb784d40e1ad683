-- Finding: the pieces of documents, their terms, their vectors, and the vector files.

create table chunks (
    id integer primary key autoincrement,  -- never used again: a vector file may still hold it
    document text not null references documents(id) on delete cascade,
    ordinal integer not null,
    page integer,                   -- null where the format has none
    start integer not null,         -- characters into the document's text
    stop integer not null,
    heading text not null,          -- "A › B"
    text text not null,
    language text not null,
    heading_terms text not null,    -- of title and heading, as FTS5 is given them
    terms text not null,            -- stems and identifiers, one line a sentence
    words text not null             -- folded words, for 4-grams
);
create unique index chunks_by_document on chunks(document, ordinal);

create virtual table chunk_terms using fts5(
    heading_terms, terms,
    content = 'chunks', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
create virtual table term_counts using fts5vocab(chunk_terms, 'row');

-- Triggers, so that a document that goes by a cascade takes its terms along in the
-- same transaction.
create trigger chunk_comes after insert on chunks begin
    insert into chunk_terms(rowid, heading_terms, terms)
    values (new.id, new.heading_terms, new.terms);
end;
create trigger chunk_goes after delete on chunks begin
    insert into chunk_terms(chunk_terms, rowid, heading_terms, terms)
    values ('delete', old.id, old.heading_terms, old.terms);
end;

create table segments (             -- the vector files: a cache of the table below
    name text primary key,
    collection text not null references collections(id) on delete cascade,
    stamp text not null,            -- of the embedder
    dimensions integer not null,
    count integer not null,         -- vectors
    chunks integer not null,
    generation integer not null,
    sha256 text not null,
    created_at text not null
);
create index segments_by_collection on segments(collection, stamp);

create table vectors (
    id integer primary key,
    chunk integer not null references chunks(id) on delete cascade,
    stamp text not null,
    spans text not null,            -- [[start, stop], …] in the chunk's text, one for each vector
    vectors blob not null,          -- little-endian float16 rows of length 1
    segment text references segments(name) on delete set null,
    unique (chunk, stamp)
);
create index vectors_by_segment on vectors(segment, stamp);
