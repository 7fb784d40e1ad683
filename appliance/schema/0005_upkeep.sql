-- Upkeep: vector files that are merged in the background, and embedders that take each
-- other's place.

-- A file that was merged away stays as a row that says into which, down to the one that
-- ``vectors.segment`` names: so a merge changes a handful of rows, however many vectors it
-- moves. A row whose ``merged_into`` is null has a file; one without a sha256 waits for it.
alter table segments add column merged_into text references segments(name) on delete set null;
create index segments_by_target on segments(merged_into);
create index segments_with_file on segments(stamp, collection) where merged_into is null;

-- With the chunk, so that the chunks of a file are read from the index alone: the rows
-- hold the vectors themselves, two kilobytes each.
drop index vectors_by_segment;
create index vectors_by_segment on vectors(segment, stamp, chunk);

create table embedders (           -- whose vectors there are
    stamp text primary key,
    name text not null,            -- in the catalogue
    dimensions integer not null,
    state text not null check (state in ('in_force', 'coming', 'leaving'))
);
-- At most one in force, and at most one on its way.
create unique index embedders_by_state on embedders(state) where state != 'leaving';

insert into embedders (stamp, name, dimensions, state)
select stamp, substr(stamp, 1, instr(stamp, '@') - 1), max(dimensions), 'in_force'
from segments group by stamp order by sum(count) desc limit 1;
