-- Opportunities as staff run them: more to say, edits that wait beside what members see, and what was agreed to.

alter table opportunities add column more text;                  -- JSON: what members read beside the columns
alter table opportunities add column version bigint not null default 0;  -- goes up whenever its words change
alter table opportunities add column agreement bigint;           -- the version that people agree to now; null: none
create index opportunities_by_state on opportunities (state, title, id);

-- What staff are writing and nobody else sees yet: at most one for each opportunity.
create table opportunity_edits (
    opportunity text primary key references opportunities (id),
    body text not null,                  -- JSON: every field as typed
    editor text not null,                -- the open page that kept it last: it may keep again
    by_staff text not null references staff (id),
    at bigint not null
);

-- Every text that people agreed to, so that it stays known what each one said yes to.
create table agreements (
    opportunity text not null references opportunities (id),
    version bigint not null,
    words text not null,
    by_staff text not null references staff (id),
    at bigint not null,
    primary key (opportunity, version)
);
