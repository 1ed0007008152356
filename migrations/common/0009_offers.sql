-- Places that are held for someone who waited, ballots, and sessions that have happened.

alter table sessions add column offer_hours int not null default 48;   -- how long an offer holds a place
alter table sessions add column ballot_at bigint;                      -- when a ballot is to be drawn
alter table sessions add column ballot_seed text;                      -- what it was drawn with; null: not drawn yet
alter table sessions add column ends_at bigint;                        -- null: not worked out yet, or no fixed time
create index sessions_by_ballot on sessions (ballot_at) where ballot_seed is null;
create index sessions_by_end on sessions (ends_at) where state = 'scheduled';

alter table sign_ups add column offer_until bigint;                    -- while it is offered a place
create index sign_ups_by_offer on sign_ups (offer_until) where state = 'offered';
