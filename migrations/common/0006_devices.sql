-- A member's own phones, codes that add another one, and what staff wrote down when they helped.

alter table devices add column name text;             -- "Phone, Chrome on Android"; null until it calls again
alter table devices add column first_day text;        -- 2026-11-25, in the organisation's zone
alter table devices add column last_day text;         -- written at most daily
alter table devices add column added_at bigint;       -- when it became a phone of this member; again if it left, or came by a code
alter table devices add column signed_in_at bigint;   -- when its newest session was bound
alter table devices add column signed_out_at bigint;  -- sessions that began until then open nothing
alter table devices add column told_at bigint;        -- when it was told to clear itself
alter table devices add column left_at bigint;        -- its person left on it: it is listed no more
alter table devices add column plain int not null default 0; -- known by a plain form alone: the app says who it is
alter table devices add column added_by text;         -- the first name of who on the staff helped
alter table devices add column lost_by text;

-- One open code for each member. A code is used once, within ten minutes, or ends after a few wrong tries.
create table pair_codes (
    member text primary key references members (id),
    selector text not null unique,       -- the first four digits: which code a wrong try counts against
    hash text not null,                  -- keyed, of all twelve
    tries int not null,
    ends_at bigint not null,
    staff_name text                      -- who on the staff made it, if someone did
);

-- Why staff made a code for someone, or asked for a phone to be cleared. Written with the audit line.
create table phone_requests (
    id text primary key,                 -- UUIDv7: in order of time
    at bigint not null,
    staff text not null references staff (id),
    member text not null references members (id),
    action text not null,                -- member.new_phone, device.lost, as in the audit log
    device text,
    how text not null,                   -- in_person, known_number, other
    asked_by text,                       -- who asked, in words
    asked_when text,                     -- when, in words
    words text
);
create index phone_requests_by_member on phone_requests (member, id);
create index members_by_name on members (lower(coalesce(name, '')), id);
