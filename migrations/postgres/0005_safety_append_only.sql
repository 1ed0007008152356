-- What is written down about safety, and who could read it when, is only ever added to.
create function safety_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'safety records and settings are append only';
end;
$$;
create trigger safety_entries_append_only before update or delete or truncate on safety_entries
    for each statement execute function safety_append_only();
create trigger safety_settings_append_only before update or delete or truncate on safety_settings
    for each statement execute function safety_append_only();
create trigger safety_readers_append_only before update or delete or truncate on safety_readers
    for each statement execute function safety_append_only();
