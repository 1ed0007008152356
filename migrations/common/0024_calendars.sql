-- Private calendar addresses: of a member who leads, or of someone who works here. Of one that ended nothing is kept but its
-- hash, so that the calendars that still ask for it are told that it is gone.

create table calendars (
    hash text primary key,               -- of the secret in the address
    member text references members (id),
    device text,                         -- the member's phone that asked for it
    staff text references staff (id),
    picked int not null default 0,       -- only the opportunities in calendar_picks
    made_at bigint not null,
    ended_at bigint
);
create unique index calendars_of_member on calendars (member);
create unique index calendars_of_staff on calendars (staff);

create table calendar_picks (
    staff text not null references staff (id),
    opportunity text not null references opportunities (id),
    primary key (staff, opportunity)
);
create index calendar_picks_of_opportunity on calendar_picks (opportunity);

-- How often a session changed in what calendars show: one that was fetched before follows the higher number.
alter table sessions add column sequence bigint not null default 0;
update sessions set sequence = 1 where was is not null or state = 'cancelled';
create index sessions_by_start on sessions (starts_at, id);
