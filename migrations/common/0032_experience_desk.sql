-- What the desk adds to what people say about their experience.

-- Whom somebody says something about: a colleague who never reads it, whatever they become.
create table experience_about (
    experience text not null references experiences (id) on delete cascade,
    staff text not null references staff (id),
    by_staff text not null references staff (id),
    at bigint not null,
    primary key (experience, staff)
);
create index experience_about_by_staff on experience_about (staff, experience);

-- The changes that it had a part in, as the desk sees them: also those that nobody reads yet.
create table experience_changes (
    experience text not null references experiences (id) on delete cascade,
    change_id text not null references changes (id) on delete cascade,
    by_staff text not null references staff (id),
    at bigint not null,
    primary key (experience, change_id)
);
create index experience_changes_by_change on experience_changes (change_id, experience);
