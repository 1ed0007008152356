-- What is written down about safety, and who could read it when, is only ever added to.
create trigger safety_entries_no_update before update on safety_entries
begin
    select raise(abort, 'safety records are append only');
end;
create trigger safety_entries_no_delete before delete on safety_entries
begin
    select raise(abort, 'safety records are append only');
end;
create trigger safety_settings_no_update before update on safety_settings
begin
    select raise(abort, 'safety settings are append only');
end;
create trigger safety_settings_no_delete before delete on safety_settings
begin
    select raise(abort, 'safety settings are append only');
end;
create trigger safety_readers_no_update before update on safety_readers
begin
    select raise(abort, 'safety readers are append only');
end;
create trigger safety_readers_no_delete before delete on safety_readers
begin
    select raise(abort, 'safety readers are append only');
end;
