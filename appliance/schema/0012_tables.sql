-- Tables in documents: the same cells that the text has, typed, to compute from.
-- They are read, never written by a person, and go with their document.

create table tables (
    id integer primary key,
    document text not null references documents(id) on delete cascade,
    ordinal integer not null,
    sheet text not null,
    columns text not null,          -- JSON: [{name, kind, scale, unit}, …]
    start integer,                  -- the header's line, in characters into the document's text
    stop integer,
    rows integer not null default 0,
    kept integer not null default 0 -- rows of table_values
);
create index tables_by_document on tables(document, ordinal);

-- One row a record, and one column a column: a sum over 20,000 rows of 20 columns takes 9 ms,
-- of groups 18 (26 and 95 with the cells as JSON); a row for each cell adds up as fast, and
-- takes five times as long to write and ten times as long to remove. A number is a whole one, see columns.scale.
create table table_rows (
    table_id integer not null references tables(id) on delete cascade,
    number integer not null,        -- in the sheet, from 1
    start integer,                  -- its line in the document's text; null where that ends before
    stop integer,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15,
    c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31,
    c32, c33, c34, c35, c36, c37, c38, c39, c40, c41, c42, c43, c44, c45, c46, c47,
    c48, c49, c50, c51, c52, c53, c54, c55, c56, c57, c58, c59, c60, c61, c62, c63,
    primary key (table_id, number)
) without rowid;

-- The words that stand in cells, each once for a column: what a question may name.
create table table_values (
    table_id integer not null references tables(id) on delete cascade,
    key text not null,              -- the light stems of its words, see index/roots.py
    place integer not null,         -- of the column, from 0
    value text not null,
    primary key (table_id, key, place, value)
) without rowid;
create index table_values_by_place on table_values(table_id, place);
