-- Involvement groups: what each does, who belongs to it and looks after it, and what is written in it.

create table involvement_groups (
    id text primary key,
    area text not null,
    title text not null,
    does text not null,                  -- what it does
    who_for text not null,
    meets text not null,                 -- when it meets, in words
    led_by text not null,                -- who leads it, as people read it
    came_of_it text not null,            -- what came of its work; empty: nothing is said yet
    agreement_text text not null,        -- how people treat each other
    agreement bigint not null,           -- its version, from 1; 0: none was ever shown
    state text not null,                 -- draft, open, paused, ended
    backup text references staff (id),   -- who of staff is there when the lead is not
    version bigint not null default 0,   -- goes up whenever its words change
    made_by text not null references staff (id),
    made_at bigint not null
);
create index groups_by_state on involvement_groups (state, title, id);

-- Every text that people agreed to, so that it stays known what each one said yes to.
create table group_agreements (
    group_id text not null references involvement_groups (id),
    version bigint not null,
    words text not null,
    by_staff text not null references staff (id),
    at bigint not null,
    primary key (group_id, version)
);

-- Who belongs to a group, or did. Within the group a person is known by this id, and by no other.
create table group_people (
    id text primary key,
    group_id text not null references involvement_groups (id),
    member text not null references members (id),
    state text not null,                 -- in, left
    agreement bigint not null,           -- the version that they agreed to last
    leads int not null,
    joined_at bigint not null,
    left_at bigint,
    paused_at bigint,                    -- since when they may read and not write
    paused_why text,
    unique (group_id, member)
);
create index group_people_by_member on group_people (member, state);

-- Those who lead it from the desk.
create table group_lead_staff (
    group_id text not null references involvement_groups (id),
    staff text not null references staff (id),
    made_by text not null references staff (id),
    made_at bigint not null,
    primary key (group_id, staff)
);
create index group_lead_staff_by_staff on group_lead_staff (staff);

create table group_messages (
    id text primary key,                 -- made on the phone
    group_id text not null references involvement_groups (id),
    person text references group_people (id),
    staff text references staff (id),    -- one of the two wrote it
    words text,                          -- null once its writer took it back
    state text not null,                 -- shown, hidden, taken_back
    received_at bigint not null,
    hidden_by text,                      -- the id of whoever did: staff, or a person of the group
    hidden_at bigint,
    hidden_why text
);
create index group_messages_by_group on group_messages (group_id, received_at, id);
create index group_messages_by_person on group_messages (person);
create index group_messages_by_age on group_messages (received_at, id);

-- "Please look at this": for those who lead the group, and whoever of staff is behind them.
create table group_reports (
    id text primary key,
    message text not null references group_messages (id),
    person text not null references group_people (id),
    why text not null,
    at bigint not null,
    looked_by text,                      -- the id of whoever looked: staff, or a person of the group
    looked_at bigint,
    unique (message, person)
);

-- Whose writing somebody does not want to see. Nobody else is told.
create table group_mutes (
    member text not null references members (id),
    person text not null references group_people (id),
    primary key (member, person)
);

alter table opportunities add column group_id text references involvement_groups (id);
create index opportunities_by_group on opportunities (group_id, state);

-- A lead by being the lead of the opportunity's group, and not by name.
alter table leads add column through text references involvement_groups (id);
