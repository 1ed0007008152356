//! The audit log as admins read it: newest first.

use super::{ONE_MORE, Page};
use app::ui::local::Millis;
use sqlx::AnyPool;

/// A line of the log.
#[derive(Debug, sqlx::FromRow)]
pub struct Line {
    /// Its id; in order of time.
    pub id: String,
    /// When.
    pub at: Millis,
    /// Who: their name.
    pub who: Option<String>,
    /// What they did: `check_in.read`.
    pub action: String,
    /// The thing's id.
    pub subject: String,
    /// The team's name.
    pub team: Option<String>,
}

/// A page of the log, newest first; `before` is the id of the last line of the page before, or
/// empty for the newest.
///
/// # Errors
/// What the database says.
pub async fn page(db: &AnyPool, before: &str) -> Result<Page<Line>, sqlx::Error> {
    let lines = sqlx::query_as(
        "select a.id, a.at, p.name as who, a.action, a.subject, t.name as team from audit a \
         left join staff p on p.id = a.staff \
         left join teams t on t.id = a.team \
         where $1 = '' or a.id < $1 \
         order by a.id desc limit $2",
    )
    .bind(before)
    .bind(ONE_MORE)
    .fetch_all(db)
    .await?;
    Ok(Page::cut(lines))
}
