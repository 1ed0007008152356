-- Members who lead an opportunity: they see who comes, and say who came.

create table leads (
    opportunity text not null references opportunities (id),
    member text not null references members (id),
    made_by text not null references staff (id),
    made_at bigint not null,
    primary key (opportunity, member)
);
create index leads_by_member on leads (member);

alter table sign_ups add column marked_by text;        -- the id of whoever said whether they came: staff, or a member who leads
alter table sign_ups add column marked_at bigint;
alter table sign_ups add column thanked_at bigint;
alter table sign_ups add column travel_pence bigint;   -- travel that was paid; null: none noted
alter table sign_ups add column thanks_pence bigint;   -- the thank-you that was paid; null: none noted
