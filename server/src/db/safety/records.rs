//! Safety records: entries that are only ever added to. Each query that shows one names the staff
//! member who asks, so that nothing can come out for anyone but the named readers.

use crate::{
    db::{
        desk::{ONE_MORE, Page},
        experiences::READ_BY,
        reach::{Reach, within},
        word::read_id,
    },
    error::Error,
};
use app::domain::{
    id::{MemberId, StaffId},
    record::kind,
    time::Millis,
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow, query};
use uuid::Uuid;

/// What in Chorus a worry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A shared check-in.
    CheckIn(Uuid),
    /// A sign-up.
    SignUp(Uuid),
    /// An experience that a team reads.
    Experience(Uuid),
    /// Somebody who is supported by a peer: the match.
    PeerMatch(Uuid),
}

impl Thing {
    /// The record kind, as it is stored.
    pub fn kind(self) -> &'static str {
        match self {
            Self::CheckIn(_) => kind::CHECK_IN,
            Self::SignUp(_) => kind::SIGN_UP,
            Self::Experience(_) => kind::EXPERIENCE,
            Self::PeerMatch(_) => kind::PEER_MATCH,
        }
    }

    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::CheckIn(id) | Self::SignUp(id) | Self::Experience(id) | Self::PeerMatch(id) => id,
        }
    }

    fn read(kind_word: Option<&str>, id: Option<&str>) -> Result<Option<Self>, Error> {
        let (Some(word), Some(id)) = (kind_word, id) else {
            return Ok(None);
        };
        let id = read_id(id)?;
        Ok(match word {
            kind::CHECK_IN => Some(Self::CheckIn(id)),
            kind::SIGN_UP => Some(Self::SignUp(id)),
            kind::EXPERIENCE => Some(Self::Experience(id)),
            kind::PEER_MATCH => Some(Self::PeerMatch(id)),
            _ => None,
        })
    }
}

/// The thing, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The thing.
    pub thing: Thing,
    /// Whose it is.
    pub member: MemberId,
    /// What the desk calls them.
    pub name: Option<String>,
}

/// What someone wrote down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// What worried them, or what is added to the record.
    pub worry: String,
    /// Who was told.
    pub told: Option<String>,
    /// When, by the organisation's clock.
    pub told_at: Option<String>,
    /// What was decided.
    pub decided: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// A new entry.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Made with the form.
    pub id: Uuid,
    /// The record that it continues; none begins one, or joins the one about the same thing.
    pub record: Option<Uuid>,
    /// Who writes it.
    pub staff: StaffId,
    /// Their name now.
    pub staff_name: String,
    /// What it is about.
    pub about: Option<About>,
    /// The words.
    pub written: Written,
}

/// An entry as a named reader sees it.
#[derive(Debug)]
pub struct Entry {
    /// When.
    pub at: Millis,
    /// Who wrote it.
    pub staff_name: String,
    /// What it is about.
    pub thing: Option<Thing>,
    /// Whose that is.
    pub member_name: Option<String>,
    /// The words.
    pub written: Written,
}

/// A line of the list: nothing of what was written.
#[derive(Debug)]
pub struct Line {
    /// The record.
    pub record: String,
    /// Whom it is about.
    pub member_name: Option<String>,
    /// What it is about; none for nothing in Chorus.
    pub about_kind: Option<String>,
    /// Who wrote first.
    pub staff_name: String,
    /// When the last entry was written.
    pub last_at: Millis,
    /// How many entries it has.
    pub entries: i64,
    /// Whether this reader has not opened it since its last entry.
    pub is_new: bool,
}

/// What a worry about `thing` is about, if this staff member may open the thing; also after it was
/// taken back, because a worry does not end with that.
///
/// # Errors
/// What the database says.
pub async fn about(
    db: &AnyPool,
    (staff, reach): (StaffId, Reach),
    thing: Thing,
) -> Result<Option<About>, Error> {
    let row = match thing {
        Thing::CheckIn(id) => query(
            "select c.member, m.name from check_ins c join members m on m.id = c.member \
             join teams t on t.id = c.team where c.id = $2 and exists (select 1 from staff_team st \
             where st.staff = $1 and (st.team = t.id or st.team = t.cover))",
        )
        .bind(staff.to_string())
        .bind(id.to_string()),
        Thing::SignUp(id) => query(concat!(
            "select s.member, m.name from sign_ups s join members m on m.id = s.member \
             join sessions e on e.id = s.session join opportunities o on o.id = e.opportunity \
             where s.id = $1 and ",
            within!("o.group_id", "$2")
        ))
        .bind(id.to_string())
        .bind(reach.value()),
        // What one independent person reads is tied to nothing that others read.
        Thing::Experience(id) => query(AssertSqlSafe(format!(
            "select e.member, m.name from experiences e join members m on m.id = e.member \
             where {READ_BY} and e.id = $2 and e.independent is null"
        )))
        .bind(staff.to_string())
        .bind(id.to_string()),
        // Leads have nothing of it.
        Thing::PeerMatch(_) if reach != Reach::All => return Ok(None),
        Thing::PeerMatch(id) => query(
            "select a.member, m.name from peer_matches x join peer_asks a on a.id = x.ask \
             join members m on m.id = a.member where x.id = $1",
        )
        .bind(id.to_string()),
    }
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(About {
            thing,
            member: read_id(row.try_get(0)?)?,
            name: row.try_get(1)?,
        })
    })
    .transpose()
}

/// Adds an entry and gives its record; one that is there already stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for a record that is not there; [`Error::Forbidden`] for an id that is
/// somebody else's; what the database says.
pub async fn add(tx: &mut AnyConnection, at: Millis, new: &NewEntry) -> Result<Added, Error> {
    if let Some(there) = written_by(tx, new.id).await? {
        return match there {
            (staff, record) if staff == new.staff => Ok(Added {
                record,
                is_new: false,
            }),
            _ => Err(Error::Forbidden),
        };
    }
    let record = record_of(tx, new).await?;
    let thing = new.about.as_ref().map(|about| about.thing);
    query(
        "insert into safety_entries (id, record, at, staff, staff_name, about_kind, about, member, \
         member_name, worry, told, told_at, decided, decided_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(new.id.to_string())
    .bind(record.to_string())
    .bind(at)
    .bind(new.staff.to_string())
    .bind(new.staff_name.clone())
    .bind(thing.map(Thing::kind))
    .bind(thing.map(|thing| thing.id().to_string()))
    .bind(new.about.as_ref().map(|about| about.member.to_string()))
    .bind(new.about.as_ref().and_then(|about| about.name.clone()))
    .bind(new.written.worry.clone())
    .bind(new.written.told.clone())
    .bind(new.written.told_at.clone())
    .bind(new.written.decided.clone())
    .bind(new.written.decided_by.clone())
    .execute(tx)
    .await?;
    Ok(Added {
        record,
        is_new: true,
    })
}

/// Where an entry went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its record.
    pub record: Uuid,
    /// Whether it was not there before.
    pub is_new: bool,
}

async fn record_of(tx: &mut AnyConnection, new: &NewEntry) -> Result<Uuid, Error> {
    let found = match (new.record, &new.about) {
        (Some(record), _) => {
            let found = query("select record from safety_entries where record = $1 limit 1")
                .bind(record.to_string())
                .fetch_optional(tx)
                .await?;
            Some(found.ok_or(Error::NotFound)?)
        }
        (None, Some(about)) => {
            query(
                "select record from safety_entries where about_kind = $1 and about = $2 \
                 order by at, id limit 1",
            )
            .bind(about.thing.kind())
            .bind(about.thing.id().to_string())
            .fetch_optional(tx)
            .await?
        }
        (None, None) => None,
    };
    found.map_or(Ok(new.id), |row| read_id(row.try_get(0)?))
}

async fn written_by(tx: &mut AnyConnection, id: Uuid) -> Result<Option<(StaffId, Uuid)>, Error> {
    let row = query("select staff, record from safety_entries where id = $1")
        .bind(id.to_string())
        .fetch_optional(tx)
        .await?;
    row.map(|row| Ok((read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?)))
        .transpose()
}

/// When an entry of this very staff member was kept: all that its writer sees of it afterwards.
///
/// # Errors
/// What the database says.
pub async fn received(db: &AnyPool, staff: StaffId, id: Uuid) -> Result<Option<Millis>, Error> {
    let row = query("select at from safety_entries where id = $1 and staff = $2")
        .bind(id.to_string())
        .bind(staff.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Only for those whom the newest settings name.
macro_rules! if_reader {
    () => {
        "exists (select 1 from safety_readers r join staff p on p.id = r.staff \
         where r.staff = $1 and p.role <> 'lead' and r.version = (select max(version) from safety_settings))"
    };
}

/// A record's entries in order, for a named reader; none for anybody else.
///
/// # Errors
/// What the database says.
pub async fn find(db: &AnyPool, reader: StaffId, record: Uuid) -> Result<Vec<Entry>, Error> {
    let rows = query(concat!(
        "select at, staff_name, about_kind, about, member_name, worry, told, told_at, decided, \
         decided_by from safety_entries where record = $2 and ",
        if_reader!(),
        " order by at, id"
    ))
    .bind(reader.to_string())
    .bind(record.to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(entry).collect()
}

/// What an entry that continues `record` is about: the same as its first.
///
/// # Errors
/// What the database says.
pub async fn about_of(tx: &mut AnyConnection, record: Uuid) -> Result<Option<About>, Error> {
    let row = query(
        "select about_kind, about, member, member_name from safety_entries where record = $1 \
         order by at, id limit 1",
    )
    .bind(record.to_string())
    .fetch_optional(tx)
    .await?
    .ok_or(Error::NotFound)?;
    let (word, id): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let member: Option<String> = row.try_get(2)?;
    let Some((thing, member)) = Thing::read(word.as_deref(), id.as_deref())?.zip(member) else {
        return Ok(None);
    };
    Ok(Some(About {
        thing,
        member: read_id(&member)?,
        name: row.try_get(3)?,
    }))
}

/// One line for each record. A reader has opened it if the audit log says so.
macro_rules! lines {
    ($columns:literal, $end:expr) => {
        concat!(
            "with records as (select e.record, max(e.at) as last_at, count(*) as entries \
             from safety_entries e group by e.record), \
             mine as (select a.subject, max(a.at) as at from audit a where a.kind = 'safety' \
             and a.staff = $1 and a.action = 'safety.read' group by a.subject) \
             select ",
            $columns,
            " from records c join safety_entries f on f.id = c.record \
             left join mine on mine.subject = c.record \
             where ",
            if_reader!(),
            $end
        )
    };
}

/// A page of the records, newest first, for a named reader; empty for anybody else. `before` is the
/// `last_at` and id of the last line of the page before.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    reader: StaffId,
    before: &(Millis, String),
) -> Result<Page<Line>, Error> {
    let rows = query(lines!(
        "c.record, f.member_name, f.about_kind, f.staff_name, c.last_at, c.entries, \
         case when mine.at is null or mine.at < c.last_at then 1 else 0 end as is_new",
        " and (c.last_at, c.record) < ($2, $3) order by c.last_at desc, c.record desc limit $4"
    ))
    .bind(reader.to_string())
    .bind(before.0)
    .bind(before.1.clone())
    .bind(ONE_MORE)
    .fetch_all(db)
    .await?;
    Ok(Page::cut(
        rows.iter().map(line).collect::<Result<_, Error>>()?,
    ))
}

/// How many records this reader has not opened since their last entry; 0 for anybody else.
///
/// # Errors
/// What the database says.
pub async fn count_new(db: &AnyPool, reader: StaffId) -> Result<i64, Error> {
    let row = query(lines!(
        "count(*)",
        " and (mine.at is null or mine.at < c.last_at)"
    ))
    .bind(reader.to_string())
    .fetch_one(db)
    .await?;
    Ok(row.try_get(0)?)
}

fn line(row: &AnyRow) -> Result<Line, Error> {
    Ok(Line {
        record: row.try_get("record")?,
        member_name: row.try_get("member_name")?,
        about_kind: row.try_get("about_kind")?,
        staff_name: row.try_get("staff_name")?,
        last_at: row.try_get("last_at")?,
        entries: row.try_get("entries")?,
        is_new: row.try_get::<i64, _>("is_new")? != 0,
    })
}

fn entry(row: &AnyRow) -> Result<Entry, Error> {
    let word: Option<String> = row.try_get("about_kind")?;
    let id: Option<String> = row.try_get("about")?;
    Ok(Entry {
        at: row.try_get("at")?,
        staff_name: row.try_get("staff_name")?,
        thing: Thing::read(word.as_deref(), id.as_deref())?,
        member_name: row.try_get("member_name")?,
        written: Written {
            worry: row.try_get("worry")?,
            told: row.try_get("told")?,
            told_at: row.try_get("told_at")?,
            decided: row.try_get("decided")?,
            decided_by: row.try_get("decided_by")?,
        },
    })
}
