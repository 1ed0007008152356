-- Accounts of those who work here: how they sign in, and how they are invited.

alter table staff add column totp_key text;            -- base32; null: two-step sign-in is off
alter table staff add column totp_step bigint;         -- the step of the last code that was used: none opens anything twice
alter table staff add column session_round bigint not null default 0;  -- a session of an earlier round opens nothing
alter table staff add column signed_in_at bigint;

-- Each stands in for one code of a phone that is not at hand, and goes when it is used.
create table staff_recovery_codes (
    staff text not null references staff (id),
    hash text not null,                  -- keyed with whose it is
    primary key (staff, hash)
);

-- Who was asked to work here. The address that was passed on works once.
create table staff_invites (
    id text primary key,                 -- becomes the id of their account
    email text not null,                 -- lower case
    name text not null,
    role text not null,                  -- staff, admin
    teams text not null,                 -- JSON: ids
    hash text unique,                    -- SHA-256 of the address's secret, hex; null once it was used or taken back
    made_by text not null references staff (id),
    made_at bigint not null,
    ends_at bigint not null,
    state text not null                  -- open, used, revoked
);
create unique index staff_invites_one_open on staff_invites (email) where state = 'open';
