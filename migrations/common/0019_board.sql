-- The board of sign-ups: each list in the order of arrival, a person's, and a session's, without sorting
-- or reading what is not shown; and the counts of the lists from an index alone.

create index sign_ups_by_state on sign_ups (state, seen, received_at, id);
create index sign_ups_by_time on sign_ups (received_at, id);
create index sign_ups_in_session on sign_ups (session, received_at, id, state, seen);
create index sign_ups_by_member on sign_ups (member, received_at, id, state, seen);
drop index sign_ups_by_arrival;
