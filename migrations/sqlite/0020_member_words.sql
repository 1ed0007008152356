-- The words of what members want to be called, in lower case: a name is found by the beginning of any of
-- them. The database keeps them itself, so that they never tell what a name no longer says.
create table member_words (
    word text not null,
    member text not null references members (id) on delete cascade,
    primary key (word, member)
) without rowid;
create index member_words_by_member on member_words (member);

create trigger member_words_added after insert on members when new.name is not null
begin
    insert into member_words (word, member)
        select distinct w.value, new.id
        from json_each('[' || replace(json_quote(replace(lower(new.name), '-', ' ')), ' ', '","') || ']') w
        where w.value <> '';
end;
create trigger member_words_changed after update of name on members
begin
    delete from member_words where member = new.id;
    insert into member_words (word, member)
        select distinct w.value, new.id
        from json_each(
            '[' || replace(json_quote(replace(lower(coalesce(new.name, '')), '-', ' ')), ' ', '","') || ']') w
        where w.value <> '';
end;

insert into member_words (word, member)
    select distinct w.value, m.id
    from members m,
        json_each('[' || replace(json_quote(replace(lower(m.name), '-', ' ')), ' ', '","') || ']') w
    where m.name is not null and w.value <> '';
