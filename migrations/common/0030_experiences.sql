-- What people say about their experience of a service, and the stories that are told of it.

-- Those whom an admin named to read what is about people who work here. Members see them and pick one.
create table independent_people (
    id text primary key,                 -- what phones know them by
    staff text not null references staff (id),
    name text not null,                  -- as members read it
    role text not null,
    reach text not null,                 -- how to reach them without Chorus
    place bigint not null,               -- lower stands first
    gone_at bigint                       -- since when nobody can pick them
);
create index independent_people_by_staff on independent_people (staff, gone_at);

-- Those outside of the organisation: complaints, advocacy, the regulator.
create table speaking_up_lines (
    id text primary key,
    kind text not null,                  -- complaints, advocacy, regulator
    label text not null,
    number text not null,
    address text not null,
    words text not null,
    place bigint not null                -- lower stands first
);

create table experiences (
    id text primary key,                 -- made on the phone
    member text not null references members (id),
    team text references teams (id),     -- who reads it: a team, or
    independent text references independent_people (id),  -- one independent person and nobody else
    reader_name text,                    -- that person's name, as the member picked it
    stage text,                          -- null where nothing was said, and once it was taken back
    good text,
    different text,
    when_about text,
    may_use text,                        -- only_improve, training_unnamed, public_unnamed, public_named
    shown_name text,                     -- the name that may stand with it in public
    may_reply int not null,
    consent bigint not null,             -- the version of the words about sharing that they agreed to
    state text not null,                 -- sent, taken_on, replied, closed, withdrawn
    seen_by text references staff (id),
    seen_by_name text,
    seen_at bigint,
    owner text references staff (id),
    taken_on_by text,
    taken_on_at text,
    closed_at text,
    messages text,                       -- JSON, oldest first
    answered_back int not null default 0,  -- the last word is the person's
    link text,                           -- JSON: what it came to
    received_at bigint not null,
    moved_at bigint not null,            -- when it last changed in any way
    ended_at bigint                      -- when it was closed or taken back
);
create index experiences_by_team on experiences (team, state, received_at, id);
create index experiences_by_independent on experiences (independent, state, received_at, id);
create index experiences_by_member on experiences (member, state);
create index experiences_by_end on experiences (ended_at, id);

-- What staff say that it touches. Never sent to phones.
create table experience_tags (
    experience text not null references experiences (id),
    tag text not null,
    primary key (experience, tag)
);
create index experience_tags_by_tag on experience_tags (tag, experience);

-- Where somebody's words were used, outside of what can be taken back: only ever added to.
create table consent_uses (
    experience text not null references experiences (id),
    kind text not null,                  -- impact_report, handout, training
    at bigint not null,
    by_staff text not null references staff (id)
);
create index consent_uses_by_experience on consent_uses (experience, at);

create table stories (
    id text primary key,                 -- in the address of its public page
    experience text not null unique references experiences (id),
    state text not null,                 -- proposed, approved, published, taken_down
    version bigint not null,             -- of the text that stands, from 1
    checked_version bigint,              -- staff checked that this one names nobody else
    approved_version bigint,             -- the member approved this one
    approved_at bigint,
    shown_name text,                     -- as the member approved it
    published_at bigint,                 -- when everyone could first read it
    published_by text references staff (id),
    taken_down_at bigint,
    moved_at bigint not null
);
create index stories_by_state on stories (state, moved_at, id);

-- A text never changes; it goes once its story is taken down.
create table story_versions (
    story text not null references stories (id),
    version bigint not null,
    text text not null,
    by_staff text not null references staff (id),
    at bigint not null,
    checked_by text references staff (id),
    checked_at bigint,
    primary key (story, version)
);
