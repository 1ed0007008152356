-- Who looks after what is shared, what was said about it, and when a team reads.

alter table teams add column opening text;                       -- JSON: days, times, zone, closed days
alter table teams add column cover text references teams (id);   -- who reads for it while this is set
alter table teams add column reads_until bigint;                 -- how far ahead phones know its reading times

alter table check_ins add column owner text references staff (id);
alter table check_ins add column messages text;                  -- JSON, oldest first
alter table check_ins add column answered_back int not null default 0;  -- the last word is the person's
alter table check_ins add column taken_on_at text;
alter table check_ins add column closed_at text;
alter table check_ins add column copied_by text;
alter table check_ins add column copied_at text;
alter table check_ins add column due_at bigint;                  -- the end of the reading time promised at arrival
alter table check_ins add column passed int not null default 0;  -- it passed, and nobody had opened it
create index check_ins_by_owner on check_ins (owner, state);
create index check_ins_by_due on check_ins (passed, due_at);

-- Who gave what to whom, with a note for staff that never leaves the server. Goes with the content.
create table hand_overs (
    id text primary key,                 -- UUIDv7: in order of time
    kind text not null,
    subject text not null,
    at bigint not null,
    by_staff text not null references staff (id),
    to_staff text not null references staff (id),
    note text
);
create index hand_overs_by_subject on hand_overs (subject, kind, id);
create index members_by_team on members (team, id);
