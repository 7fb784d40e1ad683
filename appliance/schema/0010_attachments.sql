-- Attachments: what a message carries is a document of its own, and goes with it.
alter table documents add column parent text references documents(id) on delete cascade;
create index documents_by_parent on documents(parent) where parent is not null;
