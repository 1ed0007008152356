//! The organisation's safeguarding procedure, its lead and deputy, and who may read safety records.
//! Each saving is a new version; the older ones stay.

use crate::{db::word::read_id, error::Error};
use app::domain::{id::StaffId, time::Millis};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyExecutor, query};

/// Someone to ring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: Option<String>,
    /// Their number.
    pub phone: Option<String>,
}

/// What is shown beside everything that staff read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procedure {
    /// Plain text, an empty line between paragraphs.
    pub steps: String,
    /// The safeguarding lead.
    pub lead: Person,
    /// Who stands in for the lead.
    pub deputy: Person,
}

/// That someone said "I have checked this today".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The day, `2026-11-25`.
    pub on: String,
    /// Their name.
    pub by: String,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Its number; 0 before anyone wrote one.
    pub version: i64,
    /// The procedure and the named people.
    pub procedure: Procedure,
    /// Who last checked it, since it was changed.
    pub checked: Option<Checked>,
}

/// A line of the history.
#[derive(Debug)]
pub struct Version {
    /// When it was written.
    pub at: Millis,
    /// Who wrote it: their name.
    pub who: Option<String>,
    /// Who was the lead then.
    pub lead: Option<String>,
}

/// The newest version, if there is one.
///
/// # Errors
/// What the database says.
pub async fn newest(db: impl AnyExecutor<'_>) -> Result<Option<Settings>, Error> {
    let row = query(
        "select version, steps, lead_name, lead_phone, deputy_name, deputy_phone, checked_on, \
         checked_by from safety_settings order by version desc limit 1",
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let on: Option<String> = row.try_get("checked_on")?;
    let by: Option<String> = row.try_get("checked_by")?;
    Ok(Some(Settings {
        version: row.try_get("version")?,
        procedure: Procedure {
            steps: row.try_get("steps")?,
            lead: Person {
                name: row.try_get("lead_name")?,
                phone: row.try_get("lead_phone")?,
            },
            deputy: Person {
                name: row.try_get("deputy_name")?,
                phone: row.try_get("deputy_phone")?,
            },
        },
        checked: on.zip(by).map(|(on, by)| Checked { on, by }),
    }))
}

/// Adds the next version, and who may read from now on.
///
/// # Errors
/// What the database says.
pub async fn add(
    tx: &mut AnyConnection,
    at: Millis,
    by: StaffId,
    new: &Settings,
    readers: &[StaffId],
) -> Result<(), Error> {
    let Procedure {
        steps,
        lead,
        deputy,
    } = new.procedure.clone();
    let (on, checked_by) = new.checked.clone().map(|it| (it.on, it.by)).unzip();
    query(
        "insert into safety_settings (version, at, staff, steps, lead_name, lead_phone, \
         deputy_name, deputy_phone, checked_on, checked_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.version)
    .bind(at)
    .bind(by.to_string())
    .bind(steps)
    .bind(lead.name)
    .bind(lead.phone)
    .bind(deputy.name)
    .bind(deputy.phone)
    .bind(on)
    .bind(checked_by)
    .execute(&mut *tx)
    .await?;
    for reader in readers {
        query("insert into safety_readers (version, staff) values ($1, $2)")
            .bind(new.version)
            .bind(reader.to_string())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// The last versions, newest first.
///
/// # Errors
/// What the database says.
pub async fn history(db: &AnyPool) -> Result<Vec<Version>, Error> {
    let rows = query(
        "select s.at, p.name, s.lead_name from safety_settings s \
         left join staff p on p.id = s.staff order by s.version desc limit 20",
    )
    .fetch_all(db)
    .await?;
    let version = |row: &sqlx::any::AnyRow| {
        Ok(Version {
            at: row.try_get(0)?,
            who: row.try_get(1)?,
            lead: row.try_get(2)?,
        })
    };
    rows.iter().map(version).collect()
}

/// Those whom an admin named and who still work here, by name. Who became a lead reads no more.
///
/// # Errors
/// What the database says.
pub async fn readers(db: impl AnyExecutor<'_>) -> Result<Vec<(StaffId, String)>, Error> {
    let rows = query(
        "select p.id, p.name from safety_readers r join staff p on p.id = r.staff \
         where r.version = (select max(version) from safety_settings) and p.stopped_at is null \
         and p.role <> 'lead' order by p.name, p.id",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}

/// Whether someone may read safety records now.
///
/// # Errors
/// What the database says.
pub async fn is_reader(db: impl AnyExecutor<'_>, staff: StaffId) -> Result<bool, Error> {
    let found = query(
        "select 1 from safety_readers r join staff p on p.id = r.staff and p.role <> 'lead' \
         where r.staff = $1 and r.version = (select max(version) from safety_settings)",
    )
    .bind(staff.to_string())
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

/// Everyone who works here and is no lead, by name: to choose readers from.
///
/// # Errors
/// What the database says.
pub async fn staff(db: impl AnyExecutor<'_>) -> Result<Vec<(StaffId, String, String)>, Error> {
    let rows = query(
        "select id, name, email from staff where stopped_at is null and role <> 'lead' \
         order by name, id",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?, row.try_get(2)?)))
        .collect()
}
