-- What changed because of what people said, and what could not: written at the desk, agreed by a second person, and
-- read by everyone once it is out.

create table changes (
    id text primary key,
    group_id text references involvement_groups (id),
    area text not null,
    kind text not null,                  -- done, not_yet
    you_said text not null,
    we_did text not null,
    why text not null,
    who_took_part text not null,
    look_again text,                     -- a day, 2027-03-01
    state text not null,                 -- draft, agreed, published, superseded, taken_down
    version bigint not null default 0,   -- goes up whenever its words or its state change
    editor text not null default '',     -- the open page that kept its words last
    source_kind text,                    -- suggestion, opportunity, experience: what it came from
    source_id text,
    replaces text references changes (id),     -- the one in whose place it is to stand
    replaced_by text references changes (id),  -- the one that stands in its place
    made_at bigint not null,
    written_by text references staff (id),     -- who wrote it last; null: nobody at the desk did
    written_at bigint not null,
    agreed_by text references staff (id),
    agreed_at bigint,
    published_by text references staff (id),
    published_at bigint,
    ended_by text references staff (id),       -- who took it down
    ended_at bigint,
    ended_why text,
    moved_at bigint not null             -- when it last changed in any way: lists go by it
);
create index changes_by_state on changes (state, moved_at, id);
create index changes_by_group on changes (group_id, state);
create index changes_by_source on changes (source_kind, source_id);
create index changes_by_replaces on changes (replaces);
