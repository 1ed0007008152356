//! What people say about their experience. Each is read by one team or by one independent person, and every query for
//! the desk names who asks; [`desk`] is what the desk adds, [`stories`] are what is told of them in public, [`people`] whom members can turn to.

pub mod desk;
pub mod people;
pub mod stories;

use super::{
    feed::{self, Entry, member_scope},
    hand_overs,
    word::{json, read_id, read_json, read_word, word},
};
use crate::error::Error;
use app::domain::{
    care::{self, Care, CareState},
    experience::{Experience, Known, MayUse, Reader, Stage, Used, UsedIn},
    id::{ExperienceId, IndependentId, MemberId, StaffId, TeamId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};
use std::collections::HashMap;
use uuid::Uuid;

/// What somebody said, as stored.
#[derive(Clone, Debug)]
pub struct ExperienceRow {
    /// Its id.
    pub id: ExperienceId,
    /// Whose it is.
    pub member: MemberId,
    /// Who reads it.
    pub reader: Reader,
    /// The version of the words about sharing that they agreed to.
    pub consent: u32,
    /// Who read it first.
    pub seen_by: Option<StaffId>,
    /// When.
    pub seen_at: Option<Millis>,
    /// Who looks into it.
    pub owner: Option<StaffId>,
    /// The end of the reading time that was promised when it came; none if its reader has no hours.
    pub due_at: Option<Millis>,
    /// When the server had it.
    pub received_at: Millis,
    /// What the member's phones get.
    pub record: Experience,
}

impl ExperienceRow {
    /// What the rules go by.
    pub fn known(&self) -> Known {
        Known {
            member: self.member,
            state: self.record.state,
            may_use: self.record.may_use,
        }
    }

    /// Decides about its care.
    pub fn care_for<T>(&mut self, decide: impl FnOnce(Care<'_>) -> T) -> T {
        let mut copied = (None, None);
        decide(self.record.care(&mut self.owner, &mut copied))
    }

    /// Somebody who reads it reads it: the first one is who saw it. Whether anything changed.
    pub fn see(&mut self, (by, name): (StaffId, &str), now: Millis) -> bool {
        let first = self.record.see(name, &rfc3339(now));
        if first {
            self.seen_by = Some(by);
            self.seen_at = Some(now);
        }
        first
    }
}

const COLUMNS: &str = "select e.id, e.member, e.team, e.independent, e.stage, e.good, e.different, \
     e.when_about, e.may_use, e.shown_name, e.may_reply, e.consent, e.state, e.seen_by, \
     e.seen_by_name, e.seen_at, e.owner, e.taken_on_by, e.taken_on_at, e.closed_at, e.messages, \
     e.link, e.received_at, e.reader_name, \
     e.due_at, e.passed from experiences e ";

/// One of them, whoever may read it: for what its member does. The desk asks with [`find_for`].
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    id: ExperienceId,
) -> Result<Option<ExperienceRow>, Error> {
    let mut found = some(connection, "where e.id = $1", &[id.to_string()]).await?;
    Ok(found.pop())
}

/// Who may read one: those who read for its team, or the independent person whom it was sent to. Its parameter is who
/// asks. An independent person who was taken off the list still reads what they were sent, unless they stopped working
/// here: it was picked for them, and for nobody else. Whom it is about never reads it, whatever they become.
pub const READ_BY: &str = "(exists (select 1 from teams t join staff_team st on st.team = t.id \
     or st.team = t.cover where t.id = e.team and st.staff = $1) \
     or exists (select 1 from independent_people i where i.id = e.independent and i.staff = $1)) \
     and exists (select 1 from staff s where s.id = $1 and s.stopped_at is null and s.role <> 'lead') \
     and not exists (select 1 from experience_about b where b.experience = e.id and b.staff = $1)";

/// One that somebody at the desk may read; none for everybody else, whatever their role.
///
/// # Errors
/// What the database says.
pub async fn find_for(
    connection: &mut AnyConnection,
    who: StaffId,
    id: ExperienceId,
) -> Result<Option<ExperienceRow>, Error> {
    let text = ["where ", READ_BY, " and e.id = $2"].concat();
    let mut found = some(connection, &text, &[who.to_string(), id.to_string()]).await?;
    Ok(found.pop())
}

/// Those of a member that were not taken back.
///
/// # Errors
/// What the database says.
pub async fn standing_of(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<ExperienceRow>, Error> {
    let which = "where e.member = $1 and e.state <> 'withdrawn'";
    some(connection, which, &[member.to_string()]).await
}

async fn some(
    connection: &mut AnyConnection,
    which: &str,
    values: &[String],
) -> Result<Vec<ExperienceRow>, Error> {
    let text = [COLUMNS, which, " order by e.received_at, e.id"].concat();
    let mut asked = query(AssertSqlSafe(text));
    for value in values {
        asked = asked.bind(value.clone());
    }
    let rows = asked.fetch_all(&mut *connection).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut row = read(row)?;
        row.record.used = used(&mut *connection, row.id).await?;
        found.push(row);
    }
    Ok(found)
}

/// Where somebody's words were used, outside of what can be taken back.
async fn used(connection: &mut AnyConnection, id: ExperienceId) -> Result<Vec<Used>, Error> {
    let rows = query("select kind, at from consent_uses where experience = $1 order by at, kind")
        .bind(id.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Used {
                kind: read_word(row.try_get(0)?)?,
                at: rfc3339(row.try_get(1)?),
            })
        })
        .collect()
}

/// How the words of each member who has not taken them back may be used.
pub type Uses = HashMap<ExperienceId, (MemberId, MayUse)>;

/// How all that stands may be used.
///
/// # Errors
/// What the database says.
pub async fn uses(connection: &mut AnyConnection) -> Result<Uses, Error> {
    let rows = query("select id, member, may_use from experiences where may_use is not null")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let (id, member) = (read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?);
            Ok((id, (member, read_word(row.try_get(2)?)?)))
        })
        .collect()
}

/// Whether somebody's words were used there since then.
///
/// # Errors
/// What the database says.
pub async fn was_used_in(
    connection: &mut AnyConnection,
    id: ExperienceId,
    kind: UsedIn,
    since: Millis,
) -> Result<bool, Error> {
    let found = query(
        "select 1 from consent_uses where experience = $1 and kind = $2 and at >= $3 limit 1",
    )
    .bind(id.to_string())
    .bind(word(kind))
    .bind(since)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Notes that somebody's words were used where they cannot be called back, and tells their phones.
///
/// # Errors
/// What the database says.
pub async fn use_in(
    transaction: &mut AnyConnection,
    id: ExperienceId,
    kind: UsedIn,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query("insert into consent_uses (experience, kind, at, by_staff) values ($1, $2, $3, $4)")
        .bind(id.to_string())
        .bind(word(kind))
        .bind(now)
        .bind(by.to_string())
        .execute(&mut *transaction)
        .await?;
    match find(&mut *transaction, id).await? {
        Some(row) => write(transaction, &row, now).await,
        None => Err(Error::NotFound),
    }
}

/// Writes a new one or a changed one, and tells its member's phones. Of one that was taken back nothing that staff said
/// of it is left either.
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    row: &ExperienceRow,
    now: Millis,
) -> Result<(), Error> {
    let it = &row.record;
    let ends = matches!(it.state, CareState::Closed | CareState::Withdrawn).then_some(now);
    query(
        "insert into experiences (id, member, team, independent, stage, good, different, when_about, \
         may_use, shown_name, may_reply, consent, state, seen_by, seen_by_name, seen_at, owner, \
         taken_on_by, taken_on_at, closed_at, messages, answered_back, link, received_at, moved_at, \
         ended_at, reader_name, due_at, passed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
         $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29) \
         on conflict (id) do update set stage = excluded.stage, good = excluded.good, \
         different = excluded.different, when_about = excluded.when_about, \
         may_use = excluded.may_use, shown_name = excluded.shown_name, \
         may_reply = excluded.may_reply, state = excluded.state, seen_by = excluded.seen_by, \
         seen_by_name = excluded.seen_by_name, seen_at = excluded.seen_at, owner = excluded.owner, \
         taken_on_by = excluded.taken_on_by, taken_on_at = excluded.taken_on_at, \
         closed_at = excluded.closed_at, messages = excluded.messages, \
         answered_back = excluded.answered_back, link = excluded.link, passed = excluded.passed, \
         moved_at = excluded.moved_at, ended_at = \
         case when excluded.ended_at is null then null \
         else coalesce(experiences.ended_at, excluded.ended_at) end",
    )
    .bind(row.id.to_string())
    .bind(row.member.to_string())
    .bind(row.reader.team().map(|team| team.to_string()))
    .bind(row.reader.independent().map(|person| person.to_string()))
    .bind(it.stage.map(word))
    .bind(it.good.clone())
    .bind(it.different.clone())
    .bind(it.when_about.clone())
    .bind(it.may_use.map(word))
    .bind(it.name.clone())
    .bind(i64::from(it.may_reply))
    .bind(i64::from(row.consent))
    .bind(word(it.state))
    .bind(row.seen_by.map(|staff| staff.to_string()))
    .bind(it.seen_by.clone())
    .bind(row.seen_at)
    .bind(row.owner.map(|staff| staff.to_string()))
    .bind(it.taken_on_by.clone())
    .bind(it.taken_on_at.clone())
    .bind(it.closed_at.clone())
    .bind((!it.messages.is_empty()).then(|| json(&it.messages)))
    .bind(i64::from(care::waits_for_reading(&it.messages)))
    .bind(it.link.as_ref().map(json))
    .bind(row.received_at)
    .bind(now)
    .bind(ends)
    .bind(it.reader.clone())
    .bind(row.due_at)
    .bind(i64::from(it.passed_at.is_some()))
    .execute(&mut *transaction)
    .await?;
    if !it.stands() {
        for text in [
            "delete from experience_tags where experience = $1",
            "delete from experience_changes where experience = $1",
            "delete from experience_about where experience = $1",
        ] {
            query(text)
                .bind(row.id.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        hand_overs::forget(&mut *transaction, &[row.id.0]).await?;
    }
    feed::write(transaction, vec![entry(row)]).await
}

/// Those that nobody opened by the time that was promised, and that are not marked so yet: at most `most`.
///
/// # Errors
/// What the database says.
pub async fn passed(
    connection: &mut AnyConnection,
    now: Millis,
    most: i64,
) -> Result<Vec<ExperienceId>, Error> {
    let rows = query(
        "select id from experiences where passed = 0 and due_at <= $1 and seen_at is null \
         and state = 'sent' order by due_at limit $2",
    )
    .bind(now)
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Lets go of what was closed or taken back before `before`, with the story of it unless everyone reads that, at most
/// `most`; says how many went.
///
/// # Errors
/// What the database says.
pub async fn expire(
    transaction: &mut AnyConnection,
    before: Millis,
    most: i64,
) -> Result<usize, Error> {
    let rows = query(
        "select e.id, e.member, s.id from experiences e left join stories s on s.experience = e.id \
         where e.ended_at < $1 and e.state in ('closed', 'withdrawn') \
         and coalesce(s.state, '') <> 'published' order by e.ended_at, e.id limit $2",
    )
    .bind(before)
    .bind(most)
    .fetch_all(&mut *transaction)
    .await?;
    let mut gone = Vec::new();
    let mut subjects = Vec::new();
    for row in &rows {
        let (id, member): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let scope = member_scope(member);
        if let Some(story) = row.try_get::<Option<String>, _>(2)? {
            stories::forget(&mut *transaction, &story).await?;
            gone.push(tombstone(&scope, kind::STORY, story));
        }
        for text in [
            "delete from experience_tags where experience = $1",
            "delete from experience_changes where experience = $1",
            "delete from experience_about where experience = $1",
            "delete from consent_uses where experience = $1",
            "delete from experiences where id = $1",
        ] {
            let query = query(text).bind(id.clone());
            query.execute(&mut *transaction).await?;
        }
        subjects.extend(id.parse::<Uuid>());
        gone.push(tombstone(&scope, kind::EXPERIENCE, id));
    }
    hand_overs::forget(&mut *transaction, &subjects).await?;
    feed::write(transaction, gone).await?;
    Ok(rows.len())
}

fn tombstone(scope: &str, kind: &'static str, id: String) -> Entry {
    Entry {
        scope: scope.to_owned(),
        kind,
        id,
        body: None,
        is_new: false,
    }
}

fn entry(row: &ExperienceRow) -> Entry {
    Entry {
        scope: member_scope(row.member),
        kind: kind::EXPERIENCE,
        id: row.id.to_string(),
        body: Some(json(&row.record)),
        is_new: false,
    }
}

fn read(row: &AnyRow) -> Result<ExperienceRow, Error> {
    let words = |at: usize| -> Result<Option<String>, Error> { Ok(row.try_get(at)?) };
    let team = words(2)?.as_deref().map(read_id::<TeamId>).transpose()?;
    let independent = words(3)?;
    let independent = independent.as_deref().map(read_id::<IndependentId>);
    let independent = independent.transpose()?;
    let reader = Reader::of(team, independent);
    let seen_at: Option<Millis> = row.try_get(15)?;
    let received_at: Millis = row.try_get(22)?;
    let due_at: Option<Millis> = row.try_get(24)?;
    let passed = row.try_get::<i64, _>(25)? != 0;
    Ok(ExperienceRow {
        id: read_id(row.try_get(0)?)?,
        member: read_id(row.try_get(1)?)?,
        reader: reader.ok_or_else(|| Error::Internal("an experience without a reader".into()))?,
        consent: u32::try_from(row.try_get::<i64, _>(11)?).unwrap_or_default(),
        seen_by: words(13)?.as_deref().map(read_id).transpose()?,
        seen_at,
        owner: words(16)?.as_deref().map(read_id).transpose()?,
        due_at,
        received_at,
        record: Experience {
            state: read_word(row.try_get(12)?)?,
            stage: words(4)?.as_deref().map(read_word::<Stage>).transpose()?,
            good: words(5)?,
            different: words(6)?,
            when_about: words(7)?,
            may_use: words(8)?.as_deref().map(read_word::<MayUse>).transpose()?,
            name: words(9)?,
            may_reply: row.try_get::<i64, _>(10)? != 0,
            team,
            independent,
            reader: words(23)?,
            received_at: Some(rfc3339(received_at)),
            seen_by: words(14)?,
            seen_at: seen_at.map(rfc3339),
            passed_at: due_at.filter(|_| passed).map(rfc3339),
            taken_on_by: words(17)?,
            taken_on_at: words(18)?,
            closed_at: words(19)?,
            messages: read_json(words(20)?.as_deref())?.unwrap_or_default(),
            link: read_json(words(21)?.as_deref())?,
            used: Vec::new(),
        },
    })
}
