-- The organisation's own words in place of built-in ones, by their key in the language file. One for which this
-- version has no text, or whose gaps are other ones, stays here and is shown to nobody.

create table wording (
    text_key text primary key,
    words text not null,
    why text,
    published_by text references staff (id),
    published_at bigint not null
);
