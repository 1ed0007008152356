-- How long each kind of thing is kept; a kind without a row has the built-in time.
create table retention (
    kind text primary key,               -- check_in, sign_up, audit
    days int not null
);

-- The audit log is only ever added to, but for lines older than any organisation keeps them: six years.
drop trigger audit_no_delete;
create trigger audit_no_delete before delete on audit
when old.at > (cast(strftime('%s', 'now') as integer) - 2190 * 86400) * 1000
begin
    select raise(abort, 'the audit log is append only');
end;
