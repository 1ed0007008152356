//! What staff are writing about opportunities and members do not see yet, and the texts that people agreed to.

use super::word::{json, read_id};
use crate::error::Error;
use app::domain::{
    id::{OpportunityId, StaffId},
    opportunity::Agreement,
    plan::{Plan, read_plan},
    time::Millis,
};
use sqlx::{AnyConnection, Row, query};

/// An edit that waits.
#[derive(Clone, Debug)]
pub struct Edit {
    /// All that is written.
    pub plan: Plan,
    /// The open page that kept it last.
    pub editor: String,
    /// Who kept it last.
    pub by: StaffId,
    /// Their first name.
    pub by_name: String,
    /// When.
    pub at: Millis,
}

/// The edit of an opportunity, if there is one.
///
/// # Errors
/// What the database says, or a plan that cannot be read.
pub async fn find(
    connection: &mut AnyConnection,
    id: OpportunityId,
) -> Result<Option<Edit>, Error> {
    let row = query(
        "select e.body, e.editor, e.by_staff, s.name, e.at from opportunity_edits e \
         join staff s on s.id = e.by_staff where e.opportunity = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let plan = read_plan(row.try_get(0)?);
    let broken = || Error::Internal(format!("the edit of opportunity {id} cannot be read"));
    Ok(Some(Edit {
        plan: plan.ok_or_else(broken)?,
        editor: row.try_get(1)?,
        by: read_id(row.try_get(2)?)?,
        by_name: row.try_get(3)?,
        at: row.try_get(4)?,
    }))
}

/// Keeps an edit in place of the last.
///
/// # Errors
/// What the database says.
pub async fn keep(
    transaction: &mut AnyConnection,
    id: OpportunityId,
    plan: &Plan,
    editor: &str,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into opportunity_edits (opportunity, body, editor, by_staff, at) \
         values ($1, $2, $3, $4, $5) on conflict (opportunity) do update \
         set body = excluded.body, editor = excluded.editor, \
         by_staff = excluded.by_staff, at = excluded.at",
    )
    .bind(id.to_string())
    .bind(json(plan))
    .bind(editor.to_owned())
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Lets an edit go: it is shown to members now, or thrown away.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, id: OpportunityId) -> Result<(), Error> {
    query("delete from opportunity_edits where opportunity = $1")
        .bind(id.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// The newest text that people were ever asked to agree to.
///
/// # Errors
/// What the database says.
pub async fn last_agreement(
    connection: &mut AnyConnection,
    id: OpportunityId,
) -> Result<Option<Agreement>, Error> {
    let row = query(
        "select version, words from agreements where opportunity = $1 \
         order by version desc limit 1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let version: i64 = row.try_get(0)?;
        Ok(Agreement {
            version: u32::try_from(version).unwrap_or_default(),
            text: row.try_get(1)?,
        })
    })
    .transpose()
}

/// Notes a text, so that it stays known what each version said.
///
/// # Errors
/// What the database says.
pub async fn note_agreement(
    transaction: &mut AnyConnection,
    id: OpportunityId,
    it: &Agreement,
    (by, at): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into agreements (opportunity, version, words, by_staff, at) \
         values ($1, $2, $3, $4, $5) on conflict (opportunity, version) do nothing",
    )
    .bind(id.to_string())
    .bind(i64::from(it.version))
    .bind(it.text.clone())
    .bind(by.to_string())
    .bind(at)
    .execute(transaction)
    .await?;
    Ok(())
}

/// The text of a version.
///
/// # Errors
/// What the database says.
pub async fn agreement(
    connection: &mut AnyConnection,
    id: OpportunityId,
    version: u32,
) -> Result<Option<String>, Error> {
    let row = query("select words from agreements where opportunity = $1 and version = $2")
        .bind(id.to_string())
        .bind(i64::from(version))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}
