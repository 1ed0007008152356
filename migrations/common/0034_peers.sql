-- Peer support: who would like to talk to a peer, who supports others, and who is matched with whom.

-- What peer supporters agree to: every version that anybody was shown.
create table peer_agreements (
    version bigint primary key,          -- from 1
    words text not null,
    by_staff text not null references staff (id),
    at bigint not null
);

create table peer_supporters (
    member text primary key references members (id),
    about text,                          -- what they say of themselves, in their own words
    agreed bigint,                       -- the version that they agreed to last
    agreed_at bigint,
    trained text,                        -- which training, in words
    trained_on text,                     -- the day, 2026-11-25
    supervisor text references staff (id),
    sealed_by text,                      -- the phone of theirs that said last that a PIN seals it
    paused_at bigint,
    made_by text not null references staff (id),
    made_at bigint not null,
    ended_at bigint                      -- since when they do no more
);

create table peer_asks (
    id text primary key,                 -- made on the phone
    member text not null references members (id),
    about text,                          -- this and what follows: null once it was taken back
    show_about int not null,             -- 1: a peer who is asked may read it
    suits text,
    not_with text,                       -- who it should not be with: for the desk alone, in no record
    contact text,                        -- JSON
    show_contact int not null,           -- 1: the peer with whom they are matched is told it
    state text not null,                 -- sent, nobody_yet, asked_peer, offered, matched, suggested, ended, withdrawn
    message text,                        -- what staff say with that
    opportunity text references opportunities (id),
    seen_by text references staff (id),
    seen_by_name text,
    received_at bigint not null,
    since bigint not null,               -- when it came to stand so
    ended_at bigint
);
create index peer_asks_by_state on peer_asks (state, since, id);
create index peer_asks_by_member on peer_asks (member, state);
create index peer_asks_by_end on peer_asks (ended_at, id);

create table peer_matches (
    id text primary key,
    ask text not null references peer_asks (id),
    peer text not null references peer_supporters (member),
    state text not null,                 -- asked, offered, matched, not_this_time, ended
    asked_by text not null references staff (id),
    asked_at bigint not null,
    since bigint not null,
    looks_since bigint                   -- since when whoever looks after the peer is asked to read what they write
);
create index peer_matches_by_ask on peer_matches (ask, asked_at, id);
create index peer_matches_by_peer on peer_matches (peer, state);

-- Peers whom staff keep apart from an ask. It goes with the ask.
create table peer_apart (
    ask text not null references peer_asks (id),
    peer text not null references peer_supporters (member),
    primary key (ask, peer)
);

create table peer_messages (
    id text primary key,                 -- made on the phone
    peer_match text not null references peer_matches (id),
    by_peer int not null,                -- 1: the peer wrote it
    words text,                          -- null once its writer took it back
    received_at bigint not null
);
create index peer_messages_by_match on peer_messages (peer_match, received_at, id);
