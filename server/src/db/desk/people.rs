//! Members as the desk finds them: staff those of their own teams, admins everyone.

use super::{ONE_MORE, Page};
use app::{domain::id::StaffId, ui::local::Millis};
use sqlx::{AnyPool, Row as _};

/// A member in the list.
#[derive(Debug, sqlx::FromRow)]
pub struct Line {
    /// Their id.
    pub id: String,
    /// What they want to be called.
    pub name: Option<String>,
    /// Their team's name.
    pub team: Option<String>,
    /// Their team.
    pub team_id: Option<String>,
    /// When they joined.
    pub joined_at: Millis,
    /// The code by which they joined, where that is known.
    pub join_code: Option<String>,
    /// What staff know that code by.
    pub join_name: Option<String>,
    /// Their name as the list is ordered by it.
    pub name_key: String,
}

/// What was written down when staff helped with a phone.
#[derive(Debug, sqlx::FromRow)]
pub struct Request {
    /// When.
    pub at: Millis,
    /// Who on the staff.
    pub staff: String,
    /// `member.new_phone`, `device.lost`.
    pub action: String,
    /// How the person was known, or how they asked.
    pub how: String,
    /// Who asked.
    pub asked_by: Option<String>,
    /// When they asked.
    pub asked_when: Option<String>,
    /// In other words.
    pub words: Option<String>,
}

/// Where a page starts: behind this name and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// The name, lower case.
    pub name: String,
    /// The id.
    pub id: String,
}

impl Line {
    /// Where the page after this line starts.
    pub fn key(&self) -> After {
        After {
            name: self.name_key.clone(),
            id: self.id.clone(),
        }
    }
}

macro_rules! people {
    ($where:literal) => {
        concat!(
            "select m.id, m.name, t.name as team, m.team as team_id, m.joined_at, \
             m.join_code, coalesce(j.name, j.shown) as join_name, \
             lower(coalesce(m.name, '')) as name_key from members m \
             left join teams t on t.id = m.team \
             left join join_codes j on j.code = m.join_code \
             where m.left_at is null \
             and ($2 = 1 or m.team in (select st.team from staff_team st where st.staff = $1)) \
             and ",
            $where
        )
    };
}

/// A page of those whose name has `part` in it, by name.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &AnyPool,
    (staff, is_admin): (StaffId, bool),
    part: &str,
    after: &After,
) -> Result<Page<Line>, sqlx::Error> {
    let lines = sqlx::query_as(people!(
        "lower(coalesce(m.name, '')) like $3 escape '!' \
         and (lower(coalesce(m.name, '')), m.id) > ($4, $5) \
         order by lower(coalesce(m.name, '')), m.id limit $6"
    ))
    .bind(staff.to_string())
    .bind(i64::from(is_admin))
    .bind(pattern(part))
    .bind(after.name.clone())
    .bind(after.id.clone())
    .bind(ONE_MORE)
    .fetch_all(db)
    .await?;
    Ok(Page::cut(lines))
}

/// One member; none if they are of a team that is not the staff member's.
///
/// # Errors
/// What the database says.
pub async fn find(
    db: &AnyPool,
    (staff, is_admin): (StaffId, bool),
    id: &str,
) -> Result<Option<Line>, sqlx::Error> {
    sqlx::query_as(people!("m.id = $3"))
        .bind(staff.to_string())
        .bind(i64::from(is_admin))
        .bind(id.to_owned())
        .fetch_optional(db)
        .await
}

/// What was written down about the phones of a member, newest first.
///
/// # Errors
/// What the database says.
pub async fn requests(db: &AnyPool, member: &str) -> Result<Vec<Request>, sqlx::Error> {
    sqlx::query_as(
        "select r.at, s.name as staff, r.action, r.how, r.asked_by, r.asked_when, r.words \
         from phone_requests r join staff s on s.id = r.staff \
         where r.member = $1 order by r.id desc limit 50",
    )
    .bind(member.to_owned())
    .fetch_all(db)
    .await
}

/// The part anywhere in the name; its own signs mean themselves.
fn pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in part.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_is_typed_means_itself() {
        assert_eq!(pattern(" Sam "), "%sam%");
        assert_eq!(pattern("100%_!"), "%100!%!_!!%");
        assert_eq!(pattern(""), "%%");
    }
}

/// An opportunity, and whether a member leads it.
#[derive(Debug)]
pub struct Led {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Whether they lead it.
    pub leads: bool,
}

/// The opportunities that may be led, and whether this member leads them, by name.
///
/// # Errors
/// What the database says.
pub async fn led(db: &AnyPool, member: &str) -> Result<Vec<Led>, sqlx::Error> {
    let rows = sqlx::query(
        "select o.id, o.title, case when l.member is null then 0 else 1 end as leads \
         from opportunities o \
         left join leads l on l.opportunity = o.id and l.member = $1 \
         where l.member is not null or o.state not in ('archived', 'cancelled') \
         order by o.title, o.id",
    )
    .bind(member)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Led {
                id: row.try_get("id")?,
                title: row.try_get("title")?,
                leads: row.try_get::<i64, _>("leads")? != 0,
            })
        })
        .collect()
}
