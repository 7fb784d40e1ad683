-- Upkeep: vector files that are merged in the background.

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
