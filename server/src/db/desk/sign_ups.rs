//! Sign-ups as the desk sees them: a line of a list, and one in full.

use crate::db::reach::{Reach, within};
use app::{
    domain::{contact::Contact, id::SessionId, opportunity::Thanks, sign_up::SignUpState},
    ui::local::Millis,
};
use serde::de::DeserializeOwned;
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

/// A line of the list.
#[derive(Debug)]
pub struct Line {
    /// The sign-up.
    pub id: String,
    /// What the person wants to be called.
    pub who: Option<String>,
    /// The opportunity's name.
    pub title: String,
    /// The session's wall-clock start.
    pub local_start: Option<String>,
    /// The session's room.
    pub room: Room,
    /// When it reached the server.
    pub received_at: Millis,
    /// By the phone's clock.
    pub made_at: String,
    /// How far it has come.
    pub state: SignUpState,
    /// Who opened it first.
    pub seen_by: Option<String>,
}

/// How full a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// How many places there are; none for no limit.
    pub places: Option<i64>,
    /// How many are held.
    pub taken: i64,
    /// How many people wait.
    pub waiting: i64,
}

/// One sign-up in full, but for its session.
#[derive(Debug)]
pub struct Found {
    /// What the list shows.
    pub line: Line,
    /// The session asked for.
    pub session: SessionId,
    /// Its position on the waiting list, from 1; meaningless when not waiting.
    pub position: i64,
    /// How to reach the person.
    pub contact: Option<Contact>,
    /// What would make it easier.
    pub access_needs: Option<String>,
    /// Whether the access needs may be told to those who run the session.
    pub access_needs_consent: bool,
    /// Travel paid before.
    pub travel_first: bool,
    /// Anything else.
    pub note: Option<String>,
    /// Staff's words to the member.
    pub message: Option<String>,
    /// While a place is held for them: until when.
    pub offer_until: Option<Millis>,
    /// How long an offer of the session holds a place, in hours.
    pub offer_hours: i64,
    /// Whether the session's ballot was drawn.
    pub drawn: bool,
    /// For staff alone.
    pub staff_note: Option<String>,
    /// When it was first opened.
    pub seen_at: Option<Millis>,
    /// The version of the agreement that they said yes to.
    pub agreed: Option<i64>,
    /// The version of it now; none if there is none.
    pub agreement: Option<i64>,
    /// How much of the thank-you they take.
    pub thanks: Option<Thanks>,
}

/// The columns of a [`Line`], and where they come from.
macro_rules! lines {
    ($more:literal, $where:expr) => {
        concat!(
            "select s.id, m.name, o.title, e.local_start, e.places, e.taken, e.waiting, \
             s.received_at, s.made_at, s.state, s.seen_by_name",
            $more,
            " from sign_ups s \
             join members m on m.id = s.member \
             join sessions e on e.id = s.session \
             join opportunities o on o.id = e.opportunity \
             where ",
            $where
        )
    };
}

/// How many sign-ups nobody opened yet.
///
/// # Errors
/// What the database says.
pub async fn count_new(db: &AnyPool, reach: Reach) -> Result<i64, sqlx::Error> {
    const NEW: &str = "select count(*) from sign_ups s \
         where s.seen = 0 and s.state in ('received', 'waiting', 'offered', 'confirmed')";
    match reach {
        Reach::All => sqlx::query_scalar(NEW).fetch_one(db).await,
        Reach::Led(_) => {
            let sql = format!("{NEW} and {}", reach_of_sign_ups(1));
            sqlx::query_scalar(AssertSqlSafe(sql))
                .bind(reach.value())
                .fetch_one(db)
                .await
        }
    }
}

/// That a sign-up `s` is one of what is led by the account at this place.
pub(super) fn reach_of_sign_ups(place: usize) -> String {
    format!(
        "s.session in (select c.id from sessions c join opportunities p on p.id = c.opportunity \
         join group_lead_staff l on l.group_id = p.group_id where l.staff = ${place})"
    )
}

/// One sign-up in full, for who reaches it. A lead reads what may be told to those who run the session, and no
/// note of staff.
///
/// # Errors
/// What the database says.
pub async fn find(db: &AnyPool, reach: Reach, id: &str) -> Result<Option<Found>, sqlx::Error> {
    let row = sqlx::query(lines!(
        ", s.session, s.contact, s.access_needs_consent, s.travel_first, s.note, s.message, s.seen_at, \
         case when $2 = '' or s.access_needs_consent = 1 then s.access_needs end as access_needs, \
         case when $2 = '' then s.staff_note end as staff_note, \
         s.offer_until, e.offer_hours, case when e.ballot_seed is null then 0 else 1 end as drawn, \
         s.agreement as agreed, o.agreement, s.thanks, \
         (select count(*) from sign_ups w where w.session = s.session \
          and w.state = 'waiting' and w.queue <= s.queue) as position",
        concat!("s.id = $1 and ", within!("o.group_id", "$2"))
    ))
    .bind(id)
    .bind(reach.value())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(whole).transpose()
}

pub(super) fn line(row: &AnyRow) -> Result<Line, sqlx::Error> {
    Ok(Line {
        id: row.try_get("id")?,
        who: row.try_get("name")?,
        title: row.try_get("title")?,
        local_start: row.try_get("local_start")?,
        room: Room {
            places: row.try_get("places")?,
            taken: row.try_get("taken")?,
            waiting: row.try_get("waiting")?,
        },
        received_at: row.try_get("received_at")?,
        made_at: row.try_get("made_at")?,
        state: word(row, "state")?,
        seen_by: row.try_get("seen_by_name")?,
    })
}

fn whole(row: &AnyRow) -> Result<Found, sqlx::Error> {
    let contact: Option<String> = row.try_get("contact")?;
    let contact = contact
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|problem| sqlx::Error::Decode(Box::new(problem)))?;
    Ok(Found {
        line: line(row)?,
        session: row
            .try_get::<String, _>("session")?
            .parse()
            .map_err(|problem| sqlx::Error::Decode(Box::new(problem)))?,
        position: row.try_get("position")?,
        contact,
        access_needs: row.try_get("access_needs")?,
        access_needs_consent: row.try_get::<i64, _>("access_needs_consent")? != 0,
        travel_first: row.try_get::<i64, _>("travel_first")? != 0,
        note: row.try_get("note")?,
        message: row.try_get("message")?,
        offer_until: row.try_get("offer_until")?,
        offer_hours: row.try_get("offer_hours")?,
        drawn: row.try_get::<i64, _>("drawn")? != 0,
        staff_note: row.try_get("staff_note")?,
        seen_at: row.try_get("seen_at")?,
        agreed: row.try_get("agreed")?,
        agreement: row.try_get("agreement")?,
        thanks: row
            .try_get::<Option<String>, _>("thanks")?
            .and_then(|word| Thanks::of_word(&word)),
    })
}

/// A column that holds one of an enum's wire words.
pub(super) fn word<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, sqlx::Error> {
    let text: String = row.try_get(column)?;
    serde_json::from_value(serde_json::Value::String(text))
        .map_err(|problem| sqlx::Error::Decode(Box::new(problem)))
}
