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

create function audit_chain_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the chain of the audit log is append only';
end;
$$;

create function audit_chain_in_order() returns trigger language plpgsql as $$
begin
    if new.n <> (select n from audit_head) + 1 then
        raise exception 'the chain of the audit log is append only';
    end if;
    return new;
end;
$$;
create trigger audit_chain_in_order before insert on audit_chain
    for each row execute function audit_chain_in_order();
create trigger audit_chain_append_only before update or truncate on audit_chain
    for each statement execute function audit_chain_append_only();

-- What the log itself let go of, after six years, the chain lets go of too.
create function audit_chain_keep() returns trigger language plpgsql as $$
begin
    if exists (select 1 from audit where id = old.line) then
        raise exception 'the chain of the audit log is append only';
    end if;
    return old;
end;
$$;
create trigger audit_chain_keep before delete on audit_chain
    for each row execute function audit_chain_keep();

create function audit_head_forward() returns trigger language plpgsql as $$
begin
    if new.n <> old.n + 1
        or not exists (select 1 from audit_chain where n = new.n and hash = new.hash) then
        raise exception 'the chain of the audit log is append only';
    end if;
    return new;
end;
$$;
create trigger audit_head_forward before update on audit_head
    for each row execute function audit_head_forward();
create trigger audit_head_append_only before delete or truncate on audit_head
    for each statement execute function audit_chain_append_only();
