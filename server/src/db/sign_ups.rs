//! Sign-ups: the member's record and what only the server keeps beside it.

use super::{
    bulk::Bulk,
    word::{json, read_id, read_json, read_word, word},
};
use crate::error::Error;
use app::domain::{
    id::{MemberId, SessionId, SignUpId, StaffId},
    places::{Offer, Standing},
    record::SignUp,
    sign_up::{KnownSignUp, SignUpState},
    time::{Millis, rfc3339},
};
use sqlx::{AnyConnection, Row, any::AnyRow, query};
use uuid::Uuid;

/// A sign-up as stored.
#[derive(Clone, Debug)]
pub struct SignUpRow {
    /// Its id.
    pub id: SignUpId,
    /// Whose it is.
    pub member: MemberId,
    /// For which session.
    pub session: SessionId,
    /// The order on the waiting list: lower was first.
    pub queue: i64,
    /// While it is offered a place: until when.
    pub offer_until: Option<Millis>,
    /// Who said whether they came, staff or a member who leads, and when.
    pub marked: Option<(Uuid, Millis)>,
    /// How they were thanked.
    pub thanks: Thanks,
    /// What staff wrote for staff. Never leaves the server.
    pub staff_note: Option<String>,
    /// Who opened it first.
    pub seen_by: Option<StaffId>,
    /// When.
    pub seen_at: Option<Millis>,
    /// When the server first had it.
    pub received_at: Millis,
    /// What the member's phone gets, but for what is not stored here: see [`SignUpRow::told`].
    pub record: SignUp,
}

/// How somebody was thanked. Amounts are in pence; none where none was noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thanks {
    /// When.
    pub at: Option<Millis>,
    /// Travel that was paid.
    pub travel: Option<i64>,
    /// The thank-you that was paid.
    pub payment: Option<i64>,
}

impl SignUpRow {
    /// What the rules need to know.
    pub fn known(&self) -> KnownSignUp {
        KnownSignUp {
            member: self.member,
            session: Some(self.session),
            state: self.record.state,
        }
    }

    /// It takes this standing.
    pub fn stand(&mut self, standing: Standing) {
        self.record.stand(standing);
        self.offer_until = standing.until;
    }

    /// What the member's phone gets. The position follows from the queue; `link`, the session's way in online,
    /// is told for as long as they have a place.
    pub fn told(&self, position: Option<u32>, link: Option<&String>) -> SignUp {
        let has_place = self.record.state == SignUpState::Confirmed;
        SignUp {
            position,
            link: link.filter(|_| has_place).cloned(),
            ..self.record.clone()
        }
    }
}

static BY_ID: Bulk = Bulk::new(
    "select id, member, session, state, queue, contact, access_needs, access_needs_consent, \
     travel_first, note, message, staff_note, seen_by, seen_by_name, seen_at, received_at, made_at, \
     offer_until, marked_by, marked_at, thanked_at, travel_pence, thanks_pence, agreement, thanks \
     from sign_ups where id in (values",
    1,
    ")",
);
static ACTIVE: Bulk = Bulk::new(
    "with wanted (member, session) as (values",
    2,
    ") select s.member, s.session from wanted w cross join sign_ups s \
     where s.member = w.member and s.session = w.session \
     and s.state in ('received', 'waiting', 'offered', 'confirmed')",
);
static QUEUE: Bulk = Bulk::new(
    "select session, id from sign_ups where session in (values",
    1,
    ") and state = 'waiting' order by session, queue",
);
static OFFERS: Bulk = Bulk::new(
    "select session, id, offer_until from sign_ups where session in (values",
    1,
    ") and state = 'offered'",
);
static STANDING: Bulk = Bulk::new(
    "select id from sign_ups where session in (values",
    1,
    ") and state in ('received', 'waiting', 'offered', 'confirmed') order by queue desc, id",
);
static WRITE: Bulk = Bulk::new(
    "insert into sign_ups (id, member, session, state, queue, contact, access_needs, \
     access_needs_consent, travel_first, note, message, staff_note, seen_by, seen_by_name, seen_at, \
     seen, received_at, made_at, offer_until, marked_by, marked_at, thanked_at, travel_pence, \
     thanks_pence, agreement, thanks) values",
    26,
    "on conflict (id) do update set state = excluded.state, queue = excluded.queue, \
     contact = excluded.contact, access_needs = excluded.access_needs, \
     access_needs_consent = excluded.access_needs_consent, travel_first = excluded.travel_first, \
     note = excluded.note, message = excluded.message, staff_note = excluded.staff_note, \
     seen_by = excluded.seen_by, seen_by_name = excluded.seen_by_name, \
     seen_at = excluded.seen_at, seen = excluded.seen, offer_until = excluded.offer_until, \
     marked_by = excluded.marked_by, marked_at = excluded.marked_at, \
     thanked_at = excluded.thanked_at, travel_pence = excluded.travel_pence, \
     thanks_pence = excluded.thanks_pence, \
     agreement = excluded.agreement, thanks = excluded.thanks",
);

/// Those of `ids` that are there.
///
/// # Errors
/// What the database says.
pub async fn by_id(
    connection: &mut AnyConnection,
    ids: &[SignUpId],
) -> Result<Vec<SignUpRow>, Error> {
    let rows = BY_ID
        .select(connection, ids, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter().map(read).collect()
}

/// Which of these people have a sign-up that stands for that session.
///
/// # Errors
/// What the database says.
pub async fn active(
    connection: &mut AnyConnection,
    wanted: &[(MemberId, SessionId)],
) -> Result<Vec<(MemberId, SessionId)>, Error> {
    let rows = ACTIVE
        .select(connection, wanted, |query, (member, session)| {
            query.bind(member.to_string()).bind(session.to_string())
        })
        .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?)))
        .collect()
}

/// The waiting lists of `sessions`, first come first.
///
/// # Errors
/// What the database says.
pub async fn queues(
    connection: &mut AnyConnection,
    sessions: &[SessionId],
) -> Result<Vec<(SessionId, SignUpId)>, Error> {
    let rows = QUEUE
        .select(connection, sessions, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, read_id(row.try_get(1)?)?)))
        .collect()
}

/// The offers of `sessions` that are not answered.
///
/// # Errors
/// What the database says.
pub async fn offers(
    connection: &mut AnyConnection,
    sessions: &[SessionId],
) -> Result<Vec<(SessionId, Offer)>, Error> {
    let rows = OFFERS
        .select(connection, sessions, |query, id| query.bind(id.to_string()))
        .await?;
    let read = |row: &AnyRow| -> Result<_, Error> {
        let offer = Offer {
            id: read_id(row.try_get(1)?)?,
            until: row.try_get::<Option<Millis>, _>(2)?.unwrap_or_default(),
        };
        Ok((read_id(row.try_get(0)?)?, offer))
    };
    rows.iter().map(read).collect()
}

/// The sign-ups whose offers have run out by `now`: all of a session's, of at most `most` sessions.
///
/// # Errors
/// What the database says.
pub async fn run_out(
    connection: &mut AnyConnection,
    now: Millis,
    most: i64,
) -> Result<Vec<SignUpId>, Error> {
    let rows = query(
        "select id from sign_ups where state = 'offered' and offer_until <= $1 \
         and session in (select distinct session from sign_ups \
         where state = 'offered' and offer_until <= $1 limit $2)",
    )
    .bind(now)
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// The sign-ups of a session that someone is still to look at, or that are in its ballot.
///
/// # Errors
/// What the database says.
pub async fn received(
    connection: &mut AnyConnection,
    session: SessionId,
) -> Result<Vec<SignUpId>, Error> {
    let rows = query("select id from sign_ups where session = $1 and state = 'received'")
        .bind(session.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// The sign-ups for `sessions` that stand. Whoever is last on a waiting list comes first: when all of them end,
/// nobody moves up on the way.
///
/// # Errors
/// What the database says.
pub async fn standing(
    connection: &mut AnyConnection,
    sessions: &[SessionId],
) -> Result<Vec<SignUpId>, Error> {
    let rows = STANDING
        .select(connection, sessions, |query, id| query.bind(id.to_string()))
        .await?;
    rows.iter().map(|row| read_id(row.try_get(0)?)).collect()
}

/// Writes new ones and changed ones. Those that ended go first, so that a person who took one back
/// and asked again never has two that stand, not even between two rows.
///
/// # Errors
/// What the database says.
pub async fn write(transaction: &mut AnyConnection, mut rows: Vec<SignUpRow>) -> Result<(), Error> {
    rows.sort_by_key(|row| row.record.state.is_active());
    WRITE
        .run(transaction, &rows, |query, row| {
            let record = &row.record;
            query
                .bind(row.id.to_string())
                .bind(row.member.to_string())
                .bind(row.session.to_string())
                .bind(word(record.state))
                .bind(row.queue)
                .bind(record.contact.as_ref().map(json))
                .bind(record.access_needs.clone())
                .bind(i64::from(record.access_needs_consent))
                .bind(i64::from(record.travel_first))
                .bind(record.note.clone())
                .bind(record.message.clone())
                .bind(row.staff_note.clone())
                .bind(row.seen_by.map(|staff| staff.to_string()))
                .bind(record.seen_by.clone())
                .bind(row.seen_at)
                .bind(i64::from(row.seen_at.is_some()))
                .bind(row.received_at)
                .bind(record.made_at.clone().unwrap_or_default())
                .bind(row.offer_until)
                .bind(row.marked.map(|(by, _)| by.to_string()))
                .bind(row.marked.map(|(_, at)| at))
                .bind(row.thanks.at)
                .bind(row.thanks.travel)
                .bind(row.thanks.payment)
                .bind(record.agreement.map(i64::from))
                .bind(record.thanks.map(word))
        })
        .await
}

fn read(row: &AnyRow) -> Result<SignUpRow, Error> {
    let session = read_id(row.try_get(2)?)?;
    let state: SignUpState = read_word(row.try_get(3)?)?;
    let contact: Option<String> = row.try_get(5)?;
    let seen_by: Option<String> = row.try_get(12)?;
    let seen_at: Option<Millis> = row.try_get(14)?;
    let received_at: Millis = row.try_get(15)?;
    let offer_until: Option<Millis> = row.try_get(17)?;
    let marked_by: Option<String> = row.try_get(18)?;
    let marked_at: Option<Millis> = row.try_get(19)?;
    let agreement: Option<i64> = row.try_get(23)?;
    let thanks: Option<String> = row.try_get(24)?;
    Ok(SignUpRow {
        id: read_id(row.try_get(0)?)?,
        member: read_id(row.try_get(1)?)?,
        session,
        queue: row.try_get(4)?,
        offer_until,
        marked: marked_by
            .as_deref()
            .map(read_id)
            .transpose()?
            .zip(marked_at),
        thanks: Thanks {
            at: row.try_get(20)?,
            travel: row.try_get(21)?,
            payment: row.try_get(22)?,
        },
        staff_note: row.try_get(11)?,
        seen_by: seen_by.as_deref().map(read_id).transpose()?,
        seen_at,
        received_at,
        record: SignUp {
            session: Some(session),
            state,
            offer_until: offer_until.map(rfc3339),
            message: row.try_get(10)?,
            seen_by: row.try_get(13)?,
            seen_at: seen_at.map(rfc3339),
            received_at: Some(rfc3339(received_at)),
            made_at: Some(row.try_get(16)?),
            contact: read_json(contact.as_deref())?,
            access_needs: row.try_get(6)?,
            access_needs_consent: row.try_get::<i64, _>(7)? != 0,
            travel_first: row.try_get::<i64, _>(8)? != 0,
            note: row.try_get(9)?,
            agreement: agreement.and_then(|version| u32::try_from(version).ok()),
            thanks: thanks.as_deref().map(read_word).transpose()?,
            ..SignUp::mark()
        },
    })
}
