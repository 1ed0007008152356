-- The audit log is only ever added to.
create function audit_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append only';
end;
$$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_append_only();
