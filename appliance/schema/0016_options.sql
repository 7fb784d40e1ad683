-- What administrators set in the console: a row for each section, secrets in it sealed.

create table options (
    section text primary key,
    value text not null,          -- JSON
    changed_at text not null
);
