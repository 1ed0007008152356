-- Help lines are kept by staff: who checked each, and by when it is to be checked again.

alter table help_lines add column checked_by text;    -- the first name of who checked it
alter table help_lines add column check_by text;      -- the last day that the check holds for, 2026-11-25
alter table help_lines add column gone_at bigint;     -- when it was taken away; its name stays for the audit log
