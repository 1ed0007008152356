-- Change notes: what staff learn of a wording that changed, and trainings made of them.

create table change_notes (
    id text primary key,
    line text not null,                  -- the id of its first edition: all editions of a note have it
    edition bigint not null,             -- from 1
    asks_since bigint not null default 0,-- who read this edition or a later one has read enough; 0: nobody is asked
    change_id text references changes (id),    -- what it explains
    group_id text references involvement_groups (id),
    old_words text not null,
    new_words text not null,
    why text not null,
    differently text not null,           -- what staff do differently
    from_day text,                       -- 2027-03-01; null: at once
    question text not null,              -- to think about
    significant int not null,
    state text not null,                 -- draft, approved, published, superseded
    version bigint not null default 0,   -- goes up whenever its words or its state change
    editor text not null default '',     -- the open page that kept its words last
    made_at bigint not null,
    written_by text references staff (id),
    written_at bigint not null,
    approved_by text references staff (id),
    approved_at bigint,
    published_by text references staff (id),
    published_at bigint,
    moved_at bigint not null,
    unique (line, edition)
);
create index change_notes_by_state on change_notes (state, moved_at, id);
create index change_notes_by_group on change_notes (group_id, state);
create index change_notes_by_change on change_notes (change_id);

-- Who said that they have read and understood a note, and which edition last.
create table note_reads (
    line text not null,
    staff text not null references staff (id),
    edition bigint not null,
    at bigint not null,
    primary key (line, staff)
);

-- What somebody who read a note asks the group, and the group's answer.
create table note_questions (
    id text primary key,
    line text not null,
    edition bigint not null,
    staff text not null references staff (id),
    words text not null,
    at bigint not null,
    answer text,
    answered_by text references staff (id),
    answered_at bigint
);
create index note_questions_by_line on note_questions (line, at, id);

-- Notes in an order, with an introduction, as a group presents them.
create table trainings (
    id text primary key,
    group_id text not null references involvement_groups (id),
    title text not null,
    introduction text not null,
    state text not null,                 -- draft, published
    version bigint not null default 0,
    written_by text not null references staff (id),
    written_at bigint not null
);
create index trainings_by_state on trainings (state, title, id);
create index trainings_by_group on trainings (group_id);

create table training_notes (
    training text not null references trainings (id),
    place bigint not null,
    line text not null,
    primary key (training, place)
);
