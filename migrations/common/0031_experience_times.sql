-- By when what was told to a team should have been opened (rule 7).
alter table experiences add column due_at bigint;                  -- the end of the reading time promised at arrival
alter table experiences add column passed int not null default 0;  -- it passed, and nobody had opened it
create index experiences_by_due on experiences (passed, due_at);
