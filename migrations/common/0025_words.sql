-- Our words: documents in versions made of phrases, and what people say about them.

create table documents (
    id text primary key,
    kind text not null,                  -- form, letter, leaflet, other, app
    title text not null,
    about text not null,                 -- what it is for; empty: nothing is said
    group_id text references involvement_groups (id),
    only_group int not null,             -- 1: only its group reads it
    section text,                        -- of the app's own words: which section of the language file
    state text not null,                 -- open, closed
    version bigint not null,             -- the newest, from 1
    draft text,                          -- the next version's phrases as JSON; null: nothing is begun
    edit bigint not null,                -- goes up whenever anything of it is written
    made_by text not null references staff (id),
    made_at bigint not null
);
create index documents_by_state on documents (state, title, id);
create index documents_by_group on documents (group_id);

-- A version never changes.
create table document_versions (
    document text not null references documents (id),
    version bigint not null,
    phrases text not null,               -- JSON
    by_staff text not null references staff (id),
    at bigint not null,
    primary key (document, version)
);

create table suggestions (
    id text primary key,                 -- made on the phone
    member text not null references members (id),
    document text not null references documents (id),
    phrase text not null,
    version bigint not null,             -- in which they read it
    was text,                            -- the phrase as they read it; null once it was taken back
    feels text,
    instead text,
    why text,
    shown_as text,                       -- name, initials, none
    state text not null,                 -- received, looking, with_group, decided, withdrawn
    owner text references staff (id),    -- who looks at it
    given_at bigint,                     -- since when its group has it before it
    proposed text,                       -- words that whoever looks after it proposes
    merged_into text references suggestions (id),
    received_at bigint not null,
    ended_at bigint                      -- when it was decided or taken back
);
create index suggestions_by_document on suggestions (document, state, received_at, id);
create index suggestions_by_member on suggestions (member);
create index suggestions_by_merged on suggestions (merged_into);
create index suggestions_by_end on suggestions (ended_at, id);

-- What was decided. A decision that is put right stands behind the one before; the last one counts.
create table suggestion_decisions (
    suggestion text not null references suggestions (id),
    n bigint not null,                   -- from 1
    outcome text not null,               -- changed, partly, not_changed, merged
    reason text not null,
    took_part text not null,
    words text,                          -- the new words
    look_again text,                     -- a day
    note text,                           -- for staff alone
    by_staff text not null references staff (id),
    at bigint not null,
    primary key (suggestion, n)
);

-- "This speaks for me too."
create table suggestion_supports (
    suggestion text not null references suggestions (id),
    person text not null references group_people (id),
    primary key (suggestion, person)
);
create index suggestion_supports_by_person on suggestion_supports (person);

create table suggestion_comments (
    id text primary key,                 -- made on the phone
    suggestion text not null references suggestions (id),
    person text not null references group_people (id),
    words text,                          -- null once its writer took it back
    state text not null,                 -- shown, hidden, taken_back
    received_at bigint not null,
    hidden_by text references staff (id),
    hidden_at bigint
);
create index suggestion_comments_by_suggestion on suggestion_comments (suggestion, received_at, id);
create index suggestion_comments_by_person on suggestion_comments (person);
