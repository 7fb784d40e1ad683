-- Exam time: from when until when an assistant says nothing but what its owner approved.
alter table flows add column exam text not null default '{}';
