-- One SQL text for SQLite and PostgreSQL: ids and JSON are text, instants are bigint milliseconds
-- since 1970 UTC, flags are int 0 or 1. Applied once, never edited after a release.

-- Settings of this installation, such as the key of the command hashes.
create table settings (
    name text primary key,
    value text not null
);

-- A service or project: who reads what is shared with it, and when.
create table teams (
    id text primary key,
    name text not null,
    hours text not null,
    next_read_at text,
    phone text,
    made_at bigint not null
);

create table staff (
    id text primary key,
    email text not null unique,          -- lower case
    name text not null,                  -- the first name that members see
    role text not null,                  -- staff, admin
    password text not null,              -- argon2id, PHC string
    made_at bigint not null,
    stopped_at bigint
);

create table staff_team (
    staff text not null references staff (id),
    team text not null references teams (id),
    primary key (staff, team)
);
create index staff_team_by_team on staff_team (team);

-- Signed-in browsers, of members and of staff.
create table web_sessions (
    id text primary key,                 -- SHA-256 of the cookie's value, hex
    data text not null,
    expires_at bigint not null
);
create index web_sessions_by_expiry on web_sessions (expires_at);

-- Who read or did what on the desk. Append only: see sqlite/ and postgres/.
create table audit (
    id text primary key,                 -- UUIDv7: in order of time
    at bigint not null,
    staff text not null,
    action text not null,                -- check_in.read, sign_up.confirm, ...
    kind text not null,
    subject text not null,
    team text
);
create index audit_by_subject on audit (kind, subject);

create table join_codes (
    code text primary key,               -- upper case letters and digits alone
    shown text not null,                 -- as printed on the poster
    team text references teams (id),
    made_at bigint not null,
    stopped_at bigint
);

create table members (
    id text primary key,
    name text,
    team text references teams (id),
    joined_at bigint not null
);

-- What renews a lost session: one for each device.
create table return_keys (
    hash text primary key,               -- SHA-256 of the key, hex
    member text not null references members (id),
    device text,                         -- bound at the device's first sync
    made_at bigint not null
);
create index return_keys_by_member on return_keys (member);

create table devices (
    member text not null references members (id),
    id text not null,
    first_seen_at bigint not null,
    revoked_at bigint,
    primary key (member, id)
);

-- What was decided about each command, for ever; its body never.
create table commands (
    id text not null,
    member text not null,
    hash text not null,                  -- keyed hash of kind and canonical body
    outcome text not null,               -- applied, refused
    code text,
    message text,
    received_at bigint not null,
    primary key (id, member)
);

-- A scope's counter, and count and sum over its live records.
create table scopes (
    scope text primary key,
    seq bigint not null,
    count bigint not null,
    sum bigint not null                  -- unsigned 64 bits, kept as signed
);

-- The newest version of each record in each scope.
create table feed (
    scope text not null,
    kind text not null,
    id text not null,
    seq bigint not null,
    deleted int not null,
    body text,
    primary key (scope, kind, id)
);
create unique index feed_by_seq on feed (scope, seq);

create table opportunities (
    id text primary key,
    area text not null,
    title text not null,
    purpose text not null,
    what_happens text not null,
    what_next text not null,
    commitment text,
    support text,
    travel text,
    thank_you text,
    access text,
    contact text,
    state text not null
);

create table sessions (
    id text primary key,
    opportunity text not null references opportunities (id),
    starts_at text,
    local_start text,
    zone text,
    length_min int,
    breaks text,
    mode text not null,
    place text,
    places int,                          -- null: no limit
    gives text not null,
    room text not null,
    state text not null,
    taken int not null,                  -- places held
    waiting int not null,                -- people on the waiting list
    next_queue bigint not null           -- the order number for the next sign-up
);
create index sessions_by_opportunity on sessions (opportunity);

create table sign_ups (
    id text primary key,
    member text not null references members (id),
    session text not null references sessions (id),
    state text not null,
    queue bigint not null,               -- order within the session
    contact text,                        -- JSON
    access_needs text,
    access_needs_consent int not null,
    travel_first int not null,
    note text,
    message text,                        -- staff's words to the member
    staff_note text,                     -- never leaves the server
    seen_by text references staff (id),
    seen_by_name text,
    seen_at bigint,
    seen int not null,                   -- whether someone opened it
    received_at bigint not null,
    made_at text not null                -- by the phone's clock, RFC 3339: for display
);
create unique index sign_ups_one_active on sign_ups (member, session)
    where state in ('received', 'waiting', 'offered', 'confirmed');
create index sign_ups_by_session on sign_ups (session, state, queue);
create index sign_ups_by_arrival on sign_ups (seen, received_at, id);

-- Check-ins shared with a team. Those kept on a phone never come here.
create table check_ins (
    id text primary key,
    member text not null references members (id),
    team text not null references teams (id),
    feeling text,
    note text,
    wants text,                          -- null once withdrawn
    asks int not null,                   -- whether something was asked for
    contact text,                        -- JSON
    consent int not null,
    state text not null,
    seen_by text references staff (id),
    seen_by_name text,
    seen_at bigint,
    taken_on_by text,
    received_at bigint not null,
    made_at text not null
);
create index check_ins_by_team on check_ins (team, asks, received_at, id);

-- Withdrawn before they arrived: a later request or share with this id gets no place and is read by nobody.
create table withdrawn (
    member text not null,
    kind text not null,
    id text not null,
    at bigint not null,
    primary key (member, kind, id)
);

create table help_lines (
    id text primary key,
    label text not null,
    number text not null,
    kind text not null,
    hours text not null,
    cost text not null,
    on_bills text,
    area text,
    nation text,
    checked_on text,
    place int not null                   -- lower stands first
);
