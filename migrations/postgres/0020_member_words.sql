-- The words of what members want to be called, in lower case: a name is found by the beginning of any of
-- them. The database keeps them itself, so that they never tell what a name no longer says.
create table member_words (
    word text collate "C" not null,
    member text not null references members (id) on delete cascade,
    primary key (word, member)
);
create index member_words_by_member on member_words (member);

create function member_words_kept() returns trigger language plpgsql as $$
begin
    delete from member_words where member = new.id;
    insert into member_words (word, member)
        select distinct w.word, new.id
        from regexp_split_to_table(lower(coalesce(new.name, '')), '[ -]+') as w (word)
        where w.word <> '';
    return null;
end;
$$;
create trigger member_words_kept after insert or update of name on members
    for each row execute function member_words_kept();

insert into member_words (word, member)
    select distinct w.word, m.id
    from members m, regexp_split_to_table(lower(coalesce(m.name, '')), '[ -]+') as w (word)
    where w.word <> '';
