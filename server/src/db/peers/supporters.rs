//! Members who support others: what each of them needs before they are asked, and what their own phones are told.

use super::{agreement, entry, matches, peer_scope, tell as tell_entries, version};
use crate::{
    db::{
        feed::member_scope,
        safety::settings::{self, Person},
        word::{json, read_id},
    },
    error::Error,
    safety,
};
use app::{
    domain::{
        id::{DeviceId, MemberId, StaffId},
        opportunity::Agreement,
        peer::{KnownSupporter, PeerSupporter, Ready, Ring, without},
        record::kind,
        text,
        time::Millis,
    },
    lang::{Text, en::safety as words},
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// Somebody who supports others, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupporterRow {
    /// Who.
    pub member: MemberId,
    /// What they want to be called.
    pub name: Option<String>,
    /// What they say of themselves.
    pub about: Option<String>,
    /// The version that they agreed to.
    pub agreed: Option<u32>,
    /// When.
    pub agreed_at: Option<Millis>,
    /// Which training.
    pub trained: Option<String>,
    /// On which day.
    pub trained_on: Option<String>,
    /// Who of staff looks after them.
    pub supervisor: Option<StaffId>,
    /// Their first name.
    pub supervisor_name: Option<String>,
    /// Whether that one works here still.
    pub supervised: bool,
    /// The phone of theirs that said last that a PIN seals it.
    pub sealed_by: Option<DeviceId>,
    /// Whether that phone is still theirs.
    pub pin: bool,
    /// Since when they take a break.
    pub paused_at: Option<Millis>,
    /// Since when they do no more.
    pub ended_at: Option<Millis>,
    /// With how many people they are matched now.
    pub matched: i64,
    /// About how many they are asked.
    pub asked: i64,
}

impl SupporterRow {
    /// What the rules go by, where this is what they agree to now.
    pub fn known(&self, agreement: u32) -> KnownSupporter {
        KnownSupporter {
            ended: self.ended_at.is_some(),
            agreement,
            agreed: self.agreed,
        }
    }

    /// What it takes before they are asked.
    pub fn ready(&self, agreement: Option<u32>) -> Ready {
        Ready {
            agreed: agreement.is_some() && self.agreed == agreement,
            trained: self.trained.is_some() && self.trained_on.is_some(),
            supervised: self.supervised,
            pin: self.pin,
            paused: self.paused_at.is_some(),
        }
    }
}

const COLUMNS: &str = "select s.member, m.name, s.about, s.agreed, s.agreed_at, s.trained, \
     s.trained_on, s.supervisor, o.name, case when o.id is not null and o.stopped_at is null \
     and o.role <> 'lead' then 1 else 0 end, s.sealed_by, (select count(*) from devices d where d.member = s.member \
     and d.id = s.sealed_by and d.revoked_at is null and d.signed_out_at is null \
     and d.left_at is null), s.paused_at, s.ended_at, (select count(*) from peer_matches x \
     where x.peer = s.member and x.state = 'matched'), (select count(*) from peer_matches x \
     where x.peer = s.member and x.state in ('asked', 'offered')) from peer_supporters s \
     join members m on m.id = s.member left join staff o on o.id = s.supervisor ";

fn read(row: &AnyRow) -> Result<SupporterRow, Error> {
    let agreed: Option<i64> = row.try_get(3)?;
    let (supervisor, sealed_by): (Option<String>, Option<String>) =
        (row.try_get(7)?, row.try_get(10)?);
    Ok(SupporterRow {
        member: read_id(row.try_get(0)?)?,
        name: row.try_get(1)?,
        about: row.try_get(2)?,
        agreed: agreed.map(version),
        agreed_at: row.try_get(4)?,
        trained: row.try_get(5)?,
        trained_on: row.try_get(6)?,
        supervisor: supervisor.as_deref().map(read_id).transpose()?,
        supervisor_name: row.try_get(8)?,
        supervised: row.try_get::<i64, _>(9)? != 0,
        sealed_by: sealed_by.as_deref().map(read_id).transpose()?,
        pin: row.try_get::<i64, _>(11)? != 0,
        paused_at: row.try_get(12)?,
        ended_at: row.try_get(13)?,
        matched: row.try_get(14)?,
        asked: row.try_get(15)?,
    })
}

/// Somebody who supports others, or did; none for anybody else.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Option<SupporterRow>, Error> {
    let text = [COLUMNS, "where s.member = $1"].concat();
    let row = query(AssertSqlSafe(text))
        .bind(member.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// All who support others now, by name.
///
/// # Errors
/// What the database says.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<SupporterRow>, Error> {
    let text = [
        COLUMNS,
        "where s.ended_at is null order by m.name, s.member",
    ]
    .concat();
    let rows = query(AssertSqlSafe(text)).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Whether a phone's seal says something new of its member's PIN. One phone that has a PIN is enough, and it is that
/// phone's word that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Whether they support others now.
    pub supports: bool,
    /// Whether it is to be noted.
    pub is_news: bool,
}

/// How a member stands for a phone of theirs that calls, and says whether a PIN seals it.
///
/// # Errors
/// What the database says.
pub async fn sealing(
    connection: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    sealed: bool,
) -> Result<Sealing, Error> {
    let row = query(
        "select s.sealed_by, (select count(*) from devices d where d.member = s.member \
         and d.id = s.sealed_by and d.revoked_at is null and d.signed_out_at is null \
         and d.left_at is null) from peer_supporters s where s.member = $1 and s.ended_at is null",
    )
    .bind(member.to_string())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(Sealing::default());
    };
    let sealed_by: Option<String> = row.try_get(0)?;
    let is_this = sealed_by.as_deref() == Some(&*device.to_string());
    let is_there = row.try_get::<i64, _>(1)? != 0;
    Ok(Sealing {
        supports: true,
        is_news: if sealed { !is_there } else { is_this },
    })
}

/// Notes it.
///
/// # Errors
/// What the database says.
pub async fn seals(
    transaction: &mut AnyConnection,
    member: MemberId,
    device: DeviceId,
    sealed: bool,
) -> Result<(), Error> {
    query("update peer_supporters set sealed_by = $2 where member = $1")
        .bind(member.to_string())
        .bind(sealed.then(|| device.to_string()))
        .execute(transaction)
        .await?;
    Ok(())
}

/// Somebody is asked to support others: for the first time, or again.
///
/// # Errors
/// What the database says.
pub async fn make(
    transaction: &mut AnyConnection,
    member: MemberId,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into peer_supporters (member, made_by, made_at) values ($1, $2, $3) \
         on conflict (member) do update set made_by = excluded.made_by, made_at = excluded.made_at, \
         ended_at = null, agreed = null, agreed_at = null, paused_at = null",
    )
    .bind(member.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell(transaction, member).await
}

/// They support nobody any more: what goes on ends, and whatever they are asked goes to nobody.
///
/// # Errors
/// What the database says.
pub async fn end(
    transaction: &mut AnyConnection,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    let ended = query(
        "update peer_supporters set ended_at = $2, sealed_by = null where member = $1 \
         and ended_at is null",
    )
    .bind(member.to_string())
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(());
    }
    for row in matches::of_peer(&mut *transaction, member).await? {
        match without(row.state) {
            Some(state) => matches::move_to(&mut *transaction, row.id, state, now).await?,
            None => matches::tell(&mut *transaction, row.id).await?,
        }
    }
    tell(transaction, member).await
}

/// What is known of somebody who left Chorus goes.
///
/// # Errors
/// What the database says.
pub async fn forget(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    query(
        "update peer_supporters set about = null, trained = null, trained_on = null, \
         supervisor = null, agreed = null, agreed_at = null, paused_at = null where member = $1",
    )
    .bind(member.to_string())
    .execute(&mut *transaction)
    .await?;
    for row in matches::of_peer(&mut *transaction, member).await? {
        matches::tell_row(&mut *transaction, &row).await?;
    }
    let scope = peer_scope(member);
    let worries = query("select id from feed where scope = $1 and kind = $2 and deleted = 0")
        .bind(scope.clone())
        .bind(kind::PEER_WORRY)
        .fetch_all(&mut *transaction)
        .await?;
    let mut gone = Vec::new();
    for row in worries {
        let id: String = row.try_get(0)?;
        gone.push(entry(scope.clone(), kind::PEER_WORRY, id, None));
    }
    tell_entries(transaction, gone).await
}

/// Their training is written down.
///
/// # Errors
/// What the database says.
pub async fn train(
    transaction: &mut AnyConnection,
    member: MemberId,
    (what, on): (&str, &str),
) -> Result<(), Error> {
    query("update peer_supporters set trained = $2, trained_on = $3 where member = $1")
        .bind(member.to_string())
        .bind(what.to_owned())
        .bind(on.to_owned())
        .execute(&mut *transaction)
        .await?;
    tell(transaction, member).await
}

/// Who looks after them from now on. Those with whom they are matched are told.
///
/// # Errors
/// What the database says.
pub async fn supervise(
    transaction: &mut AnyConnection,
    member: MemberId,
    by: StaffId,
) -> Result<(), Error> {
    query("update peer_supporters set supervisor = $2 where member = $1")
        .bind(member.to_string())
        .bind(by.to_string())
        .execute(&mut *transaction)
        .await?;
    for row in matches::of_peer(&mut *transaction, member).await? {
        matches::tell_row(&mut *transaction, &row).await?;
    }
    tell(transaction, member).await
}

/// They agree to this version.
///
/// # Errors
/// What the database says.
pub async fn agree(
    transaction: &mut AnyConnection,
    member: MemberId,
    agreed: u32,
    now: Millis,
) -> Result<(), Error> {
    query("update peer_supporters set agreed = $2, agreed_at = $3 where member = $1")
        .bind(member.to_string())
        .bind(i64::from(agreed))
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    tell(transaction, member).await
}

/// They say this of themselves. Those who are told who they are, are told this too.
///
/// # Errors
/// What the database says.
pub async fn says(
    transaction: &mut AnyConnection,
    member: MemberId,
    about: Option<&String>,
) -> Result<(), Error> {
    query("update peer_supporters set about = $2 where member = $1")
        .bind(member.to_string())
        .bind(text::tidy(about.cloned()))
        .execute(&mut *transaction)
        .await?;
    for row in matches::of_peer(&mut *transaction, member).await? {
        matches::tell_row(&mut *transaction, &row).await?;
    }
    tell(transaction, member).await
}

/// They take a break, or no more.
///
/// # Errors
/// What the database says.
pub async fn pause(
    transaction: &mut AnyConnection,
    member: MemberId,
    paused: bool,
    now: Millis,
) -> Result<(), Error> {
    query("update peer_supporters set paused_at = $2 where member = $1")
        .bind(member.to_string())
        .bind(paused.then_some(now))
        .execute(&mut *transaction)
        .await?;
    tell(transaction, member).await
}

/// Tells a member's own phones how they stand as somebody who supports others.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn tell(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    let row = find(&mut *transaction, member)
        .await?
        .ok_or(Error::NotFound)?;
    let told = told(&mut *transaction, &row).await?;
    let body = told.as_ref().map(json);
    let scope = member_scope(member);
    let it = entry(scope, kind::PEER_SUPPORTER, member.to_string(), body);
    tell_entries(transaction, vec![it]).await
}

/// The same for all of them: what they all are told has changed.
///
/// # Errors
/// What the database says.
pub async fn tell_all(transaction: &mut AnyConnection) -> Result<(), Error> {
    for row in all(&mut *transaction).await? {
        tell(&mut *transaction, row.member).await?;
        for row in matches::of_peer(&mut *transaction, row.member).await? {
            matches::tell_row(&mut *transaction, &row).await?;
        }
    }
    Ok(())
}

/// What their phones are told; none once they do no more.
///
/// # Errors
/// What the database says.
pub async fn told(
    connection: &mut AnyConnection,
    row: &SupporterRow,
) -> Result<Option<PeerSupporter>, Error> {
    if row.ended_at.is_some() {
        return Ok(None);
    }
    let agreement: Option<Agreement> = agreement(&mut *connection).await?;
    let settings = settings::newest(&mut *connection).await?;
    let procedure = settings.unwrap_or_else(safety::built_in).procedure;
    let readers = settings::readers(&mut *connection).await?;
    let readers: Vec<String> = readers.into_iter().map(|(_, name)| name).collect();
    let ring = [
        (words::LEAD, procedure.lead),
        (words::DEPUTY, procedure.deputy),
    ];
    Ok(Some(PeerSupporter {
        agreement,
        agreed: row.agreed,
        about: row.about.clone(),
        trained: row.trained.is_some(),
        supervisor: row.supervisor_name.clone().filter(|_| row.supervised),
        paused: row.paused_at.is_some(),
        steps: safety::paragraphs(&procedure.steps),
        ring: ring.into_iter().filter_map(ring_one).collect(),
        readers: (!readers.is_empty()).then(|| readers.join(", ")),
    }))
}

fn ring_one((role, person): (Text, Person)) -> Option<Ring> {
    let name = person.name.clone();
    (person.name.is_some() || person.phone.is_some()).then(|| Ring {
        name: name.unwrap_or_else(|| role.get().to_owned()),
        phone: person.phone,
    })
}
