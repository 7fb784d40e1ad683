-- What stood on a page and is no part of its text: headers, footers and page numbers, and
-- writing that nobody could see. The reading report shows it.
alter table pages add column removed text not null default '[]'; -- JSON
