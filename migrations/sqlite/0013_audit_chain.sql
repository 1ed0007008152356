-- The audit log is a chain: each line's hash holds the one before it, so that a line that is changed,
-- taken out, put in or cut off at the end shows. Lines from before this are chained at the next start.

alter table audit add column detail text;      -- what more there is to say, in words or figures; never what anyone wrote

create table audit_chain (
    n bigint primary key,                -- the line's number, from 1, with none left out
    line text not null unique,           -- its id in audit
    hash text not null                   -- SHA-256, hex: of the number, the hash before, and all that the line says
);

-- Where the chain ends, so that a missing end shows. One row.
create table audit_head (
    one int primary key check (one = 1),
    n bigint not null,
    hash text not null
);

-- Who did what is found by person, action, kind, thing and time, newest first, among a million lines.
create index audit_by_time on audit (at, id);
create index audit_by_staff on audit (staff, at, id);
create index audit_by_action on audit (action, at, id);
create index audit_by_kind on audit (kind, at, id);
create index audit_by_thing on audit (subject, at, id);
create index devices_by_id on devices (id);

-- A row that takes the place of another one deletes it without a word: SQLite asks no delete trigger then.
create trigger audit_no_replace before insert on audit
when exists (select 1 from audit where id = new.id)
begin
    select raise(abort, 'the audit log is append only');
end;

create trigger audit_chain_in_order before insert on audit_chain
when new.n <> (select n from audit_head) + 1
    or exists (select 1 from audit_chain where n = new.n or line = new.line)
begin
    select raise(abort, 'the chain of the audit log is append only');
end;
create trigger audit_chain_no_update before update on audit_chain
begin
    select raise(abort, 'the chain of the audit log is append only');
end;
-- What the log itself let go of, after six years, the chain lets go of too.
create trigger audit_chain_no_delete before delete on audit_chain
when exists (select 1 from audit where id = old.line)
begin
    select raise(abort, 'the chain of the audit log is append only');
end;

create trigger audit_head_one before insert on audit_head
when exists (select 1 from audit_head)
begin
    select raise(abort, 'the chain of the audit log is append only');
end;
create trigger audit_head_forward before update on audit_head
when new.n <> old.n + 1
    or not exists (select 1 from audit_chain where n = new.n and hash = new.hash)
begin
    select raise(abort, 'the chain of the audit log is append only');
end;
create trigger audit_head_no_delete before delete on audit_head
begin
    select raise(abort, 'the chain of the audit log is append only');
end;
