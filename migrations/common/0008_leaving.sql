-- When a member left Chorus. Their row stays, empty: no id is taken twice, and their phones are told.
alter table members add column left_at bigint;

-- What staff wrote about a sign-up may say what its member wrote: it goes with what was taken back.
update sign_ups set staff_note = null where state = 'withdrawn';
