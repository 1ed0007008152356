//! Stories as stored: their texts, which never change, and how far they have come. What is taken down loses its texts.

use crate::{
    db::{
        feed::{self, Entry, member_scope},
        word::{json, read_id, read_word, word},
    },
    error::Error,
};
use app::domain::{
    experience::{
        MayUse, Stage,
        story::{Followed, Standing, Story, StoryState},
    },
    id::{ExperienceId, MemberId, StaffId, StoryId},
    record::kind,
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// A story as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryRow {
    /// Its id.
    pub id: StoryId,
    /// Of what it is told.
    pub experience: ExperienceId,
    /// How far it has come.
    pub standing: Standing,
    /// The text that stands; none once it was taken down.
    pub text: Option<String>,
    /// When the member approved it.
    pub approved_at: Option<Millis>,
    /// The name that stands with it.
    pub name: Option<String>,
    /// When everyone could first read it.
    pub published_at: Option<Millis>,
    /// When it was taken down.
    pub taken_down_at: Option<Millis>,
}

impl StoryRow {
    /// What its member's phones get.
    pub fn record(&self) -> Story {
        let it = &self.standing;
        Story {
            experience: self.experience,
            state: it.state,
            version: it.version,
            text: self.text.clone(),
            name: self.name.clone(),
            checked: it.checked == Some(it.version),
            approved_at: self.approved_at.map(rfc3339),
            published_at: self.published_at.map(rfc3339),
            taken_down_at: self.taken_down_at.map(rfc3339),
        }
    }

    /// It is not told any more, and its text goes; whether anything changed.
    pub fn take_down(&mut self, now: Millis) -> bool {
        let was_up = self.standing.take_down();
        if was_up {
            self.text = None;
            self.name = None;
            self.taken_down_at = Some(now);
        }
        was_up
    }

    /// It follows how its member's words may be used; whether anything changed.
    pub fn follow(&mut self, was: Option<MayUse>, may_use: MayUse, now: Millis) -> bool {
        let mut standing = self.standing;
        match standing.follow(was, may_use) {
            Followed::Stays => false,
            Followed::TakenDown => self.take_down(now),
            Followed::BeginsAgain => {
                self.standing = standing;
                self.approved_at = None;
                self.name = None;
                true
            }
        }
    }
}

const COLUMNS: &str = "select s.id, s.experience, e.member, s.state, s.version, s.checked_version, \
     s.approved_version, v.text, s.approved_at, s.shown_name, s.published_at, s.taken_down_at \
     from stories s join experiences e on e.id = s.experience \
     left join story_versions v on v.story = s.id and v.version = s.version ";

/// A story; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(connection: &mut AnyConnection, id: StoryId) -> Result<Option<StoryRow>, Error> {
    one(connection, "where s.id = $1", id.to_string()).await
}

/// The story that is told of an experience.
///
/// # Errors
/// What the database says.
pub async fn of_experience(
    connection: &mut AnyConnection,
    id: ExperienceId,
) -> Result<Option<StoryRow>, Error> {
    one(connection, "where s.experience = $1", id.to_string()).await
}

async fn one(
    connection: &mut AnyConnection,
    which: &'static str,
    id: String,
) -> Result<Option<StoryRow>, Error> {
    let row = query(AssertSqlSafe([COLUMNS, which].concat()))
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Writes a new one or a changed one, and tells its member's phones. A new text comes before it, with [`add_text`].
///
/// # Errors
/// What the database says.
pub async fn write(
    transaction: &mut AnyConnection,
    row: &StoryRow,
    now: Millis,
) -> Result<(), Error> {
    let it = &row.standing;
    query(
        "insert into stories (id, experience, state, version, checked_version, approved_version, \
         approved_at, shown_name, published_at, taken_down_at, moved_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         on conflict (id) do update set state = excluded.state, version = excluded.version, \
         checked_version = excluded.checked_version, \
         approved_version = excluded.approved_version, approved_at = excluded.approved_at, \
         shown_name = excluded.shown_name, published_at = excluded.published_at, \
         taken_down_at = excluded.taken_down_at, moved_at = excluded.moved_at",
    )
    .bind(row.id.to_string())
    .bind(row.experience.to_string())
    .bind(word(it.state))
    .bind(i64::from(it.version))
    .bind(it.checked.map(i64::from))
    .bind(it.approved.map(i64::from))
    .bind(row.approved_at)
    .bind(row.name.clone())
    .bind(row.published_at)
    .bind(row.taken_down_at)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    if it.state == StoryState::TakenDown {
        query("delete from story_versions where story = $1")
            .bind(row.id.to_string())
            .execute(&mut *transaction)
            .await?;
    }
    let entry = Entry {
        scope: member_scope(it.member),
        kind: kind::STORY,
        id: row.id.to_string(),
        body: Some(json(&row.record())),
        is_new: false,
    };
    feed::write(transaction, vec![entry]).await
}

/// Keeps a text of a story; it never changes. The story's row must be there: for a new one, `write` it first.
///
/// # Errors
/// What the database says.
pub async fn add_text(
    transaction: &mut AnyConnection,
    story: StoryId,
    (version, text): (u32, &str),
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into story_versions (story, version, text, by_staff, at) \
         values ($1, $2, $3, $4, $5)",
    )
    .bind(story.to_string())
    .bind(i64::from(version))
    .bind(text.to_owned())
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Notes who checked that a text names nobody else.
///
/// # Errors
/// What the database says.
pub async fn note_check(
    transaction: &mut AnyConnection,
    story: StoryId,
    version: u32,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "update story_versions set checked_by = $3, checked_at = $4 \
         where story = $1 and version = $2",
    )
    .bind(story.to_string())
    .bind(i64::from(version))
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Notes who let everyone read it.
///
/// # Errors
/// What the database says.
pub async fn note_published(
    transaction: &mut AnyConnection,
    story: StoryId,
    by: StaffId,
) -> Result<(), Error> {
    query("update stories set published_by = $2 where id = $1")
        .bind(story.to_string())
        .bind(by.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Who wrote a text of a story, and who checked that it names nobody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// Who wrote it: their name.
    pub wrote: String,
    /// When.
    pub wrote_at: Millis,
    /// Who checked it: their name, and when.
    pub checked: Option<(String, Millis)>,
}

/// Who had a hand in a text of a story; none for one that is gone.
///
/// # Errors
/// What the database says.
pub async fn hands(
    connection: &mut AnyConnection,
    story: StoryId,
    version: u32,
) -> Result<Option<Hands>, Error> {
    let row = query(
        "select w.name, v.at, c.name, v.checked_at from story_versions v join staff w on w.id = v.by_staff \
         left join staff c on c.id = v.checked_by where v.story = $1 and v.version = $2",
    )
    .bind(story.to_string())
    .bind(i64::from(version))
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let checked: Option<String> = row.try_get(2)?;
        let at: Option<Millis> = row.try_get(3)?;
        Ok(Hands {
            wrote: row.try_get(0)?,
            wrote_at: row.try_get(1)?,
            checked: checked.zip(at),
        })
    })
    .transpose()
}

/// A story goes, with its texts.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, id: &str) -> Result<(), Error> {
    for text in [
        "delete from story_versions where story = $1",
        "delete from stories where id = $1",
    ] {
        let query = query(text).bind(id.to_owned());
        query.execute(&mut *transaction).await?;
    }
    Ok(())
}

/// A story as everyone reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: StoryId,
    /// The text.
    pub text: String,
    /// The name that stands with it.
    pub name: Option<String>,
    /// At which stage it was.
    pub stage: Option<Stage>,
    /// Since when everyone can read it.
    pub published_at: Millis,
}

const TOLD: &str = "select s.id, v.text, \
     case when e.may_use = 'public_named' then s.shown_name end, e.stage, s.published_at, e.id from stories s \
     join experiences e on e.id = s.experience \
     join story_versions v on v.story = s.id and v.version = s.version \
     where s.state = 'published' and s.approved_version = s.version \
     and s.checked_version = s.version and e.may_use in ('public_unnamed', 'public_named') ";

/// Those that everyone may read, newest first.
///
/// # Errors
/// What the database says.
pub async fn told(connection: &mut AnyConnection, most: i64) -> Result<Vec<Told>, Error> {
    let text = [TOLD, "order by s.published_at desc, s.id desc limit $1"].concat();
    let rows = query(AssertSqlSafe(text)).bind(most);
    rows.fetch_all(connection)
        .await?
        .iter()
        .map(read_told)
        .collect()
}

/// Those that everyone may read since some instant of this span, each with its experience, oldest first: at most `most`.
///
/// # Errors
/// What the database says.
pub async fn told_in(
    connection: &mut AnyConnection,
    (from, until): (Millis, Millis),
    most: i64,
) -> Result<Vec<(ExperienceId, Told)>, Error> {
    let text = [
        TOLD,
        "and s.published_at >= $1 and s.published_at < $2 order by s.published_at, s.id limit $3",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(from)
        .bind(until)
        .bind(most)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(5)?)?, read_told(row)?)))
        .collect()
}

/// One that everyone may read.
///
/// # Errors
/// What the database says.
pub async fn told_one(connection: &mut AnyConnection, id: StoryId) -> Result<Option<Told>, Error> {
    let row = query(AssertSqlSafe([TOLD, "and s.id = $1"].concat()))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read_told).transpose()
}

fn read_told(row: &AnyRow) -> Result<Told, Error> {
    let stage: Option<String> = row.try_get(3)?;
    Ok(Told {
        id: read_id(row.try_get(0)?)?,
        text: row.try_get(1)?,
        name: row.try_get(2)?,
        stage: stage.as_deref().map(read_word).transpose()?,
        published_at: row.try_get(4)?,
    })
}

fn read(row: &AnyRow) -> Result<StoryRow, Error> {
    let version = |at: usize| -> Result<Option<u32>, Error> {
        let number: Option<i64> = row.try_get(at)?;
        Ok(number.map(|it| u32::try_from(it).unwrap_or_default()))
    };
    let member: MemberId = read_id(row.try_get(2)?)?;
    Ok(StoryRow {
        id: read_id(row.try_get(0)?)?,
        experience: read_id(row.try_get(1)?)?,
        standing: Standing {
            member,
            state: read_word(row.try_get(3)?)?,
            version: version(4)?.unwrap_or_default(),
            checked: version(5)?,
            approved: version(6)?,
        },
        text: row.try_get(7)?,
        approved_at: row.try_get(8)?,
        name: row.try_get(9)?,
        published_at: row.try_get(10)?,
        taken_down_at: row.try_get(11)?,
    })
}
