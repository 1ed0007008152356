//! What became of one sign-up on the day, and what staff did with it.

use crate::db::{reach::Reach, sign_ups::Thanks};
use app::ui::local::Millis;
use sqlx::{AnyPool, Row as _};

/// Who said whether somebody came, and how they were thanked.
#[derive(Debug, Default)]
pub struct Turnout {
    /// Who said it, staff or a member who leads: their name.
    pub marked_by: Option<String>,
    /// When.
    pub marked_at: Option<Millis>,
    /// How they were thanked.
    pub thanks: Thanks,
}

/// One thing that staff did.
#[derive(Debug, sqlx::FromRow)]
pub struct Deed {
    /// When.
    pub at: Millis,
    /// Who: their name.
    pub who: Option<String>,
    /// What, as it stands in the audit log.
    pub action: String,
}

/// How many deeds are told: the newest.
const MOST: i64 = 50;

/// What became of it on the day.
///
/// # Errors
/// What the database says.
pub async fn turnout(db: &AnyPool, id: &str) -> Result<Turnout, sqlx::Error> {
    let row = sqlx::query(
        "select coalesce(p.name, m.name) as marked_by, s.marked_at, s.thanked_at, s.travel_pence, \
         s.thanks_pence from sign_ups s \
         left join staff p on p.id = s.marked_by \
         left join members m on m.id = s.marked_by where s.id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(Turnout::default());
    };
    Ok(Turnout {
        marked_by: row.try_get("marked_by")?,
        marked_at: row.try_get("marked_at")?,
        thanks: Thanks {
            at: row.try_get("thanked_at")?,
            travel: row.try_get("travel_pence")?,
            payment: row.try_get("thanks_pence")?,
        },
    })
}

/// What staff did with it, the newest first. Who only read it is in the audit log; that staff noted something for
/// each other is not told to a lead.
///
/// # Errors
/// What the database says.
pub async fn history(db: &AnyPool, reach: Reach, id: &str) -> Result<Vec<Deed>, sqlx::Error> {
    sqlx::query_as(
        "select a.at, p.name as who, a.action from audit a left join staff p on p.id = a.staff \
         where a.kind = 'sign_up' and a.subject = $1 and a.action <> 'sign_up.read' \
         and ($3 = '' or a.action <> 'sign_up.note') \
         order by a.id desc limit $2",
    )
    .bind(id)
    .bind(MOST)
    .bind(reach.value())
    .fetch_all(db)
    .await
}
