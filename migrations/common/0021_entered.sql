-- Sign-ups that staff wrote down for someone who rang or filled in paper.

alter table sign_ups add column entered_by text references staff (id);
alter table sign_ups add column entered_how text;      -- rang, paper, in_person
