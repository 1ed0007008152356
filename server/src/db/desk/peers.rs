//! Peer support as the desk's lists show it: nothing that anybody wrote.

use crate::{
    db::word::{read_id, read_word},
    error::Error,
};
use app::domain::{
    id::{OpportunityId, PeerAskId, PeerMatchId, StaffId},
    peer::AskState,
    time::Millis,
};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyRow, query, query_scalar};

/// A line of the list.
#[derive(Debug)]
pub struct Line {
    /// The ask.
    pub id: PeerAskId,
    /// Who asked.
    pub who: Option<String>,
    /// How it stands.
    pub state: AskState,
    /// When the server had it.
    pub received_at: Millis,
    /// When it came to stand so.
    pub since: Millis,
    /// Who read it first.
    pub seen_by: Option<String>,
    /// The peer who is asked, or talks with them.
    pub peer: Option<String>,
}

/// The most that a list shows.
const MOST: i64 = 200;

macro_rules! lines {
    ($where:literal) => {
        concat!(
            "select a.id, m.name, a.state, a.received_at, a.since, a.seen_by_name, \
             (select max(n.name) from peer_matches x join members n on n.id = x.peer \
             where x.ask = a.id and x.state in ('asked', 'offered', 'matched')) \
             from peer_asks a join members m on m.id = a.member where ",
            $where,
            " limit $1"
        )
    };
}

/// Asks for which somebody is to be found, those that wait longest first.
///
/// # Errors
/// What the database says.
pub async fn waiting(db: &AnyPool) -> Result<Vec<Line>, Error> {
    let text = lines!("a.state in ('sent', 'nobody_yet') order by a.received_at, a.id");
    lines(query(text).bind(MOST).fetch_all(db).await?)
}

/// Those of which something goes on, the newest first.
///
/// # Errors
/// What the database says.
pub async fn going_on(db: &AnyPool) -> Result<Vec<Line>, Error> {
    let text = lines!(
        "a.state in ('asked_peer', 'offered', 'matched', 'suggested') order by a.since desc, a.id"
    );
    lines(query(text).bind(MOST).fetch_all(db).await?)
}

/// Those that are over, the newest first; nothing of those that were taken back.
///
/// # Errors
/// What the database says.
pub async fn over(db: &AnyPool) -> Result<Vec<Line>, Error> {
    let text = lines!("a.state = 'ended' order by a.since desc, a.id");
    lines(query(text).bind(MOST).fetch_all(db).await?)
}

fn lines(rows: Vec<AnyRow>) -> Result<Vec<Line>, Error> {
    rows.iter()
        .map(|row| {
            Ok(Line {
                id: read_id(row.try_get(0)?)?,
                who: row.try_get(1)?,
                state: read_word(row.try_get(2)?)?,
                received_at: row.try_get(3)?,
                since: row.try_get(4)?,
                seen_by: row.try_get(5)?,
                peer: row.try_get(6)?,
            })
        })
        .collect()
}

/// How many asks wait, of which nobody has found somebody, and how many matches whoever asks is to read.
///
/// # Errors
/// What the database says.
pub async fn count_waiting(db: &AnyPool, staff: StaffId) -> Result<i64, sqlx::Error> {
    query_scalar(
        "select (select count(*) from peer_asks where state = 'sent') + (select count(*) \
         from peer_matches x join peer_supporters s on s.member = x.peer \
         join peer_asks a on a.id = x.ask where x.looks_since is not null and s.supervisor = $1 \
         and a.state <> 'withdrawn')",
    )
    .bind(staff.to_string())
    .fetch_one(db)
    .await
}

/// Matches that someone is asked to read, with the names of the two.
///
/// # Errors
/// What the database says.
pub async fn to_look(
    db: &AnyPool,
    staff: StaffId,
) -> Result<Vec<(PeerMatchId, Option<String>, Option<String>)>, Error> {
    let rows = query(
        "select x.id, m.name, n.name from peer_matches x \
         join peer_supporters s on s.member = x.peer join peer_asks a on a.id = x.ask \
         join members m on m.id = a.member join members n on n.id = x.peer \
         where x.looks_since is not null and s.supervisor = $1 and a.state <> 'withdrawn' \
         order by x.looks_since, x.id",
    )
    .bind(staff.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?, row.try_get(2)?)))
        .collect()
}

/// What can be suggested: open opportunities of peer support, by title.
macro_rules! suggestable {
    ($columns:literal, $more:literal) => {
        concat!(
            "select ",
            $columns,
            " from opportunities o left join involvement_groups g on g.id = o.group_id \
             where o.state = 'published' and (o.area = 'peer_support' or g.area = 'peer_support')",
            $more
        )
    };
}

/// What can be suggested.
///
/// # Errors
/// What the database says.
pub async fn suggestable(db: &AnyPool) -> Result<Vec<(OpportunityId, String)>, Error> {
    let rows = query(suggestable!("o.id, o.title", " order by o.title, o.id"))
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| Ok((read_id(row.try_get(0)?)?, row.try_get(1)?)))
        .collect()
}

/// Whether this one can be.
///
/// # Errors
/// What the database says.
pub async fn may_suggest(connection: &mut AnyConnection, id: OpportunityId) -> Result<bool, Error> {
    let found = query(suggestable!("1", " and o.id = $1"))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// What an opportunity is called.
///
/// # Errors
/// What the database says.
pub async fn title(db: &AnyPool, id: OpportunityId) -> Result<Option<String>, Error> {
    let row = query("select title from opportunities where id = $1")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}
