-- Plans that members share with their team: a copy of what they wrote, as it was when they sent it.

create table plans (
    id text primary key,                 -- a new one each time a plan is shared
    member text not null references members (id),
    team text not null references teams (id),
    body text,                           -- JSON; null once it was taken back, or another took its place
    consent int not null,
    state text not null,                 -- sent | seen | withdrawn
    seen_by text references staff (id),
    seen_by_name text,
    seen_at bigint,
    received_at bigint not null
);
create index plans_by_team on plans (team, state, received_at, id);
create index plans_by_member on plans (member, state);
