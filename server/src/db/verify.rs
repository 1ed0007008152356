//! What looking for faults reads.

use super::{
    Engine,
    feed::Counter,
    word::{read_id, read_json},
};
use crate::error::Error;
use app::{
    domain::{
        care::{Message, waits_for_reading},
        id::SessionId,
        pair_code::{MOST_TRIES, SELECTOR},
    },
    sync::wire::ScopeSum,
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// How many rows are read at a time.
pub const PAGE: usize = 500;

/// A row of the feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Who may read it.
    pub scope: String,
    /// What it is.
    pub kind: String,
    /// The thing's id.
    pub id: String,
    /// The scope's counter at the write.
    pub seq: u64,
    /// A tombstone.
    pub deleted: bool,
    /// The record.
    pub body: Option<String>,
}

/// A session's places as counted, and as its sign-ups say.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The session.
    pub session: SessionId,
    /// How many places there are.
    pub places: Option<i64>,
    /// Held and waiting, by the session's own count.
    pub told: (i64, i64),
    /// The same by its sign-ups.
    pub real: (i64, i64),
}

/// What the engine itself finds broken. PostgreSQL checks its pages and keys as it goes.
///
/// # Errors
/// What the database says.
pub async fn broken(connection: &mut AnyConnection, engine: Engine) -> Result<Vec<String>, Error> {
    if engine == Engine::Postgres {
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    for row in query("select * from pragma_integrity_check")
        .fetch_all(&mut *connection)
        .await?
    {
        let text: String = row.try_get(0)?;
        if text != "ok" {
            faults.push(format!("integrity: {text}"));
        }
    }
    let rows = query("select \"table\", \"parent\" from pragma_foreign_key_check");
    for row in rows.fetch_all(connection).await? {
        let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        faults.push(format!(
            "foreign key: a row of {table} names something that is not in {parent}"
        ));
    }
    Ok(faults)
}

/// Every scope's counter.
///
/// # Errors
/// What the database says.
pub async fn scopes(connection: &mut AnyConnection) -> Result<Vec<(String, Counter)>, Error> {
    let rows = query("select scope, seq, count, sum from scopes order by scope");
    let rows = rows.fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let sum = ScopeSum {
                count: row.try_get::<i64, _>(2)?.cast_unsigned(),
                sum: row.try_get::<i64, _>(3)?.cast_unsigned(),
            };
            let seq = row.try_get::<i64, _>(1)?.cast_unsigned();
            Ok((row.try_get(0)?, Counter { seq, sum }))
        })
        .collect()
}

/// The next rows of the feed after one, in the order of scope, kind and id.
///
/// # Errors
/// What the database says.
pub async fn feed_after(
    connection: &mut AnyConnection,
    last: Option<&FeedRow>,
) -> Result<Vec<FeedRow>, Error> {
    let of = |part: fn(&FeedRow) -> &String| last.map(|row| part(row).clone()).unwrap_or_default();
    let rows = query(
        "select scope, kind, id, seq, deleted, body from feed \
         where (scope, kind, id) > ($1, $2, $3) order by scope, kind, id limit $4",
    )
    .bind(of(|row| &row.scope))
    .bind(of(|row| &row.kind))
    .bind(of(|row| &row.id))
    .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(FeedRow {
                scope: row.try_get(0)?,
                kind: row.try_get(1)?,
                id: row.try_get(2)?,
                seq: row.try_get::<i64, _>(3)?.cast_unsigned(),
                deleted: row.try_get::<i64, _>(4)? != 0,
                body: row.try_get(5)?,
            })
        })
        .collect()
}

/// The scope of a thing's own member.
const OWN: &str = "'member:' || t.member";

/// What has a record: its table, the kind and scope of the record, and which rows have one. A phone from before phones
/// were listed has no name, and no record, until it calls again.
const TOLD: &[(&str, &str, &str, &str)] = &[
    ("sign_ups", "sign_up", OWN, "1 = 1"),
    ("check_ins", "check_in", OWN, "1 = 1"),
    ("plans", "plan", OWN, "1 = 1"),
    ("experiences", "experience", OWN, "1 = 1"),
    (
        "stories",
        "story",
        "'member:' || (select e.member from experiences e where e.id = t.experience)",
        "1 = 1",
    ),
    (
        "devices",
        "device",
        OWN,
        "t.left_at is null and t.name is not null",
    ),
    ("help_lines", "help_line", "'public'", "t.gone_at is null"),
    (
        "involvement_groups",
        "group",
        "'public'",
        "t.state <> 'draft'",
    ),
    (
        "changes",
        "change",
        "'public'",
        "t.state in ('published', 'superseded')",
    ),
    (
        "group_people",
        "group_person",
        "'group:' || t.group_id",
        "t.state = 'in'",
    ),
    (
        "group_messages",
        "group_message",
        "'group:' || t.group_id",
        "1 = 1",
    ),
    (
        "documents",
        "document",
        "case when t.only_group = 1 then 'group:' || t.group_id else 'public' end",
        "1 = 1",
    ),
    ("suggestions", "suggestion", OWN, "1 = 1"),
    (
        "suggestions",
        "group_suggestion",
        "'group:' || (select d.group_id from documents d where d.id = t.document)",
        "t.given_at is not null and t.state <> 'withdrawn'",
    ),
    ("peer_asks", "peer_ask", OWN, "1 = 1"),
    (
        "(select member as id, member, ended_at from peer_supporters)",
        "peer_supporter",
        OWN,
        "t.ended_at is null",
    ),
    (
        "(select x.id, x.peer as member, s.ended_at, x.state from peer_matches x \
         join peer_supporters s on s.member = x.peer)",
        "peer_match",
        "'peer:' || t.member",
        "t.ended_at is null and t.state <> 'not_this_time'",
    ),
    (
        "(select g.id, a.member, x.state from peer_messages g join peer_matches x \
         on x.id = g.peer_match join peer_asks a on a.id = x.ask)",
        "peer_message",
        OWN,
        "t.state in ('matched', 'ended')",
    ),
    (
        "suggestion_comments",
        "suggestion_comment",
        "'group:' || (select p.group_id from group_people p where p.id = t.person)",
        "1 = 1",
    ),
];

/// Things that no phone could ever learn of: no live record stands for their row.
///
/// # Errors
/// What the database says.
pub async fn unseen(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    for (table, kind, scope, told) in TOLD {
        let text = format!(
            "select t.id from {table} t left join feed f \
             on f.scope = {scope} and f.kind = '{kind}' and f.id = t.id \
             where (f.id is null or f.deleted <> 0) and {told}"
        );
        for row in query(AssertSqlSafe(text))
            .fetch_all(&mut *connection)
            .await?
        {
            let id: String = row.try_get(0)?;
            faults.push(format!(
                "{kind} {id}: no record of it is in the scope of those who are to see it"
            ));
        }
    }
    Ok(faults)
}

/// Outcomes that are not well-formed, or nobody's.
///
/// # Errors
/// What the database says.
pub async fn misshapen_outcomes(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select c.id from commands c left join members m on m.id = c.member \
         where m.id is null or c.outcome not in ('applied', 'refused') or length(c.hash) <> 64 \
         or length(c.id) <> 36 or (c.outcome = 'refused') <> (c.code is not null)",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = row.try_get(0)?;
            Ok(format!("outcome of {id}: not well-formed, or of no member"))
        })
        .collect()
}

/// Shared things whose care does not hold together, and words that should be gone: what staff lists and
/// counts read of a check-in, beside what its record tells its member.
///
/// # Errors
/// What the database says.
pub async fn care(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    const RULES: [(&str, &str); 5] = [
        (
            "state <> 'withdrawn' and (owner is null) <> (taken_on_by is null)",
            "who has it and who is said to have it differ",
        ),
        (
            "asks <> (case when state <> 'withdrawn' and wants in ('message', 'call') then 1 else 0 end)",
            "whether something is asked for is noted wrongly",
        ),
        (
            "passed = 1 and (seen_at is not null or due_at is null)",
            "its reading time is said to have passed unopened, and it did not",
        ),
        (
            "state = 'withdrawn' and (note is not null or contact is not null or feeling is not null \
             or messages is not null)",
            "it was taken back, and its words are here",
        ),
        (
            "state = 'withdrawn' and id in (select subject from hand_overs where kind = 'check_in')",
            "it was taken back, and a note about it is here",
        ),
    ];
    let mut faults = Vec::new();
    for (rule, what) in RULES {
        let text = format!("select id from check_ins where {rule}");
        let rows = query(AssertSqlSafe(text));
        for row in rows.fetch_all(&mut *connection).await? {
            let id: String = row.try_get(0)?;
            faults.push(format!("check_in {id}: {what}"));
        }
    }
    faults.extend(words_left(connection).await?);
    faults.extend(unread_answers(connection).await?);
    faults.extend(lone_hand_overs(connection).await?);
    Ok(faults)
}

/// What must be gone: of which kind a row is, what finds one, and what is wrong with it.
const GONE: [(&str, &str, &str); 26] = [
    (
        "attendee",
        "select f.id from feed f where f.kind = 'attendee' and f.deleted = 0 and not exists \
         (select 1 from sign_ups s where s.id = f.id and s.state not in ('withdrawn', 'cancelled'))",
        "the sign-up is over, and whoever leads is still told of it",
    ),
    (
        "sign_up",
        "select id from sign_ups where state = 'withdrawn' and (note is not null \
         or contact is not null or access_needs is not null or staff_note is not null \
         or agreement is not null or thanks is not null)",
        "it was taken back, and its words are here",
    ),
    (
        "member",
        "select id from members where left_at is not null \
         and (name <> '' or team is not null or join_code is not null)",
        "they left, and who they were is here",
    ),
    (
        "member",
        "select m.id from members m join needs n on n.member = m.id where m.left_at is not null",
        "they left, and what would make it easier for them is here",
    ),
    (
        "needs",
        "select n.member from needs n where not exists (select 1 from feed f \
         where f.scope = 'member:' || n.member and f.kind = 'needs' and f.id = n.member \
         and f.deleted = 0)",
        "something is kept for next time, and its member's phones are not told",
    ),
    (
        "member",
        "select m.id from members m join check_ins c on c.member = m.id \
         where m.left_at is not null and c.state <> 'withdrawn'",
        "they left, and a check-in of theirs stands",
    ),
    (
        "member",
        "select m.id from members m join sign_ups s on s.member = m.id \
         where m.left_at is not null and s.state <> 'withdrawn'",
        "they left, and a sign-up of theirs stands",
    ),
    (
        "plan",
        "select id from plans where (state = 'withdrawn') <> (body is null)",
        "it was taken back and its words are here, or it stands and they are not",
    ),
    (
        "member",
        "select m.id from members m join plans p on p.member = m.id \
         where m.left_at is not null and p.state <> 'withdrawn'",
        "they left, and a plan of theirs stands",
    ),
    (
        "member",
        "select member from plans where state <> 'withdrawn' group by member having count(*) > 1",
        "more than one plan of theirs stands",
    ),
    (
        "group_message",
        "select id from group_messages where state = 'taken_back' \
         and (words is not null or hidden_why is not null)",
        "it was taken back, and its words are here",
    ),
    (
        "group_report",
        "select r.id from group_reports r join group_messages g on g.id = r.message \
         where g.state = 'taken_back'",
        "the message was taken back, and what was said about it is here",
    ),
    (
        "member",
        "select m.id from members m join group_people p on p.member = m.id where m.left_at is not null \
         and (p.state <> 'left' or p.leads <> 0 or p.paused_why is not null or exists \
         (select 1 from group_messages g where g.person = p.id and g.state <> 'taken_back'))",
        "they left, and a group still knows them",
    ),
    (
        "suggestion",
        "select id from suggestions where state = 'withdrawn' and (was is not null \
         or feels is not null or instead is not null or why is not null or proposed is not null \
         or merged_into is not null or exists (select 1 from suggestion_comments c \
         where c.suggestion = suggestions.id) or exists (select 1 from suggestion_supports o \
         where o.suggestion = suggestions.id))",
        "it was taken back, and what was written of it is here",
    ),
    (
        "suggestion",
        "select id from suggestions where state = 'decided' and not exists \
         (select 1 from suggestion_decisions d where d.suggestion = suggestions.id \
         and d.reason <> '' and d.took_part <> '')",
        "it is decided, and its writer is not told why",
    ),
    (
        "suggestion_comment",
        "select id from suggestion_comments where state = 'taken_back' and words is not null",
        "it was taken back, and its words are here",
    ),
    (
        "member",
        "select m.id from members m where m.left_at is not null and (exists (select 1 from suggestions s \
         where s.member = m.id and s.state <> 'withdrawn') or exists (select 1 from group_people p \
         join suggestion_comments c on c.person = p.id where p.member = m.id and c.state <> 'taken_back') \
         or exists (select 1 from group_people p join suggestion_supports o on o.person = p.id \
         where p.member = m.id))",
        "they left, and what they said about words stands",
    ),
    (
        "experience",
        "select id from experiences where state = 'withdrawn' and (stage is not null \
         or good is not null or different is not null or when_about is not null \
         or may_use is not null or shown_name is not null or messages is not null \
         or link is not null or exists (select 1 from experience_tags g \
         where g.experience = experiences.id) or exists (select 1 from stories s \
         where s.experience = experiences.id and s.state <> 'taken_down'))",
        "it was taken back, and what was written of it is here",
    ),
    (
        "story",
        "select s.id from stories s where s.state = 'taken_down' and (s.shown_name is not null \
         or exists (select 1 from story_versions v where v.story = s.id))",
        "it was taken down, and its words are here",
    ),
    (
        "story",
        "select s.id from stories s join experiences e on e.id = s.experience \
         where s.state = 'published' and (s.checked_version is null or s.approved_version is null \
         or s.checked_version <> s.version or s.approved_version <> s.version \
         or coalesce(e.may_use, '') not in ('public_unnamed', 'public_named') \
         or not exists (select 1 from story_versions v where v.story = s.id and v.version = s.version))",
        "everyone reads it, and not both have said yes to it as it is",
    ),
    (
        "member",
        "select m.id from members m join experiences e on e.member = m.id \
         where m.left_at is not null and e.state <> 'withdrawn'",
        "they left, and what they said about their experience stands",
    ),
    (
        "peer_ask",
        "select a.id from peer_asks a where a.state = 'withdrawn' and (a.about is not null \
         or a.suits is not null or a.not_with is not null or a.contact is not null \
         or a.message is not null or exists (select 1 from peer_apart p where p.ask = a.id) \
         or exists (select 1 from peer_matches x where x.ask = a.id \
         and (x.state in ('asked', 'offered', 'matched') \
         or exists (select 1 from peer_messages g where g.peer_match = x.id))))",
        "it was taken back, and what was written of it is here",
    ),
    (
        "peer_match",
        "select x.id from peer_matches x join peer_asks a on a.id = x.ask \
         where x.state in ('asked', 'offered', 'matched') and a.state <> case x.state \
         when 'asked' then 'asked_peer' else x.state end",
        "it stands in another way than its ask",
    ),
    (
        "member",
        "select m.id from members m where m.left_at is not null and (exists (select 1 \
         from peer_asks a where a.member = m.id and a.state <> 'withdrawn') or exists (select 1 \
         from peer_supporters s where s.member = m.id and (s.ended_at is null \
         or s.about is not null or s.trained is not null)))",
        "they left, and peer support still knows them",
    ),
    (
        "peer_worry",
        "select f.id from feed f where f.kind = 'peer_worry' and f.deleted = 0 and not exists \
         (select 1 from safety_entries e where e.id = f.id)",
        "it is said to be written down, and it is not",
    ),
    (
        "peer_message",
        "select f.id from feed f where f.kind = 'peer_message' and f.deleted = 0 \
         and f.scope like 'peer:%' and not exists (select 1 from peer_messages g \
         join peer_matches x on x.id = g.peer_match where g.id = f.id and x.state = 'matched')",
        "the match is over, and the peer is still told what was written",
    ),
];

/// What is here of sign-ups that were taken back, and of members who left.
async fn words_left(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    for (kind, text, what) in GONE {
        for row in query(text).fetch_all(&mut *connection).await? {
            let id: String = row.try_get(0)?;
            faults.push(format!("{kind} {id}: {what}"));
        }
    }
    Ok(faults)
}

/// The list's mark "they answered", against the thread.
async fn unread_answers(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select id, answered_back, messages from check_ins \
         where messages is not null or answered_back <> 0",
    )
    .fetch_all(connection)
    .await?;
    let mut faults = Vec::new();
    for row in rows {
        let messages: Option<String> = row.try_get(2)?;
        let messages: Vec<Message> = read_json(messages.as_deref())?.unwrap_or_default();
        if (row.try_get::<i64, _>(1)? != 0) != waits_for_reading(&messages) {
            let id: String = row.try_get(0)?;
            faults.push(format!(
                "check_in {id}: whether its person answered is noted wrongly"
            ));
        }
    }
    Ok(faults)
}

async fn lone_hand_overs(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select h.id from hand_overs h where h.kind = 'check_in' \
         and not exists (select 1 from check_ins c where c.id = h.subject)",
    )
    .fetch_all(connection)
    .await?;
    let fault = |row: &AnyRow| -> Result<String, Error> {
        let id: String = row.try_get(0)?;
        Ok(format!("hand-over {id}: of nothing that is there"))
    };
    rows.iter().map(fault).collect()
}

/// Codes for another phone that no server makes.
///
/// # Errors
/// What the database says.
pub async fn misshapen_codes(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select member from pair_codes where length(hash) <> 64 or length(selector) <> $1 or tries >= $2",
    )
    .bind(i64::try_from(SELECTOR).unwrap_or(i64::MAX))
    .bind(MOST_TRIES)
    .fetch_all(connection)
    .await?;
    let fault = |row: &AnyRow| -> Result<String, Error> {
        let member: String = row.try_get(0)?;
        Ok(format!(
            "code for another phone of {member}: not well-formed, or tried too often"
        ))
    };
    rows.iter().map(fault).collect()
}

/// Join codes by which more joined than are counted, or than may.
///
/// # Errors
/// What the database says.
pub async fn join_codes(connection: &mut AnyConnection) -> Result<Vec<String>, Error> {
    let rows = query(
        "select j.code from join_codes j where j.used > coalesce(j.most, j.used) \
         or j.used < (select count(*) from members m where m.join_code = j.code)",
    )
    .fetch_all(connection)
    .await?;
    let fault = |row: &AnyRow| -> Result<String, Error> {
        let code: String = row.try_get(0)?;
        Ok(format!(
            "join code {code}: other people joined by it than are counted"
        ))
    };
    rows.iter().map(fault).collect()
}

/// Every session's places.
///
/// # Errors
/// What the database says.
pub async fn places(connection: &mut AnyConnection) -> Result<Vec<Counted>, Error> {
    let rows = query(
        "select s.id, s.places, s.taken, s.waiting, \
         (select count(*) from sign_ups u where u.session = s.id \
          and u.state in ('offered', 'confirmed', 'attended', 'thanked')), \
         (select count(*) from sign_ups u where u.session = s.id and u.state = 'waiting') \
         from sessions s order by s.id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Counted {
                session: read_id(row.try_get(0)?)?,
                places: row.try_get(1)?,
                told: (row.try_get(2)?, row.try_get(3)?),
                real: (row.try_get(4)?, row.try_get(5)?),
            })
        })
        .collect()
}
