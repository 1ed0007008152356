-- The organisation's own safeguarding procedure and its named people. Each row is a version, the
-- highest one holds, and none is ever changed: see sqlite/ and postgres/.
create table safety_settings (
    version bigint primary key,
    at bigint not null,
    staff text not null,                 -- who wrote this version
    steps text not null,                 -- the procedure: plain text, an empty line between paragraphs
    lead_name text,
    lead_phone text,
    deputy_name text,
    deputy_phone text,
    checked_on text,                     -- the day on which someone said "I have checked this today"
    checked_by text                      -- their name
);

-- Who may read safety records, for each version.
create table safety_readers (
    version bigint not null,
    staff text not null,
    primary key (version, staff)
);
create index safety_readers_by_staff on safety_readers (staff, version);

-- What staff wrote down because they were worried. Only ever added to. No foreign keys: it outlasts
-- what it is about, and a withdrawal does not touch it.
create table safety_entries (
    id text primary key,                 -- made with the form: sending it twice keeps it once
    record text not null,                -- the id of the record's first entry
    at bigint not null,
    staff text not null,
    staff_name text not null,
    about_kind text,                     -- check_in, sign_up; null: nothing in Chorus
    about text,
    member text,
    member_name text,                    -- as the desk showed it when this was written
    worry text not null,
    told text,                           -- who was told
    told_at text,                        -- when, by the organisation's clock: 2026-11-23T14:02
    decided text,
    decided_by text
);
create index safety_entries_by_record on safety_entries (record, at, id);
create index safety_entries_by_about on safety_entries (about_kind, about);

-- When someone who works here wants to be told by email. Without a row, the default holds.
create table mail_choices (
    staff text primary key references staff (id),
    times text not null,                 -- JSON: days (1 is Monday) and minutes of the day; empty: never
    changed_at bigint not null
);

-- One row for each person and chosen time: never two, so there are never two mails for it.
create table mail_jobs (
    staff text not null references staff (id),
    due_at bigint not null,
    state text not null,                 -- waiting, claimed, sent, nothing, given_up
    attempts int not null,
    next_at bigint not null,
    last_error text,                     -- one word or the server's code, never its words
    primary key (staff, due_at)
);
create index mail_jobs_by_next on mail_jobs (state, next_at);
