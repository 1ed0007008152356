-- How long each kind of thing is kept; a kind without a row has the built-in time.
create table retention (
    kind text primary key,               -- check_in, sign_up, audit
    days int not null
);

-- The audit log is only ever added to, but for lines older than any organisation keeps them: six years.
drop trigger audit_append_only on audit;
create function audit_keep_young() returns trigger language plpgsql as $$
begin
    if old.at > (extract(epoch from now())::bigint - 2190 * 86400) * 1000 then
        raise exception 'the audit log is append only';
    end if;
    return old;
end;
$$;
create trigger audit_append_only before update or truncate on audit
    for each statement execute function audit_append_only();
create trigger audit_keep_young before delete on audit
    for each row execute function audit_keep_young();
