-- What would make taking part easier for a member, kept for next time. The row is deleted with the words.

create table needs (
    member text primary key references members (id),
    words text not null,
    consent bigint not null,  -- which version of the question was said yes to
    kept_at bigint not null
);
