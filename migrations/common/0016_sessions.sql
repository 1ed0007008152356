-- Sessions as staff hold them, and what people say when they sign up.

alter table sessions add column lead text;       -- the first name of who leads it
alter table sessions add column link text;       -- how to get in online: only for people with a place
alter table sessions add column was text;        -- the wall-clock time before it moved
alter table sessions add column reason text;     -- why it moved or was called off
alter table sessions add column series text;     -- the same for all that one repeat made
create index sessions_by_series on sessions (series, starts_at);

alter table sign_ups add column agreement bigint;  -- the version that the person agreed to
alter table sign_ups add column thanks text;       -- full, less, none: how much of the thank-you they take
