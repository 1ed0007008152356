//! The audit log as admins read it: newest first, with whom each line is about.

use super::{ONE_MORE, Page};
use app::{domain::id::StaffId, ui::local::Millis};
use sqlx::AnyPool;

/// A line of the log.
#[derive(Debug, sqlx::FromRow)]
pub struct Line {
    /// Its id; in order of time.
    pub id: String,
    /// When.
    pub at: Millis,
    /// Who, by id: a line of the server itself has nobody's.
    pub staff: String,
    /// Who: their name.
    pub who: Option<String>,
    /// What they did: `check_in.read`.
    pub action: String,
    /// The name of whose account it is about, or who was invited.
    pub account: Option<String>,
    /// The team's name.
    pub team: Option<String>,
    /// Whom it is about; none if nothing is known of them any more.
    pub member: Option<String>,
    /// What they want to be called.
    pub about: Option<String>,
    /// The sign-up that it is about.
    pub sign_up: Option<String>,
    /// What they signed up for.
    pub title: Option<String>,
    /// The session's wall-clock start.
    pub local_start: Option<String>,
    /// The check-in that it is about, if the reader may open it.
    pub check_in: Option<String>,
}

/// A page of the log for `reader`, newest first; `before` is the id of the last line of the page
/// before, or empty for the newest. A check-in is named only where `reader` may open it: it stands,
/// and is of a team of theirs.
///
/// # Errors
/// What the database says.
pub async fn page(db: &AnyPool, reader: StaffId, before: &str) -> Result<Page<Line>, sqlx::Error> {
    let lines = sqlx::query_as(
        "select a.id, a.at, a.staff, p.name as who, a.action, t.name as team, \
         coalesce(q.name, i.name) as account, \
         m.id as member, m.name as about, \
         u.id as sign_up, o.title, s.local_start, \
         case when c.state <> 'withdrawn' and st.staff is not null then c.id end as check_in \
         from audit a \
         left join staff p on p.id = a.staff \
         left join staff q on a.kind = 'staff' and q.id = a.subject \
         left join staff_invites i on a.kind = 'staff' and i.id = a.subject \
         left join teams t on t.id = a.team \
         left join sign_ups u on a.kind = 'sign_up' and u.id = a.subject \
         left join sessions s on s.id = u.session \
         left join opportunities o on o.id = s.opportunity \
         left join check_ins c on a.kind = 'check_in' and c.id = a.subject \
         left join staff_team st on st.team = c.team and st.staff = $3 \
         left join members m on m.id = coalesce(u.member, c.member) \
         where $1 = '' or a.id < $1 \
         order by a.id desc limit $2",
    )
    .bind(before)
    .bind(ONE_MORE)
    .bind(reader.to_string())
    .fetch_all(db)
    .await?;
    Ok(Page::cut(lines))
}
