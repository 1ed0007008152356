-- Join codes that staff make: what they are known by, how long and for how many they hold, and who joined by which.

alter table join_codes add column name text;                  -- what staff know it by
alter table join_codes add column ends_at bigint;             -- from then on nobody joins by it
alter table join_codes add column most bigint;                -- how many may join by it; null: no limit
alter table join_codes add column used bigint not null default 0;   -- how many ever did
alter table join_codes add column made_by text references staff (id);
alter table join_codes add column stopped_by text references staff (id);
create index join_codes_by_time on join_codes (made_at, code);

alter table members add column join_code text references join_codes (code);
create index members_by_join_code on members (join_code, joined_at, id);
